"""What the log says about what the door learned, and about filings taken together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class LearningAsked(Event):
    """Somebody asked the door to learn now rather than tonight; the scheduler does it within a minute or so."""

    model: str = ""
    number: int = 0


@dataclass(frozen=True)
class ModelTrained(Event):
    """A version was trained and measured on matters held out: whether it was taken into use, and by which figures."""

    model: str = ""
    number: int = 0
    state: str = ""
    examples: int = 0
    digest: str = ""  # SHA-256 of its bytes
    figures: dict[str, Any] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ModelChosen(Event):
    """Somebody went back to an older version, or took one into use that had been refused."""

    model: str = ""
    number: int = 0
    before: int = 0  # the version until now; 0 where it was the catalogue's words alone


@dataclass(frozen=True)
class ModelRetired(Event):
    """A version went out of use: another took its place, or the catalogue's words alone did (0)."""

    model: str = ""
    number: int = 0
    after: int = 0


@dataclass(frozen=True)
class HandledTogether(Event):
    """A coordinator joined the filings of a hot group to this one; `told` are those whose reporters were told of it."""

    numbers: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    reason: str = words()


@dataclass(frozen=True)
class CampaignProposed(Event):
    """This campaign springs from these filings; these units answer for them and would each get a task."""

    numbers: list[str] = field(default_factory=list)
    units: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class InCampaign(Event):
    """This filing is one of those from which a campaign springs; it keeps its own way and its resident's verdict."""

    number: str = ""
