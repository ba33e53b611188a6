"""`onedoor table`: official tables, filled from figures (一表通)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import click

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.tables import filling
from onedoor.cli import preparing
from onedoor.cli.bilingual import Group, both, say
from onedoor.cli.indicators import PERIOD
from onedoor.cli.lake import folder


@click.group("table", cls=Group, help=both("一表通：填官方表格", "Official tables, filled once"))
def table() -> None:
    """Commands about tables."""


@table.command(
    "fill", help=both("按表中写明的指标填表（.xlsx）", "Fill the figures that a workbook's cells name")
)
@click.argument("template", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@PERIOD
@click.option("--out", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help=both("写入此文件", "File to write"))  # fmt: skip
@folder
def fill(template: Path, period: str, target: Path, root: Path | None) -> None:
    """All or nothing: faulty cells are named and no file is written."""
    preparing.tables()
    held = BytesIO()
    with computing.opened(root) as lake, template.open("rb") as source:
        count = filling.fill(source, lake, period, held)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(held.getvalue())
    say(f"已填 {count} 个数，写入 {target}", f"{count} figures filled, written to {target}")
