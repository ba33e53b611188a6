"""Every slip in a procedure file is refused when it is read: with its file, its line, and what to write instead."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from onedoor.kernel.packs import Fault, FaultyFile, read
from onedoor.matters import procedures
from onedoor.matters.language import Procedure
from onedoor.matters.registry import EFFECTS, GUARDS

HERE = Path(__file__).parent
SLIPS: dict[str, dict[str, Any]] = read(HERE / "slips.yaml").data
CASES = [pytest.param(name, slip, id=slip) for name, slips in SLIPS.items() for slip in slips]
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack of one sound procedure and one fragment that it uses."""
    return shutil.copytree(HERE / "sample", tmp_path / "pack")


def change(pack: Path, name: str, written: str, instead: str) -> int:
    """Puts `instead` in the place of what stands once in the file of that name; returns its line."""
    file = next(pack.glob(f"*/{name}.yaml"))
    text = file.read_text("utf-8")
    assert text.count(written) == 1, written
    file.write_text(text.replace(written, instead), "utf-8")
    return text[: text.index(written)].count("\n") + 1


def faults(pack: Path) -> list[Fault]:
    with pytest.raises(FaultyFile) as caught:
        procedures.load(pack / "procedures" / "sample.yaml")
    return caught.value.faults


def loaded(pack: Path) -> Procedure:
    return procedures.load(pack / "procedures" / "sample.yaml").procedure


def check_both_languages(fault: Fault) -> None:
    """Fault and hint are told in Chinese and in English; names of the file may be in either."""
    assert CHINESE.search(fault.zh)
    assert CHINESE.search(fault.hint_zh)
    assert not CHINESE.search(re.sub(r"`[^`]*`", "", fault.en))
    assert fault.hint_en
    assert str(fault).startswith(f"{fault.file}:{fault.line}: ")


def test_the_sample_is_sound(pack: Path) -> None:
    procedure = loaded(pack)
    assert list(procedure.states) == ["handling", "asked", "closed", "resting"]
    assert procedure.actions["rest"].pauses == ["act"]
    assert set(procedure.forms) == {"told", "unit_and_reason", "answer", "reason"}


@pytest.mark.parametrize(("name", "slip"), CASES)
def test_a_slip_is_refused_at_its_line_with_a_hint(pack: Path, name: str, slip: str) -> None:
    case = SLIPS[name][slip]
    line = change(pack, name, case["written"], case["instead"])
    found = [fault for fault in faults(pack) if case["said"] in fault.en]
    assert len(found) == 1, [str(fault) for fault in faults(pack)]
    assert found[0].file.stem == name
    assert found[0].line in case.get("at", [line])
    check_both_languages(found[0])


def test_a_state_that_leads_nowhere(pack: Path) -> None:
    stuck = "  stuck: {zh: 卡住, en: Stuck, answers: unit}\n  asked: {"
    line = change(pack, "sample", "  asked: {", stuck)
    leads = "  stick: {zh: 卡, en: Stick, from: handling, to: stuck, by: unit}\n  raise: {"
    change(pack, "sample", "  raise: {", leads)
    [found] = faults(pack)
    assert found.en == "state `stuck` is a dead end: it reaches no end"
    assert found.line == line
    check_both_languages(found)


def test_a_slip_in_a_state_that_the_procedure_words_itself_is_told_there(pack: Path) -> None:
    own = "  resting: {zh: 歇, en: Resting, answers: nobody_known}\n  asked: {"
    line = change(pack, "sample", "  asked: {", own)
    [found] = faults(pack)
    assert (found.file.name, found.line) == ("sample.yaml", line)


@pytest.mark.parametrize(
    ("content", "said", "line"),
    [
        ("名称: 样例\n".encode("gb18030"), "the file is not UTF-8", 1),
        (b"procedure: sample\ntitle: \xff\xfe\n", "the file is not UTF-8", 2),
        (b"", "must be made of `name: value` lines", 1),
        (b"- a\n- b\n", "must be made of `name: value` lines", 1),
        (b"procedure: sample\ntitle: \x00\n", "not valid YAML", 1),
        (b"procedure: sample\n\ttitle: x\n", "not valid YAML", 2),
    ],
)
def test_what_is_no_yaml_at_all(pack: Path, content: bytes, said: str, line: int) -> None:
    (pack / "procedures" / "sample.yaml").write_bytes(content)
    [found] = faults(pack)
    assert said in found.en
    assert found.line == line
    check_both_languages(found)


def test_every_fault_of_a_check_is_told_at_once(pack: Path) -> None:
    change(pack, "sample", "by: leader", "by: mayor")
    change(pack, "sample", "effect: hand_over", "effect: hand_ower")
    told = {fault.en for fault in faults(pack)}
    assert told == {"there is no role `mayor`", "there is no effect `hand_ower`"}


def test_the_hint_lists_what_there_is(pack: Path) -> None:
    change(pack, "sample", "guard: {fact: how}", "guard: all_is_well")
    [found] = faults(pack)
    assert found.hint_en == "there are: " + ", ".join(sorted(GUARDS))
    assert "hand_over" in EFFECTS
    assert "hand_over" not in found.hint_en


def test_what_is_published_reads_back_as_it_was(pack: Path) -> None:
    procedure = loaded(pack)
    assert Procedure.model_validate(procedure.model_dump(mode="json", by_alias=True)) == procedure


def test_open_stands_for_open_states_and_those_named_beside_it(pack: Path) -> None:
    change(pack, "sample", "Raise, from: open", "Raise, from: [open, closed]")
    procedure = loaded(pack)
    assert procedure.sources(procedure.actions["raise"]) == ["handling", "asked", "closed", "resting"]


@pytest.mark.parametrize("file", procedures.files(), ids=lambda file: file.stem)
def test_every_shipped_procedure_is_sound(file: Path) -> None:
    assert procedures.load(file).procedure.procedure == file.stem
