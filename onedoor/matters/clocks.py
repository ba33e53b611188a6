"""Clocks (时限) of matters and tasks: started, paused, extended, recomputed and explained.

A clock keeps what it is computed from (start, span, pauses, extensions); its due moment is only ever recomputed from
those, so that a holiday announced later, or a pause ended, moves it in one way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from onedoor.city.queries import calendar
from onedoor.kernel import statements
from onedoor.kernel.calendars import Calendar, Due, due
from onedoor.kernel.log import moment_text
from onedoor.kernel.spans import Span
from onedoor.matters.ladders import ladders
from onedoor.matters.models import Clock, Matter, Task


def begin(
    matter: Matter, name: str, span: str, at: datetime, *, source: str, unit_id: int | None,
    ladder: str | None = None, task: Task | None = None,
) -> Clock:  # fmt: skip
    """A clock started at `at`, not yet saved. `span` as `Span.parse` reads it."""
    clock = statements.new(
        Clock,
        matter_id=matter.pk,
        task_id=task.pk if task else None,
        name=name,
        span=span,
        source=source,
        unit_id=unit_id,
        started_at=at,
        due_at=at,
    )
    recompute(clock, ladder)
    return clock


def recompute(clock: Clock, ladder: str | None) -> None:
    """Sets the due moment, and when the clock next wakes the engine, from what the clock keeps."""
    found = computed(clock)
    clock.due_at, clock.provisional = found.at, found.provisional
    clock.wakes_at = wakes_at(clock, ladder) if clock.state == "running" else None


def computed(clock: Clock, *, steps: bool = False) -> Due:
    """The due moment as the rule gives it; with `steps`, why, day by day."""
    if not (steps or clock.pauses or clock.extensions):
        return _undisturbed(clock.started_at, clock.span, calendar())
    return due(
        clock.started_at, parsed(clock.span), calendar(),
        pauses=[(moment(a), moment(b) if b else None) for a, b in clock.pauses],
        extensions=[parsed(e["span"]) for e in clock.extensions], steps=steps,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _undisturbed(start: datetime, span: str, by: Calendar) -> Due:
    """The due moment of a clock that nothing has moved: those of one batch share their start, and most their span."""
    return due(start, parsed(span), by)


parsed = cache(Span.parse)


def moment(text: str) -> datetime:
    """A moment as clocks keep it in JSON."""
    return datetime.fromisoformat(text)


def wakes_at(clock: Clock, ladder: str | None) -> datetime | None:
    """When the next rung is due; None past the last one."""
    return _rung_at(clock, ladder, clock.rung)


def _rung_at(clock: Clock, ladder: str | None, number: int) -> datetime | None:
    """When a rung is due; without a ladder, rung 0 is the due moment."""
    rungs = ladders().get(ladder or "", [])
    if not rungs:
        return clock.due_at if number == 0 else None
    if number >= len(rungs):
        return None
    rung = rungs[number]
    if rung.after is not None:
        return due(clock.due_at, rung.after, calendar()).at
    return clock.started_at + (clock.due_at - clock.started_at) * (rung.at or 1.0)


def pause(clock: Clock, at: datetime) -> None:
    """Stops the time from `at` on. Nothing changes for a clock that is not running."""
    if clock.state == "running":
        clock.pauses.append([at.isoformat(), None])
        clock.state, clock.wakes_at = "paused", None


def resume(clock: Clock, at: datetime, ladder: str | None) -> None:
    """Lets the time run again; the due moment moves by what was paused."""
    if clock.state == "paused":
        _end_pause(clock, at)
        clock.state = "running"
        recompute(clock, ladder)


def _end_pause(clock: Clock, at: datetime) -> None:
    """No pause ends before it began, though the server that ends it be behind the one that began it."""
    began = moment(clock.pauses[-1][0])
    clock.pauses[-1][1] = max(began, at).isoformat()


def extend(clock: Clock, span: str, by: str, why: str, at: datetime, ladder: str | None) -> None:
    """Adds a span, with who approved it and why. Rungs that lie ahead again are climbed again."""
    clock.extensions.append({"span": str(parsed(span)), "by": by, "why": why, "at": at.isoformat()})
    recompute(clock, ladder)
    climbed = [_rung_at(clock, ladder, number) for number in range(clock.rung)]
    clock.rung = sum(1 for moment in climbed if moment is None or moment <= at)
    recompute(clock, ladder)


def end(clock: Clock, at: datetime, state: str = "met") -> None:
    """The clock stops for good: `met` by the act it waited for, or `dropped` because it no longer applies."""
    if clock.state == "paused":
        _end_pause(clock, at)
    clock.state, clock.ended_at, clock.wakes_at = state, at, None


def line(clock: Clock, did: str) -> dict[str, Any]:
    """What an entry tells of a clock: what was done to it, and how it stands since; the audit holds the row to it."""
    told = {
        "clock": clock.name, "did": did, "state": clock.state, "span": clock.span, "due": moment_text(clock.due_at),
        "unit": clock.unit_id, "task": clock.task_id, "ended": clock.ended_at and moment_text(clock.ended_at),
    }  # fmt: skip
    return {name: value for name, value in told.items() if value is not None}


def next_due(clocks: Iterable[Clock]) -> datetime | None:
    """The earliest due moment among those that run."""
    return min((clock.due_at for clock in clocks if clock.state == "running"), default=None)
