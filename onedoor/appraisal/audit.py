"""Whether frozen scores still are what was frozen, and still follow from their own figures."""

from __future__ import annotations

from collections.abc import Iterator

from onedoor.appraisal.models import Snapshot
from onedoor.appraisal.scores import frozen
from onedoor.appraisal.scores.appraising import terms_frozen
from onedoor.kernel import log
from onedoor.kernel.audit import Finding, verifier
from onedoor.kernel.models import Entry


@verifier
def snapshots_recompute() -> Iterator[Finding]:
    """The digest of a snapshot is the one in the log, and its scores are those of its figures."""
    for snapshot in Snapshot.objects.order_by("pk").iterator(chunk_size=50):
        entry = Entry.objects.filter(stream=snapshot.stream).order_by("seq").first()
        told = entry.body.get("digest") if entry else None
        if told != log.digest(snapshot.body):
            yield Finding(
                "fold", snapshot.stream, None, "得分快照与履历不符", "the snapshot is not the one frozen"
            )
        elif frozen.recomputed(terms_frozen(snapshot), snapshot.body.encode()) != snapshot.body.encode():
            yield Finding(
                "fold", snapshot.stream, None, "重算得分与快照不一致", "the scores do not recompute"
            )
