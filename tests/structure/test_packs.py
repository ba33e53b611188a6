"""The packs that ship are whole: they say what they are and never do, hold no Python, and their pages are current."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.cli import describing
from onedoor.kernel import installed
from onedoor.kernel.packs import SHIPPED, within
from onedoor.matters import catalogue
from tests.structure.sources import ROOT, files

PACKS = within(SHIPPED)
SHARED = "common"  # no system of the city: the city says nothing of it


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_a_pack_says_what_the_city_says_and_what_it_never_does(folder: Path) -> None:
    said = catalogue.described(folder)
    assert said.never, "never: is missing in pack.yaml"
    assert said.page, "page: is missing in pack.yaml"
    assert said.city_says or folder.name == SHARED, "city_says: is missing in pack.yaml"


def test_packs_hold_data_alone() -> None:
    inside = [path for path in files() if any(folder in path.parents for folder in PACKS)]
    assert inside
    assert [path for path in inside if path.suffix in installed.CODE] == []
    assert installed.faults() == []


def test_the_pages_of_packs_are_as_the_program_writes_them() -> None:
    made = describing.pages(PACKS)
    held = {path.name: path.read_text("utf-8") for path in (ROOT / "docs" / "packs").glob("*.md")}
    assert sorted(held) == sorted(made), "run `make pages`"
    assert [name for name, text in made.items() if held[name] != text] == [], "run `make pages`"
