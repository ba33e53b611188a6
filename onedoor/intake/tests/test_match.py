"""Whether two filings may be the same: by place, time and words; never by who filed."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from onedoor.intake.match import WORTH_SHOWING, Alike, Filed, alike
from onedoor.triage.pairs import Model, prior

GRID = (1, 2, 3, 4, 7)
HOLE = Filed(
    "1", "井盖缺失", "幸福路小学门口井盖没有了，孩子上学危险", "facility.manhole", 7, 114.0, 35.5, path=GRID
)
SAME = Filed(
    "2", "学校门口没有井盖", "幸福路小学门口的井盖没有了", "facility.manhole", 7, 114.0003, 35.5, 2.0, GRID
)
OTHER = Filed("3", "拖欠工资", "工地三个月不发工资", "labour.wages", 7, 114.0, 35.5, 1.0, GRID)


def found(new: Filed, *others: Filed, within: float = 250.0) -> list[Alike]:
    return alike(new, others, Model(), prior, within=within)


def test_the_like_comes_first_and_says_why() -> None:
    first = found(HOLE, OTHER, SAME)[0]
    assert first.number == "2"
    assert (first.metres or 0) in range(26, 29)
    assert "米" in first.why["zh"]
    assert "2 days between them" in first.why["en"]


def test_the_unlike_is_not_shown() -> None:
    assert found(HOLE, OTHER) == []  # as near as can be, but about something else
    assert found(HOLE, replace(OTHER, lon=114.02, days_ago=29)) == []


def test_without_points_the_same_grid_counts_for_it_and_another_village_against() -> None:
    here = replace(SAME, lon=None, lat=None)
    [same] = found(HOLE, here)
    assert same.metres is None
    assert found(HOLE, replace(here, path=(1, 2, 3, 5, 9))) == []


def test_at_most_eight_are_shown_in_a_settled_order() -> None:
    many = [replace(SAME, number=f"{n:02d}") for n in range(20, 0, -1)]
    assert [item.number for item in found(HOLE, *many)] == [f"{n:02d}" for n in range(1, 9)]


def test_a_filing_says_nothing_of_who_filed_it() -> None:
    assert {field.name for field in fields(Filed)} == {
        "number", "title", "detail", "category", "division_id", "lon", "lat", "days_ago", "path"
    }  # fmt: skip


texts = st.text(alphabet="井盖缺失路灯不亮", max_size=20)
filings = st.builds(
    Filed, st.just("9"), texts, texts, st.sampled_from("ab"), st.integers(1, 2),
    st.floats(113.9, 114.1), st.floats(35.4, 35.6), st.floats(0, 60), st.just(GRID),
)  # fmt: skip


@given(filings, filings)
def test_a_score_is_a_probability_worth_showing(one: Filed, two: Filed) -> None:
    [exact] = found(replace(one, title="井盖缺失了"), replace(one, title="井盖缺失了"))
    assert exact.score > 0.9
    for item in found(one, two):
        assert WORTH_SHOWING <= item.score <= exact.score + 0.1
