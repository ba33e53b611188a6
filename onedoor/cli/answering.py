"""`onedoor triage replies`: what past answers say and leave out, and how far the checks agree with people's labels."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np

from onedoor.cli import measuring
from onedoor.cli.bilingual import Command, both
from onedoor.cli.tabular import table
from onedoor.kernel import tables
from onedoor.kernel.problems import BadInput
from onedoor.triage.agreement import agreement, auc, kappa
from onedoor.triage.replies import Check, Rarity, checklist

NEEDED = ("msg_id", "title", "detail", "reply")
SAYINGS = {"0": False, "0.0": False, "1": True, "1.0": True}


@click.command(
    "replies",
    cls=Command,
    help=both("答复检查表与人工标注的一致程度", "How far the checklist of answers agrees with labels"),
)
@click.option(
    "--messages",
    type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path),
    required=True,
    help=both(
        "列 msg_id, title, detail, reply；其余只含 0 和 1 的列作为标注",
        "Columns msg_id, title, detail, reply; further columns that hold only 0 and 1 are labels",
    ),
)
@click.option(
    "--predictions",
    type=click.Path(dir_okay=False, path_type=Path),
    help=both("每条答复每项检查写入此 CSV", "Write every check of every answer to this CSV"),
)
@measuring.AS_JSON
def replies(messages: Path, predictions: Path | None, as_json: bool) -> None:
    """The six checks of every answer, and each held against each label. Nothing is added up to a mark."""
    with tables.read(messages, required=NEEDED) as opened:
        rows = [row.values for row in opened.rows()]
    if not rows:
        raise BadInput.of("messages", "没有答复", "there are no answers")
    rarity = Rarity(f"{row['title']} {row['detail']}" for row in rows)
    started = perf_counter()
    found = [checklist(row["title"], row["detail"], row["reply"], rarity) for row in rows]
    spent = perf_counter() - started
    if predictions is not None:
        tables.write_csv(predictions, ["msg_id", "check", "there", "amount"], _lines(rows, found))
    labels = _labels(rows)
    figures = {
        "answers": len(rows),
        "ms_per_answer": round(spent / len(rows) * 1000, 3),
        "own_question_auc": _own_question(rows, found, rarity),
        "checks": {
            first.key: {
                "there": round(float(np.mean([each[place].there for each in found])), 4),
                **{name: _held(found, place, label) for name, label in labels.items()},
            }
            for place, first in enumerate(found[0])
        },
        "length": {name: _length(rows, label) for name, label in labels.items()},
        "labels": [_between(labels, a, b) for a, b in combinations(labels, 2)],
    }
    click.echo(json.dumps(figures) if as_json else _listed(figures))


Label = dict[int, bool]


def _labels(rows: list[dict[str, str]]) -> dict[str, Label]:
    """Each column of noughts and ones, by row; empty cells are left out."""
    found = {}
    for name in rows[0].keys() - set(NEEDED):
        held = {number: text for number, row in enumerate(rows) if (text := row[name].strip())}
        if held and all(text in SAYINGS for text in held.values()):
            found[name] = {number: SAYINGS[text] for number, text in held.items()}
    return dict(sorted(found.items()))


def _held(found: list[list[Check]], place: int, label: Label) -> dict[str, Any]:
    checks = [found[number][place] for number in label]
    there = np.array([check.there for check in checks], bool)
    return asdict(agreement(there, [check.amount for check in checks], np.array([*label.values()], bool)))


def _length(rows: list[dict[str, str]], label: Label) -> float | None:
    """How much the number of characters alone tells: what every check must be compared with."""
    return auc([len(rows[number]["reply"]) for number in label], np.array([*label.values()], bool))


def _own_question(rows: list[dict[str, str]], found: list[list[Check]], rarity: Rarity) -> float | None:
    """The chance that an answer takes up more of its own question than the answer half the file away does."""
    half = len(rows) // 2
    swapped = [
        checklist(row["title"], row["detail"], rows[number - half]["reply"], rarity)[0].amount
        for number, row in enumerate(rows)
    ]
    own = [each[0].amount for each in found]
    return auc(own + swapped, np.repeat([True, False], len(rows))) if half else None


def _between(labels: dict[str, Label], a: str, b: str) -> dict[str, Any]:
    rows = sorted(labels[a].keys() & labels[b].keys())
    one, other = (np.array([labels[name][row] for row in rows], bool) for name in (a, b))
    alike = round(float((one == other).mean()), 4) if rows else None
    return {"a": a, "b": b, "rows": len(rows), "same": alike, "kappa": kappa(one, other)}


def _lines(rows: list[dict[str, str]], found: list[list[Check]]) -> Iterator[tuple[Any, ...]]:
    for row, checks in zip(rows, found, strict=True):
        yield from ((row["msg_id"], check.key, int(check.there), check.amount) for check in checks)


def _listed(figures: dict[str, Any]) -> str:
    names = ("rows", "precision", "recall", "recall_of_no", "kappa", "auc")
    lines = [
        [check, label, *("" if held[name] is None else held[name] for name in names)]
        for check, of in figures["checks"].items()
        for label, held in of.items()
        if isinstance(held, dict)
    ]
    plain = [f"{name:18} {figures[name]}" for name in ("answers", "ms_per_answer", "own_question_auc")]
    return "\n".join([*plain, table(["check", "label", *names], lines)])
