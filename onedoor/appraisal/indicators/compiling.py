"""From an indicator to SQL: which rows it counts, as conditions that DuckDB and Spark read alike. Pure.

    share   the numerator's rows are those of its denominator that its own filters and its own time let through
    mean    a sum over the denominator's rows, by the number of them
    ratio   two sums that have nothing else in common
    count, sum   the numerator alone

A row falls in a period by its day, up to the moment that is known; a stock holds the rows that had begun before the
period's end and not ended. A value that is not there is equal to nothing, and is none of the values that are ruled out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from onedoor.appraisal.indicators.language import Bound, Filter, Indicator, Measure, Plain, Stock
from onedoor.appraisal.periods import Window
from onedoor.lake.columns import Column, Table


@dataclass(frozen=True)
class Check:
    """One condition of a measure: over which column, and how it is asked."""

    column: str
    sql: str


@dataclass(frozen=True)
class Sum:
    """What is added up: rows of a table in a time that pass all checks, one each or by a column."""

    table: str
    time: str
    checks: tuple[Check, ...]
    column: str | None = None  # summed; None: rows are counted

    @property
    def sql(self) -> str:
        """The aggregate over rows that lie in the time already."""
        value = f"coalesce(CAST({quoted(self.column)} AS BIGINT), 0)" if self.column else "1"
        passed = " AND ".join(check.sql for check in self.checks) or "true"
        return f"CAST(sum(CASE WHEN {passed} THEN {value} ELSE 0 END) AS BIGINT)"


@dataclass(frozen=True)
class Figure:
    """An indicator with its parameters over a period: two sums, or one."""

    numerator: Sum
    denominator: Sum | None


def figure(
    one: Indicator, tables: Mapping[str, Table], parameters: Mapping[str, str], window: Window
) -> Figure:
    """What has to be added up. KeyError for a parameter that the indicator does not take."""
    asked = tuple(
        Check(one.parameters[name], f"{quoted(one.parameters[name])} = {literal(value)}")
        for name, value in sorted(parameters.items())
    )
    if one.denominator is None:
        return Figure(_sum(one, one.numerator, tables, window, asked), None)
    below = _sum(one, one.denominator, tables, window, asked)
    if one.aggregation == "ratio":
        return Figure(_sum(one, one.numerator, tables, window, asked), below)
    return Figure(_within(one, below, tables, window), below)


def _within(one: Indicator, below: Sum, tables: Mapping[str, Table], window: Window) -> Sum:
    """The numerator among the denominator's rows."""
    above = one.numerator
    _, day, stock = one.rows_of(above)
    own = _time(tables[below.table], day, stock, window)
    later = (Check(stock.ends if stock else day or "", own),) if own != below.time else ()
    return Sum(below.table, below.time, (*below.checks, *later, *checks(above)), above.sums)


def _sum(
    one: Indicator, measure: Measure, tables: Mapping[str, Table], window: Window, asked: tuple[Check, ...]
) -> Sum:
    name, day, stock = one.rows_of(measure)
    return Sum(name, _time(tables[name], day, stock, window), (*asked, *checks(measure)), measure.sums)


def checks(measure: Measure) -> tuple[Check, ...]:
    """The filters of a measure, in their order."""
    return tuple(Check(column, _filter(column, wanted)) for column, wanted in measure.where.items())


def _time(table: Table, day: str | None, stock: Stock | None, window: Window) -> str:
    if stock is not None:
        ends = quoted(stock.ends)
        began = f"{quoted(stock.begins)} < {_until(table.columns[stock.begins], window)}"
        return f"{began} AND ({ends} IS NULL OR {ends} >= {_until(table.columns[stock.ends], window)})"
    assert day is not None
    column, name = table.columns[day], quoted(day)
    return f"{name} >= {_from(column, window)} AND {name} < {_until(column, window)}"


def not_due_yet(table: Table, day: str, window: Window) -> str:
    """The rows of the period of which it cannot be known yet how they end."""
    column = table.columns[day]
    end = literal(window.ends if column.kind == "moment" else window.after)
    return f"{quoted(day)} >= {_until(column, window)} AND {quoted(day)} < {end}"


def _from(column: Column, window: Window) -> str:
    return literal(window.begins if column.kind == "moment" else window.first)


def _until(column: Column, window: Window) -> str:
    return literal(window.until if column.kind == "moment" else window.known)


def _filter(name: str, wanted: Filter) -> str:
    column = quoted(name)
    if not isinstance(wanted, Bound):
        return f"{column} IN ({', '.join(map(literal, wanted))})"
    parts = []
    if wanted.least is not None:
        parts.append(f"{column} >= {wanted.least}")
    if wanted.most is not None:
        parts.append(f"{column} <= {wanted.most}")
    if wanted.is_not is not None:
        parts.append(f"({column} IS NULL OR {column} NOT IN ({', '.join(map(literal, wanted.is_not))}))")
    if wanted.known is not None:
        parts.append(f"{column} IS {'NOT ' if wanted.known else ''}NULL")
    return " AND ".join(parts)


def quoted(name: str) -> str:
    """A column's name: `at` and `day` are words of SQL too."""
    return f'"{name}"'


def literal(value: Plain | date | datetime) -> str:
    """A value as SQL writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00:00'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
