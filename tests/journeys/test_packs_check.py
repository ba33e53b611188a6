"""`onedoor packs check` on a folder that a city's official wrote: what is wrong, in which line, and what to write."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from onedoor.cli import main

PACK = Path(__file__).parent / "noise"
FILE = "procedures/noise.yaml"
SLIPS: dict[str, tuple[str, str, str, str]] = {  # written, written instead, what is said, the hint
    "an unreachable state": (
        "  ordered: {zh: 责令整改, en: Ordered to stop, answers: unit}",
        "  lost: {zh: 无路, en: Lost, answers: unit}\n  ordered: {zh: 责令整改, en: Ordered to stop, answers: unit}",
        "no action leads to state `lost`", "or remove it",
    ),
    "a dead end": (
        "to: answered, by: unit, form: answer, guard: {fact: fine}, stops: obey, starts: [call_back, silence]",
        "by: unit, form: answer, guard: {fact: fine}",
        "state `ordered` is a dead end", "add an action that leaves it",
    ),
    "an open state with no clock": (
        "stops: look, starts: obey", "stops: look",
        "no clock surely runs in open state `ordered`", "starts:",
    ),
    "an unknown guard": (
        "guard: {fact: fine}", "guard: all_is_well", "there is no guard `all_is_well`", "tasks_done",
    ),
    "an unknown role": ("by: coordinator", "by: mayor", "there is no role `mayor`", "coordinator"),
    "an unknown role that answers": (
        "en: Being looked into, answers: unit", "en: Being looked into, answers: mayor",
        "there is no role `mayor`", "grid_worker",
    ),
    "an unknown form": ("form: order,", "form: verdict,", "there is no form `verdict`", "order"),
    "an unknown form field": ("guard: {fact: fine}", "guard: {fact: penalty}", "penalty", "fine"),
    "a form without the field that is needed": (
        "form: unit_and_reason, effect", "form: reason, effect",
        "effect `hand_over` needs the form field `unit`", "add a required field `unit`",
    ),
    "a missing English title": ("整改, en: Order to stop, from", "整改, from", "`en` is missing", "add `en:`"),
    "a state without one": ("zh: 查看中, en: Being looked into", "zh: 查看中", "`en` is missing", "add `en:`"),
}  # fmt: skip


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The official's folder."""
    return Path(shutil.copytree(PACK, tmp_path / "noise"))


def checked(*arguments: str) -> Result:
    """What the command answers."""
    return CliRunner().invoke(main, ["packs", "check", *arguments])


def mistaken(pack: Path, written: str, instead: str) -> set[int]:
    """Writes a slip into the procedure; the lines in which it differs from what was right."""
    file = pack / FILE
    right = file.read_text("utf-8")
    assert right.count(written) == 1
    wrong = right.replace(written, instead)
    file.write_text(wrong, "utf-8")
    known = set(right.splitlines())
    return {number for number, line in enumerate(wrong.splitlines(), start=1) if line not in known}


def test_a_pack_without_faults_passes(pack: Path) -> None:
    told = checked(str(pack))
    assert told.exit_code == 0, told.output
    assert "0 fault(s)" in told.output


def test_the_shipped_packs_pass() -> None:
    told = checked()
    assert told.exit_code == 0, told.output


@pytest.mark.parametrize("slip", SLIPS)
def test_every_slip_is_refused_with_file_line_and_hint(pack: Path, slip: str) -> None:
    written, instead, said, hint = SLIPS[slip]
    changed = mistaken(pack, written, instead)
    told = checked(str(pack), "--json")
    assert told.exit_code == 1
    faults: list[dict[str, Any]] = json.JSONDecoder().raw_decode(told.output)[0]["faults"]
    [fault] = [each for each in faults if said in each["en"]]
    assert Path(fault["file"]) == (pack / FILE).resolve()
    lacking = {"a dead end", "an open state with no clock"}  # told where the state is written
    lines = changed if slip not in lacking else {line_of(pack, "  ordered:")}
    assert fault["line"] in lines
    assert hint in fault["hint_en"]
    assert fault["zh"]
    assert fault["hint_zh"]
    for_people = checked(str(pack)).output
    assert f"{FILE}:{fault['line']}:" in for_people
    assert "→" in for_people


def line_of(pack: Path, beginning: str) -> int:
    """The line that begins so."""
    lines = (pack / FILE).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if line.startswith(beginning))


def test_the_shell_sees_it_too(pack: Path) -> None:
    mistaken(pack, "by: coordinator", "by: mayor")
    program = [sys.executable, "-c", "from onedoor.cli import main; main()", "packs", "check", str(pack)]
    told = subprocess.run(program, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "there is no role `mayor`" in told.stdout
    assert "Traceback" not in told.stderr
