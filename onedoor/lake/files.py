"""The files of the lake: one Parquet file per table, month and county, and a manifest that lists them all.

    LAKE/matters/month=2026-11/419801.parquet
    LAKE/records/419801.parquet
    LAKE/units/all.parquet
    LAKE/manifest.json

The same rows give the same bytes: rows stand in the order of the table's key, in groups of one size.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.parquet as pq
from django.conf import settings

from onedoor.kernel.time import CITY_ZONE
from onedoor.lake.columns import FILE, Table, tables

MANIFEST = "manifest.json"
GROUP = 65_536  # rows of a row group: what a reader skips as one
KINDS: Mapping[str, pa.DataType] = {
    "text": pa.string(), "flag": pa.bool_(), "count": pa.int64(), "number": pa.float64(),
    "moment": pa.timestamp("us", tz="UTC"), "day": pa.date32(),
}  # fmt: skip

Row = dict[str, Any]


def folder() -> Path:
    """Where the lake of this city lies."""
    return Path(settings.ONEDOOR_HOME) / "lake"


class Place(NamedTuple):
    """One file: of which table, month and county; the latter two are empty where the table does not divide by them."""

    table: str
    month: str = ""
    county: str = ""

    @property
    def path(self) -> str:
        """Below the folder of the lake."""
        middle = f"month={self.month}/" if self.month else ""
        return f"{self.table}/{middle}{quote(self.county, safe='') or 'all'}.parquet"


def unquoted(name: str) -> str:
    """A county's code out of the name of its file."""
    return unquote(name)


def place_of(table: str, row: Row) -> Place:
    """The file in which a row stands."""
    described = tables()[table]
    county = row["county"] if "county" in described.columns else ""
    return Place(table, _month(row[described.month]) if described.month else "", county)


def _month(value: datetime | date) -> str:
    day = value.astimezone(CITY_ZONE) if isinstance(value, datetime) else value
    return f"{day:%Y-%m}"


@dataclass(frozen=True)
class Held:
    """What the manifest says of one file."""

    rows: int
    sha256: str


@dataclass
class Manifest:
    """What the lake holds, and up to where it follows the database."""

    as_of: str = ""  # the moment at which the export began; what falls due later is not due yet
    until: int = 0  # the last entry of the log that it follows
    seal: str = ""  # of the anchor over that entry: another database has another
    catalogue: str = ""  # the digest of columns.yaml
    files: dict[str, Held] = field(default_factory=dict)

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        counts = dict.fromkeys(tables(), 0)
        for path, held in self.files.items():
            counts[path.split("/")[0]] += held.rows
        return counts

    def paths(self, table: str) -> list[str]:
        """The files of a table, in order."""
        return sorted(path for path in self.files if path.startswith(f"{table}/"))


def read_manifest(root: Path) -> Manifest | None:
    """The manifest as it stands; None where there is no lake, or one whose manifest cannot be read."""
    try:
        data = json.loads((root / MANIFEST).read_text("utf-8"))
        data.pop("rows", None)  # there for readers only
        return Manifest(**data | {"files": {path: Held(**held) for path, held in data["files"].items()}})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def write_manifest(root: Path, manifest: Manifest) -> None:
    """In one stroke: a reader sees the old one or the new one."""
    body = {
        **asdict(manifest),
        "rows": manifest.rows(),
        "files": dict(sorted(asdict(manifest)["files"].items())),
    }
    part = root / f"{MANIFEST}.part"
    part.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", "utf-8")
    part.replace(root / MANIFEST)


def catalogue_digest() -> str:
    """Of the catalogue: with another one the whole lake is written anew."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()


def schema(table: Table) -> pa.Schema:
    """The columns of a table, in the order of the catalogue."""
    return pa.schema([pa.field(name, KINDS[c.kind], c.empty) for name, c in table.columns.items()])


def arrow(table: str, rows: list[Row]) -> pa.Table:
    """Rows as columns. ValueError for other columns than the catalogue's, or a value missing that must be there."""
    described = tables()[table]
    if rows and rows[0].keys() != described.columns.keys():
        raise ValueError(
            f"{table}: {sorted(rows[0].keys() ^ described.columns.keys())} not as in the catalogue"
        )
    made = pa.Table.from_pylist(rows, schema(described))
    for name, column in described.columns.items():
        if not column.empty and made[name].null_count:
            raise ValueError(f"{table}: {name} is empty, which the catalogue does not allow")
    return made


def write(root: Path, place: Place, content: pa.Table) -> Held | None:
    """Writes a file anew in one stroke; one without rows goes. None for that one."""
    target = root / place.path
    if not content.num_rows:
        target.unlink(missing_ok=True)
        return None
    order = [(name, "ascending") for name in tables()[place.table].key]
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    pq.write_table(
        content.sort_by(order).combine_chunks(), part, row_group_size=GROUP, compression="zstd",
        write_page_index=False, use_dictionary=True,
    )  # fmt: skip
    held = Held(content.num_rows, sha256(part))
    part.replace(target)
    return held


def sha256(path: Path) -> str:
    """The digest of a file's bytes, hex."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def rows_in(path: Path) -> Iterator[Row]:
    """The rows of a file, a group at a time."""
    with pq.ParquetFile(path) as opened:
        for batch in opened.iter_batches(batch_size=GROUP):
            yield from batch.to_pylist()
