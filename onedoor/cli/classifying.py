"""`onedoor triage evaluate`: how well categories are suggested, on a city's own closed matters."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from random import Random
from time import perf_counter, thread_time
from typing import Any

import click

from onedoor.cli import measuring
from onedoor.cli.bilingual import Command, both, say
from onedoor.kernel import tables
from onedoor.triage import classify, stored, trial
from onedoor.triage.classify import Classifier, Example

TEXTS = ("uid", "title", "detail")

Rows = list[dict[str, str]]


@click.command(
    "evaluate",
    cls=Command,
    help=both(
        "分类：用一份已办结事项训练，在另一份上自测",
        "Classification: learn from one file, measure on another",
    ),
)
@click.option(
    "--train", "train_file", type=measuring.FILE, required=True, help=both("训练用 CSV", "CSV to learn from")
)
@click.option(
    "--test", "test_file", type=measuring.FILE, required=True, help=both("测试用 CSV", "CSV to measure on")
)
@click.option(
    "--tree",
    "tree_file",
    type=measuring.FILE,
    help=both("分类树 CSV，一级在前", "The tree of categories, CSV, top level first"),
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    help=both("只学这么多条；0 为冷启动", "Learn from so many only; 0: none"),
)
@measuring.predictions("uid, label, confidence")
@measuring.AS_JSON
def evaluate(
    train_file: Path,
    test_file: Path,
    tree_file: Path | None,
    limit: int | None,
    predictions: Path,
    as_json: bool,
) -> None:
    """Columns uid, title, detail, label, complete; rows with complete = 0 are learned from, but not measured on."""
    known, asked = measuring.rows(train_file, *TEXTS, "label"), measuring.rows(test_file, *TEXTS)
    tree = [list(row.values()) for row in measuring.rows(tree_file)] if tree_file else []
    nodes = trial.nodes(tree, [row["label"] for row in known])
    examples = [Example(row["title"], row["detail"], row["label"]) for row in limited(known, limit)]
    began = perf_counter()
    model = classify.train(nodes, examples)
    train_s = perf_counter() - began
    guesses, micros = timed(model, asked)
    lines = [[row["uid"], code, f"{share:.6f}"] for row, (code, share) in zip(asked, guesses, strict=True)]
    tables.write_csv(predictions, ["uid", "label", "confidence"], lines)
    found: dict[str, Any] = {"examples": len(examples), "texts": len(asked)}
    found |= {"us_per_message": micros, "train_s": train_s, "model_mb": len(stored.dumps(model)) / 1e6}
    scored = [(row["label"], guess) for row, guess in zip(asked, guesses, strict=True) if _scored(row)]
    if scored:
        measured = asdict(trial.figures([label for label, _ in scored], [guess for _, guess in scored]))
        measured.pop("log_loss")
        found |= measured
    measuring.show(found, as_json)
    say(f"结果写入 {predictions}", f"written to {predictions}")


def limited(rows: Rows, limit: int | None) -> Rows:
    """All rows; or the first complete ones, so many, of a shuffle with seed 0."""
    if limit is None:
        return rows
    complete = [row for row in rows if row.get("complete", "1") != "0"]
    Random(0).shuffle(complete)  # noqa: S311 — the same rows on every machine
    return complete[:limit]


def timed(model: Classifier, rows: Rows) -> tuple[list[tuple[str, float]], float]:
    """The best category of each text with its share, and microseconds of the processor a text: one at a time, in one
    thread."""
    for row in rows[:20]:
        model.guess(row["title"], row["detail"])  # tables that are made at first use are not timed
    began = thread_time()
    guesses = [model.guess(row["title"], row["detail"]) for row in rows]
    return guesses, (thread_time() - began) * 1e6 / max(1, len(rows))


def _scored(row: dict[str, str]) -> bool:
    return bool(row.get("label")) and row.get("complete", "1") != "0"
