"""What the log says about meetings. Convening and concluding stand in the entries of their actions."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class OpinionGiven(Event):
    """An invited unit said its opinion on a matter; a later one replaces it and both stay in the history."""

    meeting: int = 0
    unit: int = 0
    opinion: str = words()


@dataclass(frozen=True)
class AttendanceRecorded(Event):
    """Whether an invited unit came to a meeting, and if not, why."""

    meeting: int = 0
    unit: int = 0
    attended: bool = False
    reason: str = words()
