"""A synthetic city ready to use: divisions, polygons, landmarks, units and posts; and the files of them.

    city = Geography.of("yihe")          # the same every time
    city.divisions()                     # rows, parents first
    city.polygons()["419902001001003"]   # shapely, WGS84
    city.point_in(code, rng), city.landmarks(code)
    city.write(folder)                   # {divisions,units,roster}.csv, {boundaries,grids}.geojson

The files have the columns that the public loaders read, so a demonstration city comes in by the same door
as a real one.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any, Protocol, Self

import shapely

from onedoor.city.grids import Land
from onedoor.simulation import staffing
from onedoor.simulation.growing import SUFFIXES, Plot, grow
from onedoor.simulation.names import Names, place_near, stem
from onedoor.simulation.shape import CityShape, read_shape
from onedoor.simulation.staffing import PostRow, UnitRow

DECIMALS = 7  # about a centimetre


class Dice(Protocol):
    """Anything with random(), such as random.Random or a numpy Generator."""

    def random(self) -> float:
        """A number from 0 up to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Division:
    """One row of divisions.csv. `subject` is what an exclusive grid (专属网格) is drawn around."""

    code: str
    level: str
    name: str
    parent_code: str
    type: str
    kind: str
    households: int
    subject: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What people name when they say where something is: roads, housing estates, schools and the like."""

    roads: tuple[str, ...]
    estates: tuple[str, ...]
    places: tuple[str, ...]


class Geography:
    """One synthetic city. Make it with `Geography.of(key)` or from a shape of your own."""

    def __init__(self, shape: CityShape) -> None:
        self.shape = shape
        self._top = grow(shape)
        self._plots = sorted(self._top.walk(), key=lambda plot: (self._depth(plot), plot.code))
        self._by_code = {plot.code: plot for plot in self._plots}

    @classmethod
    def of(cls, key: str) -> Self:
        """A shipped city by its key, such as `yihe`. Raises ValueError for an unknown key."""
        return cls(read_shape(key))

    def _depth(self, plot: Plot) -> int:
        return [level.key for level in self.shape.profile.levels].index(plot.level)

    def divisions(self) -> list[Division]:
        """All divisions, level by level from the top, in a level by code."""
        return [self._row(plot) for plot in self._plots]

    def _row(self, plot: Plot) -> Division:
        return Division(
            code=plot.code,
            level=plot.level,
            name=plot.name,
            parent_code=plot.parent.code if plot.parent else "",
            type=self.shape.layers[plot.level].kinds[plot.kind].type if plot.parent else "",
            kind=plot.kind,
            households=plot.households,
            subject=plot.subject,
            valid_from=self.shape.city.valid_from,
        )

    def polygons(self) -> dict[str, Land]:
        """Code → polygon of every division, WGS84; a parent is exactly the union of its children."""
        return {plot.code: plot.land for plot in self._plots}

    def grids(self) -> list[str]:
        """Codes of the grids."""
        return [plot.code for plot in self._plots if not plot.children]

    def units(self) -> list[UnitRow]:
        """All units, parents first."""
        return list(self._staff[0])

    def roster(self) -> list[PostRow]:
        """All posts, those that ended included."""
        return list(self._staff[1])

    def landmarks(self, grid_code: str) -> Landmarks:
        """Roads, estates and places of a grid. Raises KeyError for a code that is not a grid's."""
        return self._landmarks[grid_code]

    def point_in(self, code: str, rng: Dice) -> tuple[float, float]:
        """A random point (lon, lat; six decimals) inside a division. Raises KeyError for an unknown code."""
        land = self._by_code[code].land
        shapely.prepare(land)
        west, south, east, north = land.bounds
        while True:
            lon = round(west + (east - west) * rng.random(), 6)
            lat = round(south + (north - south) * rng.random(), 6)
            if shapely.contains_xy(land, lon, lat):
                return lon, lat

    @cached_property
    def _staff(self) -> tuple[list[UnitRow], list[PostRow]]:
        units = staffing.units(self.shape, self._top)
        return units, staffing.roster(self.shape, self._top, units)

    @cached_property
    def _landmarks(self) -> dict[str, Landmarks]:
        names, rng = Names(self.shape.seed), Random(f"landmarks {self.shape.seed}")
        return {
            leaf.code: landmarks
            for area in self._top.children
            for leaf, landmarks in _landmarks_of(area, names.draw("road", 24), names, rng)
        }

    def write(self, folder: Path) -> list[Path]:
        """Writes the five files into the folder (made if missing) and returns their paths."""
        folder.mkdir(parents=True, exist_ok=True)
        grids = [plot for plot in self._plots if not plot.children]
        upper = [plot for plot in self._plots if plot.children]
        return [
            _write_csv(folder / "divisions.csv", Division, self.divisions()),
            _write_geojson(folder / "boundaries.geojson", [(self._row(plot), plot.land) for plot in upper]),
            _write_geojson(folder / "grids.geojson", [(self._row(plot), plot.land) for plot in grids]),
            _write_csv(folder / "units.csv", UnitRow, self.units()),
            _write_csv(folder / "roster.csv", PostRow, self.roster()),
        ]


def _landmarks_of(
    area: Plot, roads: list[str], names: Names, rng: Random
) -> Iterable[tuple[Plot, Landmarks]]:
    """Grids of one village share its roads; grids where people live have an estate or two of their own."""
    local: dict[str, list[str]] = {}
    for leaf in area.leaves():
        assert leaf.parent is not None
        near = local.setdefault(leaf.parent.code, rng.sample(roads, 3))
        estates = names.draw("estate", 0 if leaf.kind in ("rural", "exclusive") else rng.choice((1, 1, 2)))
        home = leaf.name if leaf.parent is area else leaf.parent.name
        short = stem(home.split("专属网格")[0], SUFFIXES)
        places = {place_near(short, rng) for _ in range(2)}
        yield leaf, Landmarks(tuple(rng.sample(near, 2)), tuple(estates), tuple(sorted(places)))


def _write_csv(file: Path, row: type[Any], rows: Sequence[Any]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [field.name for field in fields(row)])
        writer.writeheader()
        writer.writerows(asdict(each) for each in rows)
    return file


def _write_geojson(file: Path, features: list[tuple[Division, Land]]) -> Path:
    collection = {
        "type": "FeatureCollection",
        "name": file.stem,
        "datum": "WGS84",
        "features": [
            {
                "type": "Feature",
                "properties": {**asdict(row), "valid_from": row.valid_from.isoformat()},
                "geometry": shapely.geometry.mapping(land),
            }
            for row, land in features
        ],
    }
    file.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return file
