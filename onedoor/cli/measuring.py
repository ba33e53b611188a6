"""What the commands that measure share: options, rows of a file, figures on the terminal or as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from onedoor.cli.bilingual import both
from onedoor.kernel import tables
from onedoor.kernel.problems import BadInput, FieldError

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
AS_JSON = click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))


def predictions(columns: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that says where predictions of these columns go."""
    return click.option(
        "--predictions",
        type=click.Path(dir_okay=False, path_type=Path),
        required=True,
        help=both(f"结果写入此 CSV：{columns}", f"Write to this CSV: {columns}"),
    )


def rows(file: Path, *columns: str, dates: Sequence[str] = ()) -> list[dict[str, str]]:
    """The rows of a table that has these columns, empty text where nothing is said; dates in ISO form.

    Raises BadInput that names file and line where a row cannot be read.
    """
    with tables.read(file, required=columns, dates=dates) as table:
        found = list(table.rows())
    faults = [
        FieldError(f"{file.name}:{row.number} {fault.field}", fault.zh, fault.en)
        for row in found
        for fault in row.problems
    ]
    if faults:
        raise BadInput(faults)
    return [row.values for row in found]


def show(figures: Mapping[str, Any], as_json: bool) -> None:
    """Prints the figures, shares with four decimals."""
    rounded = {
        name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()
    }
    if as_json:
        click.echo(json.dumps(rounded, ensure_ascii=False))
        return
    width = max(map(len, rounded), default=0)
    for name, value in rounded.items():
        click.echo(f"{name:{width}}  {value}")
