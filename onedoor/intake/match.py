"""Whether two filings may be about the same matter: near in place, near in time, alike in words. Pure.

likeness = Dice coefficient of the sets of character pairs of title and body
score    = 0.6 · likeness + 0.25 · nearness + 0.1 · same category + 0.05 · recency, each between 0 and 1
nearness = 1 at the same point, falling linearly to 0 at the city's match distance; 0.5 for the same grid, no points
The clerk, or the resident, decides; a score only orders the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_320.0
READ = 200  # characters of the body that are compared
WORTH_SHOWING = 0.3


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


@dataclass(frozen=True)
class Alike:
    """A filing that may be the same, how alike, and why."""

    number: str
    score: float
    metres: int | None
    likeness: float
    why: dict[str, str]


def pairs(filed: Filed) -> frozenset[str]:
    """The character pairs of the title and the beginning of the body."""
    return frozenset(map("".join, pairwise(f"{filed.title} {filed.detail[:READ]}")))


def dice(a: frozenset[str], b: frozenset[str]) -> float:
    """2·|a ∩ b| / (|a| + |b|); 0 when both are empty."""
    total = len(a) + len(b)
    return 2 * len(a & b) / total if total else 0.0


def metres(a: Filed, b: Filed) -> float | None:
    """The distance on the ground, by the plane that touches at `a`; None without two points."""
    if a.lon is None or a.lat is None or b.lon is None or b.lat is None:
        return None
    east = (a.lon - b.lon) * cos(radians(a.lat))
    return hypot(east, a.lat - b.lat) * METRES_PER_DEGREE


def alike(new: Filed, others: list[Filed], *, within: float, days: float, most: int = 8) -> list[Alike]:
    """The filings among `others` that may be the same as `new`, best first."""
    own = pairs(new)
    compared = (_compare(new, own, other, within, days) for other in others)
    return sorted(filter(None, compared), key=lambda item: (-item.score, item.number))[:most]


def _compare(new: Filed, own: frozenset[str], other: Filed, within: float, days: float) -> Alike | None:
    """How alike two filings are; None where that is not worth showing."""
    distance = metres(new, other)
    likeness = dice(own, pairs(other))
    near = (
        max(0.0, 1 - distance / within)
        if distance is not None
        else 0.5 * (new.division_id == other.division_id)
    )
    recent = max(0.0, 1 - other.days_ago / days)
    score = 0.6 * likeness + 0.25 * near + 0.1 * (new.category == other.category) + 0.05 * recent
    if round(score, 4) < WORTH_SHOWING:
        return None
    return Alike(
        other.number, round(score, 4), None if distance is None else round(distance), round(likeness, 4),
        _why(distance, likeness, other.days_ago),
    )  # fmt: skip


def _why(distance: float | None, likeness: float, days_ago: float) -> dict[str, str]:
    zh = [f"文字相近 {likeness:.0%}", f"{days_ago:.0f} 天前"]
    en = [f"words alike {likeness:.0%}", f"{days_ago:.0f} days ago"]
    if distance is not None:
        zh.insert(0, f"相距 {distance:.0f} 米")
        en.insert(0, f"{distance:.0f} m apart")
    return {"zh": "，".join(zh), "en": ", ".join(en)}
