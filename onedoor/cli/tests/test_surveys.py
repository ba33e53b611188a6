"""`onedoor surveys`: a round from opening to its workbook."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from onedoor.cli import main
from onedoor.surveys import actions
from onedoor.surveys.models import Round
from onedoor.surveys.tests import rounds
from onedoor.surveys.tests.rounds import SYSTEM
from onedoor.surveys.tests.test_files import GOOD, written
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.surveys.tests.rounds"]


def test_the_commands(surveyed: SmallCity, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from_file = written(tmp_path, GOOD)
    told = _run(capsys, "open", "public_safety", "--division", "419800", "--house", rounds.HOUSE, "--period", "2026-H2",
                "--from", "2026-11-01", "--to", "2026-12-01", "--size", "100", "--json")  # fmt: skip
    number = str(json.loads(told)["id"])
    _run(capsys, "import", number, str(from_file))
    assert json.loads(_run(capsys, "figures", number, "--json"))["figures"]["answers"] == 2
    assert "2/100" in _run(capsys, "list")
    actions.close(SYSTEM, Round.objects.get().pk)
    _run(capsys, "export", number, str(tmp_path / "figures.xlsx"))
    sheet = load_workbook(tmp_path / "figures.xlsx").active
    assert sheet is not None
    assert sheet.max_row > 15


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["surveys", *words])
    assert ended.value.code == 0
    return capsys.readouterr().out
