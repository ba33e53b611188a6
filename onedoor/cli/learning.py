"""`onedoor triage learn`, `versions`, `use`: what the door learned from the city's own matters and clerks."""

from __future__ import annotations

import os
from typing import Any

import click
from django.utils.timezone import localtime

from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.preparing import OPERATOR
from onedoor.cli.tabular import table
from onedoor.intake import learning, pairing
from onedoor.intake import versions as kept
from onedoor.intake.models import IN_USE, TrainedModel
from onedoor.intake.queries import CATEGORY, SAME

GENTLY = 15  # how far behind everything else a version is trained that nobody waits for (nice)
LEARNERS = {CATEGORY: learning.learn, SAME: pairing.learn}
WHAT = click.option(
    "--what", type=click.Choice([CATEGORY, SAME]), default=CATEGORY, show_default=True,
    help=both("学什么：分类，或两件是否同一件", "What a text is about, or whether two filings are the same"),
)  # fmt: skip
AS_JSON = click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))


@command(
    "learn",
    help=both(
        "从本市已办结事项学习分类（或从工作人员的判定学习是否同一件），不比在用版本差才启用",
        "Learn from this city's closed matters, or from pairs that clerks judged; taken only if no worse",
    ),
)
@WHAT
@click.option("--gently", is_flag=True, help=both("低优先级运行", "Run behind everything else"))
@AS_JSON
def learn(what: str, gently: bool, as_json: bool) -> None:
    """Trains, measures on matters held out, takes or refuses. Exits with 0 either way."""
    if gently:
        os.nice(GENTLY)
    version = LEARNERS[what](OPERATOR)
    if as_json:
        print_json(_told(version))
        return
    say(
        f"第 {version.number} 版：{'已启用' if version.state == IN_USE else '未采用'}。{version.why['zh']}",
        f"version {version.number}: {version.state.replace('_', ' ')}; {version.why['en']}",
    )


@command("versions", help=both("学习过的各版本及其实测", "The versions learned, with their figures"))
@WHAT
@AS_JSON
def versions(what: str, as_json: bool) -> None:
    """The newest first."""
    found = TrainedModel.objects.filter(kind=what).defer("body").order_by("-number")
    if as_json:
        print_json([_told(version) for version in found])
        return
    rows = [
        (str(v.number), v.state, f"{localtime(v.trained_at):%Y-%m-%d %H:%M}" if v.trained_at else "", str(v.examples),
         v.why.get("zh", ""))
        for v in found
    ]  # fmt: skip
    click.echo(table(("版本 Version", "状态 State", "学于 Trained", "样本 Examples", "缘由 Why"), rows))


@command("use", help=both("改用某一版本；0 为不用学到的", "Use another version; 0: nothing that was learned"))
@WHAT
@click.argument("number", type=click.IntRange(0))
def use(what: str, number: int) -> None:
    """Every server takes it up within seconds."""
    kept.use(OPERATOR, what, number)
    say(f"已改用第 {number} 版" if number else "已不用学到的", f"version {number} is in use")


def _told(version: TrainedModel) -> dict[str, Any]:
    return {
        "version": version.number,
        "state": version.state,
        "why": version.why,
        "trained_at": version.trained_at.isoformat() if version.trained_at else None,
        "examples": version.examples,
        "figures": version.figures,
    }
