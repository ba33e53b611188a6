"""`onedoor triage learn`, `versions`, `use`: what the door learned from the city's own matters."""

from __future__ import annotations

import os
from typing import Any

import click
from django.utils.timezone import localtime

from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.preparing import OPERATOR
from onedoor.cli.tabular import table
from onedoor.intake import learning
from onedoor.intake.models import IN_USE, TrainedModel
from onedoor.intake.queries import CATEGORY

GENTLY = 15  # how far behind everything else a version is trained that nobody waits for (nice)
AS_JSON = click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))


@command(
    "learn",
    help=both(
        "从本市已办结事项学习分类，不比在用版本差才启用",
        "Learn categories from this city's closed matters; taken only if no worse",
    ),
)
@click.option("--gently", is_flag=True, help=both("低优先级运行", "Run behind everything else"))
@AS_JSON
def learn(gently: bool, as_json: bool) -> None:
    """Trains, measures on matters held out, takes or refuses. Exits with 0 either way."""
    if gently:
        os.nice(GENTLY)
    version = learning.learn(OPERATOR)
    if as_json:
        print_json(_told(version))
        return
    say(
        f"第 {version.number} 版：{'已启用' if version.state == IN_USE else '未采用'}。{version.why['zh']}",
        f"version {version.number}: {version.state.replace('_', ' ')}; {version.why['en']}",
    )


@command("versions", help=both("学习过的各版本及其实测", "The versions learned, with their figures"))
@AS_JSON
def versions(as_json: bool) -> None:
    """The newest first."""
    found = TrainedModel.objects.filter(kind=CATEGORY).defer("body").order_by("-number")
    if as_json:
        print_json([_told(version) for version in found])
        return
    rows = [
        (str(v.number), v.state, f"{localtime(v.trained_at):%Y-%m-%d %H:%M}" if v.trained_at else "", str(v.examples),
         v.why.get("zh", ""))
        for v in found
    ]  # fmt: skip
    click.echo(table(("版本 Version", "状态 State", "学于 Trained", "样本 Examples", "缘由 Why"), rows))


@command(
    "use", help=both("改用某一版本；0 为只用分类目录的词", "Use another version; 0: the catalogue's words")
)
@click.argument("number", type=click.IntRange(0))
def use(number: int) -> None:
    """Every server takes it up within seconds."""
    learning.use(OPERATOR, number)
    say(f"已改用第 {number} 版" if number else "已改用分类目录的词", f"version {number} is in use")


def _told(version: TrainedModel) -> dict[str, Any]:
    return {
        "version": version.number,
        "state": version.state,
        "why": version.why,
        "trained_at": version.trained_at.isoformat() if version.trained_at else None,
        "examples": version.examples,
        "figures": version.figures,
    }
