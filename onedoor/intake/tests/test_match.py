"""Whether two filings may be the same: by place, time and words; never by who filed."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from onedoor.intake.match import Alike, Filed, alike, dice, metres, pairs

HOLE = Filed("1", "井盖缺失", "幸福路小学门口井盖没有了，孩子上学危险", "facility.manhole", 7, 114.0, 35.5)
SAME = Filed(
    "2", "学校门口没有井盖", "幸福路小学门口的井盖没有了", "facility.manhole", 7, 114.0003, 35.5, days_ago=2
)
OTHER = Filed("3", "拖欠工资", "工地三个月不发工资", "labour.wages", 7, 114.0, 35.5, days_ago=1)


def found(new: Filed, *others: Filed, within: float = 250.0, days: float = 30.0) -> list[Alike]:
    return alike(new, list(others), within=within, days=days)


def test_the_like_comes_first_and_says_why() -> None:
    first = found(HOLE, OTHER, SAME)[0]
    assert first.number == "2"
    assert (first.metres or 0) in range(26, 29)
    assert "米" in first.why["zh"]
    assert "2 days ago" in first.why["en"]


def test_the_unlike_is_not_shown() -> None:
    assert found(HOLE, OTHER) == []  # as near as can be, but about something else
    assert found(HOLE, replace(OTHER, lon=114.02, days_ago=29)) == []


def test_without_points_the_same_grid_counts_half() -> None:
    here, there = replace(SAME, lon=None, lat=None), replace(SAME, lon=None, lat=None, division_id=8)
    [same], [other] = found(HOLE, here), found(HOLE, there)
    assert round(same.score - other.score, 4) == 0.125
    assert same.metres is None


def test_at_most_eight_are_shown_in_a_settled_order() -> None:
    many = [replace(SAME, number=f"{n:02d}") for n in range(20, 0, -1)]
    assert [item.number for item in found(HOLE, *many)] == [f"{n:02d}" for n in range(1, 9)]


def test_a_filing_says_nothing_of_who_filed_it() -> None:
    assert {field.name for field in fields(Filed)} == {
        "number", "title", "detail", "category", "division_id", "lon", "lat", "days_ago"
    }  # fmt: skip


def test_distances_are_true_on_the_ground() -> None:
    one, hundred_metres_north = HOLE, replace(HOLE, lat=35.5 + 100 / 111_320)
    assert abs((metres(one, hundred_metres_north) or 0) - 100) < 0.5
    assert metres(one, replace(HOLE, lon=None)) is None


texts = st.text(alphabet="井盖缺失路灯不亮", max_size=20)
filings = st.builds(
    Filed, st.just("9"), texts, texts, st.sampled_from("ab"), st.integers(1, 2),
    st.floats(113.9, 114.1), st.floats(35.4, 35.6), st.floats(0, 60),
)  # fmt: skip


@given(filings, filings)
def test_a_score_lies_between_none_and_all_and_grows_with_likeness(one: Filed, two: Filed) -> None:
    [exact] = found(replace(one, title="井盖缺失了"), replace(one, title="井盖缺失了", days_ago=0))
    assert exact.score == 1.0
    for item in found(one, two):
        assert 0.3 <= item.score <= 1.0
    assert dice(pairs(one), pairs(two)) == dice(pairs(two), pairs(one))
    assert 0.0 <= dice(pairs(one), pairs(two)) <= 1.0
