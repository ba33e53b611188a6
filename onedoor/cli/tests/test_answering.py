"""`onedoor triage replies`: checks of past answers held against the labels that a file brings along."""

from __future__ import annotations

import csv
from pathlib import Path

from onedoor.cli.tests.calling import onedoor

TEXT = (
    "msg_id,title,detail,reply,helpful,clear,days\n"
    "1,路灯不亮,请问何时修好路灯,街道已责令物业于6月底前更换路灯线缆并完成维修,1,1,3\n"
    "2,公交太少,建议增开公交,您的留言已收悉，已转交相关部门处理,0,,8\n"
)


def _file(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "answers.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_check_is_held_against_every_label(tmp_path: Path) -> None:
    out = tmp_path / "p.csv"
    said = onedoor("triage", "replies", "--messages", _file(tmp_path, TEXT), "--predictions", out, "--json")
    assert said.status == 0, said.err
    substance = said.data["checks"]["substance"]
    assert substance["there"] == 0.5
    assert (substance["helpful"]["kappa"], substance["helpful"]["auc"], substance["helpful"]["rows"]) == (
        1,
        1,
        2,
    )
    assert substance["clear"]["rows"] == 1  # an empty cell is no label
    assert "days" not in substance
    assert said.data["labels"] == [{"a": "clear", "b": "helpful", "rows": 1, "same": 1.0, "kappa": None}]
    assert said.data["length"]["helpful"] in (0, 1)
    with out.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 12
    assert {"msg_id": "2", "check": "date", "there": "0", "amount": "0"} in lines


def test_without_labels_it_still_tells_what_is_there(tmp_path: Path) -> None:
    text = "\n".join(line.rsplit(",", 3)[0] for line in TEXT.splitlines())
    said = onedoor("triage", "replies", "--messages", _file(tmp_path, text))
    assert said.status == 0, said.err
    assert "own_question_auc" in said.out


def test_a_file_without_answers_is_refused(tmp_path: Path) -> None:
    said = onedoor("triage", "replies", "--messages", _file(tmp_path, "msg_id,title,detail,reply\n"))
    assert said.status == 1
    assert "没有答复" in said.err
