"""`onedoor integrity`: where figures of units ask to be looked at."""

from __future__ import annotations

from pathlib import Path

import click

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.integrity import reporting
from onedoor.appraisal.integrity.figures import BY_KEY
from onedoor.city.queries import calendar, directory, tree
from onedoor.cli import preparing
from onedoor.cli.asking import AS_JSON, AS_XLSX
from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.indicators import PERIOD
from onedoor.cli.lake import folder
from onedoor.cli.tabular import table, workbook

HEADINGS = ("单位或地方 Unit or place", "名称 Name", "看什么 Figure", "件数 Count", "占 Of", "比例 Share")
SILENT = both("来件骤降", "Fell silent")


@command(
    "integrity",
    help=both("数据是否实在：单位和地方的疑点，供督办室查看", "Are the figures honest? Of units and places"),
)
@PERIOD
@folder
@AS_JSON
@AS_XLSX
def integrity(period: str, root: Path | None, as_json: bool, xlsx: Path | None) -> None:
    """Out of the lake as it was exported last. Never of persons; it says where to look and judges nobody."""
    preparing.tables()
    with computing.opened(root) as lake:
        found = reporting.report(lake, period, calendar())
    rows = _rows(found)
    if xlsx:
        workbook(xlsx, f"integrity {period}", HEADINGS, rows)
        say(f"已写入 {xlsx}", f"written to {xlsx}")
    elif as_json:
        print_json(found.as_dict())
    else:
        say(f"{period}：{len(found.cells)} 个单位、{len(found.drops)} 处来件骤降",
            f"{len(found.cells)} unit(s), {len(found.drops)} silence(s)")  # fmt: skip
        click.echo(table(HEADINGS, rows))


def _rows(found: reporting.Report) -> list[tuple[object, ...]]:
    names = {unit.code: unit.name for unit in directory().units.values()}
    titles = {key: both(one.title["zh"], one.title["en"]) for key, one in BY_KEY.items()}
    rows: list[tuple[object, ...]] = [
        (unit, names.get(unit, ""), titles[key], cell.count, "" if cell.of is None else cell.of,
         "" if cell.share is None else f"{cell.share:.1%}")
        for unit, key, cell in reporting.lines(found) if cell.count
    ]  # fmt: skip
    places = tree().by_code
    for drop in found.drops:
        name = places[drop.place].name if drop.place in places else ""
        rows.append((drop.place, name, f"{SILENT} {drop.channel}", drop.seen, f"{drop.expected:.1f}", ""))
    return rows
