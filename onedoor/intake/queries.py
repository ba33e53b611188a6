"""What the door holds in memory (places, categories), and what it looks up (filings alike)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import cos, radians
from time import monotonic

from onedoor.city.models import Boundary, Category
from onedoor.city.queries import Directory, directory
from onedoor.city.tree import Node, Tree, tree
from onedoor.intake.classify import Catalogue, Classifier
from onedoor.intake.gazetteer import Gazetteer, Place
from onedoor.intake.locate import GridIndex
from onedoor.intake.match import METRES_PER_DEGREE, Alike, Filed, alike
from onedoor.intake.models import IN_USE, TrainedModel
from onedoor.kernel import time
from onedoor.kernel.statements import Columns
from onedoor.matters import procedures
from onedoor.matters.models import Matter
from onedoor.matters.rows import EVERYTHING, Rows
from onedoor.triage import tree as choices

logger = logging.getLogger(__name__)

CATEGORY = "category"
IN_USE_NOW = {"kind": CATEGORY, "state": IN_USE}
LOOK_EVERY = 2.0  # seconds between two looks at which version is in use
MOST_CANDIDATES = 40


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
        """Takes up the version in use, where another is in use now."""
        number = TrainedModel.objects.filter(**IN_USE_NOW).values_list("number", flat=True).first() or 0
        if number != self.version:
            self.classifier, self.version = self._learned(number), number

    def _learned(self, number: int) -> Classifier:
        """The classifier of a version; the catalogue's words where there is none, or where it cannot be read."""
        if number == 0:
            return self.words
        body = TrainedModel.objects.values_list("body", flat=True).get(kind=CATEGORY, number=number)
        try:
            return self.catalogue.read(bytes(body))
        except ValueError:
            logger.exception("version %s cannot be read; the catalogue's words are used", number)
            return self.words


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


def at_the_door(category: Category) -> bool:
    """Whether matters of a category may come in by the door; headings, and what staff open, may not."""
    if not category.procedure:
        return False
    return procedures.has_resident(procedures.compiled(procedures.current(category.procedure).pk))


FILED = ("number", "title", "detail", "category_id", "division_id", "lon", "lat", "opened_at")

LATELY = "is_open AND NOT confidential AND opened_at >= %s AND number <> %s"
THE_LATEST = f"opened_at DESC LIMIT {MOST_CANDIDATES}"
DESCENDANTS = "SELECT descendant_id FROM city_divisionclosure WHERE ancestor_id = %s"
IN_THE_BOX = Columns(
    Matter, FILED, f"lat BETWEEN %s AND %s AND lon BETWEEN %s AND %s AND {LATELY}", order=THE_LATEST
)
AT = Columns(Matter, FILED, f"division_id = %s AND {LATELY}", order=THE_LATEST)
BELOW = Columns(Matter, FILED, f"division_id IN ({DESCENDANTS}) AND {LATELY}", order=THE_LATEST)


def as_filed(number: str, title: str, detail: str, category_id: int, division_id: int, lon: float | None,
             lat: float | None, opened_at: datetime) -> Filed:  # fmt: skip
    """A matter's columns (`FILED`) as matching looks at them."""
    category = directory().category_by_id.get(category_id)
    age = max(0.0, (time.now() - opened_at) / timedelta(days=1))
    return Filed(number, title, detail, category.code if category else "", division_id, lon, lat, age)


def nearby(new: Filed, seen: Rows = EVERYTHING) -> list[Alike]:
    """Open matters of the last weeks that may be the same as `new`, among those that may be seen.

    Looked for around its point; without a point in the village or township it lies in; where no more is known than the
    county, or nothing, among those of which no more is known either.
    """
    profile = tree().profile
    since = time.now() - timedelta(days=profile.match_days)
    if box := _box(new, profile.match_metres):
        found = IN_THE_BOX(*box, since, new.number, also=seen.where())
    else:
        wide = tree().county(new.division_id).id == new.division_id
        found = (AT if wide else BELOW)(new.division_id, since, new.number, also=seen.where())
    within, days = float(profile.match_metres), float(profile.match_days)
    return alike(new, [as_filed(*row) for row in found], within=within, days=days)


def _box(new: Filed, metres: float) -> tuple[float, float, float, float] | None:
    """(south, north, west, east) around a point; without a point, what lies in the same division is looked at."""
    if new.lon is None or new.lat is None:
        return None
    tall = metres / METRES_PER_DEGREE
    wide = tall / max(0.1, cos(radians(new.lat)))
    return new.lat - tall, new.lat + tall, new.lon - wide, new.lon + wide
