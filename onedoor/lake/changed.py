"""Whose rows are to be written anew: the matters and records of which the log has a new entry.

Every change leaves an entry, so the log says what changed. It is followed up to its last anchor: an anchor is made
while nobody writes, so that no entry with a lower id can come after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from django.db.models import Model

from onedoor.kernel import log
from onedoor.kernel.models import Anchor, Entry
from onedoor.lake.files import Manifest, catalogue_digest, folder, read_manifest
from onedoor.matters.models import Matter
from onedoor.registers.models import Record

Kind = Literal["matter", "record"]
KINDS: tuple[Kind, ...] = ("matter", "record")
SUBJECT: dict[Kind, str] = {"matter": "number", "record": "record"}  # the column that names whose a row is
TABLES: dict[Kind, tuple[str, ...]] = {
    "matter": ("matters", "entries", "tasks", "clocks", "verdicts", "objections", "meetings", "findings"),
    "record": ("records", "visits"),
}
CHUNK = 1000  # subjects whose rows are read together

T = TypeVar("T")


@dataclass(frozen=True)
class Changes:
    """The subjects of a kind, by number, that changed; all of them where `numbers` is None."""

    kind: Kind
    numbers: frozenset[str] | None

    def chunks(self) -> Iterator[list[str]]:
        """The numbers, some at a time and in order; those that there are, where all are meant."""
        if self.numbers is None:
            yield from _all(Matter if self.kind == "matter" else Record)
        else:
            ordered = sorted(self.numbers)
            yield from (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _all(model: type[Model]) -> Iterator[list[str]]:
    rows, last = model._default_manager.order_by("pk"), 0
    while found := list(rows.filter(pk__gt=last).values_list("pk", "number")[:CHUNK]):
        last = found[-1][0]
        yield [number for _, number in found]


def sealed() -> Anchor | None:
    """Seals the log and gives the last anchor; None where nothing ever happened."""
    log.anchor()
    return Anchor.objects.order_by("-pk").first()


def follows(manifest: Manifest | None) -> bool:
    """Whether a lake is of this database and this catalogue, so that it can be brought up to date."""
    if manifest is None or manifest.catalogue != catalogue_digest():
        return False
    return not manifest.until or Anchor.objects.filter(last_id=manifest.until, hash=manifest.seal).exists()


def since(entry: int, until: int | None = None) -> list[Changes]:
    """What changed after an entry, up to another (or up to now)."""
    return [Changes(kind, _numbers(kind, entry, until)) for kind in KINDS]


def _numbers(kind: Kind, entry: int, until: int | None) -> frozenset[str]:
    rows = Entry.objects.filter(pk__gt=entry, stream__startswith=f"{kind}/")
    if until is not None:
        rows = rows.filter(pk__lte=until)
    streams = rows.order_by().values_list("stream", flat=True).distinct()
    return frozenset(stream.split("/", 1)[1] for stream in streams.iterator(chunk_size=5000))


def everything() -> list[Changes]:
    """All subjects: for a lake that is written anew."""
    return [Changes(kind, None) for kind in KINDS]


def waiting(most: int) -> int:
    """How many entries the lake of this city is behind, `most` at most; that many where it is to be written anew."""
    manifest = read_manifest(folder())
    if manifest is None or not follows(manifest):
        return min(most, Entry.objects.count())
    return len(Entry.objects.filter(pk__gt=manifest.until).order_by("pk").values_list("pk")[:most])
