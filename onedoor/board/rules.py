"""Which whole periods public counts may be about, and how coarsely they are told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TypeVar

Key = TypeVar("Key")

LEAST = 5  # of a public count; and the steps in which public counts are told
PERIODS = (
    "week",
    "month",
    "quarter",
    "year",
)  # of the calendar; public counts are about the last one that is over
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def last_whole(period: str, today: date) -> tuple[date, date]:
    """The first day of the last calendar week, month, quarter or year that is over, and the first day after it."""
    if period == "week":
        end = today - timedelta(days=today.weekday())
        return end - timedelta(days=7), end
    months = MONTHS[period]
    end = date(today.year, (today.month - 1) // months * months + 1, 1)
    before = end.year * 12 + end.month - 1 - months
    return date(before // 12, before % 12 + 1, 1), end


def told(counts: Mapping[Key, int]) -> dict[Key, int]:
    """The counts that the public may read: down to the step below, none where fewer than `LEAST`.

    Whoever subtracts what is told of parts (places, subjects, shorter periods) from what is told of the whole is left
    with a span, never with one small number: the whole may be up to four more than told, so what is not told may be
    up to four as well, whatever it is.
    """
    return {key: count - count % LEAST for key, count in counts.items() if count >= LEAST}
