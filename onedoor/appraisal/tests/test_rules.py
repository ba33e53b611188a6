"""Weeks, cells, and that every figure says what it means."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.appraisal.rules import COLUMNS, Cell, Column, Row, Week, empty_cells, summed
from onedoor.kernel.problems import BadInput
from onedoor.kernel.time import CITY_ZONE


def test_a_week_runs_from_monday_to_monday_in_the_city() -> None:
    week = Week.parse("2026-w46")
    assert (week.monday, week.sunday) == (date(2026, 11, 9), date(2026, 11, 15))
    assert week.begins == datetime(2026, 11, 9, tzinfo=CITY_ZONE)
    assert Week.of(datetime(2026, 11, 8, 16, tzinfo=UTC)) == week  # Monday 00:00 in the city
    assert Week.of(datetime(2026, 11, 8, 15, 59, tzinfo=UTC)) == week.moved(-1)


@given(st.dates(date(2000, 1, 3), date(2199, 12, 1)))
def test_every_day_lies_in_the_week_that_its_text_says(day: date) -> None:
    week = Week.of(day)
    assert week.monday <= day <= week.sunday
    assert Week.parse(str(week)) == week
    assert week.moved(1).begins == week.ends
    assert week.ends - week.begins == timedelta(days=7)


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-W00", "2026-W54", "2025-W53", "0001-W01", "9999-W52", "2026-W4６"]
)
def test_a_week_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="week"):
        Week.parse(text)


def test_the_fifty_third_week_exists_where_it_does() -> None:
    assert Week.parse("2026-W53").sunday == date(2027, 1, 3)


def test_a_share_of_nothing_is_none() -> None:
    assert Cell(0, 0).share is None
    assert Cell(0, 3).share == 0.0
    assert Cell(3).share is None


def test_shares_add_by_their_counts_and_not_by_their_percentages() -> None:
    rows = [
        Row(n, "", "", cells=empty_cells() | {"solved": cell})
        for n, cell in enumerate((Cell(1, 1), Cell(1, 9)))
    ]
    assert summed(rows)["solved"] == Cell(2, 10)
    assert summed([]) == empty_cells()


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: column.key)
def test_every_column_says_what_it_counts(column: Column) -> None:
    for words in (column.counts, column.out_of, column.leaves_out):
        assert words is None or (words.zh and words.en)


def test_what_was_received_is_never_judged() -> None:
    assert [column.key for column in COLUMNS if not column.judged] == ["received", "unheard"]
    received = empty_cells() | {"received": Cell(50), "unheard": Cell(9)}
    assert Row(1, "", "", cells=received).nothing_due
