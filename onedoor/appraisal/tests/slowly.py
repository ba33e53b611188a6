"""Indicators again, slowly and in plain Python: row after row, by the words of the language, and without any SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from onedoor.appraisal.indicators.language import Bound, Indicator, Measure
from onedoor.kernel.time import CITY_ZONE

Row = Mapping[str, Any]
Result = dict[str, tuple[int, int | None]]


def passes(value: Any, wanted: Any) -> bool:
    """Whether a value is what a filter wants."""
    if not isinstance(wanted, Bound):
        return value is not None and value in wanted
    answers = []
    if wanted.least is not None:
        answers.append(value is not None and value >= wanted.least)
    if wanted.most is not None:
        answers.append(value is not None and value <= wanted.most)
    if wanted.is_not is not None:
        answers.append(value not in wanted.is_not)
    if wanted.known is not None:
        answers.append((value is not None) == wanted.known)
    return all(answers)


def in_time(row: Row, day: str | None, stock: Any, first: date, after: date, as_of: datetime) -> bool:
    """Whether a row falls in a period of which nothing later than `as_of` is known."""
    until = min(datetime.combine(after, time(), CITY_ZONE), as_of)
    if stock is None:
        value = row[day or ""]
        if value is None:
            return False
        if isinstance(value, datetime):
            return datetime.combine(first, time(), CITY_ZONE) <= value < until
        return bool(first <= value < after and over(value) <= until)
    begins, ends = row[stock.begins], row[stock.ends]
    return begins is not None and begins < until and (ends is None or ends >= until)


def over(day: date) -> datetime:
    """When a day is over."""
    return datetime.combine(day + timedelta(days=1), time(), CITY_ZONE)


def place(divisions: Sequence[Row], code: str | None, level: str) -> str | None:
    """The place of a level above a place, in a city that never changed."""
    held = {row["division"]: row for row in divisions}
    while code is not None and code in held:
        if held[code]["level"] == level:
            return code
        code = held[code]["parent"]
    return None


def recount(
    one: Indicator, given: Mapping[str, str], lake: Mapping[str, Sequence[Row]], level: str, days: tuple[date, date],
    as_of: datetime,
) -> Result:  # fmt: skip
    """Subject → (numerator, denominator) for all of whom something is to be said."""

    def counted(measure: Measure, *, asked: bool = True) -> Iterator[tuple[str, Row]]:
        table, day, stock = one.rows_of(measure)
        for row in lake.get(table, ()):
            own = row["unit"] if level == "department" else place(lake["divisions"], row["division"], level)
            fits = not asked or all(row[one.parameters[name]] == value for name, value in given.items())
            passed = all(passes(row[column], wanted) for column, wanted in measure.where.items())
            if own is not None and fits and passed and in_time(row, day, stock, *days, as_of):
                yield own, row

    def added(rows: Sequence[tuple[str, Row]], column: str | None) -> dict[str, int]:
        sums: dict[str, int] = {}
        for own, row in rows:
            sums[own] = sums.get(own, 0) + (1 if column is None else int(row[column] or 0))
        return sums

    above = list(counted(one.numerator, asked=one.aggregation not in ("share", "mean")))
    if one.denominator is None:
        sums = added(above, one.numerator.sums)
        everybody = (
            {row["unit"] for row in lake["units"]} if level == "department"
            else {row["division"] for row in lake["divisions"] if row["level"] == level}
        )  # fmt: skip
        return {own: (sums.get(own, 0), None) for own in everybody | sums.keys()}
    below = list(counted(one.denominator))
    if one.aggregation != "ratio":
        ids = {id(row) for _, row in below}
        above = [(own, row) for own, row in above if id(row) in ids]
    upper, lower = added(above, one.numerator.sums), added(below, one.denominator.sums)
    return {own: (upper.get(own, 0), out_of) for own, out_of in lower.items() if out_of}
