"""Outlines: what is wrong with one, what overlaps, and which datum its numbers are really in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from onedoor.city import outlines
from onedoor.city.outlines import Reference
from onedoor.kernel.datum import Datum, from_wgs84

COUNTY = box(114.2, 35.6, 114.5, 35.9)
BOW = Polygon([(114.2, 35.6), (114.3, 35.7), (114.3, 35.6), (114.2, 35.7)])


def told_in(land: shapely.Geometry, datum: Datum) -> shapely.Geometry:
    """The outline as a map in another datum would write its numbers."""
    return shapely.transform(
        shapely.segmentize(land, 0.01),
        lambda xy: np.stack(from_wgs84(xy[:, 0].copy(), xy[:, 1].copy(), datum), axis=1),
    )


@pytest.mark.parametrize(
    ("land", "said"),
    [
        (Point(114, 35), "must be a polygon"),
        (LineString([(114, 35), (115, 35)]), "must be a polygon"),
        (Polygon(), "no area"),
        (BOW, "crosses itself"),
        (box(35.6, 114.2, 35.7, 114.3), "swapped"),
        (box(38500000, 3950000, 38510000, 3960000), "metres"),
        (box(114.2, 35.6, 214.3, 35.7), "no place"),
    ],
    ids=["point", "line", "empty", "bow tie", "swapped", "projected", "off the earth"],
)
def test_what_cannot_be_an_outline_is_told(land: shapely.Geometry, said: str) -> None:
    (error,) = outlines.faults(land)
    assert said in error.en
    assert error.zh
    assert error.field == "geometry"


def test_a_sound_outline_has_no_faults() -> None:
    assert outlines.faults(COUNTY) == []
    assert outlines.faults(MultiPolygon([COUNTY, box(114.6, 35.6, 114.7, 35.7)])) == []


def test_a_mended_outline_is_sound_and_keeps_its_area() -> None:
    better = outlines.mended(BOW)
    assert better.is_valid
    assert outlines.faults(better) == []
    assert better.area == pytest.approx(2 * 0.1 * 0.05 / 2, rel=1e-6)


def test_area_is_that_on_the_ground() -> None:
    """One hundredth of a degree square at 35.5°: 1111.95 m tall, 905.3 m wide."""
    assert outlines.square_metres(box(114, 35.5, 114.01, 35.51)) == pytest.approx(1111.95 * 905.2, rel=1e-3)
    many = outlines.square_metres_many(np.array([box(114, 35.5, 114.01, 35.51), Polygon()], dtype=object))
    assert many[0] == pytest.approx(1111.95 * 905.2, rel=1e-3)
    assert many[1] == 0


def test_overlaps_are_pairs_with_their_area_and_touching_is_none() -> None:
    squares = [
        box(114, 35.5, 114.01, 35.51),
        box(114.01, 35.5, 114.02, 35.51),
        box(114.015, 35.5, 114.03, 35.51),
    ]
    (found,) = outlines.overlaps(squares)
    assert (found.first, found.second) == (1, 2)
    assert found.share == pytest.approx(0.5, rel=1e-3)
    assert found.square_metres == pytest.approx(outlines.square_metres(squares[0]) / 2, rel=1e-3)


def test_outside_is_a_share_of_the_inner_one() -> None:
    shares = outlines.outside(
        [box(0, 30, 1, 31), box(0, 30, 1, 31)], [box(0, 30, 2, 32), box(0.25, 30, 2, 32)]
    )
    assert list(shares) == pytest.approx([0, 0.25])


@pytest.mark.parametrize("datum", [Datum.GCJ02, Datum.BD09])
@pytest.mark.parametrize("same", [True, False], ids=["its own earlier outline", "the place it lies in"])
def test_numbers_of_another_datum_are_recognised(datum: Datum, *, same: bool) -> None:
    raw = told_in(COUNTY, datum)
    found = outlines.suspicion([raw], [Reference(COUNTY, same)], Datum.WGS84)
    assert found is not None
    assert (found.said, found.rather) == (Datum.WGS84, datum)
    assert 300 < found.metres < 1600
    assert f"--datum {datum}" in found.text["en"]


def test_the_other_way_round_as_well() -> None:
    found = outlines.suspicion(
        [shapely.segmentize(COUNTY, 0.01)], [Reference(COUNTY, same=True)], Datum.GCJ02
    )
    assert found is not None
    assert found.rather is Datum.WGS84


@pytest.mark.parametrize("said", [Datum.WGS84, Datum.CGCS2000])
def test_what_fits_raises_no_suspicion(said: Datum) -> None:
    assert outlines.suspicion([COUNTY], [Reference(COUNTY, same=True)], said) is None
    assert outlines.suspicion([COUNTY], [None], said) is None


def test_another_drawing_of_the_same_place_raises_no_suspicion() -> None:
    """Services differ by some percent in area; that is no shift."""
    other = COUNTY.buffer(0.004, join_style="mitre").difference(box(114.2, 35.6, 114.23, 35.65))
    assert outlines.suspicion([other], [Reference(COUNTY, same=True)], Datum.WGS84) is None


def test_heights_are_dropped_and_points_moved() -> None:
    raised = Polygon([(114, 35, 80), (114.1, 35, 80), (114.1, 35.1, 80)])
    assert not outlines.in_wgs84(raised, Datum.WGS84).has_z
    moved = outlines.in_wgs84(raised, Datum.GCJ02)
    assert 0.001 < moved.distance(Point(114, 35)) + moved.centroid.distance(raised.centroid) < 0.02
