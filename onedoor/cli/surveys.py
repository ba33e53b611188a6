"""`onedoor surveys`: rounds opened, fed, and their figures."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from onedoor.city.loaders import Options
from onedoor.cli import preparing, telling
from onedoor.cli.bilingual import Group, both, print_json, say
from onedoor.cli.loading import FILE, as_json, dry_run, rejects
from onedoor.cli.tabular import table
from onedoor.kernel.problems import Conflict
from onedoor.surveys import actions, export, figures, policies, queries
from onedoor.surveys.importing import load_answers
from onedoor.surveys.models import OPEN, Round

DAY = click.DateTime(["%Y-%m-%d"])
STATES = {"open": "进行中 open", "closed": "已结束 closed", "published": "已公布 published"}


@click.group(cls=Group, help=both("社会调查：抽样、答卷、结果", "Surveys: samples, answers, figures"))
def surveys() -> None:
    """Commands about surveys."""


@surveys.command("list", help=both("列出各期调查", "List the rounds"))
@as_json
def list_rounds(as_json: bool) -> None:
    """All rounds, the newest first."""
    rows = [_round(held) for held in policies.visible(preparing.OPERATOR).order_by("-ends", "pk")]
    if as_json:
        print_json(rows)
        return
    headings = ("编号 No.", "问卷 Questionnaire", "地方 Place", "期次 Period", "状态 State", "份数 Answers")
    shown = [
        (
            r["id"],
            r["questionnaire"],
            r["division"],
            r["period"],
            STATES[r["state"]],
            f"{r['answers']}/{r['size']}",
        )
        for r in rows
    ]
    click.echo(table(headings, shown))


def _round(held: Round) -> dict[str, Any]:
    return {
        "id": held.pk, "questionnaire": held.questionnaire.key, "version": held.questionnaire.version,
        "division": held.division.code, "house": held.house.code, "period": held.period, "begins": held.begins,
        "ends": held.ends, "state": held.state, "size": held.size,
        "answers": sum(one.done for one in queries.progress(held)),
    }  # fmt: skip


@surveys.command("open", help=both("组织一期调查", "Open a round"))
@click.argument("questionnaire")
@click.option("--division", required=True, help=both("区划代码", "Code of the division"))
@click.option("--house", required=True, help=both("承办的第三方单位编码", "Code of the unit that asks"))
@click.option("--period", required=True, help=both("期次，如 2026-H2", "Period, such as 2026-H2"))
@click.option("--from", "begins", required=True, type=DAY, help=both("开始日期", "First day"))
@click.option("--to", "ends", required=True, type=DAY, help=both("结束日期", "Last day"))
@click.option("--size", required=True, type=int, help=both("样本量（完成份数）", "Answers aimed at"))
@click.option("--least", default=actions.LEAST, show_default=True,
              help=both("少于此份数的地方不公布", "Figures of places with fewer answers are withheld"))  # fmt: skip
@click.option("--seed", type=int, help=both("抽样种子", "Seed of the sample"))
@as_json
def open_(as_json: bool, begins: datetime, ends: datetime, **chosen: Any) -> None:
    """In proportion to the households of each township."""
    actions.publish(preparing.OPERATOR)
    plan = actions.Plan(begins=begins.date(), ends=ends.date(), **chosen)
    held = actions.open_round(preparing.OPERATOR, plan)
    if as_json:
        print_json(_round(held))
        return
    count = held.strata.count()
    say(f"第 {held.pk} 号调查，{count} 个乡镇（街道），目标 {held.size} 份",
        f"round {held.pk}: {count} townships, {held.size} answers aimed at")  # fmt: skip


@surveys.command(
    "import", help=both("导入第三方答卷（全部导入，或另存退回的行）", "Take in a third party's file")
)
@click.argument("round_id", type=int)
@click.argument("file", type=FILE)
@dry_run
@rejects
@as_json
def import_(round_id: int, file: Path, dry_run: bool, rejects: Path | None, as_json: bool) -> None:
    """All of it or nothing; with --rejects the good rows, and the others to be mended."""
    options = Options(actor=preparing.OPERATOR, dry_run=dry_run, rejects=rejects)
    telling.loaded(load_answers(file, options, round_id), as_json=as_json)


@surveys.command("figures", help=both("一期调查的结果和误差", "The figures of a round, with their margins"))
@click.argument("round_id", type=int)
@as_json
def show_figures(round_id: int, as_json: bool) -> None:
    """Of a round that still runs: as they would be if it ended now."""
    held = policies.reach(preparing.OPERATOR, round_id)
    if held.state == OPEN:
        held.figures = figures.reckon(held)
    if as_json:
        print_json(_round(held) | {"figures": held.figures})
        return
    rows = [[_cell(cell) for cell in [*line, *[None] * (9 - len(line))]] for line in export.lines(held)]
    click.echo(table(export.HEADERS, rows))


def _cell(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value)


@surveys.command("export", help=both("已公布的结果存为 .xlsx", "Write published figures as .xlsx"))
@click.argument("round_id", type=int)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_(round_id: int, file: Path) -> None:
    """Aggregates only. Raises Conflict for a round that is not closed."""
    held = policies.reach(preparing.OPERATOR, round_id)
    if held.state == OPEN:
        raise Conflict(zh="调查尚未结束", en="the round still runs")
    count = export.write(held, file)
    say(f"已写入 {file}，{count} 行", f"written to {file}, {count} rows")
