"""Units, places and time limits as a resident reads them: from the city's memory, no query is made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onedoor.city.models import Category
from onedoor.city.queries import directory, tree
from onedoor.kernel import time
from onedoor.kernel.spans import both as span
from onedoor.kernel.wording import halves
from onedoor.matters import clocks
from onedoor.matters.models import Clock
from onedoor.matters.titles import Both, unit

__all__ = ["NO_PLACE", "OFFICE", "Both", "category", "category_title", "clock", "place", "span", "unit"]

NO_PLACE = {"zh": "地点待核实", "en": "still to be found out"}


def category(category_id: int) -> Both:
    """What a matter is about, with the family before it."""
    held = directory().category_by_id.get(category_id)
    return category_title(held) if held else {}


def category_title(held: Category) -> Both:
    """物业管理 · 押金: the family and the category."""
    family = directory().category_by_id.get(held.parent_id or 0)
    if family is None:
        return held.title
    return {lang: f"{family.title[lang]} · {held.title[lang]}" for lang in ("zh", "en")}


def place(division_id: int, *, placed: bool = True) -> Both:
    """Where a matter lies, from the county down."""
    if not placed or division_id not in tree().nodes:
        return NO_PLACE
    name = tree().full_name(division_id)
    return {"zh": name, "en": name}


def clock(held: Clock) -> dict[str, Any]:
    """A clock as the component shows it: how much is used, the rule, and why it falls on that day."""
    return {
        "due_at": held.due_at,
        "state": held.state,
        "share": _used(held.started_at, held.due_at),
        "span": span(held.span),
        "source": halves(held.source),
        "provisional": held.provisional,
        "extensions": [added | {"span": span(added["span"]), "by": OFFICE} for added in held.extensions],
        "pauses": [(clocks.moment(a), clocks.moment(b) if b else None) for a, b in held.pauses],
        "steps": clocks.computed(held, steps=True).steps,
    }


OFFICE = {"zh": "单位负责人", "en": "the head of the unit"}  # no member of staff is named to residents


def _used(started: datetime, due: datetime) -> int:
    """How much of the time is used, 0 to 100."""
    whole, passed = (due - started).total_seconds(), (time.now() - started).total_seconds()
    return 100 if whole <= 0 else max(0, min(100, round(100 * passed / whole)))
