"""What the door holds in memory (places, categories), and what it looks up (filings alike)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import TypeVar

from onedoor.city.models import Boundary
from onedoor.city.queries import Directory, directory
from onedoor.city.tree import Node, Tree, tree
from onedoor.intake.classify import Catalogue, Classifier
from onedoor.intake.gazetteer import Gazetteer, Place
from onedoor.intake.held import held as memory
from onedoor.intake.locate import GridIndex
from onedoor.intake.match import Alike, Filed, alike, text
from onedoor.intake.models import IN_USE, TrainedModel
from onedoor.kernel import time
from onedoor.kernel.statements import Columns
from onedoor.matters.models import Matter, Party
from onedoor.matters.queries import at_the_door
from onedoor.matters.rows import EVERYTHING, Rows
from onedoor.triage import tree as choices
from onedoor.triage.candidates import Near
from onedoor.triage.pairs import Compared, Model, compare

logger = logging.getLogger(__name__)
Learned = TypeVar("Learned")

CATEGORY, SAME = "category", "same"
LOOK_EVERY = 2.0  # seconds between two looks at which versions are in use
FOUND, COMPARED = 60, 15  # filings found in memory, of each sort; those of them that are compared


@dataclass
class Door:
    """The indexes of one snapshot of the city."""

    places: Tree
    directory: Directory
    grids: GridIndex
    gazetteer: Gazetteer
    catalogue: Catalogue
    words: Classifier  # the catalogue's words, which need no example
    classifier: Classifier  # what suggests: the version that learned, where one is in use
    version: int = 0  # the number of that version; 0 for the catalogue's words alone
    same: Model = field(default_factory=Model)  # what says whether two filings are one matter
    same_version: int = 0  # its number; 0 for the weights set by hand

    @cached_property
    def wider(self) -> list[GridIndex]:
        """The outlines of larger divisions, the smallest level first: for points in no grid."""
        levels = [level.key for level in self.places.profile.levels if level.key != deepest(self.places)]
        found = [_outlines(level) for level in reversed(levels[1:])]
        return [index for index in found if len(index)]

    def at(self, lon: float, lat: float) -> tuple[Node, int] | None:
        """The smallest division around a point, and 0 if it is a grid; None outside the city."""
        for width, index in enumerate((self.grids, *self.wider)):
            if (found := index.locate(lon, lat)) is not None:
                return self.places.by_code[found.code], width
        return None

    def keep_up(self) -> None:
        """Takes up the versions in use, where others are in use now."""
        numbers = dict(TrainedModel.objects.filter(state=IN_USE).values_list("kind", "number"))
        if (number := numbers.get(CATEGORY, 0)) != self.version:
            self.classifier, self.version = _read(CATEGORY, number, self.catalogue.read, self.words), number
        if (number := numbers.get(SAME, 0)) != self.same_version:
            self.same, self.same_version = _read(SAME, number, Model.from_bytes, Model()), number


def _read(kind: str, number: int, read: Callable[[bytes], Learned], otherwise: Learned) -> Learned:
    """What a version learned; what needs no learning where there is none, or where it cannot be read."""
    if number == 0:
        return otherwise
    body = TrainedModel.objects.values_list("body", flat=True).get(kind=kind, number=number)
    try:
        return read(bytes(body))
    except ValueError:
        logger.exception("version %s of %s cannot be read; what needs no learning is used", number, kind)
        return otherwise


_held: dict[str, Door] = {}
_looked: dict[str, float] = {}  # when it was last asked which version is in use, by the machine's own clock


def door() -> Door:
    """The current indexes; rebuilt whenever the city's snapshot is."""
    places = tree()
    held = _held.get("door")
    if held is None or held.places is not places:
        held = _held["door"] = _open(places)
        look_again()
    if monotonic() - _looked.get("at", -LOOK_EVERY) >= LOOK_EVERY:
        held.keep_up()
        _looked["at"] = monotonic()
    return held


def look_again() -> None:
    """Asks anew, at the next filing, which version is in use: after a change in this process."""
    _looked.clear()


def classifier_in_use() -> tuple[Classifier, int]:
    """What suggests categories now, and the number of its version."""
    look_again()
    held = door()
    return held.classifier, held.version


def _open(places: Tree) -> Door:
    found = directory()
    names = [
        Place(node.code, node.name, places.nodes[node.parent_id].code if node.parent_id else None, node.level)
        for node in places.nodes.values()
        if node.level != deepest(places)
    ]
    catalogue = _catalogue(found)
    words = catalogue.by_words()
    return Door(places, found, _outlines(deepest(places)), Gazetteer(names), catalogue, words, words)


def deepest(places: Tree) -> str:
    """The level of the grids; in a city that has none, the lowest level."""
    return (places.profile.level("grid") or places.profile.levels[-1]).key


def _outlines(level: str) -> GridIndex:
    rows = Boundary.objects.filter(valid_to=None, division__level=level, division__valid_to=None)
    return GridIndex({code: bytes(wkb) for code, wkb in rows.values_list("division__code", "wkb")})


def _catalogue(found: Directory) -> Catalogue:
    above = {category.pk: category.code for category in found.categories.values()}
    return Catalogue(
        tuple(
            choices.Node(
                c.code, above.get(c.parent_id or 0, ""), c.title["zh"], tuple(c.words), at_the_door(c)
            )
            for c in found.categories.values()
        )
    )


FILED = ("number", "title", "detail", "category_id", "division_id", "lon", "lat", "opened_at")

LATELY = "is_open AND NOT confidential AND erased_at IS NULL AND opened_at >= %s AND number <> %s"
AMONG = Columns(Matter, FILED, f"{LATELY} AND number IN ({', '.join(['%s'] * 2 * FOUND)})")


def as_filed(number: str, title: str, detail: str, category_id: int, division_id: int, lon: float | None,
             lat: float | None, opened_at: datetime) -> Filed:  # fmt: skip
    """A matter's columns (`FILED`) as matching looks at them."""
    category = directory().category_by_id.get(category_id)
    age = max(0.0, (time.now() - opened_at) / timedelta(days=1))
    code = category.code if category else ""
    return Filed(number, title, detail, code, division_id, lon, lat, age, _path(division_id))


def _path(division_id: int) -> tuple[int, ...]:
    node = tree().nodes.get(division_id)
    return node.path if node else ()


def nearby(new: Filed, seen: Rows = EVERYTHING, *, to_staff: bool = False) -> list[Alike]:
    """Open matters of the last weeks that may be the same as `new`, among those that may be seen.

    Only staff are told, and have it weighed, that two come from the same reporter: whoever files under another's number
    would learn from it what she said before. Where it has a point: those within the city's distance, and by their words
    those of which no point is known. Without a point its words alone find them, wherever they lie.
    """
    profile, new = tree().profile, replace(new, path=_path(new.division_id))
    index, within = memory().catch_up(), float(profile.match_metres)
    found = index.nearest(new.compared, FOUND, within)
    if not found:
        return []
    numbers = [near.number for near in found]
    since = time.now() - timedelta(days=profile.match_days)
    rows = AMONG(since, new.number, *numbers, *[""] * (2 * FOUND - len(numbers)), also=seen.where())
    others = {row[0]: as_filed(*row) for row in rows}
    likely = _likeliest(found, others)
    repeated = same_reporter(new.number, [other.number for other in likely]) if to_staff else frozenset[str]()
    return alike(new, likely, door().same, index.rarity, within=within, same_reporter=repeated)


def _likeliest(found: list[Near], others: dict[str, Filed]) -> list[Filed]:
    """Of the filings that may be seen, the first few beside the new one and the first few by words."""
    there = [near for near in found if near.number in others]
    beside = [near for near in there if near.metres is not None][:COMPARED]
    by_words = [near for near in there if near.metres is None][:COMPARED]
    return [others[near.number] for near in beside + by_words]


def same_reporter(number: str, others: Iterable[str]) -> frozenset[str]:
    """Those of other open matters whose reporter left the same contact as that of an open matter; for staff alone.

    Compared are blind tokens, here and now: what is found is kept nowhere. Who asked to be kept confidential is
    compared with nobody.
    """
    asked = {number, *others} if number else set[str]()
    rows = Party.objects.filter(
        matter__number__in=asked, matter__is_open=True, matter__confidential=False, role="reporter",
        confidential=False,
    ).exclude(contact_token="")  # fmt: skip
    tokens = list(rows.values_list("matter__number", "contact_token"))
    own = {token for held, token in tokens if held == number}
    return frozenset(held for held, token in tokens if token in own) - {number}


def likeness(one: Filed, other: Filed) -> tuple[Compared, float]:
    """Two filings side by side for staff, and how probable it is that they are one matter."""
    rarity, within = memory().catch_up().rarity, float(tree().profile.match_metres)
    repeated = other.number in same_reporter(one.number, [other.number])
    found = compare(text(one, repeated=True), text(other, repeated=repeated), rarity, within)
    return found, door().same.probability(found)
