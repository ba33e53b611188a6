"""Who sees which matters and acts on them as whom, as a table; and that lists and single matters never disagree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from random import Random
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onedoor.city.models import Grant
from onedoor.city.queries import directory, roles
from onedoor.kernel import time
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.problems import NotAllowed, NotFound
from onedoor.kernel.statements import Columns
from onedoor.matters import actions as matters
from onedoor.matters import policies, queries
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Matter
from onedoor.matters.registry import PERFORMERS
from onedoor.matters.rows import EVERYTHING, NOTHING, NotConfidential, OnItsOwn, Rows, Seen, Waiting
from tests.support.filings import PHONE
from tests.support.smallcity import CAST, SINCE, SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")
HOUSING, CENTRE, POLICE = "419801-housing", "419801-centre", "419801-police"

# A line for everybody of the cast: as whom she acts on each matter; `404` where she sees nothing of it, `-` where she
# only reads.
COLUMNS = [
    "plain",
    "elsewhere",
    "of_housing",
    "of_centre",
    "of_liqiang",
    "secret",
    "tasked",
    "objected",
    "nowhere",
]
TABLE = {
    "chenmin": "clerk 404 clerk+unit 404 clerk 404 clerk clerk 404",
    "zhaolei": "coordinator 404 coordinator+unit 404 coordinator coordinator coordinator coordinator+arbiter 404",
    "wujun": "leader 404 leader+unit 404 leader 404 leader leader+arbiter 404",
    "liqiang": "unit 404 404 unit 404 404 unit unit 404",
    "qianjun": "404 404 404 404 404 404 task_unit 404 404",
    "sunyan": "404 404 404 404 404 404 404 404 404",
    "wangfang": "404 404 404 404 404 404 404 404 404",
    "zhengjie": "grid_worker 404 grid_worker grid_worker grid_worker 404 grid_worker grid_worker 404",
    "sunli": "caller 404 caller caller caller caller caller caller 404",
    "zhoutao": "supervisor supervisor supervisor supervisor supervisor 404 supervisor supervisor supervisor",
    "hean": "- - - - - - - - -",
    "farhandler": "404 unit 404 404 404 404 404 404 404",
}
ORDER = (
    "clerk", "coordinator", "leader", "unit", "supervisor", "arbiter", "task_unit", "caller", "grid_worker", "mediator",
)  # fmt: skip


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


@pytest.fixture
def those(city: SmallCity) -> dict[str, Matter]:
    """Matters that differ in where they lie, who has them, and whom they complain of."""
    of_housing = PartyData("respondent", unit_id=city.units[HOUSING].pk)
    of_centre = PartyData("respondent", unit_id=city.units[CENTRE].pk)
    of_liqiang = PartyData("respondent", account_id=city.accounts["liqiang"].pk)
    made = {
        "plain": filed(city),
        "elsewhere": filed(city, unit="419802-housing", division="419802001001001"),
        "of_housing": filed(city, unit=CENTRE, about=of_housing),
        "of_centre": filed(city, about=of_centre),
        "of_liqiang": filed(city, about=of_liqiang),
        "secret": filed(city, unit=POLICE, confidential=True),
        "tasked": filed(city),
        "objected": filed(city),
        "nowhere": filed(city, unit="419800-centre", division="419800", placed=False),
    }
    handler, task = city.actor("liqiang"), {"unit": city.units["419801-urban_management"].pk, "what": "清理"}
    matters.act(handler, made["tasked"].number, "accept")
    matters.act(handler, made["tasked"].number, "give_tasks", {"tasks": [task]})
    matters.act(handler, made["objected"].number, "object", {"reason": "不归我"})
    return made


def filed(
    city: SmallCity, *, unit: str = HOUSING, division: str = "419801001001001",
    about: PartyData | None = None, **more: Any,
) -> Matter:  # fmt: skip
    parties = [PartyData("reporter", "刘娟", PHONE), *([about] if about else [])]
    filing = Filing(
        directory().categories["property.deposit"], city.units[unit].pk, city.divisions[division].pk,
        "押金不退", parties=tuple(parties), **more,
    )  # fmt: skip
    return matters.open_many(SYSTEM, [filing])[0]


def as_whom(actor: Actor, matter: Matter) -> str:
    """What the table says of one actor and one matter."""
    try:
        reached = policies.reach(actor, matter.number)
    except NotFound:
        return "404"
    return "+".join(name for name in ORDER if policies.performs(reached, [name])) or "-"


@pytest.mark.parametrize("login", CAST)
def test_the_table(city: SmallCity, those: dict[str, Matter], login: str) -> None:
    actor = city.actor(login)
    assert list(those) == COLUMNS
    assert [as_whom(actor, matter) for matter in those.values()] == TABLE[login].split()


def test_who_sees_a_matter_in_no_list_cannot_act_on_it_either(
    city: SmallCity, those: dict[str, Matter]
) -> None:
    with pytest.raises(NotFound):
        matters.act(city.actor("liqiang"), those["of_housing"].number, "accept")
    with pytest.raises(NotFound):
        matters.note(city.actor("sunyan"), those["plain"].number, "我来看看")
    with pytest.raises(NotAllowed):
        matters.act(city.actor("hean"), those["plain"].number, "accept")


def test_residents_see_their_own_matter_and_its_master(city: SmallCity, those: dict[str, Matter]) -> None:
    own, master, other = those["tasked"], those["plain"], those["objected"]
    matters.join(SYSTEM, own.number, master.number)
    resident = Actor.resident(own.number)
    assert set(policies.visible(resident)) == {own, master}
    assert policies.performs(policies.reach(resident, master.number), ["resident"])
    with pytest.raises(NotFound):
        policies.reach(resident, other.number)
    assert not policies.visible(Actor.resident()).exists()
    matters.separate(SYSTEM, own.number, "不是一件事")
    assert set(policies.visible(resident)) == {own}


def test_an_administrator_keeps_the_city_and_sees_no_matter(
    city: SmallCity, those: dict[str, Matter]
) -> None:
    unit = city.units["419800-centre"]
    admin = Actor("staff", "管理员", 77, frozenset({unit.pk}), (Reach("admin", unit.division_id, unit.pk),))
    assert not policies.visible(admin).exists()
    granted = Actor("staff", "管理员", 77, frozenset(), (Reach("admin", unit.division_id),))
    assert not policies.visible(granted).exists()


def test_a_grant_reaches_its_whole_division_whatever_the_role(
    city: SmallCity, those: dict[str, Matter]
) -> None:
    account = city.accounts["farhandler"]
    Grant.objects.create(
        account=account, role="mediator", division=city.divisions["419801"], reason="借调", valid_from=SINCE
    )
    assert as_whom(city.actor("farhandler"), those["plain"]) == "mediator"
    assert as_whom(city.actor("farhandler"), those["elsewhere"]) == "unit"
    assert as_whom(city.actor("farhandler"), those["secret"]) == "404"


def test_a_role_counts_for_the_unit_in_which_it_is_held(city: SmallCity, those: dict[str, Matter]) -> None:
    housing, far = city.units[HOUSING], city.units["419802-housing"]
    both = Actor(
        "staff", "兼职", 77, frozenset({housing.pk, far.pk}),
        (Reach("legal_adviser", housing.division_id, housing.pk), Reach("handler", far.division_id, far.pk)),
    )  # fmt: skip
    assert as_whom(both, those["plain"]) == "-"
    assert as_whom(both, those["elsewhere"]) == "unit"


def test_who_handled_a_matter_is_no_independent_caller(city: SmallCity, those: dict[str, Matter]) -> None:
    office = city.units["419800-petition_office"]
    caller = city.actor("sunli")
    assert as_whom(caller, those["plain"]) == "caller"
    matters.act(
        city.actor("zhaolei"), those["plain"].number, "hand_over", {"unit": office.pk, "reason": "由信访局办"}
    )
    assert as_whom(caller, those["plain"]) == "-"


EVERY = Columns(Matter, ("id",), "id > 0")
CASTABLE = tuple(roles())


def somebody(city: SmallCity, random: Random) -> Actor:
    """An actor with some posts and grants, as chance will have it."""
    if random.random() < 0.1:
        return Actor.resident(random.choice(list(Matter.objects.values_list("number", flat=True))))
    units = random.sample(sorted(city.units.values(), key=lambda unit: unit.code), random.randint(0, 2))
    reaches = [Reach(random.choice(CASTABLE), unit.division_id, unit.pk) for unit in units]
    if random.random() < 0.4:
        division = random.choice(sorted(city.divisions.values(), key=lambda division: division.code))
        reaches.append(Reach(random.choice(CASTABLE), division.pk))
    account = random.choice(list(city.accounts.values())).pk
    return Actor("staff", "某", account, frozenset(unit.pk for unit in units), tuple(reaches))


def test_a_set_has_exactly_the_matters_that_its_condition_selects(
    city: SmallCity, those: dict[str, Matter]
) -> None:
    matters.join(SYSTEM, those["plain"].number, those["tasked"].number)
    every = list(Matter.objects.all())
    random, looked_at = Random(20260302), 0
    for _ in range(150):
        actor = somebody(city, random)
        sets: list[Rows | None] = [policies.sight(actor), *(p.rows(actor) for p in PERFORMERS.values())]
        for rows in filter(None, sets):
            selected = set(Matter.objects.filter(rows.q()).values_list("pk", flat=True))
            assert {matter.pk for matter in every if rows.has(Seen(matter))} == selected, (actor, rows)
            assert {pk for (pk,) in EVERY(also=rows.where())} == selected, (actor, rows)
            looked_at += len(selected)
    assert looked_at > 500


SIMPLE = (
    NOTHING, EVERYTHING, NotConfidential(), Waiting("unit"), ~Waiting("unit"), NotConfidential() & Waiting("unit"),
    NOTHING | Waiting("arbiter"), OnItsOwn(), ~(OnItsOwn() | NOTHING), ~~NotConfidential(),
)  # fmt: skip


@pytest.mark.parametrize("rows", SIMPLE, ids=str)
def test_simple_sets_and_what_is_made_of_them(city: SmallCity, those: dict[str, Matter], rows: Rows) -> None:
    matters.join(SYSTEM, those["plain"].number, those["tasked"].number)
    selected = set(Matter.objects.filter(rows.q()))
    assert {
        matter for matter in those.values() if rows.has(Seen(Matter.objects.get(pk=matter.pk)))
    } == selected
    assert {pk for (pk,) in EVERY(also=rows.where())} == {matter.pk for matter in selected}


def test_nobody_is_a_performer_of_what_she_does_not_see(city: SmallCity, those: dict[str, Matter]) -> None:
    """Pages offer actions only on matters reached; a performer outside of sight would be one for nothing."""
    for login in CAST:
        actor = city.actor(login)
        seen = set(policies.visible(actor))
        for matter in those.values():
            if matter not in seen:
                assert as_whom(actor, matter) == "404"


@pytest.mark.parametrize("login", ["liqiang", "zhaolei", "sunli", "zhoutao"])
def test_a_list_takes_one_query_however_many_roles(
    city: SmallCity, those: dict[str, Matter], login: str
) -> None:
    actor = city.actor(login)
    for rows in (policies.visible(actor), queries.work(actor), queries.search(actor, "押金")):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            list(rows[:50])
        assert len(captured) == 1


def test_reaching_a_matter_takes_three_queries_at_most(city: SmallCity, those: dict[str, Matter]) -> None:
    for login in CAST:
        with CaptureQueriesContext(connection) as captured:
            as_whom(city.actor(login), those["plain"])
        assert len(captured) <= 2 + 3 + 2, (
            login
        )  # who she is; the matter, its parts, who is accused; objections, tasks


def test_work_is_what_waits_for_her_the_most_urgent_first(city: SmallCity, those: dict[str, Matter]) -> None:
    waiting = list(queries.work(city.actor("liqiang")))
    assert {matter.number for matter in waiting} == {
        those[name].number for name in ("plain", "of_centre", "tasked", "objected")
    }
    dates = [matter.next_due for matter in waiting if matter.next_due]
    assert dates == sorted(dates)
    assert len(dates) == len(waiting)
