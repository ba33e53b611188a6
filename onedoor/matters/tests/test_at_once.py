"""Many hands on one matter at the same moment: one is first, the others are told, and the chain holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from django.db import connections

from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import Conflict, NotFound
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support import invariants
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db(transaction=True)
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")
HANDS = 6


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def at_once(*works: Callable[[], object]) -> list[str]:
    """`done`, or the name of the problem, of every work; all start together, each with its own connection."""
    together = Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        try:
            with time.at(MORNING):
                together.wait()
                work()
        except (Conflict, NotFound) as problem:
            return type(problem).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def check(*numbers: str) -> None:
    for number in numbers:
        invariants.check(number)
    assert list(verify()) == []


def test_an_action_is_taken_once(city: SmallCity) -> None:
    matter, actor = opened(city), city.actor("liqiang")
    told = at_once(*[lambda: matters.act(actor, matter.number, "accept")] * HANDS)
    assert sorted(told) == ["Conflict"] * (HANDS - 1) + ["done"]
    check(matter.number)


def test_a_task_is_finished_once(city: SmallCity) -> None:
    matter = opened(city)
    task = {"unit": city.units["419801-urban_management"].pk, "what": "查"}
    matters.act(city.actor("liqiang"), matter.number, "accept")
    matters.act(city.actor("liqiang"), matter.number, "give_tasks", {"tasks": [task]})
    pk, actor = matter.tasks.get().pk, city.actor("qianjun")
    told = at_once(*[lambda: matters.finish_task(actor, pk, "查了")] * HANDS)
    assert sorted(told) == ["NotFound"] * (HANDS - 1) + ["done"]
    check(matter.number)


def test_notes_of_many_hands_all_stand_in_the_chain(city: SmallCity) -> None:
    matter = opened(city)
    assert at_once(*[lambda: matters.note(SYSTEM, matter.number, "看过")] * HANDS) == ["done"] * HANDS
    assert Matter.objects.get(pk=matter.pk).head_seq == 1 + HANDS
    check(matter.number)


def test_joining_and_parting_at_once_blocks_nobody_for_good(city: SmallCity) -> None:
    one, two = opened(city), opened(city)
    matters.join(SYSTEM, one.number, two.number)
    for _ in range(3):
        at_once(
            lambda: matters.separate(SYSTEM, one.number, "再看"),
            lambda: matters.join(SYSTEM, two.number, one.number),
            lambda: matters.join(SYSTEM, one.number, two.number),
            lambda: matters.note(SYSTEM, two.number, "看过"),
        )
        check(one.number, two.number)


def test_timers_that_run_twice_climb_once(city: SmallCity) -> None:
    matter = opened(city)

    def tick() -> None:
        with time.at(datetime(2026, 3, 3, 17, 0, tzinfo=time.CITY_ZONE)):
            matters.tick()

    assert at_once(*[tick] * HANDS) == ["done"] * HANDS
    assert matter.clocks.get(name="accept").rung == 1
    check(matter.number)
