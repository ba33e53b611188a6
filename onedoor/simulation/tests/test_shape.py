"""Shape files: what they refuse, with file and line; and the names drawn for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from onedoor.kernel import packs
from onedoor.simulation.names import Names, numeral, person, stem, words
from onedoor.simulation.shape import CITIES, CityShape, cities, read_shape

YIHE = (CITIES / "yihe" / "city.yaml").read_text("utf-8")


def test_two_cities_ship_with_the_house() -> None:
    assert cities() == ["liangting", "yihe"]
    assert read_shape("yihe").grid_count == 2309
    assert read_shape("liangting").grid_count == 180


def test_every_city_says_who_plays_county_village_and_grid() -> None:
    for key in cities():
        profile = read_shape(key).profile
        assert all(profile.level(role) for role in ("city", "county", "township", "village", "grid"))


def test_the_cities_differ_in_hours_and_numbers() -> None:
    yihe, small = (read_shape(key).profile for key in ("yihe", "liangting"))
    assert yihe.calendar.hours != small.calendar.hours
    assert yihe.number != small.number


def test_an_unknown_city_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no city called 'atlantis'; there are liangting, yihe"):
        read_shape("atlantis")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("at: [0.47, 0.52]", "at: north"), r"city\.yaml:\d+"),
        (lambda text: text.replace("turnover: 0.03", "turnover: 3"), r"turnover"),
        (lambda text: text.replace("grid: {community: 380,", "grid: {floating: 380,"), "no kind floating"),
        (lambda text: text.replace("  village: {village_committee: 1}", "  hamlet: {court: 1}"), "hamlet"),
        (lambda text: text.replace("kind: county", "kind: duchy", 1), "no kind 'duchy'"),
        (lambda text: text.replace("      township: {subdistrict: 9, town: 1}\n", ""), "must give counts"),
        (lambda text: text.replace("  township:\n    code", "  parish:\n    code"), "layers must describe"),
    ],
)
def test_a_faulty_shape_is_refused_with_its_place(
    tmp_path: Path, change: Callable[[str], str], said: str
) -> None:
    file = tmp_path / "city.yaml"
    file.write_text(change(YIHE), encoding="utf-8")
    assert file.read_text("utf-8") != YIHE
    with pytest.raises(packs.FaultyFile) as caught:
        packs.shape(packs.read(file), CityShape)
    assert re.search(said, str(caught.value))


def test_decks_repeat_with_their_seed_and_run_out_aloud() -> None:
    assert Names(3).draw("village", 50) == Names(3).draw("village", 50)
    assert Names(3).draw("village", 50) != Names(4).draw("village", 50)
    with pytest.raises(ValueError, match="run out"):
        Names(3).draw("town", 10_000)
    with pytest.raises(ValueError, match="no deck"):
        Names(3).draw("volcano", 1)


def test_towns_and_townships_share_no_name() -> None:
    names = Names(1)
    towns = {name[:-1] for name in names.draw("town", 40)}
    assert not towns & {name[:-1] for name in names.draw("township", 40)}


def test_people_have_a_surname_and_one_or_two_more_characters() -> None:
    rng = Random(1)
    people = [person(rng) for _ in range(300)]
    assert {len(name) for name in people} == {2, 3}
    assert all(name[0] in words("surnames") for name in people)


@pytest.mark.parametrize(("n", "text"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (99, "九十九")])
def test_numbers_as_they_are_spoken(n: int, text: str) -> None:
    assert numeral(n) == text


@pytest.mark.parametrize("n", [0, 100])
def test_numbers_out_of_range_are_refused(n: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        numeral(n)


@pytest.mark.parametrize(("name", "short"), [("白庄村", "白庄"), ("何村", "何村"), ("和平路社区", "和平路")])
def test_short_names_keep_two_characters(name: str, short: str) -> None:
    assert stem(name, ("社区", "村")) == short
