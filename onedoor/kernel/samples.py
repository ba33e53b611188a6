"""Sample data of the /patterns page: `samples.yaml`, its dates set around the present, and a made-up land."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from ruamel.yaml import YAML

from onedoor.kernel.curves import drawn
from onedoor.kernel.time import now

SOURCE = Path(__file__).with_name("samples.yaml")
COLUMNS, ROWS = 18, 12
WEST, SOUTH, STEP = 114.05, 35.60, 0.018  # degrees
FLAT = 0.8  # a degree of latitude is longer than one of longitude here


def values() -> dict[str, Any]:
    """What the demos of /patterns show, by the names they use."""
    found: dict[str, Any] = _dated(YAML(typ="safe").load(SOURCE), now())
    for field in found["form"]:
        field.setdefault("name", field["kind"])
    found["curve"] = drawn(found["curve_points"])
    return found


def _dated(value: Any, at: datetime) -> Any:
    if isinstance(value, list):
        return [_dated(item, at) for item in value]
    if not isinstance(value, dict):
        return value
    return dict(_moved(key, held, at) for key, held in value.items())


def _moved(key: str, held: Any, at: datetime) -> tuple[str, Any]:
    if key == "day_in":
        return "day", (at + timedelta(days=held)).date()
    if key == "in" or key.endswith("_in"):
        return key.removesuffix("in") + "at", at + timedelta(hours=held)
    return key, _dated(held, at)


def _corner(column: int, row: int) -> list[float]:
    chance = Random(column * 100 + row)  # noqa: S311  # the same land every time
    inner = 0 < column < COLUMNS and 0 < row < ROWS
    east, north = (chance.uniform(-0.3, 0.3) if inner else 0 for _ in "xy")
    return [round(WEST + (column + east) * STEP, 5), round(SOUTH + (row + north) * STEP * FLAT, 5)]


def _block(left: int, bottom: int, width: int, height: int) -> list[list[float]]:
    """The outline of a block of cells; neighbours share their corners, so nothing overlaps."""
    right, top = left + width, bottom + height
    ring = [(column, bottom) for column in range(left, right)] + [(right, row) for row in range(bottom, top)]
    ring += [(column, top) for column in range(right, left, -1)]
    ring += [(left, row) for row in range(top, bottom, -1)]
    return [_corner(*at) for at in [*ring, ring[0]]]


def _feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def grids() -> dict[str, Any]:
    """GeoJSON of grids, with counts that thin out from the middle of the land."""
    chance = Random(7)  # noqa: S311
    found = []
    for number in range(COLUMNS * ROWS):
        row, column = divmod(number, COLUMNS)
        near = 1 - abs(column - COLUMNS / 2) / COLUMNS - abs(row - ROWS / 2) / ROWS
        count = max(0, round(chance.gauss(14 * near - 4, 3)))
        name = f"柳园社区 {number + 1:03} 网格"
        found.append(_feature("Polygon", [_block(column, row, 1, 1)], name=name, count=count, url="panel/"))
    return _collection(found)


def outline() -> dict[str, Any]:
    """GeoJSON of two counties and their townships."""
    found = [_feature("Polygon", [_block(left, 0, 9, ROWS)], name=name, level="county")
             for left, name in ((0, "临水县"), (9, "望山县"))]  # fmt: skip
    for column in range(0, COLUMNS, 3):
        for row in range(0, ROWS, 4):
            name = f"{'甲乙丙丁戊己'[column // 3]}{'一二三'[row // 4]}镇"
            found.append(_feature("Polygon", [_block(column, row, 3, 4)], name=name, level="township"))
    return _collection(found)


def points() -> dict[str, Any]:
    """GeoJSON of matters scattered over the land."""
    chance = Random(11)  # noqa: S311
    found = []
    for number in range(160):
        lon = WEST + STEP * COLUMNS * chance.betavariate(3, 3)
        lat = SOUTH + STEP * FLAT * ROWS * chance.betavariate(3, 3)
        tone = chance.choice(["plain", "plain", "plain", "plain", "warn", "late"])
        found.append(_feature("Point", [lon, lat], title=f"事项 {number + 1}", url="panel/", tone=tone))
    return _collection(found)
