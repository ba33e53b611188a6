"""The same key gives the same matter: retried, twice in one file, and by many at the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from onedoor.intake import actions as intake
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import KeyReused
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity, small_city

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
RESIDENT = Actor.resident()
AT_ONCE = 8


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def report(key: str | None = "k-1", detail: str = "路灯不亮", **more: Any) -> Report:
    return Report(detail=detail, key=key, lon=114.005, lat=35.505, **more)


@pytest.mark.django_db
def test_a_retry_gives_the_same_matter_and_code(city: SmallCity) -> None:
    first = intake.receive(RESIDENT, report())
    again = intake.receive(RESIDENT, report())
    assert (again.matter, again.code, again.repeated) == (first.matter, first.code, True)
    assert not first.repeated
    assert Matter.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["detail", "title", "address", "contact", "name", "about_person"])
def test_a_key_with_other_content_is_refused(city: SmallCity, field: str) -> None:
    intake.receive(RESIDENT, report())
    with pytest.raises(KeyReused):
        intake.receive(RESIDENT, report(**{field: "另一说法"}))
    assert Matter.objects.count() == 1


@pytest.mark.django_db
def test_a_blank_key_is_none(city: SmallCity) -> None:
    for key in ("", "  ", None):
        intake.receive(RESIDENT, report(key=key))
    assert Matter.objects.filter(key=None).count() == 3


@pytest.mark.django_db
def test_one_key_twice_in_a_batch(city: SmallCity) -> None:
    one, other, again = intake.receive_many(RESIDENT, [report(), report("k-2"), report()])
    assert one.matter == again.matter != other.matter
    assert (one.repeated, again.repeated) == (False, True)
    with pytest.raises(KeyReused):
        intake.receive_many(RESIDENT, [report("k-3"), report("k-3", detail="井盖没了")])
    assert Matter.objects.count() == 2


@pytest.mark.django_db
def test_a_batch_is_taken_in_wholly_or_not_at_all(city: SmallCity) -> None:
    intake.receive(RESIDENT, report())
    with pytest.raises(KeyReused):
        intake.receive_many(RESIDENT, [report("k-9"), report(detail="井盖没了")])
    assert not Matter.objects.filter(key="k-9").exists()


def at_once(work: Any) -> list[Any]:
    """What `work(number)` gives in so many threads that start together, each with its own connection."""
    together = Barrier(AT_ONCE)

    def one(number: int) -> Any:
        try:
            with time.at(MORNING):
                together.wait()
                return work(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_one_key_by_many_at_the_same_moment(city: SmallCity) -> None:
    received = at_once(lambda _: intake.receive(RESIDENT, report()))
    assert len({one.matter.number for one in received}) == 1
    assert len({one.code for one in received}) == 1
    assert sum(not one.repeated for one in received) == 1
    assert Matter.objects.count() == 1
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_many_at_the_same_moment_get_numbers_without_gaps(city: SmallCity) -> None:
    received = at_once(lambda number: intake.receive(RESIDENT, report(key=None, detail=f"第{number}件")))
    numbers = sorted(one.matter.number for one in received)
    assert numbers == [f"4198012026{seq:06d}" for seq in range(1, AT_ONCE + 1)]
    assert list(verify()) == []
    assert connection.vendor in ("sqlite", "postgresql")


@pytest.mark.django_db(transaction=True)
def test_a_key_used_for_other_content_at_the_same_moment(city: SmallCity) -> None:
    def one(number: int) -> str:
        try:
            return intake.receive(RESIDENT, report(detail=f"第{number % 2}种")).matter.detail
        except KeyReused:
            return "refused"

    told = at_once(one)
    assert Matter.objects.count() == 1
    assert sorted(set(told)) == sorted({"refused", Matter.objects.get().detail})
    assert told.count("refused") == AT_ONCE // 2
