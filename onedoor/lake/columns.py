"""The catalogue of the lake: every table, every column, and what each means. Pure data, read once.

The catalogue is an allow-list: an export writes these columns and no others, and indicators filter by these alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field

from onedoor.kernel import packs
from onedoor.matters.language import Key, Part, Titled

FILE = Path(__file__).with_name("columns.yaml")

Kind = Literal["text", "flag", "count", "number", "moment", "day"]


class Column(Titled):
    """One column: what it holds, in both languages."""

    kind: Kind = "text"
    empty: bool = False  # whether it may be null


class Table(Titled):
    """One table of the lake."""

    key: list[Key] = Field(min_length=1)  # what tells rows apart, and their order in the files
    month: Key | None = None  # the moment or day by whose month files divide; None: one file in all
    columns: dict[Key, Column] = Field(min_length=1)


class _Catalogue(Part):
    shared: dict[Key, Column]
    tables: dict[Key, Table]
    shares: dict[Key, list[Key]]  # table → the shared columns that it has too


@cache
def tables() -> Mapping[str, Table]:
    """The tables by key, each with all its columns. Raises FaultyFile."""
    read = packs.shape(packs.read(FILE), _Catalogue)
    return {
        key: table.model_copy(
            update={"columns": {name: read.shared[name] for name in read.shares.get(key, [])} | table.columns}
        )
        for key, table in read.tables.items()
    }
