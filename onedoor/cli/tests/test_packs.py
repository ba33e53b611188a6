"""`onedoor packs`: what an official got wrong is told with file, line and what to write; drawings come out."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from onedoor.cli.tests.calling import onedoor
from onedoor.kernel.packs import SHIPPED
from onedoor.matters.models import ProcedureVersion

PACK = "pack: lamps\ntitle: {zh: 路灯, en: Lamps}\nabout: {zh: 报修, en: Repairs}\n"
PROCEDURE = """procedure: lamp
title: {zh: 路灯报修, en: Lamp repair}
opens: {state: seen, starts: act}
states:
  seen: {zh: 已发现, en: Seen, answers: unit}
  closed: {zh: 已办结, en: Closed, end: true, outcome: solved}
clocks:
  act: {zh: 处置时限, en: Act, for: category.act, source: a list, ladder: gentle}
actions:
  fix: {zh: 修好, en: Fixed, from: seen, to: closed, by: unit, form: what_was_done, guard: tasks_done, stops: act}
"""
CATEGORIES = """categories:
  - code: lamp
    title: {zh: 路灯, en: Lamps}
    words: [路灯]
    children:
      - code: lamp.dark
        title: {zh: 不亮, en: Dark}
        words: [不亮]
        procedure: lamp
        competent: [urban_management]
        limits:
          act: {span: 2 working days, source: a list, sure: O}
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A sound pack in a folder of its own."""
    folder = tmp_path / "lamps"
    (folder / "procedures").mkdir(parents=True)
    (folder / "pack.yaml").write_text(PACK, "utf-8")
    (folder / "procedures" / "lamp.yaml").write_text(PROCEDURE, "utf-8")
    (folder / "categories.yaml").write_text(CATEGORIES, "utf-8")
    return folder


def changed(pack: Path, name: str, old: str, new: str) -> None:
    file = pack / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_sound_pack_and_the_shipped_ones_pass(pack: Path) -> None:
    said = onedoor("packs", "check", pack)
    assert (said.status, said.out) == (0, "")
    assert onedoor("packs", "check").status == 0


LAMP = "procedures/lamp.yaml"


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "said"),
    [
        (LAMP, "states:\n", "states:\n  lost: {zh: 丢失, en: Lost, answers: unit}\n", 5, "no action leads to"),
        (LAMP, "to: closed, by", "to: seen, by", 5, "end"),
        (LAMP, ", starts: act}", "}", 5, "no clock"),
        (LAMP, "guard: tasks_done", "guard: moon_is_full", 10, "moon_is_full"),
        (LAMP, "by: unit", "by: wizard", 10, "wizard"),
        (LAMP, "form: what_was_done", "form: nothing_known", 10, "nothing_known"),
        (LAMP, "guard: tasks_done", "guard: {fact: no_such_field}", 10, "no_such_field"),
        (LAMP, "title: {zh: 路灯报修, en: Lamp repair}", "title: {zh: 路灯报修}", 2, "`en` is missing"),
        (LAMP, "procedure: lamp", "procedure: [lamp", 2, "YAML"),
        ("pack.yaml", "pack: lamps", "pack: lights", 1, "pack: lamps"),
        ("pack.yaml", ", en: Lamps}", "}", 2, "`en` is missing"),
        ("categories.yaml", "procedure: lamp", "procedure: lamb", 9, "lamb"),
        ("categories.yaml", "[urban_management]", "[urban_managment]", 10, "urban_management"),
        ("categories.yaml", "code: lamp.dark", "code: dark", 6, "lamp."),
        ("categories.yaml", "span: 2 working days", "span: soon", 12, "soon"),
        ("categories.yaml", "          act:", "          look:", 11, "asks for the limit `act`"),
        ("categories.yaml", "sure: O", "sure: certainly", 12, "sure"),
        ("categories.yaml", "        words: [不亮]", "        words: [不亮]\n        colour: red", 9, "colour"),
    ],
)  # fmt: skip
def test_every_slip_is_told_with_file_line_and_hint(
    pack: Path, file: str, old: str, new: str, line: int, said: str
) -> None:
    changed(pack, file, old, new)
    found = onedoor("packs", "check", pack)
    assert found.status == 1
    places = re.findall(rf"{re.escape(str(pack / file))}:(\d+): (.+)", found.out)
    assert any(int(number) == line and said in text for number, text in places), found.out
    assert all("→" in text for number, text in places if int(number) == line), found.out


def test_a_doubled_code_is_told_with_where_it_stood_first(pack: Path) -> None:
    text = (pack / "categories.yaml").read_text("utf-8")
    child = text[text.index("      - code: lamp.dark") :]
    (pack / "categories.yaml").write_text(text + child, "utf-8")
    found = onedoor("packs", "check", pack)
    assert "stands on line 6" in found.out


def test_a_folder_that_is_no_pack_says_so(tmp_path: Path) -> None:
    assert "pack.yaml" in onedoor("packs", "check", tmp_path).out
    assert onedoor("packs", "check", tmp_path / "missing").status == 2


@pytest.mark.parametrize(
    "junk", ["", "- a\n- b\n", "just words", "states: 3\n", "\t", "uses: 7\nprocedure: x\n"]
)
def test_junk_is_a_fault_and_no_traceback(pack: Path, junk: str) -> None:
    (pack / LAMP).write_text(junk, "utf-8")
    (pack / "categories.yaml").write_text(junk, "utf-8")
    assert onedoor("packs", "check", pack).status == 1


def test_a_folder_of_packs_is_checked_pack_by_pack(pack: Path) -> None:
    shutil.copytree(pack, pack.parent / "lights")
    found = onedoor("packs", "check", pack.parent, "--json")
    assert found.data["packs"] == ["lamps", "lights"]
    assert [Path(fault["file"]).parent.name for fault in found.data["faults"]] == ["lights"]


def test_faults_as_json(pack: Path) -> None:
    changed(pack, LAMP, "guard: tasks_done", "guard: moon_is_full")
    (fault,) = onedoor("packs", "check", pack, "--json").data["faults"]
    assert (fault["line"], fault["file"]) == (10, str(pack / LAMP))
    assert fault["hint_zh"]


def test_drawings_come_out_for_every_procedure(tmp_path: Path) -> None:
    target = tmp_path / "drawings"
    assert onedoor("packs", "draw", target).status == 0
    names = {file.stem for file in SHIPPED.glob("*/procedures/*.yaml")}
    assert {file.stem for file in target.glob("*.mmd")} == {file.stem for file in target.glob("*.bpmn")}
    assert len(list(target.glob("*.mmd"))) == len(names)
    for file in target.glob("*.bpmn"):
        assert "承办单位" in ET.parse(file).getroot().find(".//*[@id='lane_unit']").attrib["name"]  # type: ignore[union-attr]


def test_one_pack_can_be_drawn_alone(pack: Path, tmp_path: Path) -> None:
    onedoor("packs", "draw", tmp_path / "d", "--pack", pack)
    assert {file.name for file in (tmp_path / "d").iterdir()} == {"lamp.mmd", "lamp.bpmn"}


@pytest.mark.django_db
def test_publishing_freezes_versions_once() -> None:
    assert onedoor("packs", "publish").status == 0
    count = ProcedureVersion.objects.count()
    assert count > 0
    again = onedoor("packs", "publish")
    assert "0 new version" in again.err
    assert ProcedureVersion.objects.count() == count


def test_a_copy_of_a_shipped_pack_is_sound_by_itself(tmp_path: Path) -> None:
    for folder in SHIPPED.iterdir():
        if (folder / "pack.yaml").is_file() and (folder / "procedures").is_dir():
            copy = shutil.copytree(folder, tmp_path / folder.name)
            said = onedoor("packs", "check", copy)
            assert (said.status, said.out) == (0, ""), folder.name
