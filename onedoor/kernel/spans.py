"""Spans of time as laws and cities write them: "7 working days", "5工作时", "六十日", "15日内", "2 months"."""

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
# The words of each unit, and how many of it one of them is.
_WORDS = {
    "working day": (Unit.WORKING_DAYS, 1), "business day": (Unit.WORKING_DAYS, 1), "工作日": (Unit.WORKING_DAYS, 1),
    "工作天": (Unit.WORKING_DAYS, 1), "working hour": (Unit.WORKING_HOURS, 1),
    "business hour": (Unit.WORKING_HOURS, 1), "工作时": (Unit.WORKING_HOURS, 1), "工作小时": (Unit.WORKING_HOURS, 1),
    "day": (Unit.DAYS, 1), "日": (Unit.DAYS, 1), "天": (Unit.DAYS, 1), "自然日": (Unit.DAYS, 1),
    "week": (Unit.DAYS, 7), "周": (Unit.DAYS, 7), "星期": (Unit.DAYS, 7),
    "hour": (Unit.HOURS, 1), "小时": (Unit.HOURS, 1), "时": (Unit.HOURS, 1), "钟头": (Unit.HOURS, 1),
    "minute": (Unit.MINUTES, 1), "分钟": (Unit.MINUTES, 1), "分": (Unit.MINUTES, 1),
    "month": (Unit.MONTHS, 1), "月": (Unit.MONTHS, 1), "year": (Unit.MONTHS, 12), "年": (Unit.MONTHS, 12),
}  # fmt: skip
# A half is a whole number of a smaller unit. Half a month is fifteen days: 最高法《关于贯彻执行民法通则若干问题的意见》
# 一九八条 counted so, and officials still do.
_HALVES = {
    "半年": (6, Unit.MONTHS), "半个月": (15, Unit.DAYS), "半月": (15, Unit.DAYS),
    "半小时": (30, Unit.MINUTES), "半个小时": (30, Unit.MINUTES),
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
_WITHIN = re.compile(r"^within |(?<=\S)\s*(?:[以之]内|内)$")
_SHAPE = re.compile(
    r"(?P<amount>\d{1,9}|[零〇一二两三四五六七八九十百千]+)\s*个?\s*(?P<unit>[a-z][a-z ]*|[^\W\d]+)"
)
_ONES = "一二两三四五六七八九"
# 一百五 is a hundred and five to one reader and a hundred and fifty to another: a one after 百 needs its 零 or its 十.
_NUMERAL = re.compile(
    rf"(?:[{_ONES}]千)?(?:[零〇]?[{_ONES}]百)?(?:[零〇]?[{_ONES}]?十)?(?:[零〇][{_ONES}]|(?<![百千])[{_ONES}])?"
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
        found = _read(_WITHIN.sub("", tidy))
        if found is None:
            raise _refused(
                f"不认识的时限“{text}”，请写成“7个工作日”“5工作时”“60日”“2小时”“30分钟”或“2个月”",
                f"cannot read the span {text!r}; write for example 7 working days, 5 working hours, "
                "60 days, 2 hours, 30 minutes or 2 months",
            )
        return cls(*found)

    def text(self, language: str) -> str:
        """The span in `zh` or `en`, as a person writes it."""
        return f"{self.amount}{_CHINESE[self.unit]}" if language.startswith("zh") else str(self)

    def __str__(self) -> str:
        return f"{self.amount} {self.unit[:-1] if self.amount == 1 else self.unit}"


def both(text: str) -> dict[str, str]:
    """A span in both languages; as it is written where it cannot be read."""
    try:
        found = Span.parse(text)
    except BadSpan:
        return {"zh": text, "en": text}
    return {"zh": found.text("zh"), "en": found.text("en")}


def _read(text: str) -> tuple[int, Unit] | None:
    """The amount and its unit; None where it says neither."""
    if text in _HALVES:
        return _HALVES[text]
    found = _SHAPE.fullmatch(text)
    word = found and (_WORDS.get(found["unit"]) or _WORDS.get(found["unit"].removesuffix("s")))
    amount = _number(found["amount"]) if found else None
    return (amount * word[1], word[0]) if word and amount is not None else None


def _number(text: str) -> int | None:
    """Arabic digits, or Chinese numerals below ten thousand (十五, 六十, 一百二十, 三〇); None for no number."""
    if text.isdecimal():
        return int(text)
    if not any(char in _TENS for char in text):
        return int("".join(str(_DIGITS[char]) for char in text))
    if not _NUMERAL.fullmatch(text):
        return None
    total, digit = 0, 0
    for char in text:
        if char in _TENS:
            total, digit = total + (digit or 1) * _TENS[char], 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _refused(zh: str, en: str) -> BadSpan:
    return BadSpan([FieldError("span", zh, en)])
