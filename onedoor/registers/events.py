"""What the log of a record says. `changes` holds every tracked field of the record that became another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class RegisterPublished(Event):
    """A version of a register was frozen and is used for new records."""

    register: str = ""
    version: int = 0
    digest: str = ""


@dataclass(frozen=True)
class RecordChange(Event):
    """What all changes of a record tell: the fold's part, the facts by field, which contacts were set, the words."""

    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    contacts: list[str] = field(default_factory=list)
    text: dict[str, str] = words(default=None)
    address: str = words()
    point: str = words()


@dataclass(frozen=True)
class RecordEntered(RecordChange):
    """A record was entered: every tracked field of it."""

    register: str = ""
    number: str = ""


@dataclass(frozen=True)
class RecordCorrected(RecordChange):
    """What a record says, or where it stands, was put right."""

    reason: str = words()


@dataclass(frozen=True)
class RecordRenewed(RecordChange):
    """A record was renewed: its validity counts from this day."""


@dataclass(frozen=True)
class RecordTransferred(RecordChange):
    """A record passed to another holder on a day (`happened_on`); `late`: after the time in which it is to be said."""

    happened_on: str = ""
    late: bool = False


@dataclass(frozen=True)
class RecordWithdrawn(RecordChange):
    """A record was taken off the register, why and since when; `late` as for a transfer."""

    why: str = ""
    happened_on: str = ""
    late: bool = False
    reason: str = words()


@dataclass(frozen=True)
class VisitPlanned(Event):
    """A visit has come within sight of its day."""

    planned_for: str = ""


@dataclass(frozen=True)
class VisitDone(RecordChange):
    """A visit was made: which unit, as what post, what was answered, which matters its findings opened.

    `again` names items whose earlier finding is still open, so that none was opened anew.
    """

    visit: int = 0
    planned_for: str = ""
    unit: int | None = None
    role: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    opened: dict[str, str] = field(default_factory=dict)
    again: list[str] = field(default_factory=list)
    note: str = words()


@dataclass(frozen=True)
class FindingClosed(Event):
    """The matter that a finding had opened has ended, and with what outcome."""

    item: str = ""
    number: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class RecordContactRead(Event):
    """Somebody read a contact on a record, and for what purpose."""

    contact: str = ""
    purpose: str = words()


@dataclass(frozen=True)
class RecordFileAdded(Event):
    """A file was added to a field of a record: what it is, never what it is called."""

    file: int = 0
    field: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class RecordErased(Event):
    """Personal data of a record was erased on time: how much, by which rule."""

    contacts: int = 0
    entries: int = 0
    files: int = 0
    rule: str = ""
