"""The share sent to the right unit first time, week by week, and the matters behind each point."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from onedoor.appraisal import dispatch
from onedoor.appraisal.rules import Cell, Week
from onedoor.intake import actions as door
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
W10 = Week(2026, 10)


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MONDAY):
        yield small_city()


def received(city: SmallCity) -> Matter:
    matter = opened(city)
    return matters.act(city.actor("liqiang"), matter.number, "accept")


def corrected(city: SmallCity) -> Matter:
    matter = opened(city, category_sure=False)
    return door.settle(city.actor("chenmin"), matter.number, "consumer.prepaid")


def numbers(part: str) -> set[str]:
    return set(dispatch.behind(W10, part).values_list("number", flat=True))


def test_what_was_received_or_corrected_counts_and_what_waits_does_not(city: SmallCity) -> None:
    right, wrong = {received(city).number for _ in range(3)}, corrected(city).number
    opened(city)  # nobody has taken it up yet
    [point] = dispatch.curve(W10, 4)
    assert (point.week, point.right, point.corrections) == (W10, Cell(3, 4), 1)
    assert numbers("yes") == right
    assert numbers("no") == {wrong}
    assert numbers("all") == right | {wrong}


def test_a_matter_without_a_place_or_joined_to_another_is_not_dispatched(city: SmallCity) -> None:
    kept = received(city).number
    joined = received(city)
    matters.join(Actor.system("test"), joined.number, kept)
    lost = opened(city, unit="419801-centre", placed=False)
    matters.act(city.actor("zhaolei"), lost.number, "accept")
    assert numbers("all") == {kept}


def test_weeks_before_the_first_matter_are_left_out_and_empty_ones_between_are_shown(city: SmallCity) -> None:
    received(city)
    with time.at(MONDAY + timedelta(days=14)):
        received(city)
        points = dispatch.curve(Week.of(time.now()), 14)
    assert [(p.week.number, p.right.of) for p in points] == [(10, 1), (11, 0), (12, 1)]
    assert points[1].right.share is None


def test_a_week_begins_at_midnight_of_the_city(city: SmallCity) -> None:
    sunday = datetime(2026, 3, 8, 23, 59, tzinfo=time.CITY_ZONE)
    for moment in (sunday, sunday + timedelta(minutes=2)):
        with time.at(moment):
            received(city)
    assert [p.right.of for p in dispatch.curve(Week(2026, 11), 2)] == [1, 1]


def test_a_city_without_matters_has_a_point_without_a_share(city: SmallCity) -> None:
    [point] = dispatch.curve(W10, 14)
    assert point.right == Cell(0, 0)
