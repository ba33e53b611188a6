"""`onedoor lake`: written out for analysis, and held against the database."""

from __future__ import annotations

from pathlib import Path

import click

from onedoor.cli import preparing
from onedoor.cli.bilingual import Group, both, print_json, say
from onedoor.cli.loading import as_json
from onedoor.lake import exporting, files, verifying

folder = click.option(
    "--dir",
    "root",
    type=click.Path(file_okay=False, path_type=Path),
    help=both(
        "数据湖所在目录，默认在数据目录的 lake 下", "Folder of the lake; by default `lake` in ONEDOOR_HOME"
    ),
)


@click.group(cls=Group, help=both("数据湖：导出、核对", "The lake: export and verify"))
def lake() -> None:
    """Commands about the lake."""


@lake.command("export", help=both("导出有变化的数据（Parquet）", "Write what changed, as Parquet"))
@folder
@click.option("--anew", is_flag=True, help=both("全部重写", "Write everything anew"))
@as_json
def export(root: Path | None, anew: bool, as_json: bool) -> None:
    """Incremental; the manifest says how many rows there are, and the digest of every file."""
    preparing.tables()
    made = exporting.export(root, anew=anew)
    if as_json:
        print_json(made.as_dict())
        return
    rows = sum(made.manifest.rows().values())
    say(f"{root or files.folder()}：{len(made.manifest.files)} 个文件、{rows} 行，本次改写 {made.written} 个",
        f"{len(made.manifest.files)} files, {rows} rows; {made.written} written this time")  # fmt: skip


@lake.command("verify", help=both("核对清单、文件和数据库", "Hold manifest, files and database together"))
@folder
@as_json
def verify(root: Path | None, as_json: bool) -> None:
    """Exits with status 1 when anything is wrong."""
    found = verifying.verify(root)
    if as_json:
        print_json(found.as_dict())
    else:
        for fault in found.faults:
            click.echo(f"{fault.where}: {both(fault.zh, fault.en)}")
        say(f"{found.files} 个文件、{found.rows} 行，{len(found.faults)} 处不符；导出后有变化的 {found.behind} 件未比",
            f"{found.files} files, {found.rows} rows, {len(found.faults)} fault(s); "
            f"{found.behind} changed since the export and were not compared")  # fmt: skip
    if found.faults:
        raise click.exceptions.Exit(1)
