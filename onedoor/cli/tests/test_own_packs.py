"""Packs of a city's own: begun by `packs new`, installed by ONEDOOR_PACKS, listed and described as those that ship."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from onedoor.city.models import Category
from onedoor.cli import scaffolding
from onedoor.cli.tests.calling import Said, onedoor
from onedoor.kernel.packs import SHIPPED, folders
from onedoor.matters.models import ProcedureVersion
from onedoor.registers import kinds
from onedoor.registers.models import RegisterVersion

pytest_plugins = ["tests.support.ownpacks"]
Named = Callable[..., None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder that holds one new pack."""
    folder = tmp_path / "ours"
    said = new(folder / "lost_found", zh="失物招领", en="Lost and found", owner="police_station")
    assert said.status == 0, said.err
    return folder


def new(folder: Path, **options: str) -> Said:
    return onedoor(
        "packs", "new", folder, *(word for name, value in options.items() for word in (f"--{name}", value))
    )


def test_a_new_pack_passes_every_check(root: Path) -> None:
    said = onedoor("packs", "check", root / "lost_found")
    assert (said.status, said.out) == (0, "")
    assert "失物招领 · Lost and found" in (root / "lost_found" / "procedures" / "lost_found.yaml").read_text(
        "utf-8"
    )


def test_a_pack_without_titles_has_its_name_for_one(tmp_path: Path) -> None:
    assert new(tmp_path / "lamps2").status == 0
    assert onedoor("packs", "check", tmp_path / "lamps2").status == 0


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("Lost-Found", {}, "is not a name"),
        ("hazards", {}, "there is a pack `hazards` already"),
        ("lost", {"zh": "失物: 招领"}, "cannot be a title"),
        ("lost", {"en": 'a "b"'}, "cannot be a title"),
        ("lost", {"owner": "wizards"}, "there is no kind of unit `wizards`"),
    ],
)
def test_what_cannot_begin_a_pack_is_told_and_nothing_written(
    tmp_path: Path, name: str, options: dict[str, str], words: str
) -> None:
    said = new(tmp_path / name, **options)
    assert said.status == 1
    assert words in said.err
    assert not (tmp_path / name).exists()


def test_nothing_is_written_over(root: Path) -> None:
    before = (root / "lost_found" / "pack.yaml").read_text("utf-8")
    assert "exists already" in new(root / "lost_found").err
    assert (root / "lost_found" / "pack.yaml").read_text("utf-8") == before


def test_every_register_has_letters_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert scaffolding.prefix("lost_found") == "LF"
    taken = {"a": "LF", "b": "LOS"}
    registers = {key: type("Register", (), {"prefix": letters}) for key, letters in taken.items()}
    monkeypatch.setattr(kinds, "loaded", lambda: registers)
    assert scaffolding.prefix("lost_found") not in taken.values()
    monkeypatch.setattr(kinds, "loaded", lambda: {"a": type("Register", (), {"prefix": "Q"})})
    assert "all capitals" in new(Path("/nowhere/q")).err


@pytest.mark.django_db
def test_an_installed_pack_is_published_as_those_that_ship(root: Path, own_packs: Named) -> None:
    own_packs(root)
    assert onedoor("packs", "check").status == 0
    assert onedoor("packs", "publish").status == 0
    assert ProcedureVersion.objects.filter(key="lost_found").exists()
    assert RegisterVersion.objects.filter(key="lost_found_item").exists()
    category = Category.objects.get(code="lost_found.general")
    assert (category.pack, category.title) == ("lost_found", {"zh": "失物招领", "en": "Lost and found"})


def test_a_pack_may_be_named_itself(root: Path, own_packs: Named) -> None:
    own_packs(root / "lost_found")
    assert folders()[-1] == root / "lost_found"
    assert onedoor("packs", "check").status == 0


def test_the_list_tells_what_packs_hold(root: Path, own_packs: Named) -> None:
    own_packs(root)
    found = {pack["pack"]: pack for pack in onedoor("packs", "list", "--json").data}
    own = found["lost_found"]
    assert (own["shipped"], own["version"], own["title"]["zh"]) == (False, "1", "失物招领")
    assert {name: count for name, count in own["holds"].items() if count} == {
        "procedures": 1, "categories": 1, "registers": 1,
    }  # fmt: skip
    assert found["dogs"]["shipped"]
    assert onedoor("packs", "list").out.count("\n") == len(found) + 2
    assert found["dogs"]["never"][0]["zh"] in onedoor("packs", "list", "--long").out


def test_its_page_is_written_with_its_drawing(root: Path, tmp_path: Path) -> None:
    assert onedoor("packs", "docs", tmp_path / "pages", "--pack", root / "lost_found").status == 0
    (page,) = (tmp_path / "pages").iterdir()
    text = page.read_text("utf-8")
    assert "stateDiagram-v2" in text
    assert "`lost_found_item`" in text


# What is wrong with a folder


def faults(*words: object) -> list[str]:
    said = onedoor("packs", "check", *words)
    assert said.status == 1
    assert all("→" in line for line in said.out.splitlines())
    return said.out.splitlines()


@pytest.mark.django_db
def test_a_folder_that_is_not_there_is_told_and_nothing_published(tmp_path: Path, own_packs: Named) -> None:
    own_packs(tmp_path / "gone")
    assert any("there is no such folder" in line for line in faults())
    said = onedoor("packs", "publish")
    assert said.status == 1
    assert "ONEDOOR_PACKS" in said.err


def test_an_empty_folder_and_a_pack_without_its_file_are_told(
    root: Path, tmp_path: Path, own_packs: Named
) -> None:
    (tmp_path / "empty").mkdir()
    (root / "lost_found" / "pack.yaml").unlink()
    own_packs(tmp_path / "empty", root)
    found = faults()
    assert any("this folder holds no pack" in line for line in found)
    assert any(f"{root / 'lost_found' / 'pack.yaml'}:1:" in line for line in found)


def test_python_in_a_pack_is_refused(root: Path) -> None:
    (root / "lost_found" / "effects.py").write_text("import os\n", "utf-8")
    (line,) = faults(root / "lost_found")
    assert "effects.py:1:" in line
    assert "不放程序" in line


def test_names_that_another_pack_has_are_refused(root: Path, own_packs: Named) -> None:
    own_packs(root)
    copy = shutil.copytree(root / "lost_found", root / "found")
    file = copy / "pack.yaml"
    file.write_text(file.read_text("utf-8").replace("pack: lost_found", "pack: found"), "utf-8")
    own_packs(root)
    text = "\n".join(faults(copy))
    assert "the procedure `lost_found` belongs to the pack `lost_found`" in text
    assert "the register `lost_found_item` belongs to the pack `lost_found`" in text
    assert "the code `lost_found.general` belongs to the pack `lost_found`" in text


def test_two_packs_of_one_name_are_refused(root: Path, tmp_path: Path, own_packs: Named) -> None:
    shutil.copytree(SHIPPED / "dogs", root / "dogs")
    own_packs(root)
    assert any("there is a pack `dogs` already" in line for line in faults())


def test_numbers_of_two_registers_never_begin_alike(root: Path) -> None:
    file = root / "lost_found" / "registers" / "lost_found_item.yaml"
    file.write_text(file.read_text("utf-8").replace("prefix: LF", "prefix: DOG"), "utf-8")
    (line,) = faults(root / "lost_found")
    assert f"{file}:6:" in line
    assert "`dog` begin with `DOG`" in line


def test_a_field_that_ranks_persons_is_refused_wherever_the_pack_stands(root: Path, own_packs: Named) -> None:
    own_packs(root)
    file = root / "lost_found" / "procedures" / "lost_found.yaml"
    form = "forms:\n  kept:\n    standing: {zh: 经办民警排名, en: Standing}\n\nactions:\n"
    file.write_text(file.read_text("utf-8").replace("actions:\n", form), "utf-8")
    line = next(
        number for number, text in enumerate(file.read_text("utf-8").splitlines(), 1) if "排名" in text
    )
    for told in (faults(root / "lost_found"), faults()):
        assert any(f"{file}:{line}:" in text and "不给人打分" in text for text in told)
