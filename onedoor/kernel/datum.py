"""Coordinates in the datums that occur in a Chinese city, brought to WGS84 and back.

- WGS84: what OneDoor keeps, what GeoJSON and GeoReport mean, what a phone's GPS gives.
- CGCS2000: the national datum of official data. Its ellipsoid and frame agree with WGS84 within a few
  centimetres (and some decimetres of plate motion since its epoch 2000.0), far below what a grid needs,
  so it is taken as equal.
- GCJ-02: what Chinese consumer maps show; WGS84 shifted by some hundreds of metres, differently at each place.
- BD-09: GCJ-02 shifted once more, in Baidu's maps.

The formulas were never published officially; these are the ones in public use since about 2013 (known as
"eviltransform", on the Krasovsky 1940 ellipsoid). The way back has no closed form and is found by
iteration, to better than 1e-9 degrees. Outside a rectangle around China nothing is shifted, as the maps
do it; the rectangle also holds parts of neighbouring countries.

Everything takes longitude before latitude, in degrees, as single numbers or as numpy arrays of one shape.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from onedoor.kernel.problems import BadInput

Degrees = TypeVar("Degrees", float, NDArray[np.float64])
_Shift = Callable[[Any, Any, Any], tuple[Any, Any]]

_AXIS = 6378245.0  # Krasovsky 1940
_ECCENTRICITY = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_BAIDU = math.pi * 3000.0 / 180.0
_MOST_ROUNDS = 30
_ENOUGH = 1e-10  # degrees, about 0.01 mm


class Datum(StrEnum):
    """A datum of geographic coordinates. `Datum.parse` reads the names in use."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"

    @classmethod
    def parse(cls, name: str) -> Datum:
        """The datum of a name as files and people write it. Raises BadInput that lists what is known."""
        found = _NAMES.get("".join(char for char in name.casefold() if char.isalnum()))
        if found is None:
            raise BadInput.of(
                "datum",
                f"不认识的坐标系“{name}”，请写 wgs84、cgcs2000、gcj02（高德、腾讯）或 bd09（百度）；"
                "投影坐标（米）请先转换为经纬度",
                f"unknown datum {name!r}; write wgs84, cgcs2000, gcj02 (Amap, Tencent) or bd09 (Baidu); "
                "projected coordinates in metres must be turned into degrees first",
            )
        return found


_NAMES = {
    **dict.fromkeys(
        ("wgs84", "epsg4326", "crs84", "urnogcdefcrsogc13crs84", "urnogcdefcrsepsg4326"), Datum.WGS84
    ),
    **dict.fromkeys(("gps", "地球坐标", "世界大地坐标系"), Datum.WGS84),
    **dict.fromkeys(("cgcs2000", "epsg4490", "urnogcdefcrsepsg4490", "天地图", "tianditu"), Datum.CGCS2000),
    **dict.fromkeys(("2000国家大地坐标系", "国家2000", "大地2000", "国家大地2000"), Datum.CGCS2000),
    **dict.fromkeys(("gcj02", "gcj", "mars", "火星坐标", "火星坐标系", "国测局"), Datum.GCJ02),
    **dict.fromkeys(("amap", "gaode", "高德", "tencent", "腾讯"), Datum.GCJ02),
    **dict.fromkeys(("bd09", "bd09ll", "baidu", "百度"), Datum.BD09),
}


def to_wgs84(lon: Degrees, lat: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """Longitude and latitude in WGS84 of a place given in `datum`."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return lon, lat
    if datum is Datum.BD09:
        lon, lat = _undone(_to_bd09, lon, lat)
    return cast("tuple[Degrees, Degrees]", _undone(_to_gcj02, lon, lat))


def from_wgs84(lon: Degrees, lat: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """Longitude and latitude in `datum` of a place given in WGS84."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return lon, lat
    moved = _done(_to_gcj02, lon, lat)
    return cast("tuple[Degrees, Degrees]", _done(_to_bd09, *moved) if datum is Datum.BD09 else moved)


def convert(lon: Degrees, lat: Degrees, source: Datum, target: Datum) -> tuple[Degrees, Degrees]:
    """From one datum to another; unchanged between equal ones."""
    if source is target:
        return lon, lat
    return from_wgs84(*to_wgs84(lon, lat, source), target)


def check_degrees(lon: float, lat: float, field: str = "point") -> None:
    """Raises BadInput for what cannot be a place in degrees, saying what was probably meant."""
    if -180 <= lon <= 180 and -90 <= lat <= 90:
        return
    if -90 <= lon <= 90 and -180 <= lat <= 180:
        zh = f"经度 {lon}、纬度 {lat} 似乎写反了，请先写经度再写纬度"
        en = f"longitude {lon} and latitude {lat} seem to be swapped; write longitude first"
    elif max(abs(lon), abs(lat)) > 1000:
        zh = f"{lon}, {lat} 像是投影坐标（米），请先转换为经纬度"
        en = f"{lon}, {lat} look like projected coordinates in metres; turn them into degrees first"
    else:
        zh = f"{lon}, {lat} 不是经纬度：经度在 -180 至 180 之间，纬度在 -90 至 90 之间"
        en = f"{lon}, {lat} is no place: longitude is -180 to 180, latitude -90 to 90"
    raise BadInput.of(field, zh, en)


def _to_gcj02(lon: Any, lat: Any, m: Any) -> tuple[Any, Any]:
    """GCJ-02 of a WGS84 place, anywhere. `m` is `math` or `numpy`, so that the formula stands once."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * m.sin(6.0 * x * m.pi) + 20.0 * m.sin(2.0 * x * m.pi)) * 2.0 / 3.0
    root = m.sqrt(m.fabs(x))
    north = (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves
        + (20.0 * m.sin(y * m.pi) + 40.0 * m.sin(y / 3.0 * m.pi)) * 2.0 / 3.0
        + (160.0 * m.sin(y / 12.0 * m.pi) + 320.0 * m.sin(y * m.pi / 30.0)) * 2.0 / 3.0
    )  # fmt: skip
    east = (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves
        + (20.0 * m.sin(x * m.pi) + 40.0 * m.sin(x / 3.0 * m.pi)) * 2.0 / 3.0
        + (150.0 * m.sin(x / 12.0 * m.pi) + 300.0 * m.sin(x / 30.0 * m.pi)) * 2.0 / 3.0
    )  # fmt: skip
    phi = lat / 180.0 * m.pi
    flat = 1.0 - _ECCENTRICITY * m.sin(phi) ** 2
    radius_north = _AXIS * (1.0 - _ECCENTRICITY) / (flat * m.sqrt(flat))
    radius_east = _AXIS / m.sqrt(flat) * m.cos(phi)
    return lon + east * 180.0 / (radius_east * m.pi), lat + north * 180.0 / (radius_north * m.pi)


def _to_bd09(lon: Any, lat: Any, m: Any) -> tuple[Any, Any]:
    """BD-09 of a GCJ-02 place, anywhere."""
    length = m.sqrt(lon * lon + lat * lat) + 0.00002 * m.sin(lat * _BAIDU)
    angle = (m.atan2 if m is math else m.arctan2)(lat, lon) + 0.000003 * m.cos(lon * _BAIDU)
    return length * m.cos(angle) + 0.0065, length * m.sin(angle) + 0.006


def _done(shift: _Shift, lon: Any, lat: Any) -> Any:
    """The shift, where the place lies in China."""
    inside = _inside(lon, lat)
    if not isinstance(inside, np.ndarray):
        return shift(lon, lat, math) if inside else (lon, lat)
    moved = shift(*_tame(lon, lat, inside), np)
    return np.where(inside, moved[0], lon), np.where(inside, moved[1], lat)


def _undone(shift: _Shift, lon: Any, lat: Any) -> Any:
    """The place that the shift takes to this one; a place outside China is its own."""
    inside = _inside(lon, lat)
    if not isinstance(inside, np.ndarray):
        return _place(shift, lon, lat, math, max) if inside else (lon, lat)
    found = _place(shift, *_tame(lon, lat, inside), np, _largest)
    return np.where(inside, found[0], lon), np.where(inside, found[1], lat)


def _place(
    shift: _Shift, lon: Any, lat: Any, m: Any, largest: Callable[[Any, Any], float]
) -> tuple[Any, Any]:
    """Walks towards the origin of (lon, lat).

    The shift differs between two places by less than a hundredth of their distance, so that each round gains two
    digits.
    """
    x, y = lon, lat
    for _ in range(_MOST_ROUNDS):
        to_x, to_y = shift(x, y, m)
        x, y = x - (to_x - lon), y - (to_y - lat)
        if largest(m.fabs(to_x - lon), m.fabs(to_y - lat)) < _ENOUGH:
            break
    return x, y


def _largest(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    return float(np.maximum(one, two).max(initial=0.0))


def _tame(lon: Any, lat: Any, inside: NDArray[np.bool_]) -> tuple[Any, Any]:
    """Places outside China replaced by one inside, since the formulas break at the poles."""
    return np.where(inside, lon, 110.0), np.where(inside, lat, 35.0)


def _inside(lon: Any, lat: Any) -> Any:
    return (lon > _WEST) & (lon < _EAST) & (lat > _SOUTH) & (lat < _NORTH)
