"""An official document as data. Pure: what it says, not how a writer lays it out.

Layout facts are those of GB/T 9704-2012: A4, 37 mm above, 28 mm left, type area 156 x 225 mm, text of 16 pt at 28 pt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

TOP, LEFT, WIDE, HIGH = 37, 28, 156, 225  # mm
PAPER_WIDE, PAPER_HIGH = 210, 297  # mm
RIGHT, BOTTOM = PAPER_WIDE - LEFT - WIDE, PAPER_HIGH - TOP - HIGH
TEXT, PITCH, HEAD, SMALL = 16, 28, 22, 12  # pt: text, from line to line, title, in tables
LEVELS = 4
# role → the font that the standard names, then free ones and those of other systems, in the order they are tried
FONTS: dict[str, tuple[str, ...]] = {
    "title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun"),
    "text": ("仿宋_GB2312", "FangSong_GB2312", "FangSong", "FandolFang R", "Noto Serif CJK SC", "Source Han Serif SC"),
    "first": ("黑体", "SimHei", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
    "second": ("楷体_GB2312", "KaiTi_GB2312", "KaiTi", "FandolKai", "Noto Serif CJK SC", "Source Han Serif SC"),
    "pages": ("宋体", "SimSun", "Noto Serif CJK SC", "Source Han Serif SC"),
}  # fmt: skip
DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 … 4; its number is counted, not written."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    text: str


@dataclass(frozen=True)
class Table:
    """A table; `widths` in mm, one a column; columns in `left` begin at the left, others are centred."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    left: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bar:
    """One bar of a chart: what it is called, how long it is, and what is written behind it."""

    label: str
    value: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Horizontal bars; `full` is the value of a bar over the whole width."""

    title: str
    bars: Sequence[Bar]
    full: float


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Annex:
    """附件: what stands on pages of its own behind the signature."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Official:
    """The whole document. `heading` is the red line above (发文机关标志), `number` the 发文字号; each may be empty."""

    title: str
    blocks: Sequence[Block]
    day: date
    number: str = ""
    heading: str = ""
    addressee: str = ""
    signed: str = ""
    annexes: Sequence[Annex] = ()


def numeral(number: int) -> str:
    """1 … 99 as 一 … 九十九. Raises ValueError."""
    if not 0 < number < 100:
        raise ValueError(number)
    tens, ones = divmod(number, 10)
    return (f"{DIGITS[tens] if tens > 1 else ''}十" if tens else "") + (DIGITS[ones] if ones else "")


def numbered(blocks: Sequence[Block]) -> Iterator[Block]:
    """The same with each heading's number before its words: 一、（一）1.（1）. Raises ValueError for another level."""
    counts = [0] * LEVELS
    for block in blocks:
        if isinstance(block, Heading):
            if not 1 <= block.level <= LEVELS:
                raise ValueError(block.level)
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (LEVELS - block.level)
            yield Heading(block.level, f"{_mark(block.level, counts[block.level - 1])}{block.text}")
        else:
            yield block


def _mark(level: int, number: int) -> str:
    return {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}. ", 4: f"（{number}）"}[
        level
    ]


def day_words(day: date) -> str:
    """A date as a signature writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def annex_mark(annexes: Sequence[Annex], place: int) -> str:
    """`附件` where there is one, `附件2` where there are several; `place` counts from 0."""
    return "附件" if len(annexes) == 1 else f"附件{place + 1}"


def ems(text: str) -> float:
    """How wide a line is, in characters of full width."""
    return sum(0.5 if character.isascii() else 1 for character in text)


def signature_indents(signed: str, day: date) -> tuple[float, float]:
    """How far name and date stay from the right edge, in characters: the date four, the name in the middle above it."""
    wide, name = ems(day_words(day)), ems(signed)
    if name > wide:  # a longer name ends two characters from the edge, the date in the middle below it
        return 2, 2 + (name - wide) / 2
    return 4 + (wide - name) / 2, 4
