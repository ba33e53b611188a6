"""What the log says about appraisal."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.kernel.events import Event, words


@dataclass(frozen=True)
class SchemePublished(Event):
    """A scheme, or a changed one, holds from now on; what was judged under an earlier version keeps it."""

    scheme: str = ""
    version: int = 0
    digest: str = ""


@dataclass(frozen=True)
class EvidenceJudged(Event):
    """A named office judged a unit's evidence for a period, or corrected what it had judged, and on what ground."""

    scheme: str = ""
    version: int = 0
    period: str = ""
    code: str = ""
    subject: str = ""
    office: str = ""
    unit: str = ""
    value: str = ""
    was: str = ""
    ground: str = words()


@dataclass(frozen=True)
class ScoresFrozen(Event):
    """The scores of a group were frozen at the cut-off: by their digest, no later change stays unseen."""

    scheme: str = ""
    version: int = 0
    group: str = ""
    period: str = ""
    digest: str = ""


@dataclass(frozen=True)
class ScoreObjected(Event):
    """A unit objected to one sub-item of its frozen score; who decides has no interest in it."""

    snapshot: int = 0
    code: str = ""
    subject: str = ""
    unit: str = ""
    arbiter: str = ""
    reason: str = words()


@dataclass(frozen=True)
class ObjectionDecided(Event):
    """The arbiter decided; upheld, `corrected` is the snapshot in which the figure is right."""

    upheld: bool = False
    corrected: int = 0
    grounds: str = words()


@dataclass(frozen=True)
class ScoresCorrected(Event):
    """Frozen scores were reckoned anew with one figure corrected; the snapshot before stays as it was."""

    scheme: str = ""
    version: int = 0
    group: str = ""
    period: str = ""
    digest: str = ""
    revision: int = 0
    objection: int = 0
    code: str = ""
    subject: str = ""
    was: str = ""
    now: str = ""
    ground: str = words()
