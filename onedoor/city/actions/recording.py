"""What every change of city data does at its end: entries, heads, and word to everybody that the city has changed."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction
from django.db.models import F

from onedoor.city import tree as places
from onedoor.city.models import Profile
from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.events import Event
from onedoor.kernel.models import Logged

BATCH = 500  # rows per statement: SQLite takes no more than 32,766 values in one


def record(pairs: Iterable[tuple[Logged, Event]], actor: Actor) -> None:
    """Appends an entry per (subject, event), in order, and saves the heads. Subjects are of one model, often new.

    Unlike `log.append_many` a subject may come more than once.
    """
    pairs = list(pairs)
    log.write([log.entry(subject, event, actor) for subject, event in pairs])
    subjects = list({id(subject): subject for subject, _ in pairs}.values())
    if subjects:
        table = connection.ops.quote_name(subjects[0]._meta.db_table)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"UPDATE {table} SET head_seq = %s, head_hash = %s WHERE id = %s",  # noqa: S608  (the table is ours)
                [(subject.head_seq, subject.head_hash, subject.pk) for subject in subjects],
            )


def touch() -> None:
    """Says that city data has changed: every process rebuilds its snapshot, this one once the change is committed.

    The revision grows with the transaction. This process forgets at once as well, so that what follows in the same
    transaction sees its own changes.
    """
    Profile.objects.update(revision=F("revision") + 1)
    places.forget()
    transaction.on_commit(places.forget)
