"""Verification of the log: every chain, every anchor. Packages add what their subjects must agree with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from onedoor.kernel.log import digest, entry_hash, seal_of
from onedoor.kernel.models import Anchor, Entry


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written."""

    what: str  # edited, missing, reordered, anchor, head, orphan, gap, fold
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
    """Registers a check of subjects against their entries (heads, folds, gaps in numbers)."""
    VERIFIERS.append(check)
    return check


def verify() -> Iterator[Finding]:
    """All findings: chains, anchors, then what packages registered. Streams; memory stays flat."""
    yield from _chains()
    yield from _anchors()
    for check in VERIFIERS:
        yield from check()


def _chains() -> Iterator[Finding]:
    previous: Entry | None = None
    moment_of_id = 0
    for entry in Entry.objects.order_by("stream", "seq").iterator(chunk_size=2000):
        same = previous is not None and previous.stream == entry.stream
        expected = previous.seq + 1 if same and previous else 1
        if entry.seq != expected:
            yield Finding("missing", entry.stream, expected, "缺少履历", "an entry is missing")
        elif entry.prev != (previous.hash if same and previous else ""):
            yield Finding(
                "reordered", entry.stream, entry.seq, "履历次序或前链不符", "the order of entries was changed"
            )
        yield from _one(entry)
        if same and entry.pk < moment_of_id:
            yield Finding(
                "reordered", entry.stream, entry.seq, "履历次序被改动", "the order of entries was changed"
            )
        previous, moment_of_id = entry, entry.pk


def _one(entry: Entry) -> Iterator[Finding]:
    if entry.hash != entry_hash(entry):
        yield Finding("edited", entry.stream, entry.seq, "履历内容被改动", "an entry was edited")
    elif entry.words is not None and digest(entry.words) != entry.words_digest:
        yield Finding(
            "edited", entry.stream, entry.seq, "履历文字被改动", "the words of an entry were edited"
        )


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
