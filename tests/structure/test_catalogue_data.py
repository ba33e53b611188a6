"""The catalogue of categories and the language of the demo city, as data: complete, sourced, and naming nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from onedoor.kernel.packs import SHIPPED, read
from onedoor.kernel.spans import Span
from onedoor.triage.lexicon import weighted
from tests.structure.sources import PACKAGE

LANGUAGE = PACKAGE / "simulation" / "language"
KINDS = set(read(SHIPPED / "common" / "unit_kinds.yaml").data["unit_kinds"])
PROCEDURES = {file.stem for file in SHIPPED.glob("*/procedures/*.yaml")}
SURE = {"V", "V-weak", "O"}
LIMITS = {"act", "accept"}
VOICES = {"any", "web", "hotline", "counter", "grid"}
CHANNELS = {"web", "hotline", "counter", "grid_worker"}
URBAN = {"estate", "community"}
SLOT = re.compile(r"\{(\w+)\}")
CHOICE = re.compile(r"\[([^\[\]]*)\]")
LONG_NUMBER = re.compile(r"\d{6,}")  # a telephone, an identity card, an account


def _families() -> list[dict[str, Any]]:
    files = sorted(SHIPPED.glob("*/categories.yaml"))
    return [family for file in files for family in read(file).data["categories"]]


def _by_staff(family: dict[str, Any]) -> bool:
    """Whether what a family holds is opened by staff: then residents have no words for it."""
    return all(child["procedure"] in STAFF_OPEN for child in family["children"])


STAFF_OPEN = {"campaign", "letter"}
FAMILIES = [family for family in _families() if not _by_staff(family)]
OPENED_BY_STAFF = [family for family in _families() if _by_staff(family)]
CATEGORIES = {child["code"]: child for family in FAMILIES for child in family["children"]}
BY_UNITS = {child["code"]: child for family in OPENED_BY_STAFF for child in family["children"]}
MATTERS = {file.stem: read(file).data for file in sorted((LANGUAGE / "matters").glob("*.yaml"))}
SPOKEN = {code: (family, own) for family in MATTERS.values() for code, own in family["categories"].items()}
SHARED = sorted(LANGUAGE.glob("*.yaml"))


@cache
def _slots() -> set[str]:
    return set(read(LANGUAGE / "slots.yaml").data["slots"])


def _texts(node: Any) -> Iterator[str]:
    """Every string anywhere in a piece of data."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for part in node.values() if isinstance(node, dict) else node:
            yield from _texts(part)


def _used(*texts: str) -> set[str]:
    return set(SLOT.findall("".join(texts)))


def _grammatical(text: str) -> bool:
    """Brackets are paired and not nested, and a choice has at least two sides."""
    rest = SLOT.sub("", CHOICE.sub("", text))
    return not set("[]{}") & set(rest) and all("|" in choice for choice in CHOICE.findall(text))


def test_codes_are_unique_and_name_their_family() -> None:
    codes = [family["code"] for family in FAMILIES]
    children = [child["code"] for family in FAMILIES for child in family["children"]]
    assert len(set(codes + children)) == len(codes + children)
    for family in FAMILIES:
        for child in family["children"]:
            assert re.fullmatch(rf"{family['code']}\.[a-z_]+", child["code"])
    assert all(re.fullmatch(r"[a-z_]+", code) for code in codes)


def test_what_staff_open_has_no_step_for_a_resident() -> None:
    for file in SHIPPED.glob("*/procedures/*.yaml"):
        steps = re.search(r"by: resident|\buses:", file.read_text("utf-8"))
        assert (steps is None) == (file.stem in STAFF_OPEN)
    assert all(child["words"] == [] for child in BY_UNITS.values())


def test_there_are_enough_categories_for_a_city() -> None:
    assert len(FAMILIES) >= 12
    assert len(CATEGORIES) >= 60
    assert "other.general" in CATEGORIES, "whatever fits nowhere else needs a category too"


@pytest.mark.parametrize("item", [*FAMILIES, *CATEGORIES.values()], ids=lambda item: item["code"])
def test_a_category_has_its_title_in_both_languages(item: dict[str, Any]) -> None:
    for name in ("title", "about") if "about" in item else ("title",):
        assert set(item[name]) == {"zh", "en"}
        assert re.search(r"[\u4e00-\u9fff]", item[name]["zh"])
        assert not re.search(r"[\u4e00-\u9fff]", item[name]["en"])


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda item: item["code"])
def test_a_category_can_be_handled(category: dict[str, Any]) -> None:
    assert category["about"]
    assert category["procedure"] in PROCEDURES
    assert category["competent"]
    assert set(category["competent"]) <= KINDS
    assert len(set(category["competent"])) == len(category["competent"])


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda item: item["code"])
def test_what_residents_bring_has_a_limit_to_act(category: dict[str, Any]) -> None:
    assert "act" in category["limits"]
    assert set(category["limits"]) <= LIMITS


@pytest.mark.parametrize(
    "category", [*CATEGORIES.values(), *BY_UNITS.values()], ids=lambda item: item["code"]
)
def test_every_limit_says_where_it_comes_from_and_how_sure_that_is(category: dict[str, Any]) -> None:
    for limit in category["limits"].values():
        assert set(limit) == {"span", "source", "sure"}
        assert Span.parse(limit["span"])
        assert limit["source"].strip()
        assert limit["sure"] in SURE
        assert limit["sure"] == "O" or "city's own list" not in limit["source"]


@pytest.mark.parametrize("category", CATEGORIES.values(), ids=lambda item: item["code"])
def test_a_category_has_words_to_begin_with(category: dict[str, Any]) -> None:
    words = [weighted(word) for word in category["words"]]
    assert len(words) >= 5
    assert len({word for word, _ in words}) == len(words), "a word stands twice"
    assert all(word and 0 < weight <= 6 for word, weight in words)


def test_residents_speak_of_every_category_and_of_no_other() -> None:
    assert set(SPOKEN) == set(CATEGORIES)
    assert {stem: data["family"] for stem, data in MATTERS.items()} == {stem: stem for stem in MATTERS}
    assert set(MATTERS) == {family["code"] for family in FAMILIES}


@pytest.mark.parametrize("code", SPOKEN)
def test_a_category_is_told_in_enough_ways(code: str) -> None:
    family, own = SPOKEN[code]
    tellings = [telling for matter in own["matters"] for telling in matter]
    assert own["share"] > 0
    assert set(own.get("by") or family["by"]) <= CHANNELS
    assert len(tellings) >= (12 if own["share"] >= 10 else 5)
    assert any(len(matter) > 1 for matter in own["matters"]), "no matter here is told by two people"
    assert len(own["done"]) >= 2
    assert len(own["again"]) >= 2
    assert own["rule"]


@pytest.mark.parametrize("code", SPOKEN)
def test_a_telling_can_be_filled(code: str) -> None:
    family, own = SPOKEN[code]
    for matter in own["matters"]:
        for voice, title, detail in matter:
            assert voice in VOICES
            assert _grammatical(title), title
            assert _grammatical(detail), detail
            assert _used(title, detail), f"{title}: would read the same wherever it happens"
        used = _used(*(text for telling in matter for text in telling))
        assert used <= _slots()
        assert not ("village" in used and used & URBAN), f"{matter[0][1]}: in the country and in town at once"
    for low, high in (part[name] for part in (family, own) for name in ("amount", "days") if name in part):
        assert 0 < low < high


@pytest.mark.parametrize("file", SHARED, ids=lambda file: file.stem)
def test_shared_texts_can_be_filled(file: Path) -> None:
    data = read(file).data
    known = _slots() | set(data.get("slots", {}))
    for text in _texts(data):
        assert _grammatical(text), text
        assert _used(text) <= known, text


@pytest.mark.parametrize("file", sorted(LANGUAGE.rglob("*.yaml")), ids=lambda file: file.stem)
def test_no_text_holds_a_number_that_could_be_somebodys(file: Path) -> None:
    found = [text for text in _texts(read(file).data) if LONG_NUMBER.search(text)]
    assert found == []


def test_the_rhythm_is_whole() -> None:
    rhythm = read(LANGUAGE / "rhythm.yaml").data
    known = {"default", *CATEGORIES, *MATTERS}
    assert set(rhythm["channels"]) == set(rhythm["hours"]) == set(rhythm["weekdays"]) == CHANNELS
    assert {len(hours) for hours in rhythm["hours"].values()} == {24}
    assert {len(days) for days in rhythm["weekdays"].values()} == {7}
    assert {len(months) for months in rhythm["months"].values()} == {12}
    assert set(rhythm["months"]) <= known
    assert set(rhythm["swarms"]) <= known
    assert all(0 < swarm["share"] < 1 for swarm in rhythm["swarms"].values())
