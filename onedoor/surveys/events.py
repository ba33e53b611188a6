"""What the log says about surveys. No entry holds an answer, a code or a telephone number."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.kernel.events import Event


@dataclass(frozen=True)
class QuestionnairePublished(Event):
    """A questionnaire, or a changed one, may be asked from now on; rounds that run keep theirs."""

    questionnaire: str = ""
    version: int = 0
    digest: str = ""


@dataclass(frozen=True)
class RoundOpened(Event):
    """A round began: who asks whom, how many in each township out of how many, and by which seed they are drawn."""

    questionnaire: str = ""
    version: int = 0
    division: str = ""
    house: str = ""
    period: str = ""
    size: int = 0
    seed: int = 0
    least: int = 0
    strata: dict[str, list[int]] | None = None  # township code → [size of the frame, answers aimed at]


@dataclass(frozen=True)
class CaseDrawn(Event):
    """The next place of a township's list was given to an interviewer to call."""

    stratum: str = ""
    turn: int = 0


@dataclass(frozen=True)
class AttemptRecorded(Event):
    """What came of an attempt; of one that was answered, that it was, and never what was said."""

    stratum: str = ""
    channel: str = ""
    outcome: str = ""


@dataclass(frozen=True)
class AnswersImported(Event):
    """The third party's file was taken in: how many answers, in how many townships."""

    added: int = 0
    same: int = 0
    strata: int = 0


@dataclass(frozen=True)
class CodesIssued(Event):
    """One-time codes were made to be sent out; how many for each township. The codes themselves are not kept."""

    strata: dict[str, int] | None = None


@dataclass(frozen=True)
class RoundClosed(Event):
    """A round ended: its figures were reckoned, its codes and blind marks erased.

    `digest` is over all answers, so that one changed later would show.
    """

    answers: int = 0
    digest: str = ""


@dataclass(frozen=True)
class RoundPublished(Event):
    """The figures of a closed round may be read by everybody."""

    digest: str = ""
