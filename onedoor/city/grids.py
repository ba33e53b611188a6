"""Cutting a piece of land into grids (网格) where no survey exists, and numbering what was cut.

How a polygon is cut: random points are drawn inside it and gathered into as many clusters as pieces are
wanted (Lloyd's algorithm), so that the pieces are round and of similar weight; the borders between the
clusters (their Voronoi diagram) are roughened so that they look like lanes and ditches rather than ruled
lines; borders and outline are noded together and every face goes to the cluster whose middle it holds.
Faces without a middle (behind a bend of the outline) join the neighbour they share the longest border with.
The pieces therefore tile the polygon exactly, and neighbouring pieces have the same vertices.

Grids made this way are provisional: they say *how many* grids a village would have, not where its workers
really walk. Whoever loads them must mark them so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, hypot, inf, radians, sqrt
from typing import TypeAlias

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPoint, MultiPolygon, Point, Polygon

Land: TypeAlias = Polygon | MultiPolygon
Floats: TypeAlias = NDArray[np.float64]
Weight: TypeAlias = Callable[[Floats, Floats], Floats]

HOUSEHOLDS_PER_GRID = 400
"""The middle of the 300 to 500 households that a community grid has in Hebi's demonstration zone (2025)."""

GRID_CODE_RULE = "{parent}{n:03d}"
"""Village code and a running number; how many digits it has differs by local standard, so it is a setting."""

FINEST = 12  # decimals of a degree; the coordinates themselves have about 13
SAMPLES_PER_PIECE = 40
ROUNDS = 5
BEND = 0.2  # how far a border may leave its straight line, as a share of its length


@dataclass(frozen=True, slots=True)
class ProvisionalGrid:
    """A grid that was computed, not surveyed: its running number, code, land and share of the households."""

    number: int
    code: str
    polygon: Land
    households: int | None


def grids_within(
    polygon: Land,
    *,
    parent_code: str,
    households: int | None = None,
    count: int | None = None,
    seed: int = 0,
    code_rule: str = GRID_CODE_RULE,
) -> list[ProvisionalGrid]:
    """Tile a village or township (WGS84 degrees) with provisional grids, numbered from 1 in reading order.

    Give either `count` or `households` (one grid per 400 begun to the nearest, at least one).
    Raises ValueError when neither is given or the polygon has no area.
    """
    if count is None:
        if households is None:
            raise ValueError("grids_within needs a number of grids or of households")
        count = max(1, round(households / HOUSEHOLDS_PER_GRID))
    shares = _even_shares(households, count)
    return [
        ProvisionalGrid(n, code_rule.format(parent=parent_code, n=n), piece, shares[n - 1])
        for n, piece in enumerate(subdivide(polygon, count, seed), start=1)
    ]


def _even_shares(total: int | None, count: int) -> list[int | None]:
    if total is None:
        return [None] * count
    return [total * (i + 1) // count - total * i // count for i in range(count)]


def subdivide(
    polygon: Land,
    count: int,
    seed: int = 0,
    *,
    weight: Weight | None = None,
    sites: Sequence[tuple[float, float]] | None = None,
    detail: float | None = None,
) -> list[Land]:
    """Cut `polygon` into exactly `count` pieces that tile it, in reading order (see `reading_order`).

    `weight(lons, lats)` says where the pieces are to be smaller (more weight, more pieces); `sites` gives the
    middles outright, and then piece i is the one of site i; `detail` is the length in degrees below which
    borders are not roughened any further. The same arguments give the same pieces.
    Raises ValueError for a count below one, a polygon without area, a middle outside it or two in one place.
    """
    if count < 1 or not polygon.area > 0:
        raise ValueError(f"cannot cut an area of {polygon.area} into {count} pieces")
    if count == 1:
        return [polygon]
    rng = np.random.default_rng(seed)
    squeeze = cos(radians(polygon.centroid.y))
    middles = np.array(sites) if sites is not None else _middles(polygon, count, weight, squeeze, rng)
    borders = _borders(polygon, middles, squeeze, detail or sqrt(polygon.area / count) / 6, rng)
    pieces = _gather(_faces(polygon, borders), middles)
    return pieces if sites is not None else [pieces[i] for i in reading_order(pieces)]


def reading_order(polygons: Sequence[Land]) -> list[int]:
    """Indexes of the polygons as one reads a page: rows from north to south, in a row from west to east.

    The rows are bands of equal height, about as many as a square arrangement of the polygons would have.
    Source of the order: local grid code standards such as DB6101/T 3185-2024 (west to east, north to south).
    """
    if not polygons:
        return []
    centres = shapely.get_coordinates(shapely.centroid(np.array(polygons, dtype=object)))
    west, south, east, north = shapely.total_bounds(np.array(polygons, dtype=object))
    height, width = max(north - south, 1e-12), max((east - west) * cos(radians(south)), 1e-12)
    rows = max(1, round(sqrt(len(polygons) * height / width)))
    band = np.floor((north - centres[:, 1]) / height * rows)
    return [int(i) for i in np.lexsort((centres[:, 1], centres[:, 0], band))]


def share_vertices(polygons: Sequence[Land], *, digits: int = 7) -> list[Land]:
    """The same polygons with every corner of a neighbour that touches a border made a corner of it as well.

    Pieces cut at different times meet in T-junctions: a corner of one lies on a straight border of the other.
    Afterwards borders agree corner by corner, so that rounding to `digits` decimals (7 = about a centimetre)
    moves both sides alike and opens no gap. Where so coarse a rounding would fold a very sharp corner, all is
    rounded to as many more decimals as it takes. Raises ValueError for a polygon that crosses itself anyway.
    """
    rings = [ring for polygon in polygons for part in _parts(polygon) for ring in _rings(part)]
    corners = np.unique(np.concatenate(rings), axis=0)
    tree = shapely.STRtree(np.asarray(shapely.points(corners)))
    full = [_with_corners(ring, tree, corners) for ring in rings]
    for finer in range(digits, FINEST + 1):
        rounded = (_rounded(ring, finer) for ring in full)
        result = [_rebuilt(polygon, rounded) for polygon in polygons]
        if all(polygon.is_valid for polygon in result):
            return result
    raise ValueError(f"polygon {next(i for i, p in enumerate(result) if not p.is_valid)} crosses itself")


def _parts(land: Land) -> list[Polygon]:
    return list(land.geoms) if isinstance(land, MultiPolygon) else [land]


def _rings(part: Polygon) -> list[Floats]:
    return [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]


def _rebuilt(polygon: Land, rings: Iterator[Floats]) -> Land:
    parts = []
    for part in _parts(polygon):
        shell, *holes = [next(rings) for _ in range(1 + len(part.interiors))]
        parts.append(Polygon(shell, holes))
    return parts[0] if isinstance(polygon, Polygon) else MultiPolygon(parts)


def _with_corners(ring: Floats, tree: shapely.STRtree, corners: Floats) -> Floats:
    """A ring with the corners of `tree` that lie on its segments put in."""
    starts, ends = ring[:-1], ring[1:]
    segments = shapely.linestrings(np.stack([starts, ends], axis=1))
    at, which = tree.query(segments, predicate="dwithin", distance=1e-11)
    steps = ends[at] - starts[at]
    along = ((corners[which] - starts[at]) * steps).sum(axis=1) / (steps**2).sum(axis=1)
    return corners[which][np.lexsort((along, at))]


def _rounded(ring: Floats, digits: int) -> Floats:
    points = np.round(ring, digits)
    moved = np.append(True, (points[1:] != points[:-1]).any(axis=1))
    return np.asarray(points[moved])


def _middles(
    polygon: Land, count: int, weight: Weight | None, squeeze: float, rng: np.random.Generator
) -> Floats:
    """Middles of `count` clusters of random points inside the polygon; each middle is one of the points."""
    points = _points_inside(polygon, SAMPLES_PER_PIECE * count, rng)
    weights = np.ones(len(points)) if weight is None else weight(points[:, 0], points[:, 1])
    flat = points * (squeeze, 1.0)
    start = rng.choice(len(points), count, replace=False, p=weights / weights.sum())
    middles = flat[start]
    for _ in range(ROUNDS):
        owner = _nearest(flat, middles)
        mass = np.bincount(owner, weights, count)
        sums = np.stack([np.bincount(owner, weights * flat[:, axis], count) for axis in (0, 1)], axis=1)
        middles = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-300)[:, None], middles)
    return points[_distinct_nearest(middles, flat)]


def _points_inside(polygon: Land, wanted: int, rng: np.random.Generator) -> Floats:
    west, south, east, north = polygon.bounds
    shapely.prepare(polygon)
    found: list[Floats] = []
    while sum(map(len, found)) < wanted:
        tried = rng.uniform((west, south), (east, north), (2 * wanted, 2))
        found.append(tried[shapely.contains_xy(polygon, tried)])
    return np.concatenate(found)[:wanted]


def _nearest(points: Floats, middles: Floats) -> NDArray[np.intp]:
    # |p - m|² without |p|², which is the same for every middle of a point
    return np.argmin((middles**2).sum(axis=1) - 2 * points @ middles.T, axis=1)


def _distinct_nearest(middles: Floats, points: Floats) -> list[int]:
    """For every middle the nearest point that no earlier middle has taken."""
    taken: dict[int, None] = {}
    for middle in middles:
        distances = ((points - middle) ** 2).sum(axis=1)
        distances[list(taken)] = np.inf
        taken[int(np.argmin(distances))] = None
    return list(taken)


def _borders(
    polygon: Land, middles: Floats, squeeze: float, detail: float, rng: np.random.Generator
) -> list[LineString]:
    """Roughened Voronoi edges between the middles, in degrees, running out of the polygon on all sides."""
    flat = middles * (squeeze, 1.0)
    west, south, east, north = polygon.bounds
    margin = (east - west + north - south) / 20
    frame = ((west - margin) * squeeze, south - margin, (east + margin) * squeeze, north + margin)
    diagram = shapely.voronoi_polygons(MultiPoint(flat), extend_to=shapely.box(*frame), only_edges=True)
    edges = shapely.clip_by_rect(shapely.get_parts(diagram), *frame)
    ends = shapely.get_coordinates(edges[~shapely.is_empty(edges)]).reshape(-1, 2, 2)
    ends = ends[np.lexsort(ends.mean(axis=1).T)]
    # The pushes of one border add up to less than twice its room: no border ever jumps over a middle.
    rooms = np.asarray(shapely.distance(shapely.linestrings(ends), MultiPoint(flat))) * 0.45
    return [
        LineString(np.array(roughened(start, end, detail, rng, room)) / (squeeze, 1.0))
        for (start, end), room in zip(ends.tolist(), rooms.tolist(), strict=True)
    ]


def roughened(
    start: Sequence[float], end: Sequence[float], detail: float, rng: np.random.Generator, room: float = inf
) -> list[tuple[float, float]]:
    """A crooked way from start to end, both included: the middle is pushed aside, then both halves likewise.

    Stops at stretches shorter than `detail`; no push is longer than `room`.
    """
    (ax, ay), (bx, by) = start, end
    length = hypot(bx - ax, by - ay)
    if length < detail:
        return [(ax, ay), (bx, by)]
    aside = max(-room, min(room, rng.uniform(-BEND, BEND) * length)) / length
    middle = ((ax + bx) / 2 - aside * (by - ay), (ay + by) / 2 + aside * (bx - ax))
    first = roughened(start, middle, detail, rng, room / 2)
    return first[:-1] + roughened(middle, end, detail, rng, room / 2)


def _faces(polygon: Land, borders: list[LineString]) -> list[Polygon]:
    lines = shapely.union_all(np.array([polygon.boundary, *borders], dtype=object))
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    shapely.prepare(polygon)
    return list(faces[shapely.contains_xy(polygon, inner)])


def _gather(faces: list[Polygon], middles: Floats) -> list[Land]:
    """One piece per middle: the face it lies in, and the faces without a middle that join it."""
    tree = shapely.STRtree(faces)
    groups = [tree.query(Point(middle), predicate="intersects").tolist()[:1] for middle in middles]
    if not all(groups):
        raise ValueError(f"the middle {middles[groups.index([])]} lies outside the polygon")
    if len({group[0] for group in groups}) < len(groups):
        raise ValueError("two middles lie too close together to be told apart")
    owner = {group[0]: i for i, group in enumerate(groups)}
    waiting = [i for i in range(len(faces)) if i not in owner]
    while waiting:
        face, piece = _next_to_join(waiting, faces, owner, tree)
        waiting.remove(face)
        owner[face] = piece
        groups[piece].append(face)
    return [_joined([faces[i] for i in group]) for group in groups]


def _joined(faces: list[Polygon]) -> Land:
    return faces[0] if len(faces) == 1 else merged(faces)


def merged(lands: Sequence[Land]) -> Land:
    """The union of pieces that touch but do not overlap."""
    union = shapely.coverage_union_all(list(lands))
    assert isinstance(union, Polygon | MultiPolygon)
    return union


def _next_to_join(
    waiting: list[int], faces: list[Polygon], owner: dict[int, int], tree: shapely.STRtree
) -> tuple[int, int]:
    """The waiting face with the longest border to a placed one; an island goes to whatever lies nearest."""
    best = (0.0, -1, -1)
    for face in waiting:
        for other in tree.query(faces[face], predicate="intersects"):
            if int(other) in owner:
                length = faces[face].boundary.intersection(faces[int(other)].boundary).length
                best = max(best, (length, face, owner[int(other)]))
    if best[0] > 0:
        return best[1], best[2]
    face = waiting[0]
    return face, owner[min(owner, key=lambda other: faces[face].distance(faces[other]))]
