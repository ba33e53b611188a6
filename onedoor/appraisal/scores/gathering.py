"""From measured rows and judged evidence to the figures that scores are reckoned from. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from onedoor.appraisal.schemes import marking
from onedoor.appraisal.schemes.language import Cadence, Place
from onedoor.appraisal.schemes.marking import LEVELS, Levels
from onedoor.appraisal.scores.rules import Reading, Readings, Terms
from onedoor.kernel.problems import BadInput

_PERIODS: Mapping[Cadence, re.Pattern[str]] = {
    "week": re.compile(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])", re.ASCII),
    "month": re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII),
    "quarter": re.compile(r"\d{4}-Q[1-4]", re.ASCII),
    "year": re.compile(r"\d{4}", re.ASCII),
}
Request = tuple[str, tuple[tuple[str, str], ...]]  # an indicator with its parameters, by name


class Measured(NamedTuple):
    """One figure as it was measured; the denominator is None for a plain count."""

    indicator: str
    parameters: Mapping[str, str]
    subject: str
    numerator: int
    denominator: int | None


def cadence_of(period: str) -> Cadence:
    """`2026-W46` is a week, `2026-11` a month, `2026-Q4` a quarter, `2026` a year. Raises BadInput."""
    for cadence, pattern in _PERIODS.items():
        if pattern.fullmatch(period):
            return cadence
    raise BadInput.of(
        "period", f"没有这个时期“{period[:20]}”，请写成 2026-W46、2026-11、2026-Q4 或 2026",
        f"no such period {period[:20]!r}; write it as 2026-W46, 2026-11, 2026-Q4 or 2026",
    )  # fmt: skip


def request_of(place: Place) -> Request | None:
    """What has to be measured for a sub-item; None for evidence."""
    part = place.part
    return (part.indicator, tuple(sorted(part.parameters.items()))) if part.indicator else None


def requests(terms: Terms) -> list[Request]:
    """Everything that has to be measured, each once."""
    return list(dict.fromkeys(filter(None, map(request_of, terms.places()))))


def readings(
    terms: Terms,
    subjects: Sequence[str],
    measured: Iterable[Measured],
    judged: Mapping[str, Mapping[str, Fraction]],
) -> Readings:
    """The figures of every subject, by the code of the sub-item."""
    asked: dict[Request, list[str]] = {}
    for place in terms.places():
        if request := request_of(place):
            asked.setdefault(request, []).append(place.code)
    found: dict[str, dict[str, Reading]] = {subject: {} for subject in subjects}
    for row in measured:
        codes = asked.get((row.indicator, tuple(sorted(row.parameters.items()))), ())
        if row.subject in found:
            found[row.subject] |= dict.fromkeys(codes, _reading(row))
    evidence = {place.code for place in terms.places() if place.part.evidence}
    for subject in subjects:
        values = judged.get(subject, {})
        found[subject] |= {code: Reading(value) for code, value in values.items() if code in evidence}
    return found


def _reading(row: Measured) -> Reading:
    if row.denominator is None:
        return Reading(Fraction(row.numerator), row.numerator)
    return Reading.share_of(row.numerator, row.denominator)


def judged_value(place: Place, text: str) -> Fraction | None:
    """A finding as a number: a level by its name, a count, a share. None for one that the rule cannot take."""
    said = text.strip()
    if isinstance(place.part.marking, Levels):
        named = (level for level, names in enumerate(LEVELS) if said in names)
        return next((Fraction(level) for level in named), None)
    try:
        value = marking.number(said)
    except (ValueError, ZeroDivisionError):
        return None
    return value if value >= 0 else None


def expected(place: Place) -> tuple[str, str]:
    """What a finding may be, in Chinese and English."""
    if isinstance(place.part.marking, Levels):
        zh, en = zip(*LEVELS, strict=True)
        return "、".join(zh), ", ".join(en)
    return "数字或百分比，如 3 或 92%", "a number or a percentage, such as 3 or 92%"
