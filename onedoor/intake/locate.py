"""From a point to the grid it lies in, in memory and in microseconds. Pure: no Django, no database.

(From words to a place: `gazetteer`, whose names are offered here as well.)

The grids' polygons are held in an STR-packed R-tree (shapely); a point is asked against the few whose rectangle
holds it. Measured on 2,309 grids this takes 7 µs a point and a second for a million points, so nothing cleverer
stands here (`benchmarks/locate.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import cos, isfinite, radians

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from onedoor.intake.gazetteer import Gazetteer, Named, Place

__all__ = ["Gazetteer", "GridIndex", "Located", "Named", "Nearest", "Place"]

METRES_PER_DEGREE = 111_195.0  # of a meridian, on a sphere of 6,371 km


@dataclass(frozen=True, slots=True)
class Located:
    """The grid a point lies in, and the other grids that touch the point where it lies on a border."""

    code: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The grid closest to a point and how far away its border is; 0 m for a point inside."""

    code: str
    metres: float


class GridIndex:
    """All grids of a city by place (WGS84). On a shared border, and where grids overlap, the smallest code wins."""

    def __init__(self, grids: Mapping[str, BaseGeometry | bytes]) -> None:
        """Takes code → polygon or its WKB. Raises ValueError for a WKB that cannot be read."""
        self.codes: tuple[str, ...] = tuple(sorted(grids))
        self._polygons = [_geometry(code, grids[code]) for code in self.codes]
        self._tree = shapely.STRtree(self._polygons)

    def __len__(self) -> int:
        return len(self.codes)

    def locate(self, lon: float, lat: float) -> Located | None:
        """The grid at a point in degrees; None outside all grids and for coordinates that are no numbers."""
        if not (isfinite(lon) and isfinite(lat)):
            return None
        hits = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        if len(hits) == 1:
            return Located(self.codes[hits[0]])
        if len(hits) == 0:
            return None
        first, *others = sorted(hits.tolist())
        return Located(self.codes[first], tuple(self.codes[i] for i in others))

    def locate_many(self, lons: ArrayLike, lats: ArrayLike) -> NDArray[np.intp]:
        """For every point the position of its grid in `codes`, -1 outside; the same answers as `locate`."""
        points = shapely.points(np.asarray(lons, dtype=float), np.asarray(lats, dtype=float))
        which, hits = self._tree.query(points, predicate="intersects")
        found = np.full(len(points), len(self.codes), dtype=np.intp)
        np.minimum.at(found, which, hits)
        found[found == len(self.codes)] = -1
        return found

    def nearest(self, lon: float, lat: float) -> Nearest | None:
        """The nearest grid of a point in degrees, and its distance; None where there are no grids."""
        if not self.codes or not (isfinite(lon) and isfinite(lat)):
            return None
        point = shapely.Point(lon * self._squeeze, lat)
        hits, distances = self._flat.query_nearest(point, return_distance=True)
        return Nearest(self.codes[min(hits.tolist())], float(distances[0]) * METRES_PER_DEGREE)

    @cached_property
    def _squeeze(self) -> float:
        _, south, _, north = shapely.total_bounds(self._polygons)
        return cos(radians((south + north) / 2))

    @cached_property
    def _flat(self) -> shapely.STRtree:
        """The polygons with degrees of longitude as long as degrees of latitude, so that distances are true."""
        return shapely.STRtree(shapely.transform(self._polygons, lambda xy: xy * (self._squeeze, 1.0)))


def _geometry(code: str, polygon: BaseGeometry | bytes) -> BaseGeometry:
    if isinstance(polygon, BaseGeometry):
        return polygon
    try:
        return shapely.from_wkb(bytes(polygon))
    except shapely.errors.ShapelyError as error:
        raise ValueError(f"the polygon of grid {code} cannot be read: {error}") from error
