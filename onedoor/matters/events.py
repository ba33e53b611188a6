"""What the log of a matter says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class Opened(Event):
    """A matter was taken in. `changes` holds every tracked field of the new matter; `why` how the door decided."""

    channel: str = ""
    number: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    said: str = ""  # the moment of filing elsewhere, where the channel brought it later
    why: dict[str, Any] = field(default_factory=dict)
    title: str = words()
    detail: str = words()
    address: str = words()


@dataclass(frozen=True)
class Acted(Event):
    """An action of the procedure was taken: its facts, the tracked fields it changed, what its effects did."""

    action: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, Any] = field(default_factory=dict)
    text: dict[str, str] = words(default=None)


@dataclass(frozen=True)
class Changed(Event):
    """A field was changed outside the procedure: a place found, a category corrected, confidentiality set.

    Of a place, `done` says whether the point on the map and the address were set or dropped; what they are now is
    erasable.
    """

    what: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, Any] = field(default_factory=dict)
    reason: str = words()
    point: str = words()
    address: str = words()


@dataclass(frozen=True)
class CategoryConfirmed(Event):
    """A clerk found the category right that the door had chosen without being sure."""

    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Escalated(Event):
    """A rung of the escalation ladder was climbed because a clock ran on: which clock, which rung, what was done."""

    clock: str = ""
    rung: int = 0
    do: str = ""
    due: str = ""
    clocks: list[dict[str, Any]] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    done: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ClockMoved(Event):
    """A clock was recomputed because the calendar changed: from when, to when."""

    clock: str = ""
    before: str = ""
    after: str = ""
    clocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ClockLapsed(Event):
    """The time to use a right is over; nothing was owed, and the clock ended."""

    clock: str = ""
    due: str = ""
    clocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class TaskDone(Event):
    """A unit reported its share of the matter as done."""

    task: int = 0
    unit: int = 0
    clocks: list[dict[str, Any]] = field(default_factory=list)
    result: str = words()


@dataclass(frozen=True)
class TaskWithdrawn(Event):
    """A coordinator took a task back."""

    task: int = 0
    clocks: list[dict[str, Any]] = field(default_factory=list)
    reason: str = words()


@dataclass(frozen=True)
class Joined(Event):
    """This filing was joined to a master matter about the same thing; its reporter keeps number, notices, verdict.

    `done` says, among what packages did, which filings' reporters were told of it.
    """

    master: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    done: dict[str, Any] = field(default_factory=dict)
    reason: str = words()


@dataclass(frozen=True)
class TookIn(Event):
    """Another filing was joined to this matter. A unit that it complains of lost what tasks it had here."""

    number: str = ""
    clocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class LetGo(Event):
    """A filing that was joined to this matter stands on its own again."""

    number: str = ""


@dataclass(frozen=True)
class Separated(Event):
    """A joined filing stands on its own again."""

    master: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    reason: str = words()


@dataclass(frozen=True)
class ToldApart(Event):
    """Somebody compared this filing with another that looked alike, and found that they are not about the same."""

    number: str = ""
    reason: str = words()


@dataclass(frozen=True)
class PartyAdded(Event):
    """A party was named. Who it is stays sealed, outside the log. A unit complained of loses its part in the matter."""

    party: int = 0
    role: str = ""
    unit: int | None = None
    confidential: bool = False
    changes: dict[str, Any] = field(default_factory=dict)
    clocks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class ContactRead(Event):
    """Somebody read a party's contact data, and for what purpose."""

    party: int = 0
    purpose: str = words()


@dataclass(frozen=True)
class Attached(Event):
    """A file was added: its kind, size and hash."""

    attachment: int = 0
    media_type: str = ""
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Noted(Event):
    """A note by somebody who works on the matter, or a message from its resident."""

    text: str = words()


@dataclass(frozen=True)
class Erased(Event):
    """Personal data was erased on time: which kinds, how many entries, by which rule."""

    parties: int = 0
    entries: int = 0
    attachments: int = 0
    rule: str = ""


@dataclass(frozen=True)
class ProcedurePublished(Event):
    """A version of a procedure was frozen and is used for new matters."""

    procedure: str = ""
    version: int = 0
    digest: str = ""


@dataclass(frozen=True)
class CategoryTaken(Event):
    """A category of the catalogue was added or changed by its pack: its limits as they now are."""

    code: str = ""
    pack: str = ""
    active: bool = True
    limits: dict[str, Any] = field(default_factory=dict)
