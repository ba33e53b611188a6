"""What the log says about notices and reminders."""

from __future__ import annotations

from dataclasses import dataclass, field

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class NoticesSent(Event):
    """A batch of notices was handed to the sender: which were taken, which must be tried again or were given up."""

    sent: list[int] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class NotReached(Event):
    """A reporter could not be told by the channel she left; the units are asked to tell her another way."""

    notice: int = 0
    number: str = ""
    channel: str = ""
    error: str = ""


@dataclass(frozen=True)
class ToldOtherwise(Event):
    """Somebody independent of the handling told a reporter by telephone, letter or in person."""

    notice: int = 0
    number: str = ""
    channel: str = ""
    remark: str = words()


@dataclass(frozen=True)
class NoticeShown(Event):
    """A reporter opened her page and what she is told stood on it: which filing, which notices."""

    number: str = ""
    notices: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ReminderSeen(Event):
    """A unit took note of a reminder."""

    reminder: int = 0
    about: str = ""
