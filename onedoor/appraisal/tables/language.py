"""What a cell of a table may ask for. Pure.

    {{accepted_in_time[procedure=dispute] | row | period}}   a figure; a fourth part may be `numerator`, `denominator`
    {{repeat township}}  {{repeat village in 410602}}        its row is written once for every place of the level
    {{unit}}  {{code}}  {{number}}  {{period}}               words; the first three in a repeated row

Unit: `row`, `city`, or a code. Period: `period`, `before`, `year`, or one written out, as 2026-11. The Chinese words
of `WORDS` may be written instead, and an indicator may be named by its Chinese title.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from onedoor.appraisal.schemes.sheets import LEVELS
from onedoor.kernel.problems import FieldError

MARK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
FIGURE = re.compile(r"([^\[\]|]+)(?:\[([^\[\]]*)\])?", re.DOTALL)
REPEAT = re.compile(r"(?:repeat|逐行)\s+(\S+?)(?:\s+(?:in|属)\s+(\S+))?")
WORDS: Mapping[str, str] = {
    "本行": "row", "全市": "city", "本期": "period", "上期": "before", "本年": "year", "分子": "numerator",
    "分母": "denominator", "单位": "unit", "编码": "code", "序号": "number", "时期": "period",
}  # fmt: skip
PARTS = ("value", "numerator", "denominator")
OF_ROW = ("unit", "code", "number")
REPEATED = ("county", "township", "village", "grid", "department")


@dataclass(frozen=True)
class Figure:
    """One figure that a cell asks for."""

    indicator: str
    parameters: tuple[tuple[str, str], ...]
    unit: str
    period: str
    part: str = "value"


@dataclass(frozen=True)
class Word:
    """`unit`, `code`, `number` or `period`."""

    name: str


@dataclass(frozen=True)
class Repeat:
    """The row stands once for every place or unit of a level, of all or below a place."""

    level: str
    within: str = ""


Asked = Figure | Word | Repeat


class Misread(ValueError):
    """What stands between the braces cannot be read; with what to write instead, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en

    def at(self, cell: str) -> FieldError:
        """The error of a cell."""
        return FieldError(cell, self.zh, self.en)


def asked(text: str, titles: Mapping[str, str]) -> Iterator[tuple[str, Asked]]:
    """(as written, what it asks for) of everything in a cell; `titles`: indicators by Chinese title. Raises Misread."""
    rest = MARK.sub("", text)
    if "{{" in rest or "}}" in rest:
        raise Misread("“{{”和“}}”没有成对", "`{{` and `}}` do not pair")
    for found in MARK.finditer(text):
        yield found[0], _read(" ".join(found[1].replace("｜", "|").split()), titles)


def _read(text: str, titles: Mapping[str, str]) -> Asked:
    parts = [part.strip() for part in text.split("|")]
    if len(parts) == 1:
        return _single(parts[0])
    if len(parts) not in (3, 4):
        raise Misread(
            f"“{text}”应写成 {{{{指标 | 单位 | 时期}}}}",
            f"write {text!r} as {{{{indicator | unit | period}}}}",
        )
    unit, period, part = (WORDS.get(one, one) for one in (*parts[1:], "value")[:3])
    if part not in PARTS:
        raise Misread(f"“{part}”应为 分子 或 分母", f"{part!r} should be numerator or denominator")
    held = FIGURE.fullmatch(parts[0])
    if held is None:
        raise Misread(f"“{parts[0]}”应写成 指标[参数=值]", f"write {parts[0]!r} as indicator[name=value]")
    name = held[1].strip()
    return Figure(titles.get(name, name), tuple(sorted(_parameters(held[2] or ""))), unit, period, part)


def _single(text: str) -> Asked:
    word = WORDS.get(text, text)
    if word in (*OF_ROW, "period"):
        return Word(word)
    if held := REPEAT.fullmatch(text):
        level = LEVELS.get(held[1], held[1])
        return Repeat(known(level, REPEATED, "层级", "level"), held[2] or "")
    raise Misread(
        f"看不懂“{text}”；可写 单位、编码、序号、时期、逐行 乡镇街道，或 指标 | 单位 | 时期",
        f"cannot read {text!r}; write unit, code, number, period, repeat township, or indicator | unit | period",
    )


def _parameters(text: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, (one.strip() for one in text.replace("，", ",").split(","))):
        name, sign, value = pair.partition("=")
        if not (name.strip() and sign and value.strip()):
            raise Misread(f"参数“{pair}”应写成 名称=值", f"write the parameter {pair!r} as name=value")
        yield name.strip(), value.strip()


def known(value: str, among: Collection[str], zh: str, en: str) -> str:
    """The value, if it is one of these. Raises Misread."""
    if value in among:
        return value
    names = ", ".join(sorted(among))
    raise Misread(f"没有{zh}“{value}”，可用：{names}", f"there is no {en} {value!r}: {names}")
