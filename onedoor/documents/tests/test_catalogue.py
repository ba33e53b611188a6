"""Templates are data: faults are told with file, line and hint; those that ship are laid out as they should be."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import pytest
from docx.shared import Mm

from onedoor.documents import catalogue, checks, rendering
from onedoor.documents.rendering import BadTemplate
from onedoor.kernel import packs
from onedoor.kernel.packs import FaultyFile
from onedoor.matters import names

SHIPPED = sorted(catalogue.files().items())
LETTER = """document: letter
title: {zh: 便函, en: Letter}
number: "{place}函〔{year}〕{seq}号"
source: test
by: unit
uses: clocks
fields:
  answer: {zh: 答复, en: Answer}
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A sound template in a pack of its own."""
    file = tmp_path / "documents" / "letter.yaml"
    file.parent.mkdir()
    file.write_text(LETTER, "utf-8")
    write(file, "{{ number }} {{ answer }} {% for clock in clocks %}{{ clock.title }}{% endfor %}")
    return file


def write(file: Path, text: str) -> None:
    paper = docx.Document()
    paper.add_paragraph(text)
    paper.save(str(catalogue.paper(file)))


def change(file: Path, old: str, new: str) -> None:
    assert old in LETTER
    file.write_text(LETTER.replace(old, new), "utf-8")


def test_a_sound_template_has_no_faults(letter: Path) -> None:
    assert checks.faults(letter) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("document: letter", "document: note", 1, "the key is not the file's name"),
        ("{place}", "{town}", 3, "cannot read the series"),
        ("by: unit", "by: king", 5, "there is no `king`"),
        ("uses: clocks", "uses: sundials", 6, "there is no `sundials`"),
        ("source: test", "source: ''", 4, "source"),
        ("uses: clocks", "use: clocks", 6, "`use` is not known here"),
        ("uses: clocks", "uses: [clocks]\nneeds: stamp", 7, "there is no `stamp`"),
        (
            "  answer: {zh: 答复, en: Answer}",
            "  reply: {zh: 答复, en: Answer}",
            7,
            "shows `answer`, which is not declared",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(letter: Path, old: str, new: str, line: int, said: str) -> None:
    change(letter, old, new)
    fault = checks.faults(letter)[0]
    assert said in fault.en
    assert (fault.file, fault.line) == (letter, line)


def test_a_missing_or_broken_paper_is_told(letter: Path) -> None:
    write(letter, "{{ answer ")
    assert "must be mended" in checks.faults(letter)[0].en
    catalogue.paper(letter).write_bytes(b"not a document")
    assert "must be mended" in checks.faults(letter)[0].en
    catalogue.paper(letter).unlink()
    assert checks.faults(letter)[0].en == "letter.docx is missing"


def test_a_template_cannot_reach_what_it_is_not_given(letter: Path) -> None:
    for reach in ("{{ ''.__class__.__mro__ }}", "{{ nothing }}", "{{ answer.__init__.__globals__ }}"):
        write(letter, reach)
        with pytest.raises(BadTemplate):
            rendering.filled(catalogue.paper(letter), {"answer": "x"})


def test_packs_outside_the_project_bring_their_own(letter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "folders", lambda: (letter.parent.parent,))
    assert catalogue.known() == ["letter"]
    assert catalogue.files()["letter"] == letter
    shutil.rmtree(letter.parent)
    assert catalogue.known() == []


def test_procedures_may_name_every_template() -> None:
    assert {key for key, _ in SHIPPED} <= names.TEMPLATES
    assert len(SHIPPED) >= 5


@pytest.mark.parametrize(("key", "file"), SHIPPED)
def test_what_ships_is_sound_and_laid_out_as_official_documents_are(key: str, file: Path) -> None:
    assert checks.faults(file) == []
    section = docx.Document(str(catalogue.paper(file))).sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    block = section.page_width - section.left_margin - section.right_margin  # type: ignore[operator]
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)  # type: ignore[union-attr]
    assert abs(block - Mm(156)) < Mm(1)
    assert abs(section.page_height - section.top_margin - section.bottom_margin - Mm(225)) < Mm(1)  # type: ignore[operator]
    footer = section.footer.paragraphs[0]._p.xml
    assert " PAGE " in footer


def test_a_faulty_description_is_refused_when_it_is_loaded(letter: Path) -> None:
    change(letter, "title: {zh: 便函, en: Letter}", "title: {zh: 便函}")
    with pytest.raises(FaultyFile, match="`en` is missing"):
        catalogue.load(letter)
