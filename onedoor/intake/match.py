"""Which filings may be about the same matter as a new one, best first, and why. Pure.

The probability is that of `triage.pairs`. The clerk, or the resident, decides; a probability only orders the list, and
keeps off it what is hardly the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from onedoor.triage.pairs import METRES_PER_DEGREE, Model, Rarity, Text, compare
from onedoor.triage.pairs import Filed as Compared

__all__ = ["METRES_PER_DEGREE", "Alike", "Filed", "alike"]

WORTH_SHOWING = 0.2  # probability; below, four of five would be shown in vain
MOST = 8


@dataclass(frozen=True)
class Filed:
    """One filing, as far as matching looks at it. Who filed it is not part of it."""

    number: str
    title: str
    detail: str
    category: str
    division_id: int
    lon: float | None
    lat: float | None
    days_ago: float = 0.0
    path: tuple[int, ...] = ()  # divisions from the city down to where it lies

    @property
    def compared(self) -> Compared:
        """As it is compared."""
        return Compared(self.title, self.detail, -self.days_ago, self.category, self.path, self.lon, self.lat)


@dataclass(frozen=True)
class Alike:
    """A filing that may be the same, how probable that is, and why."""

    number: str
    score: float  # the probability that it is the same matter
    metres: int | None
    why: dict[str, str]


def alike(new: Filed, others: Iterable[Filed], model: Model, rarity: Rarity, *, within: float) -> list[Alike]:
    """The filings among `others` that may be the same as `new`, best first; at most eight."""
    own = Text(new.compared)
    found = (_compared(own, other, model, rarity, within) for other in others)
    return sorted(filter(None, found), key=lambda item: (-item.score, item.number))[:MOST]


def _compared(own: Text, other: Filed, model: Model, rarity: Rarity, within: float) -> Alike | None:
    """How alike two filings are; None where that is not worth showing."""
    found = compare(own, Text(other.compared), rarity, within)
    score = round(model.probability(found), 4)
    if score < WORTH_SHOWING:
        return None
    return Alike(other.number, score, None if found.metres is None else round(found.metres), model.why(found))
