"""Clocks as the component shows them: how much is used, and why they fall on that day."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onedoor.desk.shown import words
from onedoor.kernel import time
from onedoor.matters import clocks
from onedoor.matters.models import Clock, Matter


def brief(matter: Matter, clock: Clock) -> dict[str, Any]:
    """For lists: the title, when it is due and how much of it is used."""
    return {
        "title": words.clock(matter, clock.name, of_task=clock.task_id is not None),
        "due_at": clock.due_at,
        "state": clock.state,
        "share": used(clock.started_at, clock.due_at),
    }


def full(matter: Matter, clock: Clock) -> dict[str, Any]:
    """With the rule it came from, what moved it, and the day-by-day count."""
    due = clocks.computed(clock, steps=True)
    return brief(matter, clock) | {
        "span": words.span(clock.span),
        "source": words.halves(clock.source),
        "provisional": clock.provisional,
        "extensions": [added | {"span": words.span(added["span"])} for added in clock.extensions],
        "pauses": [(clocks.moment(a), clocks.moment(b) if b else None) for a, b in clock.pauses],
        "steps": due.steps,
        "ended_at": clock.ended_at,
    }


def used(started: datetime, due: datetime) -> int:
    """How much of the time is used, 0 to 100."""
    whole = (due - started).total_seconds()
    passed = (time.now() - started).total_seconds()
    return 100 if whole <= 0 else max(0, min(100, round(100 * passed / whole)))
