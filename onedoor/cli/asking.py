"""Commands that only ask: when is it due, where does it lie, does the log hold, the week's figures, who is missing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.db.utils import OperationalError, ProgrammingError

from onedoor.appraisal import export
from onedoor.appraisal.queries import weekly_sheet
from onedoor.appraisal.rules import COLUMNS, Row, Sheet
from onedoor.city import queries
from onedoor.city import roster as rosters
from onedoor.city.models import Boundary, Division
from onedoor.city.tree import NoCity, tree
from onedoor.cli.bilingual import Group, both, command, print_json, say
from onedoor.cli.tabular import table, workbook
from onedoor.intake.queries import door
from onedoor.kernel import audit as audits
from onedoor.kernel.calendars import CHINA, Calendar, due
from onedoor.kernel.datum import Datum, check_degrees, to_wgs84
from onedoor.kernel.models import Anchor, Entry
from onedoor.kernel.problems import BadInput
from onedoor.kernel.spans import Span
from onedoor.kernel.time import CITY_ZONE

AS_JSON = click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))
AS_XLSX = click.option(
    "--xlsx",
    type=click.Path(dir_okay=False, path_type=Path),
    help=both("另存为 .xlsx 文件", "Write to an .xlsx file"),
)


@command("clock", help=both("期限何时届满，逐日说明理由", "When a period ends, and why, day by day"))
@click.option(
    "--from",
    "begin",
    required=True,
    help=both("起算时刻，如 2024-09-29T10:00", "Where it starts, e.g. 2024-09-29T10:00"),
)
@click.option(
    "--for",
    "length",
    required=True,
    help=both("期限，如「7 working days」「5工作日」", 'How long, e.g. "7 working days"'),
)
@AS_JSON
def clock(begin: str, length: str, as_json: bool) -> None:
    """Counts by the city's calendar, or the national one where no city is loaded."""
    span = Span.parse(length)
    found = due(_moment(begin), span, _calendar(), steps=True)
    if as_json:
        print_json({"from": _moment(begin).isoformat(), "for": str(span)} | found.as_dict())
        return
    rows = [(step.day.isoformat(), "✓" if step.counted else "", step.zh, step.en) for step in found.steps]
    click.echo(table(("日期 Day", "计入", "理由", "Why"), rows))
    click.echo(f"\n{both('届满', 'Due')}: {found.at:%Y-%m-%d %H:%M}")
    if found.provisional:
        click.echo(both(found.caution("zh"), found.caution("en")))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadInput.of(
            "from",
            f"「{text}」不是时刻，请写成 2024-09-29T10:00",
            f"{text!r} is no moment; write it as 2024-09-29T10:00",
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)


def _calendar() -> Calendar:
    try:
        return queries.calendar()
    except (NoCity, OperationalError, ProgrammingError):
        return CHINA


@command("locate", help=both("坐标落在哪个网格", "The grid that a point lies in"))
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@click.option(
    "--datum",
    default="wgs84",
    show_default=True,
    help=both("坐标系：wgs84、cgcs2000、gcj02、bd09", "Datum of the point"),
)
@AS_JSON
def locate(lon: float, lat: float, datum: str, as_json: bool) -> None:
    """Exits with status 1 when the point lies in no grid."""
    check_degrees(lon, lat)
    lon, lat = to_wgs84(lon, lat, Datum.parse(datum))
    found = _place(lon, lat)
    if as_json:
        print_json(found)
    elif found["grid"]:
        place = found["grid"]
        click.echo(f"{place['code']}  {place['full_name']}")
        if place["provisional"]:
            say("该网格为计算生成，未经测绘", "this grid was computed, not surveyed")
    elif near := found["nearest"]:
        click.echo(
            both(
                f"不在任何网格内，最近为 {near['code']} {near['full_name']}，相距 {near['metres']:,} 米",
                f"in no grid; the nearest is {near['code']}, {near['metres']:,} m away",
            )
        )
    else:
        click.echo(both("不在任何网格内", "in no grid"))
    if not found["grid"]:
        raise click.exceptions.Exit(1)


def _place(lon: float, lat: float) -> dict[str, Any]:
    held = door()
    located, near = held.grids.locate(lon, lat), None
    if located is None and (nearest := held.grids.nearest(lon, lat)) is not None:
        near = _told(nearest.code) | {"metres": round(nearest.metres)}
    return {
        "lon": round(lon, 7),
        "lat": round(lat, 7),
        "datum": "wgs84",
        "grid": _told(located.code) if located else None,
        "also": [_told(code) for code in located.also] if located else [],
        "nearest": near,
    }


def _told(code: str) -> dict[str, Any]:
    places = tree()
    node = places.by_code[code]
    provisional = (
        Division.objects.filter(pk=node.id, provisional=True).exists()
        or Boundary.objects.filter(division_id=node.id, valid_to=None, provisional=True).exists()
    )
    path = [{"code": n.code, "name": n.name, "level": n.level} for n in (places.nodes[i] for i in node.path)]
    return {
        "code": code,
        "name": node.name,
        "full_name": places.full_name(node.id),
        "path": path,
        "provisional": provisional,
    }


@click.group("audit", cls=Group, help=both("履历链核验", "The log: does it hold?"))
def audit() -> None:
    """Commands about the log."""


@audit.command(
    "verify", help=both("核验每一条履历、每一件事项、每一个锚点", "Verify every entry, matter and anchor")
)
@AS_JSON
def verify(as_json: bool) -> None:
    """Exits with status 1 when anything is not as it was written."""
    entries, anchors = Entry.objects.count(), Anchor.objects.count()
    if not as_json:
        say(f"核验 {entries} 条履历、{anchors} 个锚点", f"verifying {entries} entries and {anchors} anchors")
    found = list(audits.verify())
    if as_json:
        told = {"sound": not found, "entries": entries, "anchors": anchors}
        print_json(told | {"findings": [finding.as_dict() for finding in found]})
    for finding in [] if as_json else found:
        where = f"{finding.stream}#{finding.seq}" if finding.seq is not None else finding.stream
        click.echo(f"{finding.what}\t{where}\t{both(finding.zh, finding.en)}")
    if not found and not as_json:
        click.echo(both("履历完整，未见改动", "the log holds: nothing was changed"))
    if found:
        raise click.exceptions.Exit(1)


@command("sheet", help=both("周通报", "The weekly sheet"))
@click.option("--week", required=True, help=both("周次，如 2026-W46", "The week, e.g. 2026-W46"))
@click.option(
    "--level",
    type=click.Choice(["unit", "county"]),
    default="unit",
    show_default=True,
    help=both("按单位或按区县", "Rows"),
)
@click.option("--division", help=both("区划代码，只看其下", "Code of a division: only what lies below it"))
@AS_JSON
@AS_XLSX
def sheet(week: str, level: str, division: str | None, as_json: bool, xlsx: Path | None) -> None:
    """Prints the figures of a week; `*` marks shares that stand on few cases."""
    found = weekly_sheet(week, level, division)  # type: ignore[arg-type]
    if xlsx:
        with xlsx.open("wb") as target:
            export.write(found, target)
        say(f"已写入 {xlsx}", f"written to {xlsx}")
    if as_json:
        print_json(found.as_dict())
    elif not xlsx:
        _print_sheet(found)


def _print_sheet(found: Sheet) -> None:
    click.echo(both(f"{found.place} {found.week} 周通报", f"weekly sheet {found.week}"))
    headings = ("单位 Unit", *(f"{column.zh} {column.en}" for column in COLUMNS))
    click.echo(table(headings, [_line(row) for row in [*found.rows, found.total]]))
    if found.apart:
        names = "、".join(row.name for row in found.apart[:12]) + ("…" if len(found.apart) > 12 else "")
        click.echo(
            both(f"\n本周无应办 {len(found.apart)} 个：{names}", f"{len(found.apart)} had nothing due")
        )


def _line(row: Row) -> list[str]:
    shown = [row.name]
    for column in COLUMNS:
        cell = row.cells[column.key]
        if not column.is_share:
            shown.append(str(cell.count))
        elif cell.share is None:
            shown.append("—")
        else:
            shown.append(f"{cell.share:.1%}{'*' if cell.few else ''} ({cell.count}/{cell.of})")
    return shown


@command(
    "roster", help=both("缺岗：哪个村缺村警、法律顾问、调解员，哪个网格缺网格员", "Which village lacks whom")
)
@click.option(
    "--role", help=both("只看一个岗位，如 police_officer 或 网格员", "Only one role, e.g. police_officer")
)
@click.option("--division", help=both("区划代码，只看其下", "Code of a division: only what lies below it"))
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    help=both("某一日，默认今日", "On a day; today if left out"),
)
@AS_JSON
@AS_XLSX
def roster(
    role: str | None, division: str | None, day: datetime | None, as_json: bool, xlsx: Path | None
) -> None:
    """Names the places that lack somebody; never a person."""
    answer = rosters.gaps(day.date() if day else None, division, role)
    titles = {held.role: both(held.title["zh"], held.title["en"]) for held in answer.coverage}
    headings = ("岗位 Role", "代码 Code", "地方 Place", "空缺自 Vacant since")
    rows = [(titles[gap.role], gap.code, " · ".join(gap.path), _since(gap.since)) for gap in answer.gaps]
    if xlsx:
        workbook(xlsx, f"缺岗 {answer.day}", headings, rows)
        say(f"已写入 {xlsx}", f"written to {xlsx}")
    if as_json:
        print_json(_roster_dict(answer))
    elif not xlsx:
        click.echo(table(headings, rows))
        for held in answer.coverage:
            zh = f"{held.title['zh']}：应配 {held.needed}，在岗 {held.filled}，缺 {held.lacking}"
            click.echo(
                both(
                    zh,
                    f"{held.title['en']}: {held.needed} needed, {held.filled} there, {held.lacking} lacking",
                )
            )


def _since(day: date | None) -> str:
    return day.isoformat() if day else "从未配备 never"


def _roster_dict(answer: rosters.Answer) -> dict[str, Any]:
    coverage = [
        {"role": c.role, "title": c.title, "needed": c.needed, "filled": c.filled, "lacking": c.lacking}
        for c in answer.coverage
    ]
    return {
        "day": answer.day.isoformat(),
        "coverage": coverage,
        "gaps": [gap.as_dict() for gap in answer.gaps],
    }
