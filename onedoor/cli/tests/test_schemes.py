"""`onedoor scheme`: a template, a draft checked, taken in, evidence judged."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from onedoor.appraisal.schemes import catalogue, published
from onedoor.appraisal.scores.judgements import judged
from onedoor.cli.schemes import scheme as command
from onedoor.kernel.tables import write_xlsx
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


def test_the_commands(city: SmallCity, tmp_path: Path) -> None:
    draft, findings = tmp_path / "draft.xlsx", tmp_path / "found.xlsx"
    runner = CliRunner()
    assert runner.invoke(command, ["template", str(draft)]).exit_code == 0
    checked = runner.invoke(command, ["check", str(draft), "--json"])
    assert checked.exit_code == 0
    assert '"sub_items": 4' in checked.stdout
    loaded = runner.invoke(command, ["load", str(draft), "--json"])
    assert '"version": 1' in loaded.stdout
    write_xlsx(
        findings,
        ["细项编号", "单位代码", "结论", "依据"],
        [["T02.1", "419801001", "完全达到", "十一月会议纪要"]],
    )
    done = runner.invoke(command, ["judge", "our_scheme", str(findings), "--period", "2026-Q4"])
    assert done.exit_code == 0
    assert judged(published.version("our_scheme"), "2026-Q4") == {"419801001": {"T02.1": 0}}


def test_the_shipped_scheme_is_checked_by_its_key() -> None:
    told = CliRunner().invoke(command, ["check", "programme", "--json"])
    assert told.exit_code == 0
    assert '"items": 69' in told.stdout
    assert '"sub_items": 278' in told.stdout
    assert '"problems": []' in told.stdout


def test_a_refused_scheme_says_so_and_fails(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    text = catalogue.STARTER.read_text("utf-8").replace("周研判会按时召开", "每发生一起上访扣1分")
    file.write_text(text, "utf-8")
    told = CliRunner().invoke(command, ["check", str(file)])
    assert told.exit_code == 1
    assert "群众来反映问题不能扣单位的分" in told.stdout
