"""Whether a category stands, and how often a dispatch was corrected: told by entries, seen by whoever counts them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from onedoor.city.queries import directory
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.matters import actions as matters
from onedoor.matters import fold
from onedoor.matters.models import Matter
from onedoor.matters.queries import apart_from
from tests.support import invariants
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def unit(city: SmallCity, kind: str) -> int:
    return city.units[f"419801-{kind}"].pk


def stands(matter: Matter) -> tuple[bool, int]:
    found = invariants.check(matter.number)
    return found.category_sure, found.redirected


def test_what_is_opened_stands_and_is_where_it_belongs_unless_told_otherwise(city: SmallCity) -> None:
    assert stands(opened(city)) == (True, 0)
    assert stands(opened(city, category_sure=False)) == (False, 0)


def test_a_clerk_confirms_once(city: SmallCity) -> None:
    matter = opened(city, category_sure=False)
    with pytest.raises(NotAllowed):
        matters.confirm_category(city.actor("liqiang"), matter.number)
    for _ in range(2):
        matters.confirm_category(city.actor("chenmin"), matter.number)
    assert stands(matter) == (True, 0)
    assert Entry.objects.filter(stream=matter.stream, kind="category_confirmed").count() == 1


def test_another_category_counts_as_a_correction_and_stands(city: SmallCity) -> None:
    matter = opened(city, category_sure=False)
    there = directory().categories["property.service"]
    matters.correct(city.actor("chenmin"), matter.number, there, unit(city, "housing"))
    assert stands(matter) == (True, 1)


def test_whoever_takes_it_up_takes_it_as_it_is(city: SmallCity) -> None:
    matter = opened(city, category_sure=False)
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "不归我"})
    assert stands(matter) == (False, 0)
    matters.act(city.actor("zhaolei"), matter.number, "reject_objection", {"reason": "归你"})
    matters.act(city.actor("liqiang"), matter.number, "accept")
    assert stands(matter) == (True, 0)


def test_an_objection_upheld_and_a_hand_over_are_corrections(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "不归我"})
    matters.act(
        city.actor("zhaolei"), matter.number, "uphold_objection",
        {"unit": unit(city, "market_regulation"), "reason": "确实"},
    )  # fmt: skip
    assert stands(matter) == (True, 1)
    matters.act(
        city.actor("zhaolei"),
        matter.number,
        "hand_over",
        {"unit": unit(city, "police"), "reason": "涉嫌诈骗"},
    )
    assert stands(matter) == (True, 2)


def test_a_category_changed_at_work_is_a_correction_and_the_same_one_is_none(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    for category in ("property.service", "property.service"):
        matters.act(
            city.actor("zhaolei"), matter.number, "reclassify", {"category": category, "reason": "改"}
        )
    assert stands(matter) == (True, 1)


def test_a_place_found_is_the_first_dispatch_and_a_place_corrected_is_a_correction(city: SmallCity) -> None:
    matter = opened(city, unit="419801-centre", placed=False)
    grid = city.first_grid.pk
    matters.place(city.actor("chenmin"), matter.number, grid, unit(city, "housing"))
    assert stands(matter) == (True, 0)
    matters.place(city.actor("chenmin"), matter.number, grid, unit(city, "housing"))
    assert stands(matter) == (True, 0)
    matters.place(city.actor("chenmin"), matter.number, grid, unit(city, "police"))
    assert stands(matter) == (True, 1)


def test_entries_of_before_say_nothing_and_mean_the_same(city: SmallCity) -> None:
    matter = opened(city)
    [entry] = Entry.objects.filter(stream=matter.stream)
    for name in fold.LATER:
        del entry.body["changes"][name]
    assert fold.fold([entry]) == fold.snapshot(matter)


# Not the same


def test_two_filings_told_apart_say_so_both_and_once(city: SmallCity) -> None:
    one, two = opened(city), opened(city)
    for _ in range(2):
        matters.tell_apart(city.actor("chenmin"), one.number, two.number, "不同的两户")
    for matter, other in ((one, two), (two, one)):
        matter.refresh_from_db()
        assert apart_from(matter) == {other.number}
        assert Entry.objects.filter(stream=matter.stream, kind="told_apart").count() == 1
        invariants.check(matter.number)
    assert list(verify()) == []


def test_who_may_not_join_may_not_tell_apart(city: SmallCity) -> None:
    one, two = opened(city), opened(city)
    with pytest.raises(NotAllowed):
        matters.tell_apart(city.actor("wujun"), one.number, two.number)
    with pytest.raises(NotFound):
        matters.tell_apart(city.actor("farhandler"), one.number, two.number)
    with pytest.raises(BadInput):
        matters.tell_apart(city.actor("chenmin"), one.number, one.number)
    assert apart_from(one) == frozenset()


def test_what_is_joined_is_parted_first(city: SmallCity) -> None:
    one, two = opened(city), opened(city)
    matters.join(SYSTEM, two.number, one.number)
    with pytest.raises(Conflict):
        matters.tell_apart(city.actor("chenmin"), two.number, one.number)
