"""Units and posts: who is where, and the gaps the roster question must find."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from onedoor.kernel import packs
from onedoor.simulation.geography import Geography
from onedoor.simulation.shape import cities
from onedoor.simulation.staffing import unit_kinds

ROLES = packs.read(packs.SHIPPED / "common" / "roles.yaml").data["roles"]


@pytest.fixture(scope="module")
def yihe() -> Geography:
    return Geography.of("yihe")


@pytest.fixture(scope="module", params=cities())
def city(request: pytest.FixtureRequest, yihe: Geography) -> Geography:
    return yihe if request.param == "yihe" else Geography.of(request.param)


def test_a_county_has_nineteen_departments_and_six_mediation_rooms(yihe: Geography) -> None:
    for area in yihe.shape.areas:
        kinds = [unit.kind for unit in yihe.units() if unit.division_code == area.code]
        assert sum(bool(unit_kinds()[kind].get("department")) for kind in kinds) == 19
        assert sum(kind.startswith("mediation_") for kind in kinds) == 6


def test_every_kind_of_unit_exists_in_every_city(city: Geography) -> None:
    levels = {level.key for level in city.shape.profile.levels}
    wanted = set(unit_kinds()) - ({"village_committee"} if "village" not in levels else set())
    assert {unit.kind for unit in city.units()} == wanted


def test_unit_codes_and_names_are_unique_and_parents_come_first(city: Geography) -> None:
    seen: set[str] = set()
    divisions = {row.code for row in city.divisions()}
    for unit in city.units():
        assert unit.division_code in divisions
        assert unit.parent_code in seen or unit.parent_code == ""
        seen.add(unit.code)
    assert len(seen) == len(city.units())
    assert max(map(len, seen)) <= 40
    stations = [unit.name for unit in city.units() if unit.kind == "police_station"]
    assert len(stations) == len(set(stations))


def test_units_are_called_as_such_units_are(yihe: Geography) -> None:
    names = {unit.code: unit.name for unit in yihe.units()}
    assert names["419902-court"] == "沂中区人民法院"
    divisions = {row.code: row for row in yihe.divisions()}
    for code, name in names.items():
        place = divisions[code.split("-")[0]]
        if code.endswith("village_committee"):
            assert name == place.name + ("民委员会" if place.kind == "villagers" else "居民委员会")
        if code.endswith("township_office"):
            assert name == place.name + ("办事处" if place.kind == "subdistrict" else "人民政府")


def test_posts_fit_roles_units_and_divisions(city: Geography) -> None:
    units = {unit.code for unit in city.units()}
    divisions = {row.code for row in city.divisions()}
    for post in city.roster():
        assert post.role in ROLES
        assert post.unit_code in units
        assert post.division_code in divisions
        assert post.valid_from >= city.shape.city.valid_from
        assert post.valid_to is None or post.valid_to > post.valid_from
        assert len(post.login) <= 60


def test_a_login_is_one_person_and_is_not_twice_in_the_same_post(city: Geography) -> None:
    names = defaultdict(set)
    for post in city.roster():
        names[post.login].add(post.name)
    assert {len(people) for people in names.values()} == {1}
    posts = Counter((p.login, p.unit_code, p.role, p.division_code) for p in city.roster())
    assert max(posts.values()) == 1


def test_the_gaps_are_exactly_as_large_as_the_file_says(city: Geography) -> None:
    for wanted in (posts for posts in city.shape.posts if posts.each):
        held = {
            post.division_code
            for post in city.roster()
            if post.role == wanted.role and post.valid_to is None and f"-{wanted.unit}" in post.unit_code
        }
        places = {row.code for row in city.divisions() if row.level == wanted.each}
        assert len(places - held) == round(wanted.gap * len(places))


def test_some_posts_had_somebody_else_before(city: Geography) -> None:
    former = [post for post in city.roster() if post.valid_to is not None]
    now = {(p.unit_code, p.role, p.division_code, p.valid_from) for p in city.roster() if p.valid_to is None}
    assert former
    assert all((p.unit_code, p.role, p.division_code, p.valid_to) in now for p in former)
