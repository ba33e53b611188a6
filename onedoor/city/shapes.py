"""The outlines of places made small for maps: simplified once per revision of the city, kept in memory.

Neighbours are simplified together (as a coverage), so that they keep one border and no gap opens between them. Where
a level has no outlines of its own, a place is the union of the nearest outlines below it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from django.db.models import QuerySet
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from onedoor.city.models import Boundary
from onedoor.city.rules import Role
from onedoor.city.tree import Node, Tree, tree

FINE = (
    0.0006  # degrees; corners whose triangle is smaller than the square of this go (some 50 m on the ground)
)
GRAIN = 1e-5  # degrees; coordinates are rounded to this (about a metre)
ROLES: tuple[Role, ...] = ("county", "township", "village", "grid")


@dataclass(frozen=True, slots=True)
class Shape:
    """One place and its simplified outline, as the text of a GeoJSON geometry (WGS84)."""

    node: Node
    geometry: str


_held: dict[str, tuple[Tree, list[Shape]]] = {}


def shapes(role: Role) -> list[Shape]:
    """The places of the level that plays `role`, by code; empty where the city has no such level or no outlines."""
    places = tree()
    level = places.profile.level(role)
    if level is None:
        return []
    kept = _held.get(level.key)
    if kept is None or kept[0] is not places:
        kept = _held[level.key] = (places, _made(places, level.key))
    return kept[1]


def land(division_id: int) -> BaseGeometry | None:
    """The outline of one place as it was loaded; None where it has none."""
    held = (
        Boundary.objects.filter(division_id=division_id, valid_to=None).values_list("wkb", flat=True).first()
    )
    return shapely.from_wkb(bytes(held)) if held is not None else None


def _made(places: Tree, level: str) -> list[Shape]:
    nodes = sorted(
        (node for node in places.nodes.values() if node.level == level), key=lambda node: node.code
    )
    outlines = _outlines(places, nodes)
    found = [node for node in nodes if node.id in outlines]
    small = _simplified(np.array([outlines[node.id] for node in found], dtype=object))
    return [Shape(node, text) for node, text in zip(found, shapely.to_geojson(small), strict=True)]


def _outlines(places: Tree, nodes: Sequence[Node]) -> dict[int, BaseGeometry]:
    """Each place's own outline, else the union of the nearest ones below it. Two queries at most."""
    found = _read(Boundary.objects.filter(division_id__in=[node.id for node in nodes]))
    missing = [node.id for node in nodes if node.id not in found]
    if missing:
        every = _read(Boundary.objects.exclude(division_id__in=list(found)))
        united = {division: _united(places, division, every) for division in missing}
        found |= {division: outline for division, outline in united.items() if outline is not None}
    return found


def _united(places: Tree, division: int, every: Mapping[int, BaseGeometry]) -> BaseGeometry | None:
    if division in every:
        return every[division]
    below = [_united(places, child, every) for child in places.children.get(division, ())]
    parts = [part for part in below if part is not None]
    return shapely.union_all(parts) if parts else None


def _read(rows: QuerySet[Boundary]) -> dict[int, BaseGeometry]:
    pairs = list(rows.filter(valid_to=None).values_list("division_id", "wkb"))
    lands = shapely.from_wkb([bytes(wkb) for _, wkb in pairs])
    return {division: outline for (division, _), outline in zip(pairs, lands, strict=True)}


def _simplified(lands: NDArray[np.object_]) -> NDArray[np.object_]:
    if not len(lands):
        return lands
    if shapely.coverage_is_valid(lands):
        small = shapely.coverage_simplify(lands, FINE)
    else:  # outlines of different surveys overlap a little: each for itself
        small = shapely.simplify(lands, FINE / 4)
    return shapely.set_precision(small, GRAIN, mode="pointwise")
