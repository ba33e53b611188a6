"""`onedoor triage same` and `onedoor triage hot`: which messages are about one matter, and what is getting hot."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import click

from onedoor.cli.bilingual import Command, both, say
from onedoor.cli.measuring import AS_JSON, FILE, predictions, rows, show
from onedoor.kernel import tables
from onedoor.kernel.problems import BadInput
from onedoor.triage.context import clusters
from onedoor.triage.corpus import Message
from onedoor.triage.same import TOGETHER, Found, judge
from onedoor.triage.trial_same import hot_figures, same_figures

LEAST = 1e-7  # a pair less probable is not worth naming
DAY = 86_400

MESSAGES = click.option(
    "--messages",
    type=FILE,
    required=True,
    help=both("全部留言，列 msg_id、time、title、detail，可有 user_code",
              "All messages: msg_id, time, title, detail, perhaps user_code"),
)  # fmt: skip
KNOWN = click.option(
    "--train-groups",
    type=FILE,
    help=both("已知分组，列 msg_id、issue_id；凡涉及某组的配对，由未见过该组的模型判断",
              "Known groups: msg_id, issue_id; pairs touching a group are judged by models that never saw it"),
)  # fmt: skip


@click.command(
    "same", cls=Command, help=both("同一事项：哪些留言说的是一件事", "Which messages are about one matter")
)
@MESSAGES
@KNOWN
@predictions("a, b, probability")
@AS_JSON
def same(messages: Path, train_groups: Path | None, predictions: Path, as_json: bool) -> None:
    """Names each pair worth a look, with the probability that it is one matter."""
    numbers, found, groups, seconds = _judged(messages, train_groups)
    judged = zip(found.pairs.tolist(), found.probability.tolist(), strict=True)
    lines = ([numbers[a], numbers[b], f"{p:.8f}"] for (a, b), p in judged if p >= LEAST)
    tables.write_csv(predictions, ["a", "b", "probability"], lines)
    figures = {"messages": len(numbers), "pairs": len(found.pairs), "seconds": seconds}
    show(figures | same_figures(found, groups), as_json)
    say(f"结果写入 {predictions}", f"written to {predictions}")


@click.command(
    "hot", cls=Command, help=both("热点：把说同一件事的留言归为一组", "Hot issues: messages about one thing")
)
@MESSAGES
@KNOWN
@predictions("msg_id, cluster")
@AS_JSON
def hot(messages: Path, train_groups: Path | None, predictions: Path, as_json: bool) -> None:
    """Puts each message into a cluster, named by the first message in it."""
    numbers, found, groups, seconds = _judged(messages, train_groups)
    cluster = clusters(len(numbers), found.pairs, found.probability, TOGETHER)
    lines = ([number, numbers[first]] for number, first in zip(numbers, cluster.tolist(), strict=True))
    tables.write_csv(predictions, ["msg_id", "cluster"], lines)
    figures = {"messages": len(numbers), "clusters": len(set(cluster.tolist())), "seconds": seconds}
    show(figures | hot_figures(cluster, groups), as_json)
    say(f"结果写入 {predictions}", f"written to {predictions}")


def _judged(file: Path, known: Path | None) -> tuple[list[str], Found, list[str | None], float]:
    """The messages' numbers, their pairs, the known group of each, and the seconds that reading and learning took."""
    held = rows(file, "msg_id", "time", "title", "detail", dates=["time"])
    numbers = [row["msg_id"] for row in held]
    _refuse_unusable(file, numbers)
    read = [Message(row["title"], row["detail"], _day(file, row), row.get("user_code") or row["msg_id"])
            for row in held]  # fmt: skip
    issues = {row["msg_id"]: row["issue_id"] for row in rows(known, "msg_id", "issue_id")} if known else {}
    groups = [issues.get(number) or None for number in numbers]
    began = perf_counter()
    return numbers, judge(read, groups), groups, perf_counter() - began


def _refuse_unusable(file: Path, numbers: list[str]) -> None:
    if not numbers:
        raise BadInput.of(file.name, "没有留言", "there are no messages")
    twice = sorted(number for number, times in Counter(numbers).items() if times > 1)
    if twice:
        raise BadInput.of(
            file.name, f"msg_id 重复：{'、'.join(twice)}", f"msg_id given twice: {', '.join(twice)}"
        )


def _day(file: Path, row: dict[str, str]) -> float:
    """Days since 1970. Raises BadInput where no time is said."""
    if not row["time"]:
        number = row["msg_id"]
        raise BadInput.of(file.name, f"msg_id {number} 没有时间", f"msg_id {number} has no time")
    moment = datetime.fromisoformat(row["time"])
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() / DAY
