"""Which filings may be about the same matter as a new one, best first, and why. Pure.

The probability is that of `triage.pairs`. The clerk, or the resident, decides; a probability only orders the list, and
keeps off it what is hardly the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from onedoor.triage.pairs import METRES_PER_DEGREE, Model, Rarity, Text, compare
from onedoor.triage.pairs import Filed as Compared

__all__ = ["METRES_PER_DEGREE", "Alike", "Filed", "alike"]

WORTH_SHOWING = 0.2  # probability; below, four of five would be shown in vain
MOST = 8
REPEATED = "repeated"  # stands for one reporter, whoever it is, while two filings are compared


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


def alike(
    new: Filed, others: Iterable[Filed], model: Model, rarity: Rarity, *, within: float,
    same_reporter: Collection[str] = (),
) -> list[Alike]:  # fmt: skip
    """The filings among `others` that may be the same as `new`, best first; at most eight.

    `same_reporter`: the numbers of those that the reporter of `new` made herself, as far as that may be asked.
    """
    own = text(new, repeated=True)
    read = ((other, text(other, repeated=other.number in same_reporter)) for other in others)
    found = (_compared(own, other.number, held, model, rarity, within) for other, held in read)
    return sorted(filter(None, found), key=lambda item: (-item.score, item.number))[:MOST]


def text(filed: Filed, *, repeated: bool = False) -> Text:
    """A filing read for comparing; two that are both `repeated` come from the same reporter."""
    return Text(replace(filed.compared, reporter=REPEATED if repeated else ""))


def _compared(
    own: Text, number: str, other: Text, model: Model, rarity: Rarity, within: float
) -> Alike | None:
    """How alike two filings are; None where that is not worth showing."""
    found = compare(own, other, rarity, within)
    score = round(model.probability(found), 4)
    if score < WORTH_SHOWING:
        return None
    return Alike(number, score, None if found.metres is None else round(found.metres), model.why(found))
