"""Scoring rules: a short line of text, what it means, and the share of the marks that a value earns. Pure.

    linear 80% to 98%               线性 80% 至 98%            none at 80 %, all from 98 %, evenly between
    steps 98%: 100%, 95%: 80%       分档 98%: 100%, 95%: 80%   all from 98 %, 80 % from 95 %, else none
    steps up to 0: 100%, 2: 50%     分档 不超过 0: 100%, 2: 50%  all at 0, half up to 2, else none
    deduct 0.5 each up to 2         每起扣 0.5 最多 2           half a mark less for each, at most two
    rank 100% to 60%                排名 100% 至 60%           all for the best of the peers, 60 % for the last
    levels 100% 70% 40% 0%          评定 100% 70% 40% 0%       the office finds: fully, mostly, partly, not

Marks are exact: fractions, never floats.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from onedoor.kernel.packs import Mistake

NUMBER = r"(\d+(?:\.\d+)?\s*%?)"
TO = r"\s*(?:to|至|到|→|->)\s*"
STANDARD_LEVELS = tuple(Fraction(part, 10) for part in (10, 7, 4, 0))
LEVELS = (("完全达到", "fully"), ("基本达到", "mostly"), ("部分达到", "partly"), ("未达到", "not at all"))
_LINEAR = re.compile(rf"(?:linear|线性)\s*{NUMBER}{TO}{NUMBER}", re.I)
_STEPS = re.compile(r"(?:steps|分档)\s*(up to|不超过)?\s*(\d.*)", re.I)
_STEP = re.compile(rf"{NUMBER}\s*[:：]\s*{NUMBER}")
_DEDUCT = re.compile(
    rf"(?:deduct|每(?:发生|出现|有)?[^\d]*?扣减?分?)\s*{NUMBER}\s*分?(?:\s*each)?"
    rf"(?:\s*[,，;；]?\s*(?:up to|at most|最多扣?|至多扣?|上限)\s*{NUMBER}\s*分?)?[。.]?",
    re.I,
)
_RANK = re.compile(rf"(?:rank|排名)\s*{NUMBER}{TO}{NUMBER}", re.I)
_LEVELS = re.compile(r"(?:levels|评定)\s*([\d.%\s,，、]*)", re.I)


@dataclass(frozen=True)
class Linear:
    """Nothing at `floor`, all at `full`, evenly between; where `full` lies below, less is better."""

    floor: Fraction
    full: Fraction

    @property
    def falls(self) -> bool:
        """Whether a greater value earns less."""
        return self.full < self.floor

    def share(self, value: Fraction) -> Fraction:
        """Between 0 and 1."""
        return _within((value - self.floor) / (self.full - self.floor))

    def words(self) -> tuple[str, str]:
        """In Chinese and English."""
        floor, full = shown(self.floor), shown(self.full)
        less, much = ("以下", "and below") if self.falls else ("以上", "and above")
        return f"{floor} 得零分，{full} 及{less}得满分，其间按比例", (
            f"no marks at {floor}, all at {full} {much}, in proportion between"
        )


@dataclass(frozen=True)
class Steps:
    """The share of the first step that the value reaches (or, where less is better, does not pass)."""

    steps: tuple[tuple[Fraction, Fraction], ...]  # (bound, share), the best first
    falls: bool = False

    def share(self, value: Fraction) -> Fraction:
        """Between 0 and 1; 0 past the last step."""
        reached = (got for bound, got in self.steps if (value <= bound if self.falls else value >= bound))
        return next(reached, Fraction(0))

    def words(self) -> tuple[str, str]:
        """In Chinese and English."""
        zh = "；".join(
            f"{'不超过' if self.falls else '达到'} {shown(b)} 得 {percent(s)}" for b, s in self.steps
        )
        en = "; ".join(f"{percent(s)} {'up to' if self.falls else 'from'} {shown(b)}" for b, s in self.steps)
        return f"{zh}；其余不得分", f"of the marks: {en}; otherwise none"


@dataclass(frozen=True)
class Deduct:
    """So many marks less for each occurrence, never more than `most` (all the marks where it is not said)."""

    each: Fraction
    most: Fraction | None = None
    falls: bool = True

    def share(self, value: Fraction, weight: Fraction) -> Fraction:
        """Between 0 and 1, of marks of `weight`."""
        lost = min(self.each * value, weight if self.most is None else self.most)
        return _within(1 - lost / weight)

    def words(self) -> tuple[str, str]:
        """In Chinese and English."""
        each = shown(self.each)
        zh, en = ("扣完为止", "until none are left") if self.most is None else (
            f"最多扣 {shown(self.most)} 分", f"at most {shown(self.most)}"
        )  # fmt: skip
        return f"每有一次扣 {each} 分，{zh}", f"{each} marks less for each, {en}"


@dataclass(frozen=True)
class Rank:
    """By place among the peers: `best` for the first, `worst` for the last, evenly between; equals share a place."""

    best: Fraction
    worst: Fraction

    def share(self, value: Fraction, peers: Sequence[Fraction], less_is_better: bool = False) -> Fraction:
        """Between `worst` and `best`; `peers` are the values of all that are ranked, this one among them."""
        better = sum(1 for other in peers if (other < value if less_is_better else other > value))
        return self.best - (self.best - self.worst) * better / max(len(peers) - 1, 1)

    def words(self) -> tuple[str, str]:
        """In Chinese and English."""
        best, worst = percent(self.best), percent(self.worst)
        return f"同类单位中第一名得 {best}，末名得 {worst}，其间按名次", (
            f"{best} of the marks for the first of its peers, {worst} for the last, by place between"
        )


@dataclass(frozen=True)
class Levels:
    """What the judging office finds: level 0 is reached fully, level 3 not at all."""

    shares: tuple[Fraction, ...] = STANDARD_LEVELS

    def share(self, level: Fraction) -> Fraction:
        """Between 0 and 1. ValueError for a level that there is not."""
        if level.denominator != 1 or not 0 <= level < len(self.shares):
            raise ValueError(f"there is no level {level}")
        return self.shares[int(level)]

    def words(self) -> tuple[str, str]:
        """In Chinese and English."""
        zh = "、".join(
            f"{name[0]}得 {percent(share)}" for name, share in zip(LEVELS, self.shares, strict=True)
        )
        en = ", ".join(f"{name[1]} {percent(share)}" for name, share in zip(LEVELS, self.shares, strict=True))
        return f"由评定单位评定：{zh}", f"as the judging office finds: {en}"


Rule = Linear | Steps | Deduct | Rank | Levels


@lru_cache(maxsize=4096)
def parse(text: str) -> Rule:
    """The rule that a line of text says. Raises Mistake with what to write instead."""
    said = " ".join(text.split()).replace("，", ",").replace("：", ":")
    if found := _LINEAR.fullmatch(said):
        floor, full = number(found[1]), number(found[2])
        if floor == full:
            raise _wrong(text, "零分线与满分线相同", "no marks and full marks begin at the same value")
        return Linear(floor, full)
    if found := _STEPS.fullmatch(said):
        return _steps(text, found[2], bool(found[1]))
    if found := _RANK.fullmatch(said):
        return Rank(*_falling(text, [number(found[1]), number(found[2])]))
    if found := _DEDUCT.fullmatch(said):
        return _deduct(text, number(found[1]), number(found[2]) if found[2] else None)
    if found := _LEVELS.fullmatch(said):
        given = [number(part) for part in re.findall(NUMBER, found[1])]
        if given and len(given) != len(LEVELS):
            raise _wrong(text, "评定应写四档", "there are four levels")
        return Levels(tuple(_falling(text, given)) if given else STANDARD_LEVELS)
    raise _wrong(text, "看不懂这条评分规则", "this is not a scoring rule")


def _deduct(text: str, each: Fraction, most: Fraction | None) -> Deduct:
    if not each or most == 0:
        raise _wrong(text, "每次扣分和上限应大于零", "what is deducted and its limit must be above nothing")
    return Deduct(each, most)


def _steps(text: str, said: str, falls: bool) -> Steps:
    steps = tuple((number(found[1]), number(found[2])) for found in _STEP.finditer(said))
    if not steps or _STEP.sub("", said).strip(" ,，;；、"):
        raise _wrong(text, "分档应逐档写“界限: 得分比例”", "write each step as `bound: share`")
    bounds = [bound for bound, _ in steps]
    if bounds != sorted(set(bounds), reverse=not falls):
        raise _wrong(
            text, "各档应从好到差排列，不得重复", "steps stand from the best to the worst, each once"
        )
    _falling(text, [share for _, share in steps])
    return Steps(steps, falls)


def _falling(text: str, shares: list[Fraction]) -> list[Fraction]:
    if any(share > 1 for share in shares):
        raise _wrong(text, "得分比例不得超过 100%", "no share is above 100 %")
    if shares != sorted(shares, reverse=True):
        raise _wrong(text, "得分比例应从高到低", "shares stand from the highest to the lowest")
    return shares


def _wrong(text: str, zh: str, en: str) -> Mistake:
    return Mistake(
        f"评分规则“{text[:60]}”：{zh}", f"the rule {text[:60]!r}: {en}",
        "写成如“线性 80% 至 98%”“分档 98%: 100%, 95%: 80%”“每起扣 0.5 最多 2”“排名 100% 至 60%”“评定”",
        "write such as `linear 80% to 98%`, `steps 98%: 100%, 95%: 80%`, `deduct 0.5 each up to 2`, "
        "`rank 100% to 60%`, `levels`",
    )  # fmt: skip


def number(text: str) -> Fraction:
    """`98%` is 49/50, `0.5` is 1/2."""
    held = text.strip()
    return Fraction(held[:-1].strip()) / 100 if held.endswith("%") else Fraction(held)


def percent(share: Fraction) -> str:
    """49/50 as `98%`; two digits after the point at most."""
    return f"{plain(share * 100)}%"


def shown(value: Fraction) -> str:
    """A bound of a rule: up to 1 as a percentage unless whole, else as a number."""
    return percent(value) if 0 < value <= 1 and value.denominator != 1 else plain(value)


def plain(value: Fraction, digits: int = 2) -> str:
    """Rounded half up to so many digits, without zeros at the end."""
    text = fixed(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def fixed(value: Fraction, digits: int = 2) -> str:
    """Rounded half up (away from nothing) to exactly so many digits: how marks are written down."""
    scale = 10**digits
    whole = (abs(value) * scale * 2 + 1) // 2
    sign = "-" if value < 0 and whole else ""
    return f"{sign}{whole // scale}.{whole % scale:0{digits}d}" if digits else f"{sign}{whole}"


def _within(share: Fraction) -> Fraction:
    return min(max(share, Fraction(0)), Fraction(1))
