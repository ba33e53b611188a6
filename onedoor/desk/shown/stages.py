"""The named stages of a procedure, and how far a matter has come through them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from onedoor.matters import procedures
from onedoor.matters.language import Procedure
from onedoor.matters.models import Matter
from onedoor.matters.queries import Line


def steps(matter: Matter, history: Sequence[Line]) -> list[dict[str, Any]]:
    """One seal per stage; empty where the procedure names none. A later visit of a stage counts."""
    procedure = procedures.of(matter)
    order = list(procedure.stages)
    standing = procedure.states.get(matter.state)
    if not order or standing is None or standing.stage not in order:
        return []
    visited = _visited(procedure, history)
    now = order.index(standing.stage)
    return [_step(procedure, stage, number, now, visited, matter) for number, stage in enumerate(order)]


def _visited(procedure: Procedure, history: Sequence[Line]) -> dict[str, tuple[str, datetime]]:
    """Per stage the state last entered in it, and when."""
    found = {}
    for line in history:
        state = procedure.states.get(line.changes.get("state", ""))
        if state is not None and state.stage:
            found[state.stage] = (line.changes["state"], line.at)
    return found


def _step(
    procedure: Procedure, stage: str, number: int, now: int,
    visited: dict[str, tuple[str, datetime]], matter: Matter,
) -> dict[str, Any]:  # fmt: skip
    first = next(key for key, state in procedure.states.items() if state.stage == stage)
    key, at = visited.get(stage, (first, None)) if number <= now else (first, None)
    if number == now:
        key = matter.state
    ended = not matter.is_open and number == now
    return {
        "mark": procedure.stages[stage].zh,
        "title": procedure.states[key].title,
        "state": "done" if number < now or ended else "current" if number == now else "todo",
        "at": at,
    }
