"""Point to grid: against brute force, on borders, outside, and with what is no coordinate."""

from __future__ import annotations

from math import inf, nan

import numpy as np
import pytest
import shapely
from shapely.geometry import box

from onedoor.city.grids import Land, share_vertices, subdivide
from onedoor.intake.locate import GridIndex, Located

FOUR = {"A1": box(0, 1, 1, 2), "A2": box(1, 1, 2, 2), "A3": box(0, 0, 1, 1), "A4": box(1, 0, 2, 1)}


LAND = shapely.Point(114.3, 35.7).buffer(0.2)


@pytest.fixture(scope="module")
def tiling() -> dict[str, Land]:
    """Three hundred irregular grids without gaps."""
    return {f"G{n:03d}": piece for n, piece in enumerate(share_vertices(subdivide(LAND, 300, seed=3)))}


@pytest.fixture(scope="module")
def index(tiling: dict[str, Land]) -> GridIndex:
    return GridIndex(tiling)


def test_every_grid_is_found_by_a_point_inside_it(tiling: dict[str, Land], index: GridIndex) -> None:
    for code, grid in tiling.items():
        inside = grid.representative_point()
        assert index.locate(inside.x, inside.y) == Located(code)


def test_one_by_one_all_at_once_and_brute_force_agree(tiling: dict[str, Land], index: GridIndex) -> None:
    west, south, east, north = LAND.bounds
    points = np.random.default_rng(1).uniform((west, south), (east, north), (1000, 2))
    grids = np.array([tiling[code] for code in index.codes], dtype=object)
    at_once = index.locate_many(points[:, 0], points[:, 1])
    for (lon, lat), position in zip(points.tolist(), at_once.tolist(), strict=True):
        covering = np.flatnonzero(shapely.covers(grids, shapely.Point(lon, lat))).tolist()
        found = index.locate(lon, lat)
        assert ([found.code] if found else []) == [index.codes[i] for i in covering[:1]]
        assert position == (covering[0] if covering else -1)
    assert -1 in at_once


def test_on_a_border_the_smallest_code_wins_and_the_others_are_told() -> None:
    index = GridIndex(dict(reversed(FOUR.items())))
    assert index.locate(1, 1) == Located("A1", ("A2", "A3", "A4"))
    assert index.locate(1.5, 1) == Located("A2", ("A4",))
    assert index.codes[index.locate_many([1.0], [1.0])[0]] == "A1"


def test_every_corner_of_a_tiling_goes_to_the_smallest_code(
    tiling: dict[str, Land], index: GridIndex
) -> None:
    shared = 0
    for code in list(tiling)[::10]:
        for lon, lat in shapely.get_coordinates(tiling[code]).tolist():
            found = index.locate(lon, lat)
            assert found is not None
            assert code in (found.code, *found.also)
            assert found.code == min(found.code, *found.also, code)
            shared += bool(found.also)
    assert shared


@pytest.mark.parametrize("point", [(3, 1), (nan, 1), (1, nan), (inf, 0), (1, -inf), (35.9, 114.2)])
def test_no_grid_for_points_outside_and_for_no_points(point: tuple[float, float]) -> None:
    assert GridIndex(FOUR).locate(*point) is None
    assert GridIndex(FOUR).locate_many([point[0]], [point[1]]).tolist() == [-1]


def test_the_nearest_grid_of_a_point_outside_and_how_far() -> None:
    index = GridIndex({"N": box(114, 36, 115, 36.5), "S": box(114, 35, 115, 35.5)})
    south = index.nearest(114.5, 34.99)
    assert south is not None
    assert south.code == "S"
    assert south.metres == pytest.approx(1112, rel=0.01)
    east = index.nearest(115.01, 36.2)
    assert east is not None
    assert east.code == "N"
    assert east.metres == pytest.approx(901, rel=0.01)  # a degree of longitude is shorter there
    inside = index.nearest(114.5, 35.2)
    assert inside is not None
    assert (inside.code, inside.metres) == ("S", 0)
    assert index.nearest(nan, 35) is None


def test_polygons_may_come_as_wkb() -> None:
    index = GridIndex({code: polygon.wkb for code, polygon in FOUR.items()})
    assert len(index) == 4
    assert index.locate(0.5, 0.5) == Located("A3")


def test_a_polygon_that_cannot_be_read_is_named() -> None:
    with pytest.raises(ValueError, match="polygon of grid A9 cannot be read"):
        GridIndex({"A9": b"not a polygon"})


def test_a_city_without_grids_locates_nothing() -> None:
    empty = GridIndex({})
    assert empty.locate(1, 1) is None
    assert empty.nearest(1, 1) is None
    assert empty.locate_many([1.0, 2.0], [1.0, 2.0]).tolist() == [-1, -1]
