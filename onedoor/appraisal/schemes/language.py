"""The shape of a scheme: peer groups, offices, items and their sub-items. Pure.

What must hold between its parts is checked in `soundness.py`; how a rule is written stands in `marking.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from onedoor.appraisal.schemes import marking
from onedoor.kernel.packs import Mistake
from onedoor.matters.language import Key, Part, Title, Titled, as_list

Level = Literal["county", "department", "township", "grid"]
Cadence = Literal["week", "month", "quarter", "year"]
CADENCES: tuple[Cadence, ...] = ("week", "month", "quarter", "year")  # the shortest first
INHERITED = ("rule", "every", "office")  # what an item may say for all its sub-items


def as_marks(value: Any) -> Any:
    """A number as it was written, never a float's neighbour. Raises Mistake."""
    try:
        marks = Decimal(str(value).strip())
    except InvalidOperation:
        marks = Decimal(0)
    if not marks.is_finite() or marks <= 0 or marks != marks.quantize(Decimal("0.01")):
        raise Mistake(
            f"分值“{value}”应为大于零的数，最多两位小数", f"marks of {value!r}: a number above 0, two digits at most",
            "如 10 或 2.5", "such as 10 or 2.5",
        )  # fmt: skip
    return Decimal(f"{marks.normalize():f}")  # 2.50 is 2.5: one spelling, one digest


def as_rule(text: str) -> str:
    """A rule that can be understood. Raises Mistake."""
    marking.parse(text)
    return text


def as_share(value: Any) -> Any:
    """`50%` or 0.5, as text."""
    try:
        share = marking.number(str(value))
    except ValueError:
        share = Fraction(2)
    if not 0 <= share <= 1:
        raise Mistake(
            f"比例“{value}”应在 0% 到 100% 之间",
            f"{value!r} is no share of 0 % to 100 %",
            "如 50%",
            "such as 50%",
        )
    return marking.percent(share)


Marks = Annotated[Decimal, BeforeValidator(as_marks)]
RuleText = Annotated[str, AfterValidator(as_rule)]
Texts = dict[str, Annotated[str, BeforeValidator(str)]]


class Office(Titled):
    """来源单位: who answers for a figure, or judges evidence; a kind of unit at a level, never one of its own."""

    kind: Key
    level: Literal["city", "county", "township", "village"]


class Group(Titled):
    """同类组: who is compared with whom, out of which full marks."""

    level: Level
    marks: Marks
    kinds: Annotated[list[Key], BeforeValidator(as_list)] = Field(default_factory=list)  # of departments
    enough: Annotated[str, BeforeValidator(as_share)] = (
        "50%"  # of whom less was due is listed apart, not ranked
    )


class SubItem(Titled):
    """细项: one thing a unit is appraised on, by an indicator or by evidence that an office judges."""

    weight: Marks
    indicator: str | None = None
    parameters: Texts = Field(default_factory=dict, alias="with")
    evidence: str | None = None
    rule: RuleText
    every: Cadence
    office: str
    least: int | None = Field(default=None, ge=1)  # cases below which nothing is scored; else the indicator's
    veto: bool = False  # a unit that gets nothing here is not ranked
    note: Title | None = None

    @property
    def marking(self) -> marking.Rule:
        """The rule, ready to reckon with."""
        return marking.parse(self.rule)


class Item(Titled):
    """条目: sub-items that belong together, for one group."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z]{0,3}\d{1,3}$")]
    group: str
    weight: Marks
    sub_items: list[SubItem] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _hands_down(cls, data: Any) -> Any:
        """What the item says for all is written at each."""
        if not isinstance(data, dict):
            return data
        common = {name: data[name] for name in INHERITED if name in data}
        rest = {name: value for name, value in data.items() if name not in INHERITED}
        parts = rest.get("sub_items")
        if isinstance(parts, list):
            rest["sub_items"] = [common | part if isinstance(part, dict) else part for part in parts]
        return rest


class Place(NamedTuple):
    """A sub-item where it stands in the scheme: its code is its item's with its number, `C01.2`."""

    code: str
    at: tuple[int, int]
    item: Item
    part: SubItem


class Scheme(Part):
    """考核方案: who is appraised by what."""

    scheme: Key
    title: Title
    source: str = Field(min_length=1)
    sure: Literal["V", "V-weak", "O"] = "O"
    offices: dict[Key, Office] = Field(min_length=1)
    evidence: dict[Key, Title] = Field(default_factory=dict)
    groups: dict[Key, Group] = Field(min_length=1)
    items: list[Item] = Field(min_length=1)

    def places(self, group: str | None = None) -> Iterator[Place]:
        """Every sub-item in its order, of one group or of all."""
        for i, item in enumerate(self.items):
            if group in (None, item.group):
                for j, part in enumerate(item.sub_items):
                    yield Place(f"{item.code}.{j + 1}", (i, j), item, part)

    @property
    def sub_items(self) -> int:
        """How many there are."""
        return sum(len(item.sub_items) for item in self.items)
