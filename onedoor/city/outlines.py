"""Outlines of places: what is wrong with one, how large it is, which overlap, and whether the datum is what it says.

Areas are taken on the plane that touches the earth at the outline's middle: within some tenths of a percent for
anything up to the size of a city, which is what messages and tolerances need. Pure: no Django, no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from onedoor.kernel.datum import Datum, check_degrees, to_wgs84
from onedoor.kernel.problems import BadInput, FieldError

METRES_PER_DEGREE = 111_195.0  # of a meridian, on a sphere of 6,371 km
POLYGONS = ("Polygon", "MultiPolygon")
SLIVER = (
    0.01  # the share of the smaller place up to which an overlap comes from drawing, not from disagreement
)
OUTSIDE = 0.05  # the share of a grid that may lie outside its village: the outlines of two sources differ by 2 to 8 %
CANDIDATES = (Datum.WGS84, Datum.GCJ02, Datum.BD09)
MUCH_BETTER = 0.75  # another datum is suspected when it leaves less than this share of the misfit
WORTH_A_WORD = 0.004  # … and when the misfit it removes is more than this share of the area


def in_wgs84(land: BaseGeometry, datum: Datum) -> BaseGeometry:
    """The outline with its coordinates, given in `datum`, brought to WGS84; heights are dropped."""
    flat = shapely.force_2d(land)
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return flat
    return shapely.transform(
        flat, lambda xy: np.stack(to_wgs84(xy[:, 0].copy(), xy[:, 1].copy(), datum), axis=1)
    )


def faults(land: BaseGeometry) -> list[FieldError]:
    """What is wrong with one outline; nothing when it can be used."""
    if land.geom_type not in POLYGONS:
        return [
            _error(
                f"应为面（Polygon），现为 {land.geom_type}", f"must be a polygon, this is a {land.geom_type}"
            )
        ]
    if land.is_empty:
        return [_NO_AREA]
    west, south, east, north = land.bounds
    try:
        check_degrees(west, south, "geometry")
        check_degrees(east, north, "geometry")
    except BadInput as problem:
        return problem.errors
    if not land.is_valid:
        return [_crossing(land)]
    return [] if land.area > 0 else [_NO_AREA]


def _crossing(land: BaseGeometry) -> FieldError:
    where, better = explain_validity(land), mended(land)
    change = abs(better.area - land.area) / better.area if better.area else 1.0
    return _error(
        f"图形自相交或环不合法（{where}）。退回文件的 suggested 中有修正后的图形"
        f"（面积变化 {change:.2%}），核对后可用 --mend 导入",
        f"the outline crosses itself ({where}). The rejects file holds a mended outline as `suggested` "
        f"(area changes by {change:.2%}); look at it, then load with --mend",
    )


def _error(zh: str, en: str) -> FieldError:
    return FieldError("geometry", zh, en)


_NO_AREA = _error("没有面积，请重新绘制", "has no area; draw it again")


def mended(land: BaseGeometry) -> BaseGeometry:
    """A valid outline with the same corners: crossings become corners, and only areas are kept."""
    parts = shapely.get_parts(shapely.make_valid(land, method="structure", keep_collapsed=False))
    areas = [part for part in parts if part.geom_type in POLYGONS and part.area > 0]
    return shapely.union_all(areas) if areas else shapely.Polygon()


def square_metres(land: BaseGeometry) -> float:
    """The area on the ground."""
    if land.is_empty:
        return 0.0
    _, south, _, north = land.bounds
    return float(land.area) * METRES_PER_DEGREE**2 * cos(radians((south + north) / 2))


def square_metres_many(lands: NDArray[Any]) -> NDArray[np.float64]:
    """The areas on the ground of many outlines."""
    middle = shapely.bounds(lands)
    squeeze = np.cos(np.radians(np.nan_to_num((middle[:, 1] + middle[:, 3]) / 2)))
    return np.asarray(shapely.area(lands) * METRES_PER_DEGREE**2 * squeeze)


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two places that claim the same land: their positions, the area, and its share of the smaller one."""

    first: int
    second: int
    square_metres: float
    share: float


def overlaps(lands: Sequence[BaseGeometry]) -> list[Overlap]:
    """Every pair that shares land, `first` < `second`; the outlines must be valid. Touching is no overlap."""
    if len(lands) < 2:
        return []
    array = np.array(lands, dtype=object)
    one, other = shapely.STRtree(array).query(array, predicate="intersects")
    once = one < other
    one, other = one[once], other[once]
    shared = square_metres_many(shapely.intersection(array[one], array[other]))
    areas = square_metres_many(array)
    smaller = np.minimum(areas[one], areas[other])
    found = [
        Overlap(int(a), int(b), float(s), float(s / m))
        for a, b, s, m in zip(one, other, shared, smaller, strict=True)
        if s > 1.0
    ]
    return sorted(found, key=lambda overlap: (overlap.second, overlap.first))


def outside(lands: Sequence[BaseGeometry], within: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """For each outline the share of its area that lies outside the other of the same position."""
    inner, outer = np.array(lands, dtype=object), np.array(within, dtype=object)
    if not len(inner):
        return np.zeros(0)
    shapely.prepare(outer)
    return np.where(
        shapely.covers(outer, inner),
        0.0,
        shapely.area(shapely.difference(inner, outer)) / shapely.area(inner),
    )


@dataclass(frozen=True, slots=True)
class Suspicion:
    """The outlines fit their surroundings much better in another datum than in the one they are said to be in."""

    said: Datum
    rather: Datum
    metres: float  # how far apart the two put the same coordinates

    @property
    def text(self) -> dict[str, str]:
        """What is suspected and what to do, in both languages."""
        return {
            "zh": f"图形整体偏离参照边界约 {self.metres:.0f} 米：按 {self.said} 读取，但更像 {self.rather}。"
            f"请核对来源，用 --datum {self.rather} 重新导入；若确认无误，加 --sure",
            "en": f"the outlines lie about {self.metres:.0f} m off the boundaries they should fit: read as "
            f"{self.said}, they look like {self.rather}. Check the source and load with --datum {self.rather}; "
            "if you are sure, add --sure",
        }


@dataclass(frozen=True, slots=True)
class Reference:
    """What an outline should fit: its own earlier outline (`same`), or the place that it lies in."""

    land: BaseGeometry
    same: bool


def suspicion(
    raw: Sequence[BaseGeometry], references: Sequence[Reference | None], said: Datum
) -> Suspicion | None:
    """Whether the coordinates, as the file has them, fit the references much better in another datum.

    The misfit of a datum is the area by which outlines differ from their earlier ones, or stick out of the place
    they lie in. Only a difference that a shift of some hundred metres explains is told.
    """
    pairs = [
        (land, ref) for land, ref in zip(raw, references, strict=True) if ref is not None and land.area > 0
    ]
    if not pairs:
        return None
    total = sum(land.area for land, _ in pairs)
    said = Datum.WGS84 if said is Datum.CGCS2000 else said
    misfit = {datum: _misfit(pairs, datum) for datum in CANDIDATES}
    rather = min(misfit, key=lambda datum: misfit[datum])
    gain = misfit[said] - misfit[rather]
    if rather is said or misfit[rather] > MUCH_BETTER * misfit[said] or gain < WORTH_A_WORD * total:
        return None
    return Suspicion(said, rather, _apart((land for land, _ in pairs), said, rather))


def _misfit(pairs: Iterable[tuple[BaseGeometry, Reference]], datum: Datum) -> float:
    return sum(_off(shapely.make_valid(in_wgs84(land, datum)), reference) for land, reference in pairs)


def _off(land: BaseGeometry, reference: Reference) -> float:
    if reference.same:
        return float(land.symmetric_difference(reference.land).area)
    return 0.0 if reference.land.covers(land) else float(land.difference(reference.land).area)


def _apart(lands: Iterable[BaseGeometry], one: Datum, other: Datum) -> float:
    """How far two datums put the middles of these outlines from each other, in metres, on average."""
    distances = []
    for land in lands:
        middle = shapely.Point(land.centroid.x, land.centroid.y)
        here, there = in_wgs84(middle, one), in_wgs84(middle, other)
        distances.append(
            hypot((here.x - there.x) * cos(radians(here.y)), here.y - there.y) * METRES_PER_DEGREE
        )
    return sum(distances) / len(distances)
