"""Why a unit got these marks: the rule in words, the numbers in it, how sure the figure is, how it moved. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from onedoor.appraisal.schemes.language import Place
from onedoor.appraisal.schemes.marking import LEVELS as LEVEL_NAMES
from onedoor.appraisal.schemes.marking import Levels, fixed, percent, plain
from onedoor.appraisal.scores.rules import Cell, Reading
from onedoor.surveys.rules.estimates import wilson

REASONS = {
    "nothing_due": ("本期没有应办事项，不计分", "nothing was due in the period: not scored"),
    "few": ("件数太少，不计分", "too few cases: not scored"),
    "not_judged": ("评定单位尚未评定，不计分", "the office has not judged yet: not scored"),
}


def explain(place: Place, cell: Cell, before: Cell | None = None) -> dict[str, Any]:
    """JSON-ready, in Chinese and English. `before` is the same cell of the period before."""
    zh, en = place.part.marking.words()
    numbers_zh, numbers_en = _numbers(place, cell)
    return {
        "code": place.code,
        "title": place.part.title,
        "item": {"code": place.item.code, **place.item.title},
        "why": cell.why,
        "weight": fixed(Fraction(place.part.weight)),
        "marks": fixed(cell.marks) if cell.why == "scored" else None,
        "formula": {"zh": f"满分 {plain(Fraction(place.part.weight))} 分。{zh}",
                    "en": f"Out of {plain(Fraction(place.part.weight))} marks: {en}."},
        "numbers": {"zh": numbers_zh, "en": numbers_en},
        "interval": interval(cell.reading),
        "moved": _moved(cell, before),
    }  # fmt: skip


def interval(reading: Reading | None) -> dict[str, Any] | None:
    """Wilson's of 95 % where the figure is a share of cases, to a hundredth of a per cent; else None."""
    if reading is None or reading.value is None or not reading.denominator or not 0 <= reading.value <= 1:
        return None
    low, high = wilson(float(reading.value), reading.denominator)
    return {"low": f"{low:.4f}", "high": f"{high:.4f}", "of": reading.denominator}


def _numbers(place: Place, cell: Cell) -> tuple[str, str]:
    if cell.why != "scored" or cell.reading is None or cell.reading.value is None:
        zh, en = REASONS[cell.why]
        held = cell.reading
        if cell.why == "few" and held is not None:
            return f"{zh}({held.denominator} 件)", f"{en} ({held.denominator})"
        return zh, en
    zh, en = _value(place, cell.reading)
    weight, marks = plain(Fraction(place.part.weight)), fixed(cell.marks)
    tail = f"{weight} x {percent(cell.share)} = {marks}"
    return f"{zh}；{tail} 分", f"{en}; {tail} marks"


def _value(place: Place, reading: Reading) -> tuple[str, str]:
    value = reading.value or Fraction(0)
    if isinstance(place.part.marking, Levels):
        return LEVEL_NAMES[int(value)]
    if reading.denominator is None:
        return plain(value), plain(value)
    sum_ = f"{reading.numerator} / {reading.denominator} = {percent(value)}"
    return sum_, sum_


def _moved(cell: Cell, before: Cell | None) -> dict[str, Any] | None:
    """What changed since the period before; None where one of the two was not scored."""
    if before is None or before.why != "scored" or cell.why != "scored":
        return None
    was, now = (one.reading.value if one.reading else None for one in (before, cell))
    moved = None if was is None or now is None else _signed(now - was, 4)
    return {"marks": _signed(cell.marks - before.marks, 2), "value": moved}


def _signed(value: Fraction, digits: int) -> str:
    return f"+{fixed(value, digits)}" if value > 0 else fixed(value, digits)
