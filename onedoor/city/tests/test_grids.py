"""Provisional grids: exact tiling, order, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from onedoor.city.grids import grids_within, reading_order, share_vertices, subdivide

VILLAGE = box(114.2, 35.7, 114.23, 35.72)
BENT = Polygon([(0, 30), (4, 30), (4, 31), (1, 31), (1, 34), (4, 34), (4, 35), (0, 35)])
HOLED = Polygon(box(0, 30, 3, 33).exterior.coords, [box(1, 31, 2, 32).exterior.coords])
ISLANDS = MultiPolygon([box(0, 30, 1, 31), box(1.2, 30, 1.3, 30.1)])


def spill(pieces: list, whole: Polygon | MultiPolygon) -> float:
    """Share of the land on which pieces and whole differ, overlaps included."""
    gap = shapely.union_all(pieces).symmetric_difference(whole).area
    overlap = abs(sum(piece.area for piece in pieces) - whole.area)
    return (gap + overlap) / whole.area


@pytest.mark.parametrize("land", [VILLAGE, BENT, HOLED, ISLANDS], ids=["square", "bent", "holed", "islands"])
@pytest.mark.parametrize("count", [1, 2, 3, 7, 40])
def test_the_pieces_are_as_many_as_asked_and_tile_exactly(land: Polygon | MultiPolygon, count: int) -> None:
    pieces = subdivide(land, count, seed=5)
    assert len(pieces) == count
    assert spill(pieces, land) < 1e-12
    assert all(piece.is_valid and piece.area > 0 for piece in pieces)


@given(
    st.lists(st.tuples(st.floats(1, 5), st.floats(0, 1)), min_size=4, max_size=20),
    st.integers(1, 25),
    st.integers(0, 2**32),
)
def test_any_star_of_land_is_tiled(rays: list[tuple[float, float]], count: int, seed: int) -> None:
    angles = np.linspace(0, 2 * np.pi, len(rays), endpoint=False)
    land = Polygon(
        [
            (114 + r * np.cos(a + wobble / 9), 35 + r * np.sin(a + wobble / 9))
            for a, (r, wobble) in zip(angles, rays, strict=True)
        ]
    )
    pieces = subdivide(land, count, seed)
    assert len(pieces) == count
    assert spill(pieces, land) < 1e-12


def test_the_same_seed_gives_the_same_pieces_and_another_seed_others() -> None:
    first, again, other = (subdivide(VILLAGE, 9, seed) for seed in (1, 1, 2))
    assert [piece.wkb for piece in first] == [piece.wkb for piece in again]
    assert [piece.wkb for piece in first] != [piece.wkb for piece in other]


def test_pieces_of_given_middles_come_in_their_order() -> None:
    middles = [(114.225, 35.705), (114.205, 35.715)]
    east, west = subdivide(VILLAGE, 2, sites=middles)
    assert east.contains(shapely.Point(middles[0]))
    assert west.contains(shapely.Point(middles[1]))


def test_more_weight_makes_smaller_pieces() -> None:
    def west_is_dense(lons: np.ndarray, lats: np.ndarray) -> np.ndarray:
        return np.where(lons < 114.215, 30.0, 1.0)

    pieces = subdivide(VILLAGE, 40, seed=1, weight=west_is_dense)
    assert sum(piece.centroid.x < 114.215 for piece in pieces) > 25


def test_neighbours_have_the_same_corners() -> None:
    west, east = box(0, 0, 1, 2), box(1, 0, 2, 2)
    pieces = share_vertices(subdivide(west, 5, 1) + subdivide(east, 5, 2))
    assert shapely.coverage_is_valid(pieces)
    assert sum(piece.area for piece in pieces) == pytest.approx(4, rel=1e-12)


def test_a_corner_on_a_neighbours_straight_border_becomes_a_corner_of_both() -> None:
    tall, low, high = box(0, 0, 1, 2), box(1, 0, 2, 0.7), box(1, 0.7, 2, 2)
    mended = share_vertices([tall, low, high])
    assert (1, 0.7) in mended[0].boundary.coords


def test_rounding_goes_finer_where_it_would_break_a_polygon() -> None:
    sliver = Polygon([(0, 0), (1, 0.42), (2, 0), (1, 0.31)])
    (rounded,) = share_vertices([sliver], digits=0)
    assert list(rounded.boundary.coords) == [(0, 0), (1, 0.4), (2, 0), (1, 0.3), (0, 0)]


def test_a_polygon_that_crosses_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="polygon 1 crosses itself"):
        share_vertices([VILLAGE, Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])])


def test_numbers_run_west_to_east_and_north_to_south() -> None:
    cells = [box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)]
    assert reading_order(cells) == [6, 7, 8, 3, 4, 5, 0, 1, 2]
    assert reading_order([]) == []


def test_grids_of_a_village_are_numbered_coded_and_share_the_households() -> None:
    grids = grids_within(VILLAGE, parent_code="410611101205", households=1650)
    assert [grid.code for grid in grids] == [f"410611101205{n:03d}" for n in (1, 2, 3, 4)]
    assert sum(grid.households or 0 for grid in grids) == 1650
    assert max(grid.households or 0 for grid in grids) - min(grid.households or 0 for grid in grids) <= 1
    assert spill([grid.polygon for grid in grids], VILLAGE) < 1e-12


def test_a_count_without_households_and_another_code_rule() -> None:
    (grid,) = grids_within(VILLAGE, parent_code="LT-03", count=1, code_rule="{parent}-{n:02d}")
    assert (grid.code, grid.households) == ("LT-03-01", None)


def test_the_smallest_village_still_has_one_grid() -> None:
    assert len(grids_within(VILLAGE, parent_code="1", households=3)) == 1


def test_what_cannot_be_cut_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a number"):
        grids_within(VILLAGE, parent_code="1")
    with pytest.raises(ValueError, match="cannot cut"):
        subdivide(Polygon(), 3)
    with pytest.raises(ValueError, match="cannot cut"):
        subdivide(VILLAGE, 0)
    with pytest.raises(ValueError, match="outside the polygon"):
        subdivide(VILLAGE, 2, sites=[(114.21, 35.71), (115, 35.71)])
    with pytest.raises(ValueError, match="too close"):
        subdivide(VILLAGE, 2, sites=[(114.21, 35.71), (114.21, 35.71)])
