"""What happens to the city's own data. Entries of posts and grants stand in the history of their account."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class ProfileLoaded(Event):
    """The city's own description (levels, codes, hours) was taken from a file; `digest` is that of its content."""

    key: str
    digest: str


@dataclass(frozen=True)
class DivisionAdded(Event):
    """A division came to stand on the day `since`; `provisional` if it was computed and not surveyed."""

    code: str
    name: str
    level: str
    parent: str = ""
    division_kind: str = ""
    since: str = ""
    until: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class DivisionRenamed(Event):
    """A division has another name from the day `on`; the former one is kept with the day it ended."""

    code: str
    before: str
    after: str
    on: str


@dataclass(frozen=True)
class DivisionAmended(Event):
    """Facts of a division were corrected: field → [before, after]."""

    code: str
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DivisionClosed(Event):
    """A division stands no longer from the day `on`; what was there goes on in `successor`, if there is one."""

    code: str
    on: str
    successor: str = ""
    reason: str = ""


@dataclass(frozen=True)
class DivisionSucceeded(Event):
    """A division took over from those with the codes `took` on the day `on`."""

    code: str
    on: str
    took: list[str] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True)
class BoundarySet(Event):
    """A division has this outline from the day `since`: where it came from, in which datum, how large, its digest."""

    code: str
    since: str
    source: str
    datum: str
    km2: float
    digest: str
    provisional: bool = False


@dataclass(frozen=True)
class UnitAdded(Event):
    """A unit answers in the division `division` from the day `since`."""

    code: str
    name: str
    unit_kind: str
    division: str
    since: str
    parent: str = ""


@dataclass(frozen=True)
class UnitAmended(Event):
    """A unit was renamed, moved or corrected: field → [before, after]."""

    code: str
    changes: dict[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class UnitClosed(Event):
    """A unit answers no longer from the day `on`."""

    code: str
    on: str
    reason: str = ""


@dataclass(frozen=True)
class CompetenceSet(Event):
    """A unit answers for a category (`yes`), does not (`no`), or as its kind says (`kind`)."""

    unit: str
    category: str
    answers: str


@dataclass(frozen=True)
class AccountAdded(Event):
    """Somebody can be given posts; she signs in once a password is set."""

    login: str
    name: str = words()


@dataclass(frozen=True)
class AccountAmended(Event):
    """An account's name, language or standing changed: which fields; the new name is erasable."""

    login: str
    fields: list[str] = field(default_factory=list)
    name: str = words()


@dataclass(frozen=True)
class PasswordSet(Event):
    """An account got a new password."""

    login: str


@dataclass(frozen=True)
class KeyIssued(Event):
    """An account got a key with which another system acts as it, until a day; the key itself is kept nowhere."""

    login: str
    key: int
    title: str
    until: str = ""


@dataclass(frozen=True)
class KeyWithdrawn(Event):
    """A key no longer opens anything from the day `on`."""

    login: str
    key: int
    on: str


@dataclass(frozen=True)
class PostAssigned(Event):
    """An account holds a role in a unit, on a division, from one day (until another)."""

    unit: str
    role: str
    division: str
    since: str
    until: str = ""


@dataclass(frozen=True)
class PostEnded(Event):
    """A post is held no longer from the day `on`."""

    unit: str
    role: str
    division: str
    on: str
    reason: str = ""


@dataclass(frozen=True)
class GrantGiven(Event):
    """An account may act in a role on a division and everything below it, and why."""

    role: str
    division: str
    since: str
    until: str = ""
    reason: str = ""


@dataclass(frozen=True)
class GrantWithdrawn(Event):
    """A grant no longer holds from the day `on`, and why."""

    role: str
    division: str
    on: str
    reason: str = ""
