"""Holds the lake against itself and against the database.

Files: each that the manifest names is there with its digest, its rows and the catalogue's columns, and there are no
others. Database: of everything that did not change since the export, each table, month and county has the same rows
there; they are compared by a sum of digests, row after row, so that nothing has to be held in memory.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from onedoor.kernel.log import moment_text
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import NotFound
from onedoor.lake import changed, codes, exporting, files, whole
from onedoor.lake.changed import SUBJECT, Changes
from onedoor.lake.columns import tables
from onedoor.lake.files import Manifest, Row

WIDTH = 1 << 128
TRIES = 3  # of the comparison with the database, where somebody wrote while it ran


@dataclass(frozen=True)
class Fault:
    """One thing wrong: in which file or table, and what."""

    where: str
    zh: str
    en: str


@dataclass(frozen=True)
class Verified:
    """What was found."""

    files: int
    rows: int
    behind: int  # subjects that changed since the export: they are no fault, and come with the next one
    faults: list[Fault]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**vars(self), "faults": [vars(fault) for fault in self.faults]}


@dataclass
class Sum:
    """How many rows, and the sum of their digests: the same for the same rows in any order."""

    rows: int = 0
    digest: int = 0

    def add(self, row: Row) -> None:
        """One row more."""
        text = json.dumps({name: _plain(value) for name, value in row.items()}, sort_keys=True)
        self.rows += 1
        self.digest = (
            self.digest + int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest())
        ) % WIDTH


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value.astimezone(UTC))
    return value.isoformat() if isinstance(value, date) else value


def verify(root: Path | None = None) -> Verified:
    """Reads the whole lake and the whole database. Raises NotFound where there is no lake."""
    root = root or files.folder()
    manifest = files.read_manifest(root)
    if manifest is None:
        raise NotFound(what=f"{root / files.MANIFEST}（先运行 onedoor lake export · run it first）")
    faults = list(_files(root, manifest))
    behind = 0
    if not faults:
        behind, faults = _against_database(root, manifest)
    return Verified(len(manifest.files), sum(manifest.rows().values()), behind, faults)


def _files(root: Path, manifest: Manifest) -> Iterator[Fault]:
    for path in exporting.stray(root, manifest):
        yield Fault(path, "清单里没有这个文件", "the manifest does not name this file")
    for path, held in manifest.files.items():
        file = root / path
        if not file.is_file():
            yield Fault(path, "文件不见了", "the file is gone")
        elif files.sha256(file) != held.sha256:
            yield Fault(path, "文件内容与清单不符", "its bytes are not those of the manifest")
        else:
            yield from _content(file, path, held.rows)


def _content(file: Path, path: str, rows: int) -> Iterator[Fault]:
    expected = files.schema(tables()[path.split("/")[0]])
    try:
        with pq.ParquetFile(file) as opened:
            found, columns = opened.metadata.num_rows, opened.schema_arrow
    except (pa.ArrowInvalid, OSError):
        yield Fault(path, "不是 Parquet 文件", "it is no Parquet file")
        return
    if found != rows:
        yield Fault(path, f"有 {found} 行，清单为 {rows} 行", f"{found} rows where the manifest has {rows}")
    if columns.remove_metadata() != expected:
        yield Fault(path, "列与数据字典不符", "its columns are not the catalogue's")


def _against_database(root: Path, manifest: Manifest) -> tuple[int, list[Fault]]:
    """(subjects behind, faults); again where somebody wrote while it was compared."""
    for left in reversed(range(TRIES)):
        last = _last_entry()
        since = changed.since(manifest.until)
        faults = list(_compared(root, manifest, since))
        if not faults or not left or _last_entry() == last:
            return sum(len(one.numbers or ()) for one in since), faults
    raise AssertionError("the last try always returns")


def _last_entry() -> int:
    return Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _compared(root: Path, manifest: Manifest, since: list[Changes]) -> Iterator[Fault]:
    left_out = {SUBJECT[one.kind]: one.numbers or frozenset() for one in since}
    subject = {table: SUBJECT[kind] for kind, own in changed.TABLES.items() for table in own}
    there: dict[str, Sum] = defaultdict(Sum)
    for table, row in _database(since):
        if table not in subject or row[subject[table]] not in left_out[subject[table]]:
            there[files.place_of(table, row).path].add(row)
    here: dict[str, Sum] = defaultdict(Sum)
    for path in manifest.files:
        column = subject.get(path.split("/")[0])
        for row in files.rows_in(root / path):
            if column is None or row[column] not in left_out[column]:
                here[path].add(row)
    yield from _differences(here, there)


def _database(since: list[Changes]) -> Iterator[tuple[str, Row]]:
    known = codes.read()
    for changes in changed.everything():
        for numbers in changes.chunks():
            yield from exporting.READERS[changes.kind](numbers, known)
    yield from whole.read(known)


def _differences(here: Mapping[str, Sum], there: Mapping[str, Sum]) -> Iterator[Fault]:
    for path in sorted(here.keys() | there.keys()):
        own, other = here.get(path, Sum()), there.get(path, Sum())
        if own.rows != other.rows:
            yield Fault(path, f"有 {own.rows} 行，数据库有 {other.rows} 行",
                        f"{own.rows} rows where the database has {other.rows}")  # fmt: skip
        elif own.digest != other.digest:
            yield Fault(path, "行的内容与数据库不符", "its rows are not those of the database")
