"""`onedoor load`: a city's real data comes in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from onedoor.city import loaders, provisional, starting
from onedoor.city.loaders import Loaded, Options
from onedoor.city.loaders.columns import DIVISIONS, MAPS, ROSTER, UNITS, Columns, parse_choice
from onedoor.city.loaders.reading import trial
from onedoor.city.models import Category, Unit
from onedoor.cli import preparing, telling
from onedoor.cli.bilingual import Group, both, progress, say
from onedoor.intake.loading import MESSAGES, load_matters
from onedoor.kernel import log
from onedoor.kernel.problems import BadInput, NotNow
from onedoor.kernel.tables import write_csv, write_xlsx

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
TARGET = click.Path(dir_okay=False, path_type=Path)

dry_run = click.option("--dry-run", is_flag=True, help=both("只试不存", "Try only; keep nothing"))
rejects = click.option(
    "--rejects",
    type=TARGET,
    help=both("退回的行另存为此文件，改后可再导入", "Write refused rows here, to mend and load again"),
)
columns = click.option(
    "--columns", default="", help=both("列名对照：字段=列名,…", "What columns are called: field=column,…")
)
as_json = click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))
datum = click.option(
    "--datum", default="", help=both("坐标系：wgs84、cgcs2000、gcj02、bd09", "Datum of the coordinates")
)

mend = click.option(
    "--mend", is_flag=True, help=both("自动修正自相交的图形", "Mend outlines that cross themselves")
)
sure = click.option(
    "--sure", is_flag=True, help=both("坐标系可疑时仍然导入", "Load although the datum seems wrong")
)


@click.group("load", cls=Group, help=both("导入城市数据", "Load a city's data"))
def load() -> None:
    """Commands that take in files."""


@load.command(
    "city",
    help=both(
        "导入城市配置（层级、编码、工时），并发布业务包", "Load a city's own description, publish the packs"
    ),
)
@click.argument("file", type=FILE)
def load_city(file: Path) -> None:
    """The first step: it also makes the tables."""
    preparing.tables()
    profile, fresh = loaders.load_city(file, preparing.OPERATOR)
    versions, categories = preparing.published()
    zh, en = profile.title.zh, profile.title.en
    say(
        f"{zh}:{'已导入' if fresh else '没有变化'}；新发布流程 {versions} 个，事项分类 {categories} 个",
        f"{en}: {'loaded' if fresh else 'unchanged'}; {versions} procedure(s) published, {categories} categories",
    )


@load.command("divisions", help=both("导入区划（县区、乡镇、村社区）", "Load divisions"))
@click.argument("file", type=FILE)
@dry_run
@rejects
@columns
@as_json
def divisions(file: Path, **chosen: Any) -> None:
    """CSV, .xlsx or JSON lines."""
    _load(file, DIVISIONS, loaders.load_divisions, chosen)


@load.command("boundaries", help=both("导入区划边界（GeoJSON）", "Load outlines of divisions (GeoJSON)"))
@click.argument("file", type=FILE)
@datum
@mend
@sure
@dry_run
@rejects
@columns
@as_json
def boundaries(file: Path, **chosen: Any) -> None:
    """Features are found by code, or by a name that only one division has."""
    _load(file, MAPS, loaders.load_boundaries, chosen)


@load.command(
    "grids",
    help=both(
        "导入网格（测绘 GeoJSON），或无测绘时计算生成", "Load surveyed grids (GeoJSON), or compute them"
    ),
)
@click.argument("file", type=FILE, required=False)
@click.option(
    "--generate",
    is_flag=True,
    help=both("无测绘处计算生成临时网格", "Compute provisional grids where none were surveyed"),
)
@click.option(
    "--per-place",
    default=provisional.PER_PLACE,
    show_default=True,
    type=click.IntRange(1, 200),
    help=both(
        "生成时每个村社区几个（户数不详时）", "How many in each village whose households are not known"
    ),
)
@click.option(
    "--total", type=click.IntRange(1, 1_000_000), help=both("生成时全市共几个", "How many in the whole city")
)
@datum
@mend
@sure
@dry_run
@rejects
@columns
@as_json
def grids(file: Path | None, generate: bool, per_place: int, total: int | None, **chosen: Any) -> None:
    """A survey replaces the computed grids of the same village."""
    if generate == (file is not None):
        raise click.UsageError(both("请给出文件，或加 --generate", "give a FILE or --generate, one of them"))
    if file:
        _load(file, MAPS, loaders.load_grids, chosen)
    else:
        _generate(per_place, total, chosen["dry_run"], chosen["as_json"])


def _generate(per_place: int, total: int | None, dry: bool, json: bool) -> None:
    with progress("计算网格", "computing grids") as advance, trial(dry_run=dry):
        made = provisional.compute_grids(
            preparing.OPERATOR, per_place=per_place, total=total, advance=advance
        )
        log.anchor()
    telling.computed(made, dry=dry, as_json=json)


@load.command("units", help=both("导入单位", "Load units"))
@click.argument("file", type=FILE, required=False)
@click.option(
    "--template",
    type=TARGET,
    help=both("写出一份按默认设置的单位表，供修改", "Write a table of the usual units, to be mended"),
)
@dry_run
@rejects
@columns
@as_json
def units(file: Path | None, template: Path | None, **chosen: Any) -> None:
    """CSV, .xlsx or JSON lines."""
    if template:
        _template(template, starting.UNIT_HEADINGS, starting.usual_units())
    if file:
        _load(file, UNITS, loaders.load_units, chosen)
    _either(file, template)


@load.command("roster", help=both("导入花名册（人员与岗位）", "Load the roster: people and their posts"))
@click.argument("file", type=FILE, required=False)
@click.option("--template", type=TARGET, help=both("写出一份待填的花名册", "Write a roster to be filled in"))
@dry_run
@rejects
@columns
@as_json
def roster(file: Path | None, template: Path | None, **chosen: Any) -> None:
    """CSV, .xlsx or JSON lines."""
    if template:
        _template(template, starting.ROSTER_HEADINGS, starting.vacant_posts())
    if file:
        _load(file, ROSTER, loaders.load_roster, chosen)
    _either(file, template)


def _either(file: Path | None, template: Path | None) -> None:
    if not file and not template:
        raise click.UsageError(both("请给出文件，或加 --template", "give a FILE or --template"))


def _template(target: Path, headings: tuple[str, ...], rows: list[starting.Line]) -> None:
    if target.exists():
        raise BadInput.of(
            "template", f"{target} 已存在，请换一个文件名", f"{target} exists already; choose another name"
        )
    write = write_xlsx if target.suffix.lower() == ".xlsx" else write_csv
    write(target, headings, rows)
    say(
        f"已写出 {len(rows)} 行到 {target}，请核对修改后导入",
        f"{len(rows)} rows written to {target}; look them over, then load it",
    )


@load.command(
    "matters", help=both("导入留言、工单等，每行成为一件事项", "Load messages: every row becomes a matter")
)
@click.argument("file", type=FILE)
@datum
@dry_run
@rejects
@columns
@as_json
def matters(file: Path, **chosen: Any) -> None:
    """Each is placed, classified and routed as if it had just come through the door."""
    if not Category.objects.exists() or not Unit.objects.exists():
        raise NotNow(
            zh="请先导入城市配置和单位（load city、load units）",
            en="load the city and its units first (load city, load units)",
        )
    options = _options(MESSAGES, chosen)
    with progress("受理", "taking in", _lines(file)) as advance:
        filed = load_matters(file, options, advance)
    log.anchor()
    telling.loaded(filed, as_json=chosen["as_json"])


def _lines(file: Path) -> int | None:
    """How many rows a text has at most; None for a workbook. Only for the progress bar."""
    if file.suffix.lower() == ".xlsx" or os.path.getsize(file) > 1 << 30:
        return None
    with file.open("rb") as opened:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: opened.read(1 << 20), b""))


def _options(known: Columns, chosen: dict[str, Any]) -> Options:
    return Options(
        preparing.OPERATOR,
        dry_run=chosen["dry_run"],
        rejects=chosen["rejects"],
        columns=parse_choice(chosen["columns"], known.names),
        datum=chosen.get("datum", ""),
        mend=chosen.get("mend", False),
        sure=chosen.get("sure", False),
    )


def _load(
    file: Path, known: Columns, loader: Callable[[Path, Options], Loaded], chosen: dict[str, Any]
) -> None:
    with progress(f"导入 {file.name}", f"loading {file.name}"):
        loaded = loader(file, _options(known, chosen))
    log.anchor()
    telling.loaded(loaded, as_json=chosen["as_json"])
