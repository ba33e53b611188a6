"""Outlines for maps: small, without gaps, made of what lies below where a place has none of its own."""

from __future__ import annotations

import json
from datetime import date

import pytest
import shapely
from shapely.geometry import box, shape

from onedoor.city import tree
from onedoor.city.models import Boundary
from onedoor.city.shapes import ROLES, land, shapes
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def drawn(role: str) -> dict[str, shapely.Geometry]:
    return {found.node.code: shape(json.loads(found.geometry)) for found in shapes(role)}  # type: ignore[arg-type]


def test_a_place_without_an_outline_is_what_lies_below_it(city: SmallCity) -> None:
    assert drawn("village")["419801001001"].equals(box(114.0, 35.5, 114.02, 35.51))
    assert drawn("county")["419801"].equals(box(114.0, 35.5, 114.08, 35.51))


def test_its_own_outline_goes_before(city: SmallCity) -> None:
    own = box(113.9, 35.4, 114.1, 35.6)
    county = city.divisions["419801"]
    Boundary.objects.create(division=county, wkb=own.wkb, source_datum="WGS84", valid_from=date(2024, 1, 1))
    tree.forget()
    assert drawn("county")["419801"].equals(own)


def test_an_outline_that_no_longer_holds_is_not_drawn(city: SmallCity) -> None:
    Boundary.objects.filter(division=city.first_grid).update(valid_to=date(2025, 1, 1))
    tree.forget()
    assert city.first_grid.code not in drawn("grid")
    assert land(city.first_grid.pk) is None


def test_neighbours_keep_one_border(city: SmallCity) -> None:
    ragged = shapely.segmentize(box(114.0, 35.5, 114.01, 35.51), 0.0001)
    Boundary.objects.filter(division=city.first_grid).update(wkb=ragged.wkb)
    second = city.divisions["419801001001002"]
    beside = shapely.union_all([box(114.01, 35.5, 114.02, 35.51)])
    snapped = shapely.snap(shapely.segmentize(beside, 0.0001), ragged, 1e-9)
    Boundary.objects.filter(division=second).update(wkb=snapped.wkb)
    tree.forget()
    found = drawn("grid")
    assert shapely.get_num_coordinates(found[city.first_grid.code]) < 20
    assert shapely.coverage_is_valid([found[city.first_grid.code], found[second.code]])


def test_outlines_that_disagree_are_drawn_all_the_same(city: SmallCity) -> None:
    Boundary.objects.filter(division=city.first_grid).update(wkb=box(114.0, 35.5, 114.015, 35.51).wkb)
    tree.forget()
    assert len(drawn("grid")) == 16


def test_they_are_made_once_per_revision(city: SmallCity) -> None:
    assert all(shapes(role) is shapes(role) for role in ROLES)


def test_a_city_without_outlines_has_an_empty_map(city: SmallCity) -> None:
    Boundary.objects.all().delete()
    tree.forget()
    assert all(shapes(role) == [] for role in ROLES)
