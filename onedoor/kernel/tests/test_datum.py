"""Coordinates come back where they were, and agree with a map service's own two files."""

from __future__ import annotations

import json
import os
import timeit
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.datum import Datum, check_degrees, convert, from_wgs84, to_wgs84
from onedoor.kernel.problems import BadInput

SHARED = Path(os.environ.get("ONEDOOR_SHARED", Path(__file__).resolve().parents[3].parent / "shared"))
HEBI = SHARED / "data" / "hebi"
METRE = 1 / 111_000

# A kilometre inside the rectangle, so that both ends of a shift lie on the same side of it.
chinese_lon, chinese_lat = st.floats(72.02, 137.82), st.floats(0.85, 55.81)
foreign = st.tuples(st.floats(-180, 72), st.floats(-90, 90)) | st.tuples(
    st.floats(138, 180), st.floats(-90, 90)
)


@given(chinese_lon, chinese_lat, st.sampled_from(Datum))
def test_there_and_back(lon: float, lat: float, datum: Datum) -> None:
    back = to_wgs84(*from_wgs84(lon, lat, datum), datum)
    assert back == pytest.approx((lon, lat), abs=1e-8)
    there = from_wgs84(*to_wgs84(lon, lat, datum), datum)
    assert there == pytest.approx((lon, lat), abs=1e-8)


@given(chinese_lon, chinese_lat, st.sampled_from(Datum), st.sampled_from(Datum))
def test_between_any_two(lon: float, lat: float, source: Datum, target: Datum) -> None:
    assert convert(*convert(lon, lat, source, target), target, source) == pytest.approx((lon, lat), abs=1e-8)


@given(chinese_lon, chinese_lat)
def test_the_shift_is_of_the_known_size(lon: float, lat: float) -> None:
    moved = from_wgs84(lon, lat, Datum.GCJ02)
    metres = np.hypot((moved[0] - lon) * np.cos(np.radians(lat)), moved[1] - lat) * 111_000
    assert metres < 1500
    assert moved != (lon, lat)


@given(foreign, st.sampled_from(Datum))
def test_nothing_is_shifted_outside_china(place: tuple[float, float], datum: Datum) -> None:
    assert from_wgs84(*place, datum) == place
    assert to_wgs84(*place, datum) == place


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-90, 90)), max_size=20), st.sampled_from(Datum))
def test_arrays_give_what_single_places_give(places: list[tuple[float, float]], datum: Datum) -> None:
    lon, lat = (np.array([place[axis] for place in places], dtype=float) for axis in (0, 1))
    for function in (from_wgs84, to_wgs84):
        together = function(lon, lat, datum)
        alone = [function(*place, datum) for place in places]
        assert np.allclose(np.array(alone).reshape(-1, 2), np.column_stack(together), rtol=0, atol=1e-9)


def test_known_places() -> None:
    # Tiananmen, as often given for WGS84 and GCJ-02.
    assert from_wgs84(116.391349, 39.907375, Datum.GCJ02) == pytest.approx((116.397593, 39.908778), abs=METRE)
    assert from_wgs84(116.391349, 39.907375, Datum.CGCS2000) == (116.391349, 39.907375)


@pytest.mark.parametrize(
    ("name", "datum"),
    [
        ("WGS84", Datum.WGS84),
        ("wgs-84", Datum.WGS84),
        ("EPSG:4326", Datum.WGS84),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", Datum.WGS84),
        ("CGCS2000", Datum.CGCS2000),
        ("EPSG:4490", Datum.CGCS2000),
        ("urn:ogc:def:crs:EPSG::4490", Datum.CGCS2000),
        ("GCJ-02", Datum.GCJ02),
        ("gcj02", Datum.GCJ02),
        ("火星坐标", Datum.GCJ02),
        ("高德", Datum.GCJ02),
        ("BD-09", Datum.BD09),
        ("百度", Datum.BD09),
    ],
)
def test_names_in_use(name: str, datum: Datum) -> None:
    assert Datum.parse(name) is datum


@pytest.mark.parametrize("name", ["", "beijing54", "EPSG:4528", "xian80"])
def test_an_unknown_name_is_refused_with_what_is_known(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        Datum.parse(name)
    assert "gcj02" in caught.value.text("zh")
    assert "cgcs2000" in caught.value.text("en")


@pytest.mark.parametrize(
    ("lon", "lat", "told"),
    [
        (35.9, 114.2, "写反"),
        (500_123.4, 3_970_000.0, "投影"),
        (200.0, 95.0, "不是经纬度"),
        (float("nan"), 1.0, "不是经纬度"),
    ],
)
def test_what_cannot_be_a_place_is_told(lon: float, lat: float, told: str) -> None:
    with pytest.raises(BadInput) as caught:
        check_degrees(lon, lat, "lon")
    assert told in caught.value.text("zh")
    assert caught.value.errors[0].field == "lon"


def test_a_place_passes() -> None:
    check_degrees(114.2, 35.9)


def points(file: Path) -> np.ndarray:
    found: list[list[float]] = []

    def collect(node: Any) -> None:
        if isinstance(node[0], float | int):
            found.append(node[:2])
        else:
            for part in node:
                collect(part)

    for feature in json.loads(file.read_text("utf-8"))["features"]:
        collect(feature["geometry"]["coordinates"])
    return np.array(found)


@pytest.mark.skipif(not HEBI.is_dir(), reason=f"the real boundaries of Hebi are not at {HEBI}")
def test_agrees_with_the_published_boundaries_of_hebi() -> None:
    shifted = points(HEBI / "hebi_counties_datav_v3_gcj02.geojson")
    plain = points(HEBI / "hebi_counties_datav_v3_wgs84.geojson")
    assert len(shifted) == len(plain) > 1000
    back = np.column_stack(to_wgs84(shifted[:, 0], shifted[:, 1], Datum.GCJ02))
    assert np.abs(back - plain).max() < 1e-7
    there = np.column_stack(from_wgs84(plain[:, 0], plain[:, 1], Datum.GCJ02))
    assert np.abs(there - shifted).max() < 1e-7


def test_one_place_costs_microseconds_and_a_hundred_thousand_not_much_more() -> None:
    alone = min(timeit.repeat(lambda: to_wgs84(114.2, 35.9, Datum.GCJ02), number=300, repeat=5)) / 300
    assert alone < 400e-6
    lon, lat = np.full(100_000, 114.2), np.linspace(35, 36, 100_000)
    assert timeit.timeit(lambda: to_wgs84(lon, lat, Datum.GCJ02), number=1) < 10
