"""How far a matter is: the stages its procedure names, or the four that every matter has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from onedoor.kernel.models import Entry
from onedoor.matters.language import Procedure
from onedoor.portal import policies
from onedoor.portal.queries.matters import Filing, state_title

Step = dict[str, Any]  # as the `steps` component takes it


def stages(found: Filing) -> list[Step]:
    """One seal per stage, with the day it was last entered."""
    procedure, state = found.procedure, found.procedure.states.get(found.asked.state)
    if state and state.stage and procedure.stages:
        return _named(found, list(procedure.stages), state.stage)
    return _usual(found)


def _named(found: Filing, order: list[str], now: str) -> list[Step]:
    visited, at = _visited(found.procedure, found.entries), order.index(now)
    return [
        {
            "mark": found.procedure.stages[stage].zh,
            "title": _title(found, stage, visited if place <= at else {}),
            "state": _state(place, at, is_open=found.asked.is_open)
            if place >= at or stage in visited
            else "todo",
            "at": visited[stage][1] if place <= at and stage in visited else None,
        }
        for place, stage in enumerate(order)
    ]


def _visited(procedure: Procedure, entries: Iterable[Entry]) -> dict[str, tuple[str, datetime]]:
    """Per stage the state last entered in it, and when; the entries come newest first."""
    found: dict[str, tuple[str, datetime]] = {}
    for entry in entries:
        key = entry.body.get("changes", {}).get("state", "")
        state = procedure.states.get(key)
        if state and state.stage:
            found.setdefault(state.stage, (key, entry.at))
    return found


def _title(found: Filing, stage: str, visited: dict[str, tuple[str, datetime]]) -> Any:
    first = next(key for key, state in found.procedure.states.items() if state.stage == stage)
    return state_title(found.procedure, visited[stage][0] if stage in visited else first)


def _state(place: int, now: int, *, is_open: bool) -> str:
    if place < now or (place == now and not is_open):
        return "done"
    return "current" if place == now else "todo"


def _usual(found: Filing) -> list[Step]:
    now = policies.stage_of(found.procedure, found.asked.state)
    titles = (_("We have it"), _("Being handled"), _("Answered: your word"), _("Closed"))
    return [
        {"title": title, "state": _state(place, now, is_open=found.asked.is_open)}
        for place, title in enumerate(titles)
    ]
