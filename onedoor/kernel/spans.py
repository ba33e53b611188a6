"""Spans of time as laws and cities write them: "7 working days", "5工作时", "六十日", "2 months"."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from onedoor.kernel.problems import BadInput, FieldError


class Unit(StrEnum):
    """What a span is counted in. The value is the English plural that `Span` prints and reads."""

    WORKING_DAYS = "working days"
    WORKING_HOURS = "working hours"
    DAYS = "days"
    HOURS = "hours"
    MINUTES = "minutes"
    MONTHS = "months"


_CHINESE = {
    Unit.WORKING_DAYS: "个工作日",
    Unit.WORKING_HOURS: "个工作时",
    Unit.DAYS: "日",
    Unit.HOURS: "小时",
    Unit.MINUTES: "分钟",
    Unit.MONTHS: "个月",
}
_WORDS = {
    "working day": Unit.WORKING_DAYS, "business day": Unit.WORKING_DAYS, "工作日": Unit.WORKING_DAYS,
    "working hour": Unit.WORKING_HOURS, "business hour": Unit.WORKING_HOURS, "工作时": Unit.WORKING_HOURS,
    "工作小时": Unit.WORKING_HOURS,
    "day": Unit.DAYS, "日": Unit.DAYS, "天": Unit.DAYS, "自然日": Unit.DAYS,
    "hour": Unit.HOURS, "小时": Unit.HOURS, "时": Unit.HOURS,
    "minute": Unit.MINUTES, "分钟": Unit.MINUTES, "分": Unit.MINUTES,
    "month": Unit.MONTHS, "月": Unit.MONTHS,
}  # fmt: skip
# The longest span of each unit, about twenty years: a slip of the keyboard must not reach the year 9999.
_LONGEST = {
    Unit.WORKING_DAYS: 5_000,
    Unit.WORKING_HOURS: 40_000,
    Unit.DAYS: 7_300,
    Unit.HOURS: 175_200,
    Unit.MINUTES: 10_512_000,
    Unit.MONTHS: 240,
}
_SHAPE = re.compile(
    r"(?P<amount>\d{1,9}|[零〇一二两三四五六七八九十百千]+)\s*个?\s*(?P<unit>[a-z][a-z ]*|[^\W\d]+)"
)
_DIGITS = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS = {"十": 10, "百": 100, "千": 1000}


class BadSpan(BadInput, ValueError):
    """A span that cannot be read. Also a ValueError, so that data models report it at its place."""

    code = "bad_span"


@dataclass(frozen=True, slots=True)
class Span:
    """So many of one unit. `str()` gives English that `parse` reads back; `text` gives either language."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= _LONGEST[self.unit]:
            raise _refused(
                f"时限应为1至{_LONGEST[self.unit]}{_CHINESE[self.unit]}，现为{self.amount}",
                f"a span in {self.unit} is 1 to {_LONGEST[self.unit]}, this is {self.amount}",
            )

    @classmethod
    def parse(cls, text: str) -> Span:
        """Reads English or Chinese, Arabic or Chinese numerals. Raises BadSpan that says what to write."""
        tidy = " ".join(unicodedata.normalize("NFKC", text).lower().split())
        found = _SHAPE.fullmatch(tidy)
        unit = found and _unit(found["unit"])
        if not found or not unit:
            raise _refused(
                f"不认识的时限“{text}”，请写成“7个工作日”“5工作时”“60日”“2小时”“30分钟”或“2个月”",
                f"cannot read the span {text!r}; write for example 7 working days, 5 working hours, "
                "60 days, 2 hours, 30 minutes or 2 months",
            )
        return cls(_number(found["amount"]), unit)

    def text(self, language: str) -> str:
        """The span in `zh` or `en`, as a person writes it."""
        return f"{self.amount}{_CHINESE[self.unit]}" if language.startswith("zh") else str(self)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


def _unit(word: str) -> Unit | None:
    return _WORDS.get(word) or _WORDS.get(word.removesuffix("s"))


def _number(text: str) -> int:
    """Arabic digits, or Chinese numerals below ten thousand (十五, 六十, 一百二十, 三〇)."""
    if text.isdecimal():
        return int(text)
    if not any(char in _TENS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    total, digit = 0, 0
    for char in text:
        if char in _TENS:
            total, digit = total + (digit or 1) * _TENS[char], 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _refused(zh: str, en: str) -> BadSpan:
    return BadSpan([FieldError("span", zh, en)])
