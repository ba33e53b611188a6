"""`docs/procedures.md` is the whole procedure language as it is, and its example is a pack that passes every check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from onedoor.cli import main
from onedoor.matters import language, reference
from onedoor.matters.registry import EFFECTS, GUARDS, PERFORMERS
from tests.structure.sources import ROOT

DOCUMENT = (ROOT / "docs" / "procedures.md").read_text("utf-8")
MARK = re.compile(r"<!-- made: ([a-z ]+) -->")
EXAMPLE = re.compile(r"^`lamps/([\w/.]+)`\n\n```yaml\n(.*?)^```$", re.M | re.S)
SHAPES = [
    shape for shape in vars(language).values()
    if isinstance(shape, type) and issubclass(shape, language.Part) and shape is not language.Part
]  # fmt: skip


@pytest.fixture
def lamps(tmp_path: Path) -> Path:
    """The pack that the document shows, as files."""
    for name, text in EXAMPLE.findall(DOCUMENT):
        file = tmp_path / "lamps" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "lamps"


def test_its_tables_are_as_the_program_makes_them() -> None:
    assert reference.renewed(DOCUMENT) == DOCUMENT, "run `onedoor packs reference docs/procedures.md`"


def test_every_part_of_the_reference_stands_in_it_once() -> None:
    assert sorted(MARK.findall(DOCUMENT)) == sorted(reference.PARTS)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.__name__)
def test_every_key_of_the_language_is_described_in_both_languages(shape: type[language.Part]) -> None:
    for name, field in shape.model_fields.items():
        assert " · " in (field.description or ""), f"{shape.__name__}.{name} says nothing of itself"
        assert f"| `{field.alias or name}` |" in DOCUMENT


def test_every_name_that_a_procedure_may_use_is_there() -> None:
    for name in (*GUARDS, *EFFECTS, *PERFORMERS):
        assert f"\n| `{name}` |" in DOCUMENT


def test_the_example_passes_every_check(lamps: Path) -> None:
    assert sorted(path.name for path in lamps.rglob("*.yaml")) == [
        "categories.yaml",
        "lamp.yaml",
        "pack.yaml",
    ]
    result = CliRunner().invoke(main, ["packs", "check", str(lamps)])
    assert (result.exit_code, "0 fault(s)" in result.output) == (0, True), result.output


def test_a_slip_in_the_example_would_be_seen(lamps: Path) -> None:
    file = lamps / "procedures" / "lamp.yaml"
    file.write_text(file.read_text("utf-8").replace("answers: unit", "answers: units"), "utf-8")
    assert CliRunner().invoke(main, ["packs", "check", str(lamps)]).exit_code == 1
