"""Whether matters still agree with their entries: heads, folds, numbers without gaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from onedoor.kernel.audit import Finding, verifier
from onedoor.kernel.models import Counter, Entry
from onedoor.matters import fold
from onedoor.matters.models import Matter

CHUNK = 500


@verifier
def matters_agree() -> Iterator[Finding]:
    """Every matter has its history, its head is the last entry, and its fields are their fold."""
    numbers = Matter.objects.order_by("pk").values_list("number", flat=True).iterator(chunk_size=CHUNK)
    held: list[str] = []
    for number in numbers:
        held.append(number)
        if len(held) == CHUNK:
            yield from _agree(held)
            held = []
    yield from _agree(held)
    yield from _orphans()
    yield from _gaps()


def _agree(numbers: list[str]) -> Iterator[Finding]:
    matters = {matter.stream: matter for matter in Matter.objects.filter(number__in=numbers)}
    rows = Entry.objects.filter(stream__in=matters).order_by("stream", "seq")
    histories = {stream: list(entries) for stream, entries in groupby(rows, key=lambda entry: entry.stream)}
    for stream, matter in matters.items():
        entries = histories.get(stream, [])
        last = entries[-1] if entries else None
        if last is None or (last.seq, last.hash) != (matter.head_seq, matter.head_hash):
            yield Finding(
                "head",
                stream,
                matter.head_seq,
                "最后的履历与事项不符",
                "the last entry is not the matter's head",
            )
        elif wrong := {k: v for k, v in fold.fold(entries).items() if fold.snapshot(matter)[k] != v}:
            fields = ", ".join(sorted(wrong))
            yield Finding(
                "fold",
                stream,
                None,
                f"事项与履历不符:{fields}",
                f"the matter is not its entries' fold: {fields}",
            )


def _orphans() -> Iterator[Finding]:
    """Histories whose matter is gone."""
    first = Entry.objects.filter(stream__startswith="matter/", seq=1).values_list("stream", flat=True)
    held: list[str] = []
    for stream in first.iterator(chunk_size=CHUNK):
        held.append(stream)
        if len(held) == CHUNK:
            yield from _missing(held)
            held = []
    yield from _missing(held)


def _missing(streams: list[str]) -> Iterator[Finding]:
    numbers = {stream.removeprefix("matter/") for stream in streams}
    kept = set(Matter.objects.filter(number__in=numbers).values_list("number", flat=True))
    for number in sorted(numbers - kept):
        yield Finding(
            "orphan",
            f"matter/{number}",
            None,
            "事项被删除，履历仍在",
            "the matter was deleted; its history is left",
        )


def _gaps() -> Iterator[Finding]:
    """Numbers are given without gaps: fewer matters than numbers means that whole matters are gone."""
    given = sum(Counter.objects.filter(key__startswith="matter/").values_list("last", flat=True))
    there = Matter.objects.count()
    if given != there:
        yield Finding(
            "gap",
            "matter/*",
            None,
            f"已编号 {given} 件，现存 {there} 件",
            f"{given} numbers were given, {there} matters exist",
        )
