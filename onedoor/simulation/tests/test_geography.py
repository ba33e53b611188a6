"""The synthetic cities: exact counts, exact tiling, codes, order, and the files they are written to."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import mean

import numpy as np
import pytest
import shapely

from onedoor.city.grids import Land
from onedoor.simulation.geography import Geography
from onedoor.simulation.growing import Plot, share_out
from onedoor.simulation.shape import cities


@pytest.fixture(scope="module")
def yihe() -> Geography:
    return Geography.of("yihe")


@pytest.fixture(scope="module", params=cities())
def city(request: pytest.FixtureRequest, yihe: Geography) -> Geography:
    return yihe if request.param == "yihe" else Geography.of(request.param)


def test_yihe_has_the_counts_it_is_known_for(yihe: Geography) -> None:
    levels = Counter(row.level for row in yihe.divisions())
    assert levels == {"city": 1, "county": 5, "township": 48, "village": 1006, "grid": 2309}
    assert Counter(row.kind for row in yihe.divisions() if row.level == "county") == {
        "district": 3,
        "county": 2,
    }


def test_every_area_has_exactly_the_counts_of_its_file(city: Geography) -> None:
    rows = city.divisions()
    for area in city.shape.areas:
        inside = [row for row in rows if row.code.startswith(area.code) and row.code != area.code]
        for level, counts in area.counts.items():
            assert Counter(row.kind for row in inside if row.level == level) == counts


def test_a_second_city_is_of_another_shape() -> None:
    small = Geography.of("liangting")
    assert Counter(row.level for row in small.divisions()) == {"city": 1, "district": 6, "grid": 180}
    assert "LT-03-017" in small.polygons()


def test_grids_tile_the_land_without_gaps_or_overlaps(city: Geography) -> None:
    polygons = city.polygons()
    grids = [polygons[code] for code in city.grids()]
    whole = shapely.union_all(grids)
    assert sum(grid.area for grid in grids) == pytest.approx(whole.area, rel=1e-12)
    assert whole.equals(polygons[city.divisions()[0].code])
    assert shapely.coverage_is_valid(grids)  # neighbours have the same corners, no border crosses another


def test_parents_are_the_union_of_their_children(city: Geography) -> None:
    polygons = city.polygons()
    children: dict[str, list[Land]] = {}
    for row in city.divisions():
        children.setdefault(row.parent_code, []).append(polygons[row.code])
    parents = {code: pieces for code, pieces in children.items() if code}
    assert len(parents) == len(polygons) - len(city.grids())
    for code, pieces in parents.items():
        assert sum(piece.area for piece in pieces) == pytest.approx(polygons[code].area, rel=1e-9)
        assert shapely.union_all(pieces).symmetric_difference(polygons[code]).area == 0


def test_codes_are_unique_follow_their_level_and_come_parents_first(city: Geography) -> None:
    seen: set[str] = set()
    patterns = {level.key: level.code for level in city.shape.profile.levels}
    for row in city.divisions():
        assert re.fullmatch(patterns[row.level], row.code)
        assert row.code not in seen
        assert row.parent_code in seen or row.parent_code == ""
        seen.add(row.code)


def test_grid_numbers_run_west_to_east_and_north_to_south(city: Geography) -> None:
    polygons = city.polygons()
    families: dict[str, list[shapely.Point]] = {}
    for row in city.divisions():
        if row.level == "grid":
            families.setdefault(row.parent_code, []).append(polygons[row.code].centroid)
    for centres in families.values():
        assert all(b.x > a.x or b.y < a.y for a, b in pairwise(centres))
    rows: list[list[float]] = [[]]
    widest = max(families.values(), key=len)
    for centre, following in zip(widest, [*widest[1:], widest[-1]], strict=True):
        rows[-1].append(centre.y)
        if following.x < centre.x:
            rows.append([])
    heights = [mean(row) for row in rows]
    assert len(heights) > 1
    assert heights == sorted(heights, reverse=True)


def test_the_same_city_every_time(yihe: Geography) -> None:
    again = Geography.of("yihe")
    assert again.divisions() == yihe.divisions()
    assert again.units() == yihe.units()
    assert again.roster() == yihe.roster()
    assert {k: v.wkb for k, v in again.polygons().items()} == {k: v.wkb for k, v in yihe.polygons().items()}
    assert [again.landmarks(code) for code in again.grids()] == [
        yihe.landmarks(code) for code in yihe.grids()
    ]


def test_another_seed_is_another_city(yihe: Geography) -> None:
    other = Geography(yihe.shape.model_copy(update={"seed": 7}))
    assert len(other.grids()) == 2309
    assert other.polygons()["419902"].wkb != yihe.polygons()["419902"].wkb
    assert shapely.coverage_is_valid([other.polygons()[code] for code in other.grids()])


def test_households_are_what_the_kind_of_grid_allows_and_add_up(yihe: Geography) -> None:
    rows = {row.code: row for row in yihe.divisions()}
    grids = [row for row in rows.values() if row.level == "grid"]
    assert all(300 <= row.households <= 500 for row in grids if row.kind == "community")
    assert all(row.subject for row in grids if row.kind == "exclusive")
    assert not any(row.subject for row in grids if row.kind != "exclusive")
    assert rows["419900"].households == sum(row.households for row in grids)


def test_no_two_children_of_a_place_share_a_name_and_a_few_villages_do(yihe: Geography) -> None:
    siblings = Counter((row.parent_code, row.name) for row in yihe.divisions())
    assert max(siblings.values()) == 1
    villages = Counter(row.name for row in yihe.divisions() if row.level == "village")
    assert 5 <= sum(count > 1 for count in villages.values()) <= 60


def test_points_lie_in_their_grid_and_landmarks_have_names(city: Geography) -> None:
    rng, polygons = Random(1), city.polygons()
    for code in city.grids()[::7]:
        assert polygons[code].covers(shapely.Point(city.point_in(code, rng)))
        landmarks = city.landmarks(code)
        assert len(landmarks.roads) == 2
        assert landmarks.places
    estates = [name for code in city.grids() for name in city.landmarks(code).estates]
    assert len(estates) == len(set(estates))
    assert estates


def test_the_files_hold_everything_and_name_the_datum(yihe: Geography, tmp_path: Path) -> None:
    written = {file.name: file for file in yihe.write(tmp_path / "yihe")}
    with written["divisions.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:5] == ["code", "level", "name", "parent_code", "type"]
    assert [row["code"] for row in rows] == [row.code for row in yihe.divisions()]
    grids = json.loads(written["grids.geojson"].read_text("utf-8"))
    assert grids["datum"] == "WGS84"
    assert len(grids["features"]) == 2309
    first = grids["features"][0]
    land = shapely.geometry.shape(first["geometry"])
    assert land.equals_exact(yihe.polygons()[first["properties"]["code"]], 0)
    assert len(json.loads(written["boundaries.geojson"].read_text("utf-8"))["features"]) == 1060
    for name, columns in (
        ("units.csv", "code,name,kind,division_code,parent_code"),
        ("roster.csv", "login,name,unit_code,role,division_code,valid_from,valid_to"),
    ):
        assert written[name].read_text("utf-8").splitlines()[0] == columns


def test_counts_that_cannot_fit_are_refused(yihe: Geography) -> None:
    layer = yihe.shape.layers["township"]
    county = Plot("county", "district", yihe.polygons()["419902"], (115.3, 34.2))
    with pytest.raises(ValueError, match="too few"):
        share_out([county] * 3, {"town": 2}, layer, np.random.default_rng(1))
