"""A snapshot of scores at the cut-off: figures in, the same bytes out, today and in ten years. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from onedoor.appraisal.schemes.marking import fixed
from onedoor.appraisal.scores.rules import Reading, Readings, Terms, UnitScore, score


def written(terms: Terms, digest: str, period: str, readings: Readings) -> bytes:
    """The snapshot as canonical JSON: under which scheme, out of which figures, which scores."""
    body = {
        "scheme": terms.scheme.scheme,
        "digest": digest,
        "period": period,
        "group": terms.group,
        "cadence": terms.cadence,
        "least": dict(terms.least),
        "less": sorted(terms.less),
        "figures": {
            unit: {code: _figure(one) for code, one in held.items()} for unit, held in readings.items()
        },
        "scores": [as_dict(one) for one in score(terms, readings)],
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def recomputed(terms: Terms, snapshot: bytes) -> bytes:
    """The snapshot reckoned anew from its own figures: equal to it, unless somebody changed one or the other."""
    body = json.loads(snapshot)
    return written(terms, body["digest"], body["period"], figures(body["figures"]))


def figures(held: Mapping[str, Mapping[str, Sequence[Any]]]) -> Readings:
    """The figures as they were frozen."""
    return {unit: {code: _reading(one) for code, one in row.items()} for unit, row in held.items()}


def _figure(one: Reading) -> list[Any]:
    return [None if one.value is None else str(one.value), one.numerator, one.denominator]


def _reading(held: Sequence[Any]) -> Reading:
    value, numerator, denominator = held
    return Reading(None if value is None else Fraction(value), numerator, denominator)


def as_dict(one: UnitScore) -> dict[str, Any]:
    """A unit's scores, JSON-ready; marks are text with two digits, rounded half up once and at the end."""
    return {
        "unit": one.unit,
        "total": None if one.total is None else fixed(one.total),
        "place": one.place,
        "apart": one.apart,
        "due": fixed(one.due, 4),
        "vetoes": list(one.vetoes),
        "items": {item.code: None if item.marks is None else fixed(item.marks) for item in one.items},
        "sub_items": {
            code: {"why": cell.why, "marks": fixed(cell.marks) if cell.why == "scored" else None}
            for code, cell in one.cells.items()
        },
    }
