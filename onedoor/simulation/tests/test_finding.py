"""The demonstration city and the door: what lies in it is found, by point and by words."""

from __future__ import annotations

from random import Random

import pytest
import shapely

from onedoor.intake.locate import Gazetteer, GridIndex, Place
from onedoor.simulation.geography import Geography


@pytest.fixture(scope="module")
def yihe() -> Geography:
    return Geography.of("yihe")


def test_a_point_made_in_a_grid_is_located_there(yihe: Geography) -> None:
    polygons, rng = yihe.polygons(), Random(2)
    index = GridIndex({code: polygons[code] for code in yihe.grids()})
    assert len(index) == 2309
    for code in yihe.grids():
        point = yihe.point_in(code, rng)
        found = index.locate(*point)
        assert found is not None
        assert code in (found.code, *found.also)
    nowhere = index.nearest(*shapely.box(*polygons["419900"].bounds).exterior.coords[0])
    assert nowhere is not None
    assert nowhere.metres > 1000


def test_every_village_is_found_by_its_address(yihe: Geography) -> None:
    rows = {row.code: row for row in yihe.divisions() if row.level != "grid"}
    gazetteer = Gazetteer(Place(r.code, r.name, r.parent_code or None, r.level) for r in rows.values())
    villages = [row for row in rows.values() if row.level == "village"]
    alone_unclear = 0
    for row in villages:
        township = rows[row.parent_code]
        county = rows[township.parent_code]
        full = gazetteer.find(f"您好，{county.name}{township.name}{row.name}3组门前积水")
        assert full is not None
        assert full.code == row.code
        alone = gazetteer.find(f"{row.name}门前积水")
        assert alone is not None
        assert alone.code == row.code or row.code in alone.candidates
        alone_unclear += bool(alone.candidates)
    assert 0 < alone_unclear < len(villages) / 10


def test_every_estate_is_found_by_its_name(yihe: Geography) -> None:
    places = [Place(row.code, row.name, row.parent_code or None, row.level) for row in yihe.divisions()]
    estates = [(name, code) for code in yihe.grids() for name in yihe.landmarks(code).estates]
    gazetteer = Gazetteer(places, aliases=estates)
    for name, code in estates:
        found = gazetteer.find(f"{name}3号楼电梯坏了")
        assert found is not None
        assert (found.code, found.words) == (code, (name,))
