"""How far a matter has come through the stages that its procedure names. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from onedoor.matters.language import Procedure

Entered = tuple[str, datetime]  # a state, and when it was entered


@dataclass(frozen=True, slots=True)
class Reached:
    """One stage: the character that marks it, the state that speaks for it, and how far it is."""

    mark: str
    state: str
    standing: str  # done, current, todo
    at: datetime | None  # when it was last entered


def reached(
    procedure: Procedure, now: str, entered: Iterable[Entered], *, is_open: bool, complete: bool = True
) -> list[Reached]:
    """The stages in their order, for a matter in the state `now` that entered states in the order given.

    Nothing where the procedure names no stages or the state belongs to none. A later visit of a stage counts. A stage
    that was passed over stays to do, unless what was entered is not `complete`: then it may well have been taken.
    """
    stage = procedure.states[now].stage if now in procedure.states else None
    if stage is None or stage not in procedure.stages:
        return []
    order, visited = list(procedure.stages), _visited(procedure, entered)
    here = order.index(stage)
    return [
        _reached(
            procedure, name, visited.get(name) if place <= here else None,
            _standing(place, here, is_open=is_open, taken=name in visited or not complete),
        )
        for place, name in enumerate(order)
    ]  # fmt: skip


def _visited(procedure: Procedure, entered: Iterable[Entered]) -> dict[str, Entered]:
    """Per stage the state last entered in it, and when."""
    found: dict[str, Entered] = {}
    for key, at in entered:
        state = procedure.states.get(key)
        if state is not None and state.stage:
            found[state.stage] = (key, at)
    return found


def _standing(place: int, here: int, *, is_open: bool, taken: bool) -> str:
    if place == here:
        return "current" if is_open else "done"
    return "done" if place < here and taken else "todo"


def _reached(procedure: Procedure, stage: str, visit: Entered | None, standing: str) -> Reached:
    first = next(key for key, state in procedure.states.items() if state.stage == stage)
    key, at = visit or (first, None)
    return Reached(procedure.stages[stage].zh, key, standing, at)
