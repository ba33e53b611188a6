"""Somebody always has it on her list: every open matter, on every path, in a city whose roster has gaps."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random

import pytest

from onedoor.city import tree as snapshot
from onedoor.city.models import Account, Post
from onedoor.city.queries import roles, staff
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput
from onedoor.matters import actions as matters
from onedoor.matters import policies, procedures, queries, vacancies
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Involved, Matter, Party
from onedoor.matters.registry import PERFORMERS
from onedoor.matters.rows import Seen
from tests.procedures.walking import START, SYSTEM, Walk
from tests.support.smallcity import SINCE, SmallCity, small_city

pytestmark = pytest.mark.django_db
WALKS, STEPS, PEOPLE = 5, 40, 14
NEVER = date(2024, 1, 1)  # posts that end on the day they begin are held by nobody


class Gaps(Walk):
    """A walk in a city where people come and go; only the city's own coordinator is always there."""

    secret = 0.3

    def __init__(self, city: SmallCity, key: str, random: Random) -> None:
        self.city = city
        hire(city, random, PEOPLE)
        super().__init__(city, key, random, set())

    def go(self) -> None:
        """A step, and now and then somebody who comes, goes, or is complained of by name."""
        super().go()
        if self.random.random() < 0.25:
            hire(self.city, self.random, self.random.choice((0, 5, PEOPLE, PEOPLE * 3)))
        if self.random.random() < 0.05:
            accused = self.random.choice(list(self.city.accounts.values()))
            with time.at(self.now):
                matters.add_party(SYSTEM, self.number, PartyData("respondent", account_id=accused.pk))


def hire(city: SmallCity, random: Random, posts: int) -> None:
    """Another roster: that many posts of any role in any unit, for anybody."""
    Post.objects.all().delete()
    keep(city, "last", "coordinator", "419800-centre")
    wanted = [name for name, role in roles().items() if role["reach"] != "none"]
    near = sorted(code for code in city.units if code.startswith(("419800", "419801")))
    for _ in range(posts):
        keep(city, f"p{random.randrange(PEOPLE)}", random.choice(wanted), random.choice(near))
    snapshot.forget()


def keep(city: SmallCity, login: str, role: str, unit: str) -> None:
    """Somebody in a post of a unit, at the unit's own place."""
    account, _ = Account.objects.get_or_create(login=login, defaults={"name": login})
    city.accounts[login] = account
    held = city.units[unit]
    Post.objects.get_or_create(
        account=account, unit=held, role=role, division=held.division, valid_from=SINCE
    )


def holders(seen: Seen) -> list[Actor]:
    """Everybody in service who is the performer that a matter waits for, and may see it: asked one by one."""
    rows = PERFORMERS[seen.matter.answers].rows
    return [a for a in staff() if (mine := rows(a)) and mine.has(seen) and policies.sight(a).has(seen)]


def listed(actor: Actor, seen: Seen) -> bool:
    """Whether a matter stands on somebody's list."""
    work = queries.awaiting(actor) | vacancies.left_to(actor)
    return work.has(seen) and policies.sight(actor).has(seen)


def delicate(seen: Seen) -> bool:
    """Whether somebody who holds the post might have to keep away."""
    return seen.matter.confidential or bool([pair for pair in seen.accused if any(pair)])


def check(number: str, *, as_query: bool) -> str:
    """Holds a matter against the lists of everybody; returns how it stands on them."""
    matter = Matter.objects.get(number=number)
    seen = Seen(matter)
    if not matter.is_open or (matter.answers == "resident" and vacancies.NOT_STAFF["resident"].has(seen)):
        return "on no list"
    there, having = holders(seen), [actor for actor in staff() if listed(actor, seen)]
    assert having, f"{matter.state} of {matter.number} waits for {matter.answers} and stands on no list"
    assert {actor.account_id for actor in there} <= {actor.account_id for actor in having}
    assert there or vacancies.is_vacant(matter)
    if there and not delicate(seen) and matter.answers != "caller":
        assert not vacancies.is_vacant(matter), f"{matter.answers} is there, and yet it is called vacant"
    if as_query:
        found = {actor.account_id: work.get(pk=matter.pk).vacant for actor in staff()
                 if (work := queries.work(actor)).filter(pk=matter.pk).exists()}  # fmt: skip
        mine = {actor.account_id for actor in there}
        assert found == {actor.account_id: actor.account_id not in mine for actor in having}
    return "held" if there else "vacant"


@pytest.mark.parametrize("key", sorted(file.stem for file in procedures.files()))
def test_every_open_matter_is_on_somebodys_list_whatever_posts_are_vacant(key: str) -> None:
    with time.at(START):
        city = small_city()
    how = set()
    for seed in range(WALKS):
        with time.at(START):
            walk = Gaps(city, key, Random(f"gaps {key} {seed}"))
        for step in range(STEPS):
            try:
                walk.go()
            except BadInput:  # complained of again
                continue
            with time.at(walk.now):
                how.add(check(walk.number, as_query=step % 8 == 0))
    assert how >= {"held", "vacant"}


MATTERS, ROSTERS = 40, 120


def some_matter(city: SmallCity, random: Random) -> str:
    """A matter that waits for anybody, perhaps confidential, with parts and complaints as chance will have it."""
    walk = Walk(city, random.choice(sorted(procedures.loaded())), random, set())
    matter = walk.matter
    matter.answers, matter.confidential = random.choice(sorted(procedures.awaited())), random.random() < 0.3
    matter.save(update_fields=["answers", "confidential"])
    last = city.units["419800-centre"].pk  # who sits there is always free, or a matter may be nobody's
    others = [unit.pk for unit in city.units.values() if unit.pk not in (matter.unit_id, last)]
    partaking = random.sample(others, random.randrange(3))
    for unit in partaking:
        Involved.objects.create(matter=matter, unit_id=unit, part=random.choice(("task", "invited")))
    for unit in random.choice((partaking, [], random.sample(others, 2))):
        Party.objects.create(matter=matter, role="respondent", unit_id=unit)
    if random.random() < 0.2:
        account = random.choice([held for login, held in city.accounts.items() if login != "last"])
        Party.objects.create(matter=matter, role="respondent", account=account)
    return matter.number


def test_nothing_is_on_no_list_whoever_is_there_and_whatever_is_complained_of() -> None:
    random = Random(20261123)
    with time.at(START):
        city = small_city()
        hire(city, random, PEOPLE)
        numbers = [some_matter(city, random) for _ in range(MATTERS)]
        how: Counter[str] = Counter()
        for turn in range(ROSTERS):
            hire(city, random, random.choice((1, 3, 6, PEOPLE, PEOPLE * 3)))
            how.update(check(number, as_query=turn % 40 == 0) for number in numbers)
    assert min(how["held"], how["vacant"]) > MATTERS * ROSTERS // 10


def test_a_mediation_without_a_room_falls_to_the_coordinator_and_says_so() -> None:
    with time.at(START):
        city = small_city()
        walk = Walk(city, "dispute", Random(1), set())
        Matter.objects.filter(number=walk.number).update(
            state="offered", answers="mediator", unit=city.units["419801-housing"]
        )
        (found,) = queries.work(city.actor("zhaolei"))
        assert found.vacant
        assert not queries.work(city.actor("zhoutao")).exists()
        keep(city, "roommate", "mediator", "419801-housing")
        snapshot.forget()
        assert not queries.work(city.actor("zhaolei")).exists()
        (found,) = queries.work(city.actor("roommate"))
        assert not found.vacant


def test_without_a_coordinator_it_falls_to_the_supervisor() -> None:
    with time.at(START):
        city = small_city()
        walk = Walk(city, "grid_event", Random(1), set())
        Matter.objects.filter(number=walk.number).update(state="seen", answers="grid_worker")
        Post.objects.filter(role__in=("grid_worker", "coordinator")).update(valid_to=NEVER)
        snapshot.forget()
        assert [row.vacant for row in queries.work(city.actor("zhoutao"))] == [True]
