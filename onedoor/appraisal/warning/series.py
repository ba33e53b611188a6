"""Filings by place, subject and day, out of the lake. Confidential matters are left out: few as they are, a count of
them in one township may point at somebody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from onedoor.appraisal.indicators.computing import ABOVE, Lake
from onedoor.appraisal.periods import Window, midnight
from onedoor.kernel.calendars import Calendar

DAY = 86_400  # seconds; the city's zone has no summer time
SUNDAY = 6

Counts = NDArray[np.int64]
By = Literal["category", "channel"]


@dataclass(frozen=True)
class Series:
    """Counts by subject: of each an array of places by days."""

    places: Sequence[str]  # codes, in the order of the rows
    first: date
    counts: Mapping[str, Counts]  # by category, or by channel

    @property
    def days(self) -> int:
        """How many days there are."""
        return next((held.shape[1] for held in self.counts.values()), 0)


def month_paths(lake: Lake, table: str, first: date, after: date) -> list[str]:
    """The files of a table that hold rows of these days."""
    months = f"{first:%Y-%m}", f"{after - timedelta(days=1):%Y-%m}"
    paths = lake.manifest.paths(table)
    found = [path for path in paths if months[0] <= path.split("month=")[-1][:7] <= months[1]]
    return [str(lake.root / path) for path in found]


def above(lake: Lake, level: str, first: date, after: date) -> dict[str, str]:
    """Place → the place of a level that it lies in at the end."""
    held = lake.places(Window(first, after, midnight(after)))
    return held.at(lake.levels.get(level, ""))


def read(lake: Lake, level: str, first: date, after: date, by: By = "category") -> Series:
    """The filings of the days from `first` to before `after`, by subject or by the channel that they came in by.

    Places are those that stand at the end, also those without any.
    """
    days, lies = (after - first).days, above(lake, level, first, after)
    held = lake.places(Window(first, after, midnight(after)))
    codes = held.standing(lake.levels.get(level, ""))
    row = {code: at for at, code in enumerate(codes)}
    counts: dict[str, Counts] = {}
    for place, category, day, filings in _rows(lake, lies, first, after, by):
        if place in row:
            made = counts.setdefault(category, np.zeros((len(codes), days), dtype=np.int64))
            made[row[place], day] += filings
    return Series(codes, first, dict(sorted(counts.items())))


def begun(held: Series) -> Series:
    """Without the days before the first filing of all: nobody could file then."""
    total = sum((counts.sum(axis=0) for counts in held.counts.values()), np.zeros(held.days, dtype=np.int64))
    since = int(np.flatnonzero(total)[0]) if total.any() else held.days
    counts = {category: own[:, since:] for category, own in held.counts.items()}
    return Series(held.places, held.first + timedelta(days=since), counts)


def _rows(lake: Lake, lies: Mapping[str, str], first: date, after: date, by: By) -> list[tuple[Any, ...]]:
    paths = month_paths(lake, "matters", first, after)
    if not paths:
        return []
    lake.lake.register("above", pa.table({"place": list(lies), "subject": list(lies.values())}, ABOVE))
    text = (
        "SELECT a.subject, CASE $by WHEN 'channel' THEN r.channel ELSE r.category END, "
        "CAST(floor((epoch(r.opened_at) - $begin) / $day) AS INTEGER), count(*) "
        "FROM read_parquet($files, hive_partitioning = false) AS r JOIN above AS a ON r.division = a.place "
        "WHERE epoch(r.opened_at) >= $begin AND epoch(r.opened_at) < $end AND NOT r.confidential GROUP BY 1, 2, 3"
    )
    begin, end = midnight(first).timestamp(), midnight(after).timestamp()
    return lake.lake.execute(
        text, {"files": paths, "begin": begin, "end": end, "day": DAY, "by": by}
    ).fetchall()


def weekdays(first: date, days: int, calendar: Calendar) -> Counts:
    """0 to 6 for so many days; a holiday in the week is a Sunday, and a day worked at a weekend is a Monday."""
    found = []
    for ahead in range(days):
        day = first + timedelta(days=ahead)
        weekday = day.weekday()
        # a year whose holidays are not announced yet is foretold by its weekdays alone
        works = calendar.is_working(day) if calendar.knows(day.year) else weekday < SUNDAY - 1
        found.append(weekday if works == (weekday < SUNDAY - 1) else 0 if works else SUNDAY)
    return np.array(found, dtype=np.int64)
