"""The append-only log: build entries, write them, anchor them, verify them.

hash = SHA-256 over the canonical JSON of (stream, seq, moment, kind, actor, body, digest of the words, previous hash).
An anchor is SHA-256 over the (id, hash) of every entry since the last anchor and that anchor's own hash.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction

from onedoor.kernel import statements, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.events import Event
from onedoor.kernel.models import Anchor, Counter, Entry, Logged

HEAD = ("head_seq", "head_hash")
TAKE = "UPDATE kernel_counter SET last = last + %s WHERE key = %s RETURNING last"

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str).encode


def digest(*parts: Any) -> str:
    """SHA-256, hex, over the canonical JSON of the parts."""
    return hashlib.sha256(_encode(parts).encode()).hexdigest()


def entry_hash(entry: Entry) -> str:
    """The hash that an entry must carry, computed from its own columns."""
    return _hash(entry, _encode(entry.body))


def _hash(entry: Entry, body: str) -> str:
    """SHA-256 over the canonical JSON of the list of an entry's parts, its body being encoded already."""
    before = _encode((
        entry.stream, entry.seq, moment_text(entry.at), entry.kind, entry.by_kind, entry.by_account, entry.by_unit,
    ))  # fmt: skip
    after = _encode((entry.words_digest, entry.prev))
    return hashlib.sha256(f"{before[:-1]},{body},{after[1:]}".encode()).hexdigest()


@lru_cache(maxsize=1024)  # the clocks of a day's filings have few dates between them
def moment_text(moment: datetime) -> str:
    """One spelling of a moment on every database: UTC, microseconds."""
    return f"{moment.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def entry(subject: Logged, event: Event, actor: Actor) -> Entry:
    """Builds the next entry of `subject` and moves its head; neither is saved here."""
    text, body = event.words(), _encode(event.body())
    if text:
        text["_salt"] = secrets.token_hex(8)
    made = statements.new(
        Entry,
        stream=subject.stream,
        seq=subject.head_seq + 1,
        at=time.now(),
        kind=event.kind,
        by_kind=actor.kind,
        by_account=actor.account_id,
        by_unit=actor.unit_id,
        body=json.loads(body),
        words=text or None,
        words_digest=digest(text) if text else "",
        prev=subject.head_hash,
    )
    made.hash = _hash(made, body)
    subject.head_seq, subject.head_hash = made.seq, made.hash
    return made


def write(entries: Sequence[Entry]) -> None:
    """Inserts entries built by `entry`, in their order. The caller saves the heads in the same transaction."""
    statements.insert(entries)


def append(subject: Logged, event: Event, actor: Actor) -> Entry:
    """Appends one entry and saves the head of `subject`. Call inside the transaction of the change."""
    made = entry(subject, event, actor)
    statements.insert([made])
    statements.update(subject, HEAD)
    return made


def append_many(pairs: Iterable[tuple[Logged, Event]], actor: Actor) -> None:
    """Appends one entry per (subject, event) in few statements; subjects are of one model, each once."""
    pairs = list(pairs)
    write([entry(subject, event, actor) for subject, event in pairs])
    if pairs:
        type(pairs[0][0])._default_manager.bulk_update(
            [subject for subject, _ in pairs], ["head_seq", "head_hash"], batch_size=300
        )


def erase_words(entries: Iterable[Entry]) -> int:
    """Erases what people wrote in these entries; digests stay, so the chain still verifies. Returns how many."""
    ids = [e.pk for e in entries]
    return Entry.objects.filter(pk__in=ids, words__isnull=False).update(words=None)


def next_numbers(key: str, count: int = 1) -> range:
    """Reserves `count` consecutive numbers under `key`, starting at 1. Call inside a transaction."""
    taken = statements.ask(TAKE, count, key)
    if not taken:
        Counter.objects.bulk_create([Counter(key=key)], ignore_conflicts=True)
        taken = statements.ask(TAKE, count, key)
    [(last,)] = taken
    return range(last - count + 1, last + 1)


@transaction.atomic
def anchor() -> Anchor | None:
    """Seals all entries written since the last anchor; None when there is none."""
    if (
        connection.vendor == "postgresql"
    ):  # one sealer, and no writer whose lower id would commit after the seal
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE kernel_entry IN SHARE ROW EXCLUSIVE MODE")
    last = Anchor.objects.order_by("-pk").first()
    first_id = last.last_id + 1 if last else 1
    sealed, count, last_id = seal_of(first_id, None, last.hash if last else "")
    if not count:
        return None
    return Anchor.objects.create(
        at=time.now(),
        first_id=first_id,
        last_id=last_id,
        count=count,
        prev=last.hash if last else "",
        hash=sealed,
    )


def seal_of(first_id: int, last_id: int | None, prev: str) -> tuple[str, int, int]:
    """(hash, count, last id) over entries with first_id ≤ id (≤ last_id), streamed in id order."""
    rows = Entry.objects.filter(pk__gte=first_id).order_by("pk").values_list("pk", "hash")
    if last_id is not None:
        rows = rows.filter(pk__lte=last_id)
    running, count, seen = hashlib.sha256(prev.encode()), 0, first_id - 1
    for pk, value in rows.iterator(chunk_size=5000):
        running.update(f"{pk}:{value}\n".encode())
        count, seen = count + 1, pk
    return running.hexdigest(), count, seen
