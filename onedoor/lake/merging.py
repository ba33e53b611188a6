"""Puts freshly read rows into the files: what a file held of the same subjects goes, the fresh rows take its place.

Rows wait on disk in pieces, so that memory holds no more than `MOST` of them and one file at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from onedoor.lake import files
from onedoor.lake.columns import tables
from onedoor.lake.files import Held, Manifest, Place, Row

MOST = 20_000  # rows that wait in memory
AT_ONCE = 500  # files that are searched together


class Pieces:
    """Rows on their way into files, by place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting: dict[Place, list[Row]] = defaultdict(list)
        self.written: dict[Place, list[Path]] = defaultdict(list)
        self.count = 0

    def take(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Takes (table, row) pairs."""
        for table, row in rows:
            self.waiting[files.place_of(table, row)].append(row)
            self.count += 1
            if self.count >= MOST:
                self._put_by()

    def _put_by(self) -> None:
        for place, rows in self.waiting.items():
            number = sum(map(len, self.written.values()))
            piece = self.folder / f"{number}.parquet"
            pq.write_table(files.arrow(place.table, rows), piece)
            self.written[place].append(piece)
        self.waiting.clear()
        self.count = 0

    def places(self) -> set[Place]:
        """Every place for which there are rows."""
        return self.waiting.keys() | self.written.keys()

    def of(self, place: Place) -> pa.Table:
        """All rows of a place."""
        pieces = [_read(piece, place.table) for piece in self.written.get(place, ())]
        return pa.concat_tables([*pieces, files.arrow(place.table, self.waiting.get(place, []))])


def _read(path: Path, table: str) -> pa.Table:
    """A file under the catalogue's schema: Parquet itself forgets which columns are never empty."""
    with pq.ParquetFile(path) as opened:
        return opened.read().cast(files.schema(tables()[table]))


def places_of(
    root: Path, manifest: Manifest, table: str, column: str, subjects: Sequence[str]
) -> Iterator[Place]:
    """The files of a table that hold rows of some of these subjects."""
    paths = manifest.paths(table)
    if not subjects:
        return
    wanted = pa.table({"subject": pa.array(subjects, pa.string())})
    with duckdb.connect() as lake:
        lake.register("wanted", wanted)
        for start in range(0, len(paths), AT_ONCE):
            some = [str(root / path) for path in paths[start : start + AT_ONCE]]
            asked = (
                "SELECT DISTINCT filename FROM read_parquet(?, filename = true, hive_partitioning = false) "  # noqa: S608  (a name of the catalogue)
                f'WHERE "{column}" IN (SELECT subject FROM wanted)'
            )
            for (name,) in lake.execute(asked, [some]).fetchall():
                yield place_at(str(Path(name).relative_to(root)))


def place_at(path: str) -> Place:
    """The place that a path below the lake's folder names."""
    table, *middle, last = Path(path).parts
    county = last.removesuffix(".parquet")
    month = middle[0].removeprefix("month=") if middle else ""
    return Place(table, month, "" if county == "all" else files.unquoted(county))


def merge(root: Path, place: Place, fresh: pa.Table, column: str, gone: Sequence[str] | None) -> Held | None:
    """Writes a file: what it held but the rows of the subjects `gone` (None: all of them), and the fresh rows."""
    held: Any = []
    if gone is not None and (root / place.path).is_file():
        old = _read(root / place.path, place.table)
        held = [old.filter(pc.invert(pc.is_in(old[column], pa.array(gone, pa.string()))))]
    return files.write(root, place, pa.concat_tables([*held, fresh]))
