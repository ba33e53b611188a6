"""Whether records still agree with their entries."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from onedoor.kernel.audit import Finding, chunks, verifier
from onedoor.kernel.models import Entry
from onedoor.registers.models import Record
from onedoor.registers.writing import snapshot


@verifier
def records_agree() -> Iterator[Finding]:
    """What a record shows of its tracked fields is the fold of its entries."""
    for records in chunks(Record.objects.order_by("pk").iterator(chunk_size=500)):
        by_stream = {record.stream: record for record in records}
        rows = Entry.objects.filter(stream__in=by_stream).order_by("stream", "seq").only("stream", "body")
        for stream, entries in groupby(rows, key=lambda entry: entry.stream):
            shown, told = snapshot(by_stream[stream]), _fold(entries)
            if wrong := [name for name, value in shown.items() if told.get(name) != value]:
                names = ", ".join(wrong)
                yield Finding(
                    "fold", stream, None, f"记录与履历不符：{names}", f"the record is not its entries' fold: {names}"
                )  # fmt: skip


def _fold(entries: Iterator[Entry]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for entry in entries:
        told |= entry.body.get("changes", {})
    return told
