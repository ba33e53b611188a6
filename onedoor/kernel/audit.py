"""Verification of the log: every chain, every subject with a history, every anchor.

What is found: an entry or its words edited, an entry missing from within a chain or from its end, entries in another
order, a subject without its history, a history without its subject. Somebody who could rewrite a whole chain and its
subject is found by the anchors, so what can be lost unseen is only what was written since the last one.
Packages add what else their subjects must agree with (`verifier`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TypeVar

from django.apps import apps

from onedoor.kernel.log import digest, entry_hash, seal_of
from onedoor.kernel.models import Anchor, Entry, Logged

CHUNK = 500
Item = TypeVar("Item")


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written."""

    what: str  # edited, missing, reordered, head, orphan, anchor; fold, gap and others by packages
    stream: str
    seq: int | None
    zh: str
    en: str

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return asdict(self)


Verifier = Callable[[], Iterator[Finding]]
VERIFIERS: list[Verifier] = []


def verifier(check: Verifier) -> Verifier:
    """Registers a check of subjects against their entries (folds, gaps in numbers)."""
    VERIFIERS.append(check)
    return check


def verify() -> Iterator[Finding]:
    """All findings: chains, subjects, anchors, then what packages registered. Streams; memory stays flat."""
    yield from _chains()
    for model in logged():
        yield from _heads(model)
        yield from _orphans(model)
    yield from _anchors()
    for check in VERIFIERS:
        yield from check()


def logged() -> list[type[Logged]]:
    """Every kind of subject that has a history."""
    return [model for model in apps.get_models() if issubclass(model, Logged)]


def chunks(items: Iterable[Item], size: int = CHUNK) -> Iterator[list[Item]]:
    """The items in lists of at most `size`."""
    left = iter(items)
    while chunk := list(islice(left, size)):
        yield chunk


def _chains() -> Iterator[Finding]:
    previous: Entry | None = None
    for entry in Entry.objects.order_by("stream", "seq").iterator(chunk_size=2000):
        before = previous if previous is not None and previous.stream == entry.stream else None
        yield from _link(before, entry)
        yield from _content(entry)
        previous = entry


def _link(before: Entry | None, entry: Entry) -> Iterator[Finding]:
    expected = before.seq + 1 if before else 1
    if entry.seq != expected:
        yield Finding("missing", entry.stream, expected, "缺少履历", "an entry is missing")
    elif entry.prev != (before.hash if before else "") or (before and entry.pk < before.pk):
        yield Finding(
            "reordered", entry.stream, entry.seq, "履历次序被改动", "the order of entries was changed"
        )


def _content(entry: Entry) -> Iterator[Finding]:
    if entry.hash != entry_hash(entry):
        yield Finding("edited", entry.stream, entry.seq, "履历内容被改动", "an entry was edited")
    elif entry.words is not None and digest(entry.words) != entry.words_digest:
        yield Finding(
            "edited", entry.stream, entry.seq, "履历文字被改动", "the words of an entry were edited"
        )


def _heads(model: type[Logged]) -> Iterator[Finding]:
    """Every subject carries the head of its chain: the last entry is there, and so is the subject's history."""
    for subjects in chunks(model._base_manager.order_by("pk").iterator(chunk_size=CHUNK)):
        rows = Entry.objects.filter(stream__in=[subject.stream for subject in subjects]).order_by("seq")
        last = {stream: (seq, value) for stream, seq, value in rows.values_list("stream", "seq", "hash")}
        for subject in subjects:
            if last.get(subject.stream, (0, "")) != (subject.head_seq, subject.head_hash):
                yield Finding(
                    "head", subject.stream, subject.head_seq,
                    "最后的履历与其对象不符", "the last entry is not the one that its subject names",
                )  # fmt: skip


def _orphans(model: type[Logged]) -> Iterator[Finding]:
    """Histories whose subject is gone."""
    prefix = f"{model._meta.model_name}/"
    streams = Entry.objects.filter(stream__startswith=prefix).values_list("stream", flat=True).distinct()
    for chunk in chunks(streams.order_by("stream").iterator(chunk_size=CHUNK)):
        names = {stream.removeprefix(prefix) for stream in chunk}
        found = model._base_manager.filter(**{f"{model.stream_field}__in": names})
        kept = set(map(str, found.values_list(model.stream_field, flat=True)))
        for name in sorted(names - kept):
            yield Finding(
                "orphan", f"{prefix}{name}", None,
                "对象被删除，履历仍在", "the subject was deleted; its history is left",
            )  # fmt: skip


def _anchors() -> Iterator[Finding]:
    prev, next_id = "", 1
    for anchor in Anchor.objects.order_by("pk").iterator():
        sealed, count, _ = seal_of(anchor.first_id, anchor.last_id, anchor.prev)
        if anchor.prev != prev or anchor.first_id != next_id:
            yield Finding(
                "anchor", f"anchor/{anchor.pk}", None, "锚点链断裂", "the chain of anchors is broken"
            )
        elif sealed != anchor.hash:
            gone = anchor.count - count
            yield Finding(
                "anchor", f"anchor/{anchor.pk}", None,
                f"锚点与履历不符（缺少 {gone} 条）", f"entries under this anchor changed ({gone} gone)",
            )  # fmt: skip
        prev, next_id = anchor.hash, anchor.last_id + 1
