"""`onedoor appraise` and `onedoor explain`: the scores of a period, and why somebody got them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from onedoor.appraisal import actions, periods
from onedoor.appraisal.indicators import computing
from onedoor.appraisal.indicators.computing import Asked, Lake
from onedoor.appraisal.schemes import published
from onedoor.appraisal.schemes.language import Place, Scheme
from onedoor.appraisal.scores import appraising
from onedoor.cli import preparing
from onedoor.cli.asking import AS_JSON, AS_XLSX
from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.indicators import PERIOD
from onedoor.cli.lake import folder
from onedoor.cli.tabular import table, workbook
from onedoor.kernel import log

MOST = 200  # rows listed behind a figure
APART = {"little_due": "应办太少 little was due", "veto": "一票否决 veto", "": ""}
HEADINGS = ("同类组 Group", "名次 Place", "单位 Unit", "名称 Name", "总分 Total", "单列 Apart", "条目 Item",
            "条目名称 Title", "得分 Marks")  # fmt: skip
SCHEME = click.option("--scheme", "key", required=True, help=both("方案，如 programme", "Scheme"))

LEVELS = click.Choice(("county", "township", "department", "grid"))
LEVEL = click.option("--level", type=LEVELS, help=both("只算这一级", "Only this level"))
FREEZE = click.option(
    "--freeze", is_flag=True, help=both("时期结束后冻结为得分快照", "Freeze them, once it is over")
)


@command("appraise", help=both("按方案计算一个时期的得分", "The scores of a period by a scheme"))
@SCHEME
@PERIOD
@LEVEL
@FREEZE
@folder
@AS_JSON
@AS_XLSX
def appraise(
    key: str,
    period: str,
    level: str | None,
    freeze: bool,
    root: Path | None,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """Out of the lake as it was exported last. Frozen, a later correction is an objection and never a silent change."""
    preparing.tables()
    version = published.version(key)
    with computing.opened(root) as lake:
        if freeze:
            gathered = list(appraising.gathered(version, period, lake.measure, level))
            made = actions.freeze_period(preparing.OPERATOR, period, gathered, lake.as_of)
            log.anchor()
            say(f"已冻结 {len(made)} 组", f"{len(made)} group(s) frozen")
        told = appraising.appraise(version, period, lake.measure, level)
    held = published.of(version.pk)
    if xlsx:
        workbook(xlsx, f"{key} {period}", HEADINGS, list(_lines(held, told)))
        say(f"已写入 {xlsx}", f"written to {xlsx}")
    elif as_json:
        print_json(told)
    else:
        _show(held, told)


def _lines(scheme: Scheme, told: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """One line for every item of every unit."""
    titles = {item.code: item.zh for item in scheme.items}
    for key, group in told["groups"].items():
        names = appraising.names(scheme.groups[key])
        for one in group["units"]:
            name = names.get(one["unit"], {}).get("zh", "")
            for code, marks in one["items"].items():
                total = None if one["total"] is None else float(one["total"])
                yield (group["title"]["zh"], one["place"], one["unit"], name, total, APART[one["apart"]], code,
                       titles[code], None if marks is None else float(marks))  # fmt: skip


def _show(scheme: Scheme, told: dict[str, Any]) -> None:
    for key, group in told["groups"].items():
        names = appraising.names(scheme.groups[key])
        click.echo(f"\n{both(group['title']['zh'], group['title']['en'])}（{group['marks']}）")
        rows = [
            (one["place"] or "", one["unit"], names.get(one["unit"], {}).get("zh", ""), one["total"] or "",
             one["due"], APART[one["apart"]])
            for one in group["units"]
        ]  # fmt: skip
        click.echo(table(("名次", "单位 Unit", "名称", "总分 Total", "应办比例 Due", "单列 Apart"), rows))


@command("explain", help=both("一个单位一项得分的由来", "Why a unit got these marks"))
@SCHEME
@PERIOD
@click.option("--unit", required=True, help=both("区划代码或单位代码", "Code of a place or unit"))
@click.option("--item", required=True, help=both("条目或细项，如 C03 或 C03.2", "Item or sub-item"))
@folder
@AS_JSON
def explain(key: str, period: str, unit: str, item: str, root: Path | None, as_json: bool) -> None:
    """The formula, its numbers, the interval, how it moved, what was left out, and the rows behind it."""
    preparing.tables()
    version = published.version(key)
    scheme = published.of(version.pk)
    with computing.opened(root) as lake:
        told = appraising.explain(version, period, unit, item, lake.measure, periods.before(period))
        places = {place.code: place for place in scheme.places()}
        for one in told:
            one["behind"] = _behind(lake, places[one["code"]], scheme, period, unit)
    if as_json:
        print_json(
            {"scheme": version.key, "version": version.version, "period": period, "unit": unit, "cells": told}
        )
    else:
        for one in told:
            _show_cell(one)


def _behind(lake: Lake, place: Place, scheme: Scheme, period: str, unit: str) -> dict[str, Any] | None:
    """What was left out and the rows, of a figure; None for evidence that an office judged."""
    if place.part.indicator is None:
        return None
    level = scheme.groups[place.item.group].level
    asked = Asked(place.part.indicator, place.part.parameters, period, level, unit)
    trace = lake.trace(asked)
    return {
        "indicator": asked.indicator,
        "left_out": [vars(one) for one in trace.outside],
        "not_in_numerator": [vars(one) for one in trace.against],
        "not_due_yet": trace.not_due,
        "rows": lake.behind(asked, most=MOST),
    }


def _show_cell(one: dict[str, Any]) -> None:
    marks = f"{one['marks'] or '—'} / {one['weight']}"
    click.echo(f"\n{one['code']} {both(one['title']['zh'], one['title']['en'])}：{marks}")
    click.echo(f"  {both(one['formula']['zh'], one['formula']['en'])}")
    click.echo(f"  {both(one['numbers']['zh'], one['numbers']['en'])}")
    if one["interval"]:
        click.echo(
            f"  95 %：{one['interval']['low']} – {one['interval']['high']}（n = {one['interval']['of']}）"
        )
    if one["moved"]:
        click.echo(f"  {both('比上期', 'since the period before')}：{one['moved']['marks']}")
    for row in (one["behind"] or {}).get("rows", ()):
        names = "  ".join(str(value) for name, value in row.items() if name != "counted")
        click.echo(f"    {'+' if row['counted'] else '-'} {names}")
