"""`onedoor warn`: what is out of the ordinary in places and subjects, and what the week to come will bring."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.warning import alerts, kept
from onedoor.appraisal.warning.alerts import Alert, Report
from onedoor.appraisal.warning.places import Level, centres
from onedoor.city.queries import calendar, directory, tree
from onedoor.cli import preparing
from onedoor.cli.asking import AS_JSON
from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.lake import folder
from onedoor.cli.tabular import table
from onedoor.kernel import time
from onedoor.kernel.time import CITY_ZONE

LEVELS = click.Choice(("township", "village", "grid"))
KINDS = {"volume": "高于预期 more than expected", "cluster": "时空聚集 cluster"}
ADVICE = {"consultation": "会商 consultation", "visit": "走访 visit", "repair": "检修 repair"}
HEADINGS = (
    "种类 Kind",
    "事项 Subject",
    "地点 Place",
    "自 Since",
    "件数 Seen",
    "预期 Expected",
    "p",
    "建议 Suggested",
)
NAMED = 3  # places of a cluster that are named


@command(
    "warn", help=both("预测预警：超出预期的地方和事项、时空聚集", "Early warning on places and subjects")
)
@click.option("--as-of", "day", type=click.DateTime(["%Y-%m-%d"]), help=both(
    "看到哪一天为止（含当天），默认昨天", "The last day that counts; yesterday if left out"))  # fmt: skip
@click.option(
    "--level", type=LEVELS, default="township", show_default=True, help=both("按哪一级地方", "Places")
)
@click.option("--keep", is_flag=True, help=both("留存，供页面显示", "Keep it for the page"))
@folder
@AS_JSON
def warn(day: datetime | None, level: Level, keep: bool, root: Path | None, as_json: bool) -> None:
    """Out of the lake as it was exported last: of places and subjects, never of persons."""
    preparing.tables()
    wanted = day.date() if day else time.now().astimezone(CITY_ZONE).date() - timedelta(days=1)
    with computing.opened(root) as lake:
        found = alerts.report(lake, wanted, level, centres(level), calendar())
    if keep:
        kept.keep(found)
    if as_json:
        print_json(found.as_dict())
    else:
        _show(found)


def _show(found: Report) -> None:
    say(
        f"截至 {found.last}：{len(found.alerts)} 项预警",
        f"up to {found.last}: {len(found.alerts)} warning(s)",
    )
    if found.alerts:
        click.echo(table(HEADINGS, [_line(one) for one in found.alerts]))
    if quality := found.quality:
        say(f"近 {quality.weeks} 周预测：误差 {quality.error}，朴素法 {quality.naive}，覆盖 {quality.covered:.1%}",
            f"over the last {quality.weeks} weeks: mean error {quality.error}, seasonal naive {quality.naive}, "
            f"{quality.covered:.1%} within the interval")  # fmt: skip


def _line(one: Alert) -> tuple[object, ...]:
    places, known = tree().by_code, directory().categories.get(one.category)
    named = "、".join(places[code].name if code in places else code for code in one.places[:NAMED])
    more = "…" if len(one.places) > NAMED else ""
    subject = known.title["zh"] if known else one.category
    return (KINDS[one.kind], subject, named + more, one.first, one.seen, f"{one.expected:.1f}", f"{one.chance:.4f}",
            ADVICE[one.suggestion])  # fmt: skip
