"""Grids where nobody has surveyed any: computed inside every village, and villages and townships cut as well where the
city has no outlines of them.

What is computed is provisional through and through, and marked so: the divisions' grids, and the outlines of places
that had none. Where a real place was given a computed cell, *which* cell is only the order of the codes: the counts are
right, the map is not. A survey replaces all of it (`load grids FILE`, `load boundaries FILE`).

From each county with an outline, downwards: a place with surveyed grids is left alone; places without an outline share
what their parent's outline leaves, in cells of equal land, in reading order; a place with nothing below it but grids is
cut into grids, one for every 400 households, or as many as asked for where households are not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from zlib import crc32

import shapely

from onedoor.city import actions
from onedoor.city.actions import GridRow
from onedoor.city.grids import HOUSEHOLDS_PER_GRID, Land, grids_within, subdivide
from onedoor.city.models import Boundary, Division
from onedoor.city.rows import BoundaryRow, DivisionRow
from onedoor.city.rules import CityProfile
from onedoor.city.tree import tree
from onedoor.kernel.actor import Actor

SOURCE = "计算生成，未测绘 · computed, not surveyed"
PER_PLACE = 2  # grids of a place whose households are not known
STATISTICAL = "statistical"  # units that exist for statistics have no land of their own
LEAST = 1e-9  # square degrees, about 10 m²: what is left of a parent's land is a sliver below this

_COMMITTEE = re.compile(r"(居民委员会|居委会)$")
_VILLAGE = re.compile(r"(民委员会|委会)$")


@dataclass
class Computed:
    """What was computed, and for which places it could not be."""

    cells: dict[str, int] = field(default_factory=dict)  # level → places that were given a cell
    grids: int = 0
    kept: int = 0  # places whose grids were there already
    landless: list[str] = field(default_factory=list)  # names of places without an outline to cut
    clashing: list[str] = field(
        default_factory=list
    )  # grids not taken: their land has a surveyed grid already


def compute_grids(
    actor: Actor,
    *,
    per_place: int = PER_PLACE,
    total: int | None = None,
    advance: Callable[[int], None] = lambda _: None,
) -> Computed:
    """Computes grids for every place that has none. Doing it again changes nothing.

    `total` is how many grids there should be in all; it overrides `per_place`. Raises NotAllowed, NoCity.
    """
    work = _Work(tree().profile)
    for county in work.counties():
        work.fill(county, work.free(county))
    made = work.made
    grids = list(work.grids(per_place, total, advance))
    if work.cells:
        actions.take_boundaries(actor, work.cells).all_or_raise()
    if grids:
        taken = actions.take_grids(actor, grids)
        made.grids = taken.added
        made.clashing = [grids[index].division.name for index in taken.refused]
    return made


class _Work:
    """The standing tree with its outlines, and what is to be added."""

    def __init__(self, profile: CityProfile) -> None:
        self.profile, self.made = profile, Computed()
        self.deepest = profile.levels[-1].key
        self.all = list(Division.objects.filter(valid_to=None).order_by("code"))
        self.children: dict[int | None, list[Division]] = {}
        for division in self.all:
            self.children.setdefault(division.parent_id, []).append(division)
        self.made.kept = sum(below[0].level == self.deepest for below in self.children.values())
        rows = Boundary.objects.filter(valid_to=None, division__valid_to=None).values_list(
            "division_id", "wkb"
        )
        self.lands: dict[int, Land] = {pk: shapely.from_wkb(bytes(wkb)) for pk, wkb in rows}
        self.cells: list[BoundaryRow] = []
        self.leaves: list[tuple[Division, Land]] = []

    def counties(self) -> list[Division]:
        """The divisions from which cutting begins."""
        level = self.profile.level("county")
        key = level.key if level else self.profile.levels[0].key
        return [division for below in self.children.values() for division in below if division.level == key]

    def free(self, county: Division) -> Land | None:
        """The land of a county that no grid has yet: those of a neighbour may reach over a border drawn elsewhere."""
        land = self.lands.get(county.pk)
        if land is None:
            return None
        grids = [self.lands[d.pk] for d in self.all if d.level == self.deepest and d.pk in self.lands]
        near = [grid for grid in grids if grid.intersects(land)]
        return _solid(land.difference(shapely.union_all(near))) if near else land

    def lacks_grids(self, place: Division) -> bool:
        """Whether some place here has nothing below it, not even grids."""
        below = self.children.get(place.pk, [])
        return not below or any(child.level != self.deepest and self.lacks_grids(child) for child in below)

    def fill(self, place: Division, land: Land | None) -> None:
        """Finds the places below that are to be cut into grids, giving cells to those that have no outline."""
        below = self.children.get(place.pk, [])
        grids = [child for child in below if child.level == self.deepest]
        places = [child for child in below if child.level != self.deepest]
        if grids:
            return
        if land is None or land.area < LEAST:
            self.made.landless += [place.name] if self.lacks_grids(place) else []
        elif places:
            self._share(places, land)
            for child in places:
                if child.kind != STATISTICAL:
                    self.fill(child, self.lands.get(child.pk))
        else:
            self.leaves.append((place, land))

    def _share(self, places: list[Division], land: Land) -> None:
        """Cuts what no outlined child has among the children without an outline."""
        without = [child for child in places if self._is_to_share(child)]
        if not without:
            return
        taken = [self.lands[child.pk] for child in places if child.pk in self.lands]
        rest = _solid(land.difference(shapely.union_all(taken)) if taken else land)
        if rest.area < LEAST:
            return
        pieces = subdivide(rest, len(without), crc32(without[0].code.encode()))
        for child, piece in zip(without, pieces, strict=True):
            self.lands[child.pk] = piece
            self.cells.append(BoundaryRow(child.code, piece, SOURCE, "wgs84", provisional=True))
            self.made.cells[child.level] = self.made.cells.get(child.level, 0) + 1

    def _is_to_share(self, place: Division) -> bool:
        if place.pk in self.lands or place.kind == STATISTICAL:
            return False
        return all(child.level != self.deepest for child in self.children.get(place.pk, []))

    def grids(self, per_place: int, total: int | None, advance: Callable[[int], None]) -> Iterator[GridRow]:
        """The grids of every place that is to be cut."""
        for (place, land), count in zip(self.leaves, self._counts(per_place, total), strict=True):
            made = grids_within(
                land, parent_code=place.code, households=place.households, count=count,
                seed=crc32(place.code.encode()), code_rule=self.profile.grid_code,
            )  # fmt: skip
            for grid in made:
                row = DivisionRow(
                    grid.code, f"{short(place.name)}第{grid.number}网格", self.deepest, place.code,
                    households=grid.households, provisional=True,
                )  # fmt: skip
                yield GridRow(row, BoundaryRow(grid.code, grid.polygon, SOURCE, "wgs84", provisional=True))
            advance(1)

    def _counts(self, per_place: int, total: int | None) -> list[int]:
        """How many grids each place gets: by households, else the same number each; what `total` leaves over goes to
        the first places in the order of codes."""
        known = [
            max(1, round(p.households / HOUSEHOLDS_PER_GRID)) if p.households else 0 for p, _ in self.leaves
        ]
        open_places = known.count(0)
        if total is None or not open_places:
            return [count or per_place for count in known]
        share, over = divmod(max(open_places, total - sum(known)), open_places)
        bonus = iter([1] * over + [0] * (open_places - over))
        return [count or share + next(bonus) for count in known]


def short(name: str) -> str:
    """西一巷社区居民委员会 → 西一巷社区; 岗坡村民委员会 and 岗坡村委会 → 岗坡村."""
    return _VILLAGE.sub("", _COMMITTEE.sub("", name)) or name


def _solid(land: Land) -> Land:
    """The polygons of what may hold lines and points as well."""
    parts = [part for part in shapely.get_parts(land) if part.geom_type == "Polygon"]
    return shapely.union_all(parts) if parts else shapely.Polygon()
