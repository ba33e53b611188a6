"""What the public may read of counts: nothing small, alone or by subtraction, and nothing about a time that runs."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.board.rules import LEAST, PERIODS, last_whole, told

PLACES = st.dictionaries(st.integers(0, 30), st.integers(0, 30), min_size=1, max_size=25)
DAYS = st.dates(date(2000, 1, 1), date(2199, 12, 31))


def test_counts_are_told_in_steps_and_small_ones_not_at_all() -> None:
    assert told({"a": 4, "b": 5, "c": 2, "d": 0, "e": 14}) == {"b": 5, "e": 10}


@given(PLACES)
def test_nobody_can_be_found_by_subtraction(counts: dict[int, int]) -> None:
    """Whoever knows the whole and every part but one still cannot say that the last one is fewer than four."""
    whole, parts = told({"": sum(counts.values())}).get("", 0), told(counts)
    for hidden in counts.keys() - parts.keys():
        others = sum(parts.get(place, 0) for place in counts if place != hidden)
        largest = whole + LEAST - 1 - others  # what the last one may be at the most
        assert largest >= LEAST - 1


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        ("week", date(2026, 11, 16), date(2026, 11, 23)),
        ("month", date(2026, 10, 1), date(2026, 11, 1)),
        ("quarter", date(2026, 7, 1), date(2026, 10, 1)),
        ("year", date(2025, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_is_the_last_that_is_over(period: str, first: date, after: date) -> None:
    assert last_whole(period, date(2026, 11, 23)) == (first, after)


@given(st.sampled_from(PERIODS), DAYS)
def test_periods_follow_one_another_without_overlap(period: str, today: date) -> None:
    first, after = last_whole(period, today)
    assert first < after <= today
    assert last_whole(period, after) == (first, after)
    assert last_whole(period, after - timedelta(days=1))[1] == first
