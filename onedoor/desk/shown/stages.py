"""The named stages of a procedure, and how far a matter has come through them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from onedoor.matters import procedures
from onedoor.matters.models import Matter
from onedoor.matters.queries import Line
from onedoor.matters.stages import reached


def steps(matter: Matter, history: Sequence[Line]) -> list[dict[str, Any]]:
    """One seal per stage; empty where the procedure names none. `history` may be cut to its latest lines."""
    procedure = procedures.of(matter)
    entered = [(line.changes["state"], line.at) for line in history if "state" in line.changes]
    found = reached(
        procedure, matter.state, entered, is_open=matter.is_open, complete=len(history) == matter.head_seq
    )
    return [
        {
            "mark": stage.mark,
            "title": procedure.states[stage.state].title,
            "state": stage.standing,
            "at": stage.at,
        }
        for stage in found
    ]
