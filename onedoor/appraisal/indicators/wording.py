"""What an indicator counts, in words that its filters and the lake's dictionary give. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onedoor.appraisal.indicators.language import Bound, Filter, Indicator, Measure
from onedoor.lake.columns import Table

Pair = dict[str, str]  # {zh, en}
DIRECTIONS: Mapping[str, tuple[str, str]] = {
    "up": ("越高越好", "more is better"),
    "down": ("越低越好", "less is better"),
    "none": ("不评优劣", "neither more nor less of it is better"),
}
AGGREGATIONS: Mapping[str, tuple[str, str]] = {
    "share": (
        "分子 ÷ 分母，分子在分母之内",
        "numerator / denominator; the numerator lies within the denominator",
    ),
    "ratio": ("分子 ÷ 分母", "numerator / denominator"),
    "mean": ("合计 ÷ 行数", "a sum / the number of rows"),
    "count": ("计数", "a count"),
    "sum": ("合计", "a sum"),
}


def explained(key: str, one: Indicator, tables: Mapping[str, Table]) -> dict[str, Any]:
    """JSON-ready: title, numerator, denominator, filters by column, whom it is measured for, its source."""
    return {
        "key": key,
        "title": one.title,
        "how": _pair(AGGREGATIONS[one.aggregation]),
        "direction": _pair(DIRECTIONS[one.direction]),
        "numerator": _measure(one, one.numerator, tables),
        "denominator": _measure(one, one.denominator, tables) if one.denominator else None,
        "factor": one.factor,
        "minimum_n": one.minimum_n,
        "subjects": list(one.subjects),
        "parameters": dict(one.parameters),
        "counts_filings": one.counts_filings,
        "source": one.source,
        "sure": one.sure,
    }


def _pair(words: tuple[str, str]) -> Pair:
    return {"zh": words[0], "en": words[1]}


def _measure(one: Indicator, measure: Measure, tables: Mapping[str, Table]) -> dict[str, Any]:
    name, day, stock = one.rows_of(measure)
    columns = tables[name].columns
    if stock is not None:
        begins, ends = columns[stock.begins], columns[stock.ends]
        when = (f"期末存量：“{begins.zh}”已到，“{ends.zh}”未到",
                f"what stands at the period's end: begun ({stock.begins}) and not ended ({stock.ends})")  # fmt: skip
    else:
        when = (
            f"按“{columns[day or ''].zh}”归入时期",
            f"falls in the period by `{day}`: {columns[day or ''].en}",
        )
    return {
        **measure.title,
        "table": name,
        "when": _pair(when),
        "where": [_filter(column, columns[column].zh, wanted) for column, wanted in measure.where.items()],
        "sums": measure.sums,
    }


def _filter(column: str, title: str, wanted: Filter) -> Pair:
    if not isinstance(wanted, Bound):
        values = " / ".join(map(_value, wanted))
        return {"zh": f"{title}＝{values}", "en": f"{column} = {values}"}
    zh, en = [], []
    if wanted.least is not None:
        zh.append(f"不小于 {wanted.least}")
        en.append(f">= {wanted.least}")
    if wanted.most is not None:
        zh.append(f"不大于 {wanted.most}")
        en.append(f"<= {wanted.most}")
    if wanted.is_not is not None:
        values = " / ".join(map(_value, wanted.is_not))
        zh.append(f"不是 {values}")
        en.append(f"none of {values}")
    if wanted.known is not None:
        zh.append("有值" if wanted.known else "为空")
        en.append("is there" if wanted.known else "is not there")
    return {"zh": f"{title}：{'、'.join(zh)}", "en": f"{column} {', '.join(en)}"}


def _value(value: object) -> str:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)
