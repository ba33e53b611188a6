"""What must hold between the parts of a scheme, and what no scheme may do. Pure.

Refused with the reason in words: weights that do not add up, names that there are not, what nobody is appraised on,
whatever lowers a score because residents filed, whatever appraises persons, and a unit that judges itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, NamedTuple, Protocol

from onedoor.appraisal.schemes import filings
from onedoor.appraisal.schemes.language import Group, Office, Place, Scheme
from onedoor.appraisal.schemes.marking import Deduct, Levels, Rank, Rule

ABOVE = {  # the levels of offices that stand above those appraised
    "county": ("city",),
    "department": ("city",),
    "township": ("city", "county"),
    "grid": ("city", "county", "township"),
}
LESS, NEITHER = "down", "none"  # directions of an indicator: less is better; neither is


class Measure(Protocol):
    """What a scheme has to know of an indicator."""

    @property
    def parameters(self) -> Mapping[str, str]:
        """The names that may stand under `with:`, and of what kind each is."""

    @property
    def counts_filings(self) -> bool:
        """Whether it grows because residents file."""

    @property
    def direction(self) -> str:
        """Which way is better."""

    @property
    def minimum_n(self) -> int:
        """Cases below which it says nothing."""

    @property
    def subjects(self) -> Collection[str]:
        """The levels that it is measured for."""


class Flaw(NamedTuple):
    """One thing wrong: where, what, and what to write instead."""

    path: tuple[str | int, ...]
    zh: str
    en: str
    hint_zh: str
    hint_en: str


@dataclass(frozen=True)
class Known:
    """What a scheme may name."""

    measures: Mapping[str, Measure]
    unit_kinds: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Collection[str]]  # by kind of parameter; any value where the kind is not among them


def check(scheme: Scheme, known: Known) -> Iterator[Flaw]:
    """Everything wrong with a scheme of sound shape."""
    yield from _groups(scheme, known)
    yield from _offices(scheme, known)
    yield from _weights(scheme)
    yield from _once(scheme)
    for place in scheme.places():
        group = scheme.groups.get(place.item.group)
        yield from _source(scheme, place, group, known)
        yield from _judged_by(scheme, place, group)
        yield from _refused(scheme, place, known.measures.get(place.part.indicator or ""))


def _at(place: Place, *rest: str) -> tuple[str | int, ...]:
    return ("items", place.at[0], "sub_items", place.at[1], *rest)


def _groups(scheme: Scheme, known: Known) -> Iterator[Flaw]:
    used = {item.group for item in scheme.items}
    for key, group in scheme.groups.items():
        if key not in used:
            yield Flaw(("groups", key), f"同类组“{group.zh}”没有条目", f"no item is for the group `{key}`",
                       "写上它的条目，或删去该组", "write items for it, or remove it")  # fmt: skip
        for kind in group.kinds:
            if kind not in known.unit_kinds:
                yield _unknown(("groups", key, "kinds"), "单位类型", "kind of unit", kind, known.unit_kinds)
        if (group.level == "department") != bool(group.kinds):
            yield Flaw(
                ("groups", key, "kinds"), "部门组须写明是哪些单位类型，其他组不写",
                "a group of departments says which kinds of units it holds, other groups do not",
                "部门组写 kinds: [police, justice …]", "for departments write `kinds: [police, justice …]`",
            )  # fmt: skip


def _offices(scheme: Scheme, known: Known) -> Iterator[Flaw]:
    for key, office in scheme.offices.items():
        if office.kind not in known.unit_kinds:
            yield _unknown(
                ("offices", key, "kind"), "单位类型", "kind of unit", office.kind, known.unit_kinds
            )


def _unknown(path: tuple[str | int, ...], zh: str, en: str, name: str, there: Collection[str]) -> Flaw:
    near = get_close_matches(name, list(there), 3, 0.5) or sorted(there)[:5]
    listed = "、".join(near)
    hint_zh, hint_en = (
        (f"是否为：{listed}", f"did you mean: {', '.join(near)}") if near else ("删去", "remove it")
    )
    return Flaw(path, f"没有{zh}“{name}”", f"there is no {en} `{name}`",
                hint_zh, hint_en)  # fmt: skip


def _weights(scheme: Scheme) -> Iterator[Flaw]:
    for i, item in enumerate(scheme.items):
        held = sum(part.weight for part in item.sub_items)
        if held != item.weight:
            yield Flaw(
                ("items", i, "weight"), f"“{item.zh}”{item.weight} 分，其细项合计 {held} 分，不相等",
                f"`{item.code}` has {item.weight} marks, its sub-items {held}: they do not add up",
                f"条目写 {held}，或调整细项", f"write {held}, or change its sub-items",
            )  # fmt: skip
        if item.group not in scheme.groups:
            yield _unknown(("items", i, "group"), "同类组", "group", item.group, scheme.groups)
    for key, group in scheme.groups.items():
        held = sum(item.weight for item in scheme.items if item.group == key)
        if held and held != group.marks:
            yield Flaw(
                ("groups", key, "marks"), f"“{group.zh}”满分 {group.marks} 分，其条目合计 {held} 分，不相等",
                f"`{key}` has full marks of {group.marks}, its items {held}: they do not add up",
                f"满分写 {held}，或调整条目", f"write {held}, or change its items",
            )  # fmt: skip


def _once(scheme: Scheme) -> Iterator[Flaw]:
    codes: set[str] = set()
    titles: dict[str, str] = {}
    for i, item in enumerate(scheme.items):
        if item.code in codes:
            yield Flaw(("items", i, "code"), f"条目编号“{item.code}”写了两次", f"two items are called `{item.code}`",
                       "换一个编号", "give it another code")  # fmt: skip
        codes.add(item.code)
    for place in scheme.places():
        earlier = titles.setdefault(f"{place.item.group} {place.part.zh}", place.code)
        if earlier != place.code:
            yield Flaw(_at(place, "zh"), f"“{place.part.zh}”与 {earlier} 重复", f"the same as {earlier}",
                       "合并为一项，或写清区别", "make them one, or say how they differ")  # fmt: skip


def _source(scheme: Scheme, place: Place, group: Group | None, known: Known) -> Iterator[Flaw]:
    """Where its figure comes from: an indicator or evidence, and whether that fits the group and the rule."""
    part = place.part
    if (part.indicator is None) == (part.evidence is None):
        yield Flaw(_at(place), "应写指标或佐证，只写一样", "it needs an indicator or evidence, and only one of them",
                   "写 indicator: 或 evidence:", "write `indicator:` or `evidence:`")  # fmt: skip
    elif part.evidence is not None:
        if part.evidence not in scheme.evidence:
            yield _unknown(
                _at(place, "evidence"), "佐证材料", "kind of evidence", part.evidence, scheme.evidence
            )
        if part.parameters:
            yield _unknown(_at(place, "with"), "参数", "parameter", next(iter(part.parameters)), ())
    elif part.indicator is None or part.indicator not in known.measures:
        yield _unknown(_at(place, "indicator"), "指标", "indicator", str(part.indicator), known.measures)
    else:
        yield from _measured(place, group, known.measures[part.indicator], known)


def _measured(place: Place, group: Group | None, measure: Measure, known: Known) -> Iterator[Flaw]:
    part = place.part
    for name, value in part.parameters.items():
        there = known.values.get(measure.parameters.get(name, ""))
        if there is not None and value not in there:
            yield _unknown(
                _at(place, "with", name), f"这样的参数值（{name}）", f"{name} of that name,", value, there
            )
        if name not in measure.parameters:
            yield _unknown(_at(place, "with", name), "参数", "parameter", name, measure.parameters)
    if group is not None and group.level not in measure.subjects:
        levels = "、".join(measure.subjects)
        yield Flaw(
            _at(place, "indicator"), f"指标“{part.indicator}”不统计到这一级，没有单位可考核",
            f"`{part.indicator}` is not measured for the level {group.level}: nobody would be appraised on it",
            f"该指标统计到：{levels}", f"it is measured for: {levels}",
        )  # fmt: skip
    if isinstance(part.marking, Levels):
        yield Flaw(_at(place, "rule"), "“评定”只用于佐证，指标有数值", "`levels` are for evidence only",
                   "改为线性、分档、扣分或排名", "write linear, steps, deduct or rank")  # fmt: skip
    elif _against(part.marking, measure.direction):
        way, better = ("低", "less") if measure.direction == LESS else ("高", "more")
        yield Flaw(
            _at(place, "rule"), f"评分方向反了：指标“{part.indicator}”越{way}越好",
            f"the rule runs against the indicator `{part.indicator}`, of which {better} is better",
            "对调零分线与满分线", "change the two bounds about",
        )  # fmt: skip


def _against(rule: Rule, direction: str) -> bool:
    """Whether a rule gives more for the worse figure; a rank goes by the indicator's direction."""
    return not isinstance(rule, Rank | Levels) and direction != NEITHER and rule.falls != (direction == LESS)


def _judged_by(scheme: Scheme, place: Place, group: Group | None) -> Iterator[Flaw]:
    office = scheme.offices.get(place.part.office)
    if office is None:
        yield _unknown(_at(place, "office"), "来源单位", "office", place.part.office, scheme.offices)
    elif group is not None and not independent(office, group):
        yield Flaw(
            _at(place, "office"), f"“{office.zh}”在被考核的“{group.zh}”之内：不得自己评自己",
            f"`{place.part.office}` is among those appraised in `{place.item.group}`: no unit judges itself",
            "改由上级或组外的单位评定", "name an office above them, or outside the group",
        )  # fmt: skip


def independent(office: Office, group: Group) -> bool:
    """Whether the office stands above those of the group; beside departments also one that is of no kind of theirs."""
    beside = group.level == "department" and office.level == "county" and office.kind not in group.kinds
    return office.level in ABOVE[group.level] or beside


def _refused(scheme: Scheme, place: Place, measure: Measure | None) -> Iterator[Flaw]:
    """What no scheme may do, whoever wrote it."""
    part, item = place.part, place.item
    notes = [part.note.zh, part.note.en] if part.note else []
    proof = scheme.evidence.get(part.evidence or "")
    texts = [part.zh, part.en, part.rule, *notes]
    around = [item.zh, item.en, *([proof.zh, proof.en] if proof else [])]
    if words := filings.appraises_persons(*texts, *around):
        yield Flaw(
            _at(place), f"“{words}”：考核的是单位，不给个人打分、排名，也不盯人",
            f"`{words}`: units are appraised; no person is scored, ranked or followed",
            "改为单位做了什么、做得怎样", "write what the unit did and how well",
        )  # fmt: skip
    lowers = _lowers(place, measure)
    punished = filings.punishes(*texts, f"{part.zh}:{part.rule}", *around)
    if not punished and lowers and part.evidence is not None:
        punished = filings.filed(part.zh, part.en)
    if not punished and lowers and measure is not None and measure.counts_filings:
        punished = str(part.indicator)
    if punished:
        yield Flaw(
            _at(place), f"“{punished}”：群众来反映问题不能扣单位的分。这样考核，等于奖励堵住群众的嘴",
            f"`{punished}`: marks would be lost because residents filed; that pays for silence",
            "改为考核单位怎么办的，例如“升级督办事项到期未答复，每件扣1分”",
            "appraise what the unit did, such as “escalated matters left unanswered when due: 1 mark less each”",
        )  # fmt: skip


def _lowers(place: Place, measure: Measure | None) -> bool:
    rule = place.part.marking
    if isinstance(rule, Rank):
        return measure is not None and (measure.counts_filings or measure.direction == LESS)
    return isinstance(rule, Deduct) or (not isinstance(rule, Levels) and rule.falls) or place.part.veto
