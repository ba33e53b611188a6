"""Which place lacks whom: by tier, on a day, below a place, in three queries."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from onedoor.city import actions, roster
from onedoor.city.models import Division
from onedoor.city.roster import gaps
from onedoor.city.rows import PostRow
from onedoor.city.tree import tree
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, NotFound
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
VILLAGE = "419801001001"
UNIT = f"{VILLAGE}-village_committee"


def lacking(role: str, **where: Any) -> set[str]:
    return {gap.code for gap in gaps(role=role, **where).gaps}


def test_every_asked_role_is_told_with_how_many_places_need_and_have_it(city: SmallCity) -> None:
    answer = gaps()
    needed = {held.role: (held.needed, held.filled, held.lacking) for held in answer.coverage}
    assert needed["grid_worker"] == (16, 2, 14)  # Zheng Jie's post on the village covers its two grids
    assert needed["police_officer"] == (8, 0, 8)
    assert set(needed) == {ask.role for ask in roster.asked()} == {
        "grid_worker", "police_officer", "legal_adviser", "mediator",
    }  # fmt: skip


def test_a_post_on_the_township_covers_no_village(city: SmallCity) -> None:
    actions.take_posts(
        SYSTEM, [PostRow("民警", "419801001-police_station", "police_officer", "419801001", "pc")]
    )
    assert VILLAGE in lacking("police_officer")
    actions.take_posts(SYSTEM, [PostRow("民警", "419801001-police_station", "police_officer", VILLAGE, "pc")])
    assert VILLAGE not in lacking("police_officer")


def test_a_place_left_vacant_says_since_when(city: SmallCity) -> None:
    row = PostRow("王调解", UNIT, "mediator", VILLAGE, "wt", date(2025, 1, 1), date(2026, 3, 1))
    actions.take_posts(SYSTEM, [row])
    (gap,) = [gap for gap in gaps(role="mediator").gaps if gap.code == VILLAGE]
    assert gap.since == date(2026, 3, 1)
    assert gap.path == ("东河区", "东柳镇", "东柳前村")
    (never,) = [gap for gap in gaps(role="mediator").gaps if gap.code == "419802002002"]
    assert never.since is None
    assert VILLAGE not in lacking("mediator", day=date(2026, 2, 28))
    assert VILLAGE in lacking("mediator", day=date(2026, 3, 1))


def test_only_below_a_place_and_only_for_a_role_also_in_chinese(city: SmallCity) -> None:
    answer = gaps(division="419801001", role="法律顾问")
    assert {gap.code for gap in answer.gaps} == {VILLAGE, "419801001002"}
    assert [held.needed for held in answer.coverage] == [2]
    with pytest.raises(NotFound):
        gaps(division="419899")
    with pytest.raises(BadInput, match="grid_worker"):
        gaps(role="clerk")


def test_places_that_exist_for_statistics_only_are_asked_for_nobody(city: SmallCity) -> None:
    Division.objects.filter(code=VILLAGE).update(kind="statistical")
    assert VILLAGE not in lacking("mediator")


def test_it_asks_the_database_three_times(city: SmallCity, django_assert_num_queries: Any) -> None:
    tree()
    with django_assert_num_queries(3):
        gaps()


def test_a_merged_village_is_asked_no_longer(city: SmallCity) -> None:
    with time.at(datetime(2026, 11, 25, 9, 0, tzinfo=time.CITY_ZONE)):
        actions.close_division(SYSTEM, VILLAGE, successor="419801001002")
        assert VILLAGE not in lacking("mediator")
        assert VILLAGE in lacking("mediator", day=date(2026, 11, 24))
