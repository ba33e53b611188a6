"""Whether matters, their clocks and verdicts still agree with their entries, and numbers have no gaps."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from onedoor.city.queries import tree
from onedoor.kernel.audit import Finding, chunks, verifier
from onedoor.kernel.models import Counter, Entry
from onedoor.matters import fold
from onedoor.matters.models import Matter

NUMBERS = "matter/"  # the counters of matters: matter/<county>/<year>


@verifier
def matters_agree() -> Iterator[Finding]:
    """What a matter shows is the fold of its entries, and so are its clocks and verdicts, on which all figures rest."""
    rows = Matter.objects.order_by("pk").prefetch_related("clocks", "verdicts")
    for matters in chunks(rows.iterator(chunk_size=500)):
        yield from _agree({matter.stream: matter for matter in matters})


def _agree(matters: dict[str, Matter]) -> Iterator[Finding]:
    rows = Entry.objects.filter(stream__in=matters).order_by("stream", "seq").only("stream", "body")
    histories = {stream: list(entries) for stream, entries in groupby(rows, key=lambda entry: entry.stream)}
    for stream, matter in matters.items():
        if wrong := _wrong(matter, histories.get(stream, [])):
            names = ", ".join(wrong)
            yield Finding(
                "fold", stream, None, f"事项与履历不符：{names}", f"the matter is not its entries' fold: {names}"
            )  # fmt: skip


def _wrong(matter: Matter, entries: list[Entry]) -> list[str]:
    """What of a matter is not as its entries tell it."""
    shown, told = fold.snapshot(matter), fold.fold(entries)
    wrong = [name for name in fold.TRACKED if shown[name] != told.get(name)]
    if fold.shown_clocks(matter) != fold.told_clocks(entries):
        wrong.append("clocks")
    if fold.shown_verdicts(matter) != fold.told_verdicts(entries):
        wrong.append("verdicts")
    return wrong


@verifier
def numbers_without_gaps() -> Iterator[Finding]:
    """Every number that was given is there, and no other: a missing one is a matter gone with all its entries."""
    given = 0
    for key, last in Counter.objects.filter(key__startswith=NUMBERS).values_list("key", "last"):
        given += last
        county, year = key.removeprefix(NUMBERS).split("/")
        pattern = tree().profile.number
        wanted = (pattern.format(county=county, year=year, seq=seq) for seq in range(1, last + 1))
        for numbers in chunks(wanted):
            there = set(Matter.objects.filter(number__in=numbers).values_list("number", flat=True))
            for number in (number for number in numbers if number not in there):
                yield Finding(
                    "gap", f"matter/{number}", None,
                    "此编号已发出，事项却不存在", "this number was given, but its matter is not there",
                )  # fmt: skip
    if (there_are := Matter.objects.count()) > given:
        yield Finding(
            "gap", "matter/*", None,
            f"已编号 {given} 件，现存 {there_are} 件", f"{given} numbers were given, {there_are} matters exist",
        )  # fmt: skip
