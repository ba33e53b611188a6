"""`onedoor triage evaluate`: figures and predictions out of two files and a tree."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from onedoor.cli.classifying import evaluate, limited

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "teddy"


def write(path: Path, head: str, *lines: str) -> Path:
    path.write_text("\n".join([head, *lines]), encoding="utf-8")
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    head = "uid,title,detail,label,complete"
    train = write(tmp_path / "train.csv", head, *(f"m{n},班主任补课,学校收补课费,教育,1" for n in range(15)),
                  *(f"n{n},物业不修电梯,小区物业不管,城建,{n % 2}" for n in range(16)))  # fmt: skip
    test = write(
        tmp_path / "test.csv", head, "x,学校补课,老师补课,教育,1", "y,物业,小区,城建,1", "z,物业,,城建,0"
    )
    tree = write(tmp_path / "tree.csv", "level1,level2", "教育,教学管理", "城建,物业服务")
    return [
        "--train",
        str(train),
        "--test",
        str(test),
        "--tree",
        str(tree),
        "--predictions",
        str(tmp_path / "p.csv"),
    ]


@pytest.mark.parametrize(("limit", "examples"), [([], 31), (["--limit", "0"], 0), (["--limit", "20"], 20)])
def test_it_learns_predicts_and_measures(files: list[str], limit: list[str], examples: int) -> None:
    result = CliRunner().invoke(evaluate, [*files, *limit, "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert (figures["examples"], figures["texts"], figures["n"]) == (examples, 3, 2)
    assert figures["macro_f1"] == 1.0
    assert {"us_per_message", "train_s", "model_mb", "ece", "automatic"} <= set(figures)
    rows = list(csv.DictReader(Path(files[-1]).read_text("utf-8-sig").splitlines()))
    assert [(row["uid"], row["label"]) for row in rows] == [("x", "教育"), ("y", "城建"), ("z", "城建")]
    assert all(0 < float(row["confidence"]) <= 1 for row in rows)


def test_a_missing_column_is_named(files: list[str], tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.csv", "uid,title", "1,a")
    result = CliRunner().invoke(evaluate, [*files[:2], "--test", str(bad), *files[4:]])
    assert "detail" in str(result.exception)


def test_the_first_complete_rows_of_a_shuffle_are_learned_from() -> None:
    rows = [{"uid": str(n), "complete": str(n % 2)} for n in range(100)]
    taken = limited(rows, 10)
    assert len(taken) == 10
    assert all(row["complete"] == "1" for row in taken)
    assert taken == limited(rows, 20)[:10]
    assert limited(rows, None) == rows


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data is not here")
@pytest.mark.parametrize(("limit", "least"), [("0", 0.80), ("100", 0.83)])
def test_real_messages_are_told_apart_from_the_tree_alone(tmp_path: Path, limit: str, least: float) -> None:
    given = [
        "--train",
        SHARED / "teddy_train.csv",
        "--test",
        SHARED / "teddy_dev.csv",
        "--tree",
        SHARED / "label_tree.csv",
    ]
    asked = [*map(str, given), "--limit", limit, "--predictions", str(tmp_path / "p.csv"), "--json"]
    figures = json.loads(CliRunner().invoke(evaluate, asked).stdout)
    assert figures["macro_f1"] >= least
