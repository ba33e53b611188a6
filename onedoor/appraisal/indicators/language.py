"""The indicator language: the shape of one file `indicators.yaml`. What the names mean is checked in `soundness.py`.

An indicator counts rows of a table of the lake: those that its denominator describes, and among them those that its
numerator describes. Everything is a sum over days, so that weeks, months and years add up from the same numbers.
What every key means stands here, `中文 · English`.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from onedoor.kernel.packs import Mistake
from onedoor.matters.language import Key, Part, Titled, as_list

Subject = Literal["county", "township", "village", "grid", "department"]
Direction = Literal["up", "down", "none"]
Aggregation = Literal["share", "ratio", "mean", "count", "sum"]
Parameter = Literal["category", "procedure", "channel", "register", "survey"]
Plain = str | bool | int


class Bound(Part):
    """A filter that is more than equality."""

    least: int | None = Field(default=None, description="不小于 · at least")
    most: int | None = Field(default=None, description="不大于 · at most")
    is_not: list[Plain] | None = Field(default=None, alias="not", description="不是这些 · none of these")
    known: bool | None = Field(default=None, description="有值或为空 · whether it is there")

    @model_validator(mode="after")
    def _says_something(self) -> Bound:
        if not self.model_fields_set:
            raise Mistake("筛选条件是空的", "the filter is empty", "写 least、most、not 或 known",
                          "write `least`, `most`, `not` or `known`")  # fmt: skip
        return self


def as_values(value: object) -> object:
    """`x` may be written for `[x]`; a mapping is a bound."""
    return value if isinstance(value, dict) else as_list(value)


Filter = Annotated[Bound | list[Plain], BeforeValidator(as_values)]


class Stock(Part):
    """Counted are rows that have begun and not ended when the period ends."""

    begins: Key = Field(description="何时起算 · the column from which a row counts")
    ends: Key = Field(description="何时不再算 · the column from which it no longer does")


class Measure(Titled):
    """What is counted, in plain words (`zh`, `en`) and in filters."""

    of: Key | None = Field(default=None, description="统计哪张表 · the table; left out, the indicator's")
    day: Key | None = Field(
        default=None, description="按哪一列归入时期 · the column that says in which period a row counts"
    )
    stock: Stock | None = Field(
        default=None, description="期末存量，不写 day · what stands at the period's end"
    )
    where: dict[Key, Filter] = Field(default={}, description="筛选 · filters over columns")
    sums: Key | None = Field(
        default=None, description="合计哪一列，不写则数行 · the column summed; else rows"
    )


class Indicator(Titled):
    """指标: a figure of a unit or place over a period."""

    of: Key = Field(description="统计哪张表 · the table of the lake whose rows are counted")
    day: Key | None = Field(
        default=None, description="按哪一列归入时期 · the column by which rows fall in a period"
    )
    stock: Stock | None = Field(default=None, description="期末存量 · what stands at the period's end")
    aggregation: Aggregation = Field(
        default="share",
        description="share 占比（分子在分母之内）、ratio 两数之比、mean 平均、count 计数、sum 合计 · share "
        "(the numerator lies within the denominator), ratio, mean, count, sum",
    )
    numerator: Measure = Field(description="分子 · the numerator")
    denominator: Measure | None = Field(default=None, description="分母 · the denominator")
    factor: int = Field(default=100, ge=1, description="显示时乘以多少 · what it is multiplied by when shown")
    direction: Direction = Field(description="越高越好、越低越好或无优劣 · which way is better, if any")
    minimum_n: int = Field(default=1, ge=1, description="分母不足则不评 · too few to judge below this")
    subjects: list[Subject] = Field(min_length=1, description="统计到哪一级 · whom it is measured for")
    parameters: dict[Key, Parameter] = Field(default={}, description="可带的参数 · parameters that it takes")
    counts_filings: bool = Field(
        default=False,
        description="是否因群众来件多少而变；这样的指标不得用来扣分 · whether it grows because residents file; "
        "no score may fall by it",
    )
    expression: Key | None = Field(
        default=None, description="数据写不出来时的具名表达式 · a named expression, for what data cannot say"
    )
    source: str = Field(min_length=1, description="定义的依据 · where the definition comes from")
    sure: Literal["V", "V-weak", "O"] = Field(default="O", description="依据的可靠程度 · how sure it is")

    @model_validator(mode="after")
    def _parts_fit(self) -> Indicator:
        if (self.aggregation in ("count", "sum")) != (self.denominator is None):
            raise Mistake(
                "分母与算法不符", "the denominator does not go with the aggregation",
                "count、sum 不写分母，其他须写", "`count` and `sum` have none, all others have one",
            )  # fmt: skip
        summed = self.numerator.sums is not None
        if summed != (self.aggregation in ("mean", "sum")) and self.aggregation != "ratio":
            raise Mistake(
                "合计的列与算法不符", "the summed column does not go with the aggregation",
                "mean、sum 的分子写 sums:，count、share 不写", "`mean` and `sum` need `sums:` in the numerator",
            )  # fmt: skip
        return self

    def rows_of(self, measure: Measure) -> tuple[str, Key | None, Stock | None]:
        """(table, day, stock) of a measure: its own, else the indicator's."""
        table = measure.of or self.of
        own = measure.day is not None or measure.stock is not None
        return (table, measure.day, measure.stock) if own else (table, self.day, self.stock)


class IndicatorFile(Part):
    """One `indicators.yaml`."""

    indicators: dict[Key, Indicator] = Field(min_length=1, description="各项指标 · the indicators by key")
