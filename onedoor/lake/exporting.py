"""Brings the lake up to the database. Run twice it writes the same bytes; interrupted, it is simply run again.

Only files that hold, or are to hold, a row of something that changed are written. Rows are read in small pieces while
others go on writing; what changes meanwhile has an entry after the one that this export follows, and comes next time.
"""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from onedoor.kernel import time
from onedoor.kernel.log import moment_text
from onedoor.kernel.problems import Conflict
from onedoor.lake import changed, codes, files, lives, merging, stands, whole
from onedoor.lake.changed import SUBJECT, Changes
from onedoor.lake.columns import tables
from onedoor.lake.files import Manifest, Place
from onedoor.lake.merging import Pieces

READERS = {"matter": lives.read, "record": stands.read}


@dataclass
class Exported:
    """What one export did."""

    manifest: Manifest
    anew: bool  # the whole lake, not only what had changed
    subjects: dict[str, int] = field(default_factory=dict)  # how many of each kind were read
    written: int = 0  # files whose bytes are others than before

    def as_dict(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "as_of": self.manifest.as_of, "until": self.manifest.until, "anew": self.anew,
            "subjects": self.subjects, "files": len(self.manifest.files), "written": self.written,
            "rows": self.manifest.rows(),
        }  # fmt: skip


def export(root: Path | None = None, *, anew: bool = False) -> Exported:
    """Writes what changed since the last export, or everything. Raises NoCity, Conflict while another one is at it."""
    root = root or files.folder()
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root), tempfile.TemporaryDirectory(dir=root, prefix=".pieces-") as pieces:
        return _export(root, Path(pieces), anew=anew)


def _export(root: Path, folder: Path, *, anew: bool) -> Exported:
    moment, anchor = time.now(), changed.sealed()
    held = files.read_manifest(root)
    anew = anew or not changed.follows(held)
    before = Manifest() if anew or held is None else held
    until = anchor.last_id if anchor else 0
    seal, digest = (anchor.hash if anchor else ""), files.catalogue_digest()
    made = Exported(Manifest(moment_text(moment), until, seal, digest, dict(before.files)), anew)
    known = codes.read()
    for changes in changed.everything() if anew else changed.since(before.until, until):
        _bring_up(root, folder, made, changes, known)
    _bring_up_whole(root, folder, made, known)
    for path in stray(root, made.manifest):
        (root / path).unlink()
    files.write_manifest(root, made.manifest)
    return made


def _bring_up(root: Path, folder: Path, made: Exported, changes: Changes, known: codes.Codes) -> None:
    """The tables of one kind of subjects."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        pieces, count = Pieces(Path(own)), 0
        for numbers in changes.chunks():
            pieces.take(READERS[changes.kind](numbers, known))
            count += len(numbers)
        made.subjects[changes.kind] = count
        gone = None if changes.numbers is None else sorted(changes.numbers)
        places = set(pieces.places())
        for table in changed.TABLES[changes.kind]:
            places |= set(merging.places_of(root, made.manifest, table, SUBJECT[changes.kind], gone or ()))
        for place in sorted(places):
            _put(root, made, place, pieces, SUBJECT[changes.kind], gone)


def _bring_up_whole(root: Path, folder: Path, made: Exported, known: codes.Codes) -> None:
    """The small tables: read whole, and written where they differ."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        pieces = Pieces(Path(own))
        pieces.take(whole.read(known))
        there = {merging.place_at(path) for table in whole.TABLES for path in made.manifest.paths(table)}
        for place in sorted(pieces.places() | there):
            _put(root, made, place, pieces, next(iter(tables()[place.table].columns)), None)


def _put(
    root: Path, made: Exported, place: Place, pieces: Pieces, column: str, gone: Sequence[str] | None
) -> None:
    before = made.manifest.files.pop(place.path, None)
    held = merging.merge(root, place, pieces.of(place), column, gone)
    if held is not None:
        made.manifest.files[place.path] = held
    made.written += held != before


def stray(root: Path, manifest: Manifest) -> Iterator[str]:
    """Files of the lake's tables that its manifest does not name: of an earlier lake, or of an export cut short."""
    for table in tables():
        for path in sorted((root / table).rglob("*")):
            if path.is_file() and (name := str(path.relative_to(root))) not in manifest.files:
                yield name


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(zh="数据湖正在导出，请稍后再试", en="the lake is being exported already") from None
        yield
