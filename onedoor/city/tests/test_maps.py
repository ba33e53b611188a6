"""Maps as cities have them: datums told, untold and wrong; broken outlines; what is no map at all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from shapely.geometry import Polygon, box, mapping

from onedoor.city import loaders
from onedoor.city.loaders.maps import WrongDatum
from onedoor.city.models import Boundary
from onedoor.city.tests.files import COUNTY, VILLAGE, options, written
from onedoor.city.tests.test_outlines import told_in
from onedoor.kernel.datum import Datum
from onedoor.kernel.problems import BadInput
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


def mapped(path: Path, features: list[tuple[dict[str, Any], shapely.Geometry]], **members: Any) -> Path:
    made = [{"type": "Feature", "properties": said, "geometry": mapping(land)} for said, land in features]
    path.write_text(
        json.dumps({"type": "FeatureCollection", **members, "features": made}, ensure_ascii=False)
    )
    return path


def test_outlines_by_code_or_by_a_name_that_only_one_has(city: SmallCity, tmp_path: Path) -> None:
    features: list[tuple[dict[str, Any], shapely.Geometry]] = [
        ({"adcode": 419801, "name": "东河区", "centroid": [1, 2]}, COUNTY),
        ({"name": "西河区"}, box(114.6, 35.6, 114.9, 35.9)),
    ]
    loaded = loaders.load_boundaries(mapped(tmp_path / "b_wgs84.geojson", features), options())
    assert (loaded.taken.added, loaded.refusals, loaded.unknown, loaded.remarks) == (2, [], [], [])
    assert Boundary.objects.get(division__code="419802").source == "b_wgs84.geojson"


@pytest.mark.parametrize(
    ("name", "members", "chosen", "datum"),
    [
        ("b_gcj02", {}, "", "gcj02"),
        ("b", {"source_crs": "GCJ-02 (from a map service)"}, "", "gcj02"),
        ("b", {"datum": "CGCS2000"}, "", "cgcs2000"),
        (
            "b",
            {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}},
            "",
            "cgcs2000",
        ),
        ("b", {}, "bd09", "bd09"),
        ("b", {}, "", "wgs84"),
    ],
)
def test_the_datum_is_told_by_the_file_and_kept(
    city: SmallCity, tmp_path: Path, name: str, members: dict[str, Any], chosen: str, datum: str
) -> None:
    land = told_in(COUNTY, Datum(datum))
    file = mapped(tmp_path / f"{name}.geojson", [({"code": "419801"}, land)], **members)
    loaded = loaders.load_boundaries(file, options(datum=chosen))
    held = Boundary.objects.get(division__code="419801")
    assert held.source_datum == datum
    assert shapely.from_wkb(bytes(held.wkb)).symmetric_difference(COUNTY).area < 1e-6 * COUNTY.area
    assumed = not members and not chosen and name == "b"
    assert bool(loaded.remarks) == assumed


def test_a_file_that_contradicts_itself_must_be_explained(city: SmallCity, tmp_path: Path) -> None:
    file = mapped(tmp_path / "b_gcj02.geojson", [({"code": "419801"}, COUNTY)], source_crs="WGS84")
    with pytest.raises(BadInput, match="--datum"):
        loaders.load_boundaries(file, options())
    loaded = loaders.load_boundaries(file, options(datum="wgs84"))
    assert "gcj02" in loaded.remarks[0].en
    with pytest.raises(BadInput, match="unknown datum"):
        loaders.load_boundaries(file, options(datum="西安80"))


def test_a_wrong_datum_is_seen_by_what_is_there_and_stops_the_load(city: SmallCity, tmp_path: Path) -> None:
    loaders.load_boundaries(mapped(tmp_path / "a_wgs84.geojson", [({"code": "419801"}, COUNTY)]), options())
    shifted = mapped(tmp_path / "b_wgs84.geojson", [({"code": "419801"}, told_in(COUNTY, Datum.GCJ02))])
    with pytest.raises(WrongDatum) as raised:
        loaders.load_boundaries(shifted, options())
    assert "--datum gcj02" in raised.value.text("zh")
    loaded = loaders.load_boundaries(shifted, options(sure=True))
    assert loaded.taken.changed == 1
    assert "--datum gcj02" in loaded.remarks[-1].en


def test_grids_of_a_wrong_datum_stick_out_of_their_county_together(city: SmallCity, tmp_path: Path) -> None:
    loaders.load_boundaries(mapped(tmp_path / "a_wgs84.geojson", [({"code": "419801"}, COUNTY)]), options())
    halves = [box(114.2, 35.6, 114.35, 35.9), box(114.35, 35.6, 114.5, 35.9)]
    features = [
        ({"code": f"{VILLAGE}01{n}", "name": f"网格{n}"}, told_in(land, Datum.GCJ02))
        for n, land in enumerate(halves)
    ]
    with pytest.raises(WrongDatum):
        loaders.load_grids(mapped(tmp_path / "g_wgs84.geojson", features), options())
    good = mapped(tmp_path / "g_gcj02.geojson", features)
    assert loaders.load_grids(good, options()).taken.added == 2
    assert loaders.load_grids(good, options()).taken.same == 2


def test_refused_features_come_back_with_reasons_and_a_mended_outline(
    city: SmallCity, tmp_path: Path
) -> None:
    bow = Polygon([(114.2, 35.6), (114.3, 35.7), (114.3, 35.6), (114.2, 35.7)])
    features = [
        ({"网格编码": f"{VILLAGE}011", "网格名称": "好"}, box(114.4, 35.6, 114.5, 35.7)),
        ({"网格编码": f"{VILLAGE}012", "网格名称": "交叉"}, bow),
        ({"网格编码": f"{VILLAGE}013", "网格名称": "重叠"}, box(114.45, 35.6, 114.55, 35.7)),
        ({"网格编码": "419899001001001", "网格名称": "无主"}, box(114.6, 35.6, 114.7, 35.7)),
        ({"网格名称": "无码"}, box(114.8, 35.6, 114.9, 35.7)),
    ]
    rejects = tmp_path / "no.geojson"
    file = mapped(tmp_path / "g.geojson", features, datum="CGCS2000")
    loaded = loaders.load_grids(file, options(rejects=rejects))
    assert loaded.taken.added == 1
    assert [(refusal.row, refusal.errors[0].field) for refusal in loaded.refusals] == [
        (2, "geometry"), (3, "geometry"), (4, "parent_code"), (5, "code"),
    ]  # fmt: skip
    returned = json.loads(rejects.read_text("utf-8"))
    assert returned["datum"] == "cgcs2000"
    assert "重叠" in returned["features"][1]["properties"]["problem_zh"]
    assert shapely.geometry.shape(returned["features"][0]["properties"]["suggested"]).is_valid
    again = loaders.load_grids(rejects, options(mend=True))
    assert again.taken.added == 1  # the crossed one, mended
    assert again.unknown == []
    assert "mended" in again.remarks[0].en


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"type": "FeatureCollection", "features": [', "cut off"),
        ('{"type": "FeatureCollection", "features": []}', "no features"),
        ("[1, 2]", "not valid GeoJSON"),
        ("code,name\n1,2", "not valid GeoJSON"),
        ("<kml></kml>", "KML"),
        ("PK\x03\x04", "archive"),
        ('{"features": ' + "[" * 200_000, "GeoJSON"),
    ],
    ids=["cut off", "empty", "a list", "a table", "kml", "zip", "a bomb of brackets"],
)
def test_what_is_no_map_is_said_plainly(city: SmallCity, tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        loaders.load_boundaries(written(tmp_path / "b.geojson", content), options())


def test_features_without_or_with_a_broken_outline_are_refused_one_by_one(
    city: SmallCity, tmp_path: Path
) -> None:
    features = [
        {"type": "Feature", "properties": {"code": "419801"}, "geometry": None},
        {
            "type": "Feature",
            "properties": {"code": "419801"},
            "geometry": {"type": "Polygon", "coordinates": [[[1]]]},
        },
        {
            "type": "Feature",
            "properties": {"code": "419801"},
            "geometry": {"type": "Point", "coordinates": [114, 35]},
        },
        "nothing",
        {
            "type": "Feature",
            "properties": {"code": "419802", "valid_from": "昨天"},
            "geometry": mapping(COUNTY),
        },
        {
            "type": "Feature",
            "properties": {"code": "419802", "valid_from": 45292},
            "geometry": mapping(COUNTY),
        },
    ]
    file = written(
        tmp_path / "b.geojson", json.dumps({"type": "FeatureCollection", "features": features}), "gb18030"
    )
    loaded = loaders.load_boundaries(file, options(rejects=tmp_path / "no.geojson"))
    assert loaded.taken.added == 1
    assert [refusal.row for refusal in loaded.refusals] == [1, 2, 3, 4, 5]
    assert Boundary.objects.get(division__code="419802").valid_from == date(2024, 1, 1)
