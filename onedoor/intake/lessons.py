"""What the door may learn from: closed matters with the category they ended with, and open ones that were corrected.

Left out: matters whose words were erased, filings joined to another (nobody looked at their own category), matters that
a resident asked to keep confidential, what a visit found (its checklist words and names it), and those that ended with
a unit that does not answer for their category, which was then handed on without being corrected. Categories that are
confidential by their nature stay in: without them exactly those matters would go to the wrong door, and a model keeps
weights of pieces of words, never a text.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from zlib import crc32

from django.db.models import Q, QuerySet

from onedoor.city.queries import Directory, directory
from onedoor.kernel.models import Entry
from onedoor.matters.models import Matter
from onedoor.matters.queries import at_the_door

NEWEST = 30_000  # closed matters that are looked at
HELD_OUT = 8  # one matter in so many is never learned from, but measured on
FIELDS = ("number", "title", "detail", "category_id", "unit_id", "division_id", "redirected", "is_open")
JUDGED = ("joined", "separated", "told_apart")  # entries by which a pair was judged
CLOSED, CORRECTED = Q(is_open=False), Q(redirected__gt=0, category_sure=True)


@dataclass(frozen=True)
class Lesson:
    """A text and the category it ended with. Nothing of who told it."""

    number: str
    title: str
    detail: str
    code: str
    corrected: bool  # somebody corrected where it was sent first
    closed: bool

    @property
    def kept_back(self) -> bool:
        """Whether it is never learned from: by its number alone, so that every version is measured on the same."""
        return crc32(self.number.encode()) % HELD_OUT == 0


def settled() -> QuerySet[Matter]:
    """The matters that may be learned from, the newest first."""
    rows = Matter.objects.filter(CLOSED | CORRECTED, erased_at=None, master=None, finding=None)
    return rows.filter(Q(confidential=False) | Q(category__confidential=True)).order_by("-pk")


def lessons(most: int = NEWEST) -> list[Lesson]:
    """The newest lessons, the oldest of them first: of what may come in by the door, not of what staff open."""
    found = directory()
    filed = {category.pk for category in found.categories.values() if at_the_door(category)}
    rows = settled().values_list(*FIELDS)[:most]
    made = (_lesson(found, filed, *row) for row in rows.iterator(chunk_size=2000))
    return [lesson for lesson in made if lesson is not None][::-1]


def _lesson(
    found: Directory, filed: Collection[int], number: str, title: str, detail: str, category_id: int,
    unit_id: int, division_id: int, redirected: int, is_open: bool,
) -> Lesson | None:  # fmt: skip
    category, unit = found.category_by_id.get(category_id), found.units.get(unit_id)
    if category is None or unit is None or category_id not in filed:
        return None
    if unit.kind not in category.competent and unit not in found.competent(category, division_id):
        return None
    return Lesson(number, title, detail, category.code, bool(redirected), not is_open)


@dataclass(frozen=True)
class Pair:
    """Two filings that somebody compared, by their numbers."""

    number: str
    other: str
    same: bool


def pairs() -> Iterable[Pair]:
    """What clerks said of filings that looked alike, in the order in which they said it; the last word counts."""
    said: dict[frozenset[str], Pair] = {}
    rows = Entry.objects.filter(kind__in=JUDGED).order_by("pk")
    for stream, kind, body in rows.values_list("stream", "kind", "body").iterator(chunk_size=2000):
        number, other = stream.removeprefix("matter/"), body.get("master") or body["number"]
        said[frozenset((number, other))] = Pair(number, other, kind == "joined")
    return said.values()
