"""Outlines and grids: taken, replaced, refused; a survey puts an end to what was computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import shapely
from shapely.geometry import Polygon, box

from onedoor.city import actions, provisional
from onedoor.city.actions import GridRow
from onedoor.city.models import Boundary, Division, Post
from onedoor.city.rows import BoundaryRow, DivisionRow, PostRow
from onedoor.city.tree import tree
from onedoor.kernel import audit, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=time.CITY_ZONE)
TODAY = NOON.date()
VILLAGE = "419801002001"
COUNTY = box(113.9, 35.4, 114.3, 35.6)


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(NOON):
        yield small_city()


def outline(code: str, land: Polygon, **more: object) -> BoundaryRow:
    return BoundaryRow(code, land, "a survey", "cgcs2000", **more)  # type: ignore[arg-type]


def grid(number: int, land: Polygon, parent: str = VILLAGE) -> GridRow:
    code = f"{parent}{number:03d}"
    return GridRow(DivisionRow(code, f"第{number}网格", "grid", provisional=False), outline(code, land))


def standing(code: str) -> Boundary:
    return Boundary.objects.get(division__code=code, division__valid_to=None, valid_to=None)


def test_an_outline_is_kept_with_its_source_and_datum(city: SmallCity) -> None:
    taken = actions.take_boundaries(SYSTEM, [outline("419801", COUNTY)])
    assert (taken.added, taken.refused) == (1, {})
    held = standing("419801")
    assert (held.source, held.source_datum, held.valid_from) == ("a survey", "cgcs2000", date(2024, 1, 1))
    assert shapely.from_wkb(bytes(held.wkb)).equals(COUNTY)
    entry = Entry.objects.get(kind="boundary_set")
    assert entry.body["km2"] == pytest.approx(36.2 * 22.24, rel=0.01)


def test_the_same_outline_again_changes_nothing(city: SmallCity) -> None:
    actions.take_boundaries(SYSTEM, [outline("419801", COUNTY)])
    before = Entry.objects.count()
    taken = actions.take_boundaries(SYSTEM, [outline("419801", COUNTY)])
    assert (taken.added, taken.changed, taken.same) == (0, 0, 1)
    assert Entry.objects.count() == before


def test_a_new_outline_ends_the_old_one_and_leaves_it_on_record(city: SmallCity) -> None:
    actions.take_boundaries(SYSTEM, [outline("419801", COUNTY)])
    smaller = box(113.9, 35.4, 114.2, 35.6)
    taken = actions.take_boundaries(SYSTEM, [outline("419801", smaller)])
    assert (taken.added, taken.changed) == (0, 1)
    rows = Boundary.objects.filter(division__code="419801").order_by("valid_from")
    assert [(row.valid_from, row.valid_to) for row in rows] == [(date(2024, 1, 1), TODAY), (TODAY, None)]
    smallest = box(113.9, 35.4, 114.19, 35.6)
    actions.take_boundaries(SYSTEM, [outline("419801", smallest)])  # corrected on the day it began
    assert rows.count() == 2
    assert shapely.from_wkb(bytes(standing("419801").wkb)).equals(smallest)


def test_unknown_and_double_codes_and_crossed_outlines_are_refused(city: SmallCity) -> None:
    bow = Polygon([(114, 35.4), (114.1, 35.5), (114.1, 35.4), (114, 35.5)])
    rows = [
        outline("419801", COUNTY),
        outline("419809", COUNTY),
        outline("419801", COUNTY),
        outline("419802", bow),
    ]
    taken = actions.take_boundaries(SYSTEM, rows)
    assert taken.added == 1
    assert {index: errors[0].field for index, errors in taken.refused.items()} == {
        1: "code",
        2: "code",
        3: "geometry",
    }


def test_an_outline_may_not_begin_before_the_one_that_holds(city: SmallCity) -> None:
    actions.take_boundaries(SYSTEM, [outline("419801", COUNTY)])
    row = outline("419801", box(113.9, 35.4, 114.2, 35.6), valid_from=date(2023, 1, 1))
    assert "2024-01-01" in actions.take_boundaries(SYSTEM, [row]).refused[0][0].en


def test_counties_that_overlap_are_told_and_taken(city: SmallCity) -> None:
    rows = [outline("419801", COUNTY), outline("419802", box(114.25, 35.4, 114.6, 35.6))]
    taken = actions.take_boundaries(SYSTEM, rows)
    assert taken.added == 2
    assert "东河区–西河区" in taken.remarks[0].zh


def test_grids_come_with_their_outlines(city: SmallCity) -> None:
    rows = [grid(11, box(114.2, 35.7, 114.21, 35.71)), grid(12, box(114.21, 35.7, 114.22, 35.71))]
    taken = actions.take_grids(SYSTEM, rows)
    assert (taken.added, taken.refused) == (2, {})
    assert tree().by_code[f"{VILLAGE}011"].level == "grid"
    again = actions.take_grids(SYSTEM, rows)
    assert (again.added, again.changed, again.same) == (0, 0, 2)
    assert not list(audit.verify())


def test_of_two_overlapping_grids_the_later_is_refused_with_pair_and_area(city: SmallCity) -> None:
    rows = [grid(11, box(114.2, 35.7, 114.21, 35.71)), grid(12, box(114.205, 35.7, 114.22, 35.71))]
    taken = actions.take_grids(SYSTEM, rows)
    assert taken.added == 1
    (error,) = taken.refused[1]
    assert f"{VILLAGE}011" in error.en
    assert "m²" in error.en
    assert not Division.objects.filter(code=f"{VILLAGE}012").exists()


def test_a_grid_that_overlaps_one_on_record_is_refused(city: SmallCity) -> None:
    """The small city's first grid is the square at (114, 35.5)."""
    taken = actions.take_grids(SYSTEM, [grid(11, box(114.002, 35.502, 114.008, 35.508))])
    assert "419801001001001" in taken.refused[0][0].en


def test_slivers_between_grids_are_told_only(city: SmallCity) -> None:
    rows = [grid(11, box(114.2, 35.7, 114.21, 35.71)), grid(12, box(114.20999, 35.7, 114.22, 35.71))]
    taken = actions.take_grids(SYSTEM, rows)
    assert taken.added == 2
    assert "slivers" in taken.remarks[0].en


def test_a_grid_that_sticks_out_of_its_village_is_refused(city: SmallCity) -> None:
    actions.take_boundaries(SYSTEM, [outline(VILLAGE, box(114.2, 35.7, 114.22, 35.72))])
    rows = [grid(11, box(114.2, 35.7, 114.21, 35.71)), grid(12, box(114.215, 35.71, 114.23, 35.72))]
    taken = actions.take_grids(SYSTEM, rows)
    assert taken.added == 1
    assert "66.7%" in taken.refused[1][0].en


def test_a_grid_of_an_unknown_village_is_refused(city: SmallCity) -> None:
    row = GridRow(
        DivisionRow("419899001001001", "网格", "grid", "419899001001"), outline("419899001001001", COUNTY)
    )
    taken = actions.take_grids(SYSTEM, [row])
    assert [error.field for error in taken.refused[0]] == ["parent_code"]


# Computed grids


FAR = box(114.5, 35.4, 114.9, 35.6)  # where no grid of the small city lies


def bare(*, without: tuple[str, ...] = ("419802",)) -> None:
    """Takes the grids and outlines of some counties away, as a city has it before any survey."""
    for code in without:
        Boundary.objects.filter(division__code__startswith=code).delete()
        Post.objects.filter(division__code__startswith=code, division__level="grid").delete()
        grids = Division.objects.filter(code__startswith=code, level="grid")
        grids.update(valid_to=TODAY - timedelta(days=1))


def test_computed_grids_tile_the_county_and_are_marked(city: SmallCity) -> None:
    bare()
    actions.take_boundaries(SYSTEM, [outline("419802", FAR)])
    made = provisional.compute_grids(SYSTEM, per_place=3)
    assert made.cells == {"township": 2, "village": 4}
    assert made.grids == 12
    grids = Division.objects.filter(code__startswith="419802", level="grid", valid_to=None)
    assert all(grid.provisional for grid in grids)
    lands = Boundary.objects.filter(division__in=grids, valid_to=None)
    assert all(land.provisional for land in lands)
    pieces = [shapely.from_wkb(bytes(land.wkb)) for land in lands]
    assert shapely.union_all(pieces).symmetric_difference(FAR).area < 1e-12 * FAR.area
    assert sum(piece.area for piece in pieces) == pytest.approx(FAR.area)
    assert not Boundary.objects.get(division__code="419802").provisional
    again = provisional.compute_grids(SYSTEM, per_place=3)
    assert (again.grids, again.cells, again.kept) == (0, {}, 8)
    assert not list(audit.verify())


def test_the_total_is_kept_to(city: SmallCity) -> None:
    bare()
    actions.take_boundaries(SYSTEM, [outline("419802", FAR)])
    assert provisional.compute_grids(SYSTEM, total=11).grids == 11


def test_households_say_how_many_grids_a_village_needs(city: SmallCity) -> None:
    bare()
    actions.take_boundaries(SYSTEM, [outline("419802", FAR)])
    actions.take_divisions(SYSTEM, [DivisionRow("419802001001", households=2000)])
    provisional.compute_grids(SYSTEM, per_place=1)
    assert Division.objects.filter(parent__code="419802001001", valid_to=None).count() == 5


def test_places_with_an_outline_keep_it_and_the_others_share_the_rest(city: SmallCity) -> None:
    bare()
    west = box(114.5, 35.4, 114.7, 35.6)
    actions.take_boundaries(SYSTEM, [outline("419802", FAR), outline("419802001", west)])
    made = provisional.compute_grids(SYSTEM)
    assert made.cells == {"township": 1, "village": 4}
    rest = shapely.from_wkb(bytes(standing("419802002").wkb))
    assert rest.symmetric_difference(FAR.difference(west)).area < 1e-12


def test_without_an_outline_nothing_is_invented_and_that_is_told(city: SmallCity) -> None:
    bare()
    made = provisional.compute_grids(SYSTEM)
    assert (made.grids, made.landless) == (0, ["西河区"])


def test_land_that_other_grids_have_is_left_to_them(city: SmallCity) -> None:
    bare()
    actions.take_boundaries(SYSTEM, [outline("419802", COUNTY)])  # where the grids of the other county lie
    provisional.compute_grids(SYSTEM)
    lands = Boundary.objects.filter(division__level="grid", valid_to=None, division__valid_to=None)
    pieces = [shapely.from_wkb(bytes(land.wkb)) for land in lands]
    assert sum(piece.area for piece in pieces) == pytest.approx(shapely.union_all(pieces).area)


def test_a_survey_ends_the_computed_grids_of_its_village_alone(city: SmallCity) -> None:
    bare()
    with time.at(NOON - timedelta(days=30)):
        actions.take_boundaries(SYSTEM, [outline("419802", FAR)])
        provisional.compute_grids(SYSTEM, per_place=3)
        village = "419802001001"
        actions.take_posts(
            SYSTEM, [PostRow("张三", "419802001001-village_committee", "grid_worker", f"{village}003")]
        )
    land = shapely.from_wkb(bytes(standing(village).wkb))
    west, south, east, north = land.bounds
    middle = (west + east) / 2
    halves = [
        land.intersection(box(west, south, middle, north)),
        land.intersection(box(middle, south, east, north)),
    ]
    rows = [grid(1, halves[0], village), grid(2, halves[1], village)]
    taken = actions.take_grids(SYSTEM, rows)
    assert (taken.added, taken.changed, taken.refused) == (0, 2, {})
    there = Division.objects.filter(parent__code=village, valid_to=None).order_by("code")
    assert [(d.code[-3:], d.provisional) for d in there] == [("001", False), ("002", False)]
    third = Division.objects.get(code=f"{village}003")
    assert third.successor in there
    assert Post.objects.get(account__name="张三", valid_to=None).division == third.successor
    other = Division.objects.filter(parent__code="419802001002", valid_to=None)
    assert [d.provisional for d in other] == [True, True, True]
    assert not list(audit.verify())


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("西一巷社区居民委员会", "西一巷社区"),
        ("岗坡村民委员会", "岗坡村"),
        ("岗坡村委会", "岗坡村"),
        ("柳林镇", "柳林镇"),
    ],
)
def test_committees_are_named_by_their_place(name: str, short: str) -> None:
    assert provisional.short(name) == short
