"""How a synthetic city grows from its shape file: outline, then level by level down to grids that tile it.

1. An uneven outline is drawn; the areas of the first level are cut around the middles the file gives.
2. Level by level every division is cut into its children (`city.grids.subdivide`), denser towards its middle
   where the file says so. How many children of which kind it gets is shared out from the area's totals.
3. The grids' borders are made to agree corner by corner and rounded to seven decimals; every division above
   is the union of its grids, so that parents and children cannot disagree.
4. Codes are composed by the level's rule, running numbers west to east and north to south within the parent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from math import cos, radians, sqrt
from typing import TypeVar

import numpy as np
import shapely
from shapely.geometry import Polygon

from onedoor.city.grids import (
    Floats,
    Land,
    Weight,
    merged,
    reading_order,
    roughened,
    share_vertices,
    subdivide,
)
from onedoor.simulation.names import Names, numeral, stem
from onedoor.simulation.shape import Area, CityShape, Kind, Layer

DETAIL = 0.0025  # degrees, about 250 m: borders bend down to this length
SUFFIXES = ("街道", "社区", "片区", "市", "区", "县", "镇", "乡", "村")
Counts = dict[str, int]
Item = TypeVar("Item")


@dataclass
class Plot:
    """A division while it grows."""

    level: str
    kind: str
    land: Land
    middle: tuple[float, float]
    parent: Plot | None = None
    children: list[Plot] = field(default_factory=list)
    code: str = ""
    name: str = ""
    subject: str = ""
    own_households: int = 0

    @property
    def households(self) -> int:
        """Households of a grid, or of all grids below."""
        return self.own_households + sum(child.households for child in self.children)

    def walk(self) -> Iterator[Plot]:
        """This plot and everything below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def leaves(self) -> list[Plot]:
        """The grids below."""
        return [plot for plot in self.walk() if not plot.children]


def grow(shape: CityShape) -> Plot:
    """The whole city as a tree of plots with codes, names and land. ValueError if the counts cannot fit."""
    rng = np.random.default_rng(shape.seed)
    top = _top(shape, rng)
    for area, plot in zip(shape.areas, top.children, strict=True):
        _fill(plot, area, shape.layers, rng)
    _settle_borders(top)
    _number(top, shape.layers)
    _people(top, shape.layers, rng)
    _name(top, shape)
    return top


def _top(shape: CityShape, rng: np.random.Generator) -> Plot:
    outline = _outline(shape, rng)
    (west, south), (width, height) = shape.land.origin, shape.land.extent
    middles = [
        _inside(outline, west + area.at[0] * width, south + area.at[1] * height) for area in shape.areas
    ]
    pieces = subdivide(outline, len(middles), shape.seed, sites=middles, detail=DETAIL)
    first, second = (level.key for level in shape.profile.levels[:2])
    city = shape.city
    centre = outline.centroid
    top = Plot(first, "city", outline, (centre.x, centre.y), code=city.code, name=city.name)
    top.children = [
        Plot(second, area.kind, piece, middle, top, code=area.code, name=area.name)
        for area, piece, middle in zip(shape.areas, pieces, middles, strict=True)
    ]
    return top


def _inside(outline: Polygon, lon: float, lat: float) -> tuple[float, float]:
    """The point, moved towards the middle of the outline until it lies inside."""
    centre = outline.representative_point()
    while not outline.contains(shapely.Point(lon, lat)):
        lon, lat = lon + 0.1 * (centre.x - lon), lat + 0.1 * (centre.y - lat)
    return lon, lat


def _outline(shape: CityShape, rng: np.random.Generator) -> Polygon:
    """A closed crooked line of a few large waves that fills the extent: no city is an ellipse."""
    angle = np.linspace(0, 2 * np.pi, 37)
    radius = np.ones_like(angle)
    for wave in range(2, 8):
        radius += shape.land.wobble / wave * rng.normal() * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
    around = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    around[-1] = around[0]
    low, high = around.min(axis=0), around.max(axis=0)
    corners = np.array(shape.land.origin) + (around - low) / (high - low) * np.array(shape.land.extent)
    stretches = [roughened(a, b, DETAIL, rng)[:-1] for a, b in pairwise(corners)]
    return Polygon([point for stretch in stretches for point in stretch])


def _fill(plot: Plot, area: Area, layers: dict[str, Layer], rng: np.random.Generator) -> None:
    parents = [plot]
    for level, counts in area.counts.items():
        layer = layers[level]
        for parent, wanted in zip(parents, share_out(parents, counts, layer, rng), strict=True):
            _cut(parent, level, layer, wanted, rng)
        parents = [child for parent in parents for child in parent.children]


def share_out(parents: list[Plot], counts: Counts, layer: Layer, rng: np.random.Generator) -> list[Counts]:
    """How many children of each kind every parent gets; the sums are exactly `counts`.

    Every parent that may hold a kind gets at least one of it, scattered kinds excepted. Raises ValueError
    where there are fewer than that, or where a parent would have no child at all.
    """
    result: list[Counts] = [{} for _ in parents]
    for key, total in counts.items():
        kind = layer.kinds[key]
        weights = np.array([kind.within.get(parent.kind, 0) if kind.within else 1.0 for parent in parents])
        floor = np.zeros(len(parents), int) if kind.scattered else (weights > 0).astype(int)
        if floor.sum() > total or not weights.any():
            raise ValueError(f"{total} of kind {key} are too few for {int(floor.sum())} parents")
        weights = weights * rng.uniform(0.6, 1.4, len(parents))
        for got, number in zip(result, floor + _rounded(weights, total - int(floor.sum())), strict=True):
            got[key] = int(number)
    if not all(sum(got.values()) for got in result):
        raise ValueError(f"a parent would have no child among {', '.join(counts)}")
    return result


def _rounded(weights: Floats, total: int) -> np.ndarray:
    """Whole numbers in the proportion of the weights that add up to the total (largest remainders)."""
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _cut(parent: Plot, level: str, layer: Layer, wanted: Counts, rng: np.random.Generator) -> None:
    seed = int(rng.integers(2**63))
    count = sum(wanted.values())
    detail = min(DETAIL, sqrt(parent.land.area / count) / 4)
    pieces = subdivide(
        parent.land, count, seed, weight=_denser_in_the_middle(parent, layer.focus), detail=detail
    )
    for piece, kind in zip(pieces, _kinds(parent, pieces, layer, wanted, rng), strict=True):
        inside = piece.representative_point()
        parent.children.append(Plot(level, kind, piece, (inside.x, inside.y), parent))


def _denser_in_the_middle(parent: Plot, focus: float) -> Weight:
    lon, lat = parent.middle
    squeeze = cos(radians(lat))
    core = sqrt(parent.land.area * squeeze) * 0.12

    def weight(lons: Floats, lats: Floats) -> Floats:
        away = ((lons - lon) * squeeze) ** 2 + (lats - lat) ** 2
        return 1 + focus * 300 / (1 + away / core**2) ** 1.5

    return weight


def _kinds(
    parent: Plot, pieces: list[Land], layer: Layer, wanted: Counts, rng: np.random.Generator
) -> list[str]:
    """The kind of every piece: scattered kinds anywhere, the others from the middle outwards."""
    kinds = [""] * len(pieces)
    scattered = [key for key in wanted for _ in range(wanted[key]) if layer.kinds[key].scattered]
    for place, key in zip(rng.permutation(len(pieces)), scattered, strict=False):
        kinds[place] = key
    centres = shapely.get_coordinates(shapely.centroid(np.array(pieces, dtype=object)))
    away = ((centres - np.array(parent.middle)) ** 2).sum(axis=1)
    outwards = [int(place) for place in np.argsort(away, kind="stable") if not kinds[place]]
    others = [key for key in layer.kinds for _ in range(wanted.get(key, 0)) if not layer.kinds[key].scattered]
    for place, key in zip(outwards, others, strict=True):
        kinds[place] = key
    return kinds


def _settle_borders(top: Plot) -> None:
    leaves = top.leaves()
    for leaf, land in zip(leaves, share_vertices([leaf.land for leaf in leaves]), strict=True):
        leaf.land = land
    for plot in reversed(list(top.walk())):
        if plot.children:
            plot.land = merged([child.land for child in plot.children])


def _number(top: Plot, layers: dict[str, Layer]) -> None:
    """Codes for every level whose layer has a rule; the others came with the shape file."""
    for plot in top.walk():
        if not plot.children or not layers[plot.children[0].level].code:
            continue
        layer = layers[plot.children[0].level]
        plot.children = [plot.children[i] for i in reading_order([child.land for child in plot.children])]
        last: Counts = {}
        for child in plot.children:
            series = child.kind if layer.kinds[child.kind].start else ""
            last[series] = last.get(series, (layer.kinds[child.kind].start or 1) - 1) + 1
            child.code = layer.code.format(parent=plot.code, n=last[series])
        plot.children.sort(key=lambda child: child.code)


def _people(top: Plot, layers: dict[str, Layer], rng: np.random.Generator) -> None:
    for leaf in top.leaves():
        low, high = layers[leaf.level].kinds[leaf.kind].households
        leaf.own_households = int(rng.integers(low, high + 1))
        subjects = layers[leaf.level].kinds[leaf.kind].subjects
        leaf.subject = subjects[int(rng.integers(len(subjects)))] if subjects else ""


def _name(top: Plot, shape: CityShape) -> None:
    names = Names(shape.seed)
    for plot in top.walk():
        taken: set[str] = set()
        for child in plot.children:
            kind = shape.layers[child.level].kinds[child.kind]
            child.name = child.name or _own_name(child, kind, names, taken)
            taken.add(child.name)


def _own_name(plot: Plot, kind: Kind, names: Names, taken: set[str]) -> str:
    if kind.names:
        return next(name for _ in range(9) for name in names.draw(kind.names, 1) if name not in taken)
    assert plot.parent is not None
    place = stem(plot.parent.name, SUFFIXES)
    if plot.subject:
        others = sum(name.startswith(f"{place}{plot.subject}") for name in taken)
        return f"{place}{plot.subject}{numeral(others + 1) if others else ''}专属网格"
    return f"{place}第{numeral(sum('专属' not in name for name in taken) + 1)}网格"
