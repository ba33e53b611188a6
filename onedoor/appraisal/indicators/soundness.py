"""What must hold between an indicator and the catalogue of the lake's columns. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from onedoor.appraisal.indicators.language import Bound, Filter, Indicator, Measure
from onedoor.lake.columns import Column, Table

TIMES = ("moment", "day")
SUMMED = ("count", "number", "flag")


class Flaw(NamedTuple):
    """One thing wrong: where, what, and what to write instead."""

    path: tuple[str | int, ...]
    zh: str
    en: str
    hint_zh: str
    hint_en: str


def check(
    indicators: Mapping[str, Indicator], tables: Mapping[str, Table], expressions: frozenset[str]
) -> Iterator[Flaw]:
    """Everything wrong with the indicators of one file."""
    for key, one in indicators.items():
        at = ("indicators", key)
        if one.expression and one.expression not in expressions:
            yield _none((*at, "expression"), "表达式", "expression", one.expression, expressions)
        for part in ("numerator", "denominator"):
            measure = getattr(one, part)
            if measure is not None:
                yield from _measure((*at, part), one, measure, tables)
        if _grows_by_filing(one) and not one.counts_filings:
            yield Flaw(
                (*at, "counts_filings"), f"指标“{one.zh}”数的是来件，须写明", f"`{key}` counts filings and must say so",
                "写 counts_filings: true", "write `counts_filings: true`",
            )  # fmt: skip
        if one.counts_filings and one.direction != "none":
            yield Flaw(
                (*at, "direction"), f"指标“{one.zh}”随来件多少而变，不得分优劣",
                f"`{key}` grows because residents file: neither more nor less of it is better",
                "写 direction: none", "write `direction: none`",
            )  # fmt: skip


def _grows_by_filing(one: Indicator) -> bool:
    """Whether its plain count is of filings: of matters, by the day on which they were filed."""
    table, day, _ = one.rows_of(one.numerator)
    return table == "matters" and day == "opened_at" and one.aggregation in ("count", "sum", "ratio")


def _measure(
    at: tuple[str | int, ...], one: Indicator, measure: Measure, tables: Mapping[str, Table]
) -> Iterator[Flaw]:
    name, day, stock = one.rows_of(measure)
    table = tables.get(name)
    if table is None:
        yield _none(at, "表", "table", name, tables)
        return
    if (day is None) == (stock is None):
        yield Flaw(at, "应写 day 或 stock，只写一样", "it needs `day` or `stock`, and only one of them",
                   "写 day: 或 stock:", "write `day:` or `stock:`")  # fmt: skip
    times = [column for column in (day, stock and stock.begins, stock and stock.ends) if column]
    for column in times:
        yield from _column(at, table, column, TIMES)
    if measure.sums:
        yield from _column((*at, "sums"), table, measure.sums, SUMMED)
    for column, wanted in measure.where.items():
        yield from _filter((*at, "where", column), table, column, wanted)
    for parameter in one.parameters.values():
        if parameter not in table.columns:
            yield Flaw(
                (*at[:2], "parameters"), f"表“{name}”没有“{parameter}”列，不能作参数",
                f"the table `{name}` has no column `{parameter}`: it cannot be a parameter",
                "删去此参数", "remove the parameter",
            )  # fmt: skip


def _filter(at: tuple[str | int, ...], table: Table, name: str, wanted: Filter) -> Iterator[Flaw]:
    column = table.columns.get(name)
    if column is None:
        yield _none(at, "列", "column", name, table.columns)
    elif not _fits(column, wanted):
        yield Flaw(at, f"列“{name}”不能这样筛选", f"the column `{name}` cannot be filtered by that",
                   f"该列是 {column.kind}", f"it is a {column.kind}")  # fmt: skip


def _fits(column: Column, wanted: Filter) -> bool:
    """Whether a filter's values are of the column's kind."""
    if isinstance(wanted, Bound):
        numbers = wanted.least is not None or wanted.most is not None
        values = wanted.is_not or []
        return (not numbers or column.kind in ("count", "number")) and (
            not wanted.known or column.empty
        ) and _values_fit(column, values)  # fmt: skip
    return bool(wanted) and _values_fit(column, wanted)


def _values_fit(column: Column, values: list[str | bool | int]) -> bool:
    expected = {"flag": bool, "text": str, "count": int}.get(column.kind)
    return all(type(value) is expected for value in values)


def _column(at: tuple[str | int, ...], table: Table, name: str, kinds: tuple[str, ...]) -> Iterator[Flaw]:
    column = table.columns.get(name)
    if column is None or column.kind not in kinds:
        yield _none(
            at, "列", "column", name, [key for key, one in table.columns.items() if one.kind in kinds]
        )


def _none(at: tuple[str | int, ...], zh: str, en: str, name: str, known: object) -> Flaw:
    names = sorted(known) if isinstance(known, Mapping | frozenset | list) else []
    return Flaw(at, f"没有{zh}“{name}”", f"there is no {en} `{name}`",
                "可用：" + "、".join(names), "there are: " + ", ".join(names))  # fmt: skip
