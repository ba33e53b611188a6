"""Whether frozen scores still are what was frozen, and still follow from their own figures."""

from __future__ import annotations

import json
from collections.abc import Iterator

from onedoor.appraisal.models import ScoreObjection, Snapshot
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


@verifier
def corrections_are_of_one_figure() -> Iterator[Finding]:
    """A corrected snapshot differs from the one before in the figure that its objection was about, and in no other."""
    rows = Snapshot.objects.filter(revision__gt=1).select_related("corrects").order_by("pk")
    for snapshot in rows.iterator(chunk_size=50):
        objection = ScoreObjection.objects.filter(corrected=snapshot, upheld=True).first()
        allowed = {(objection.subject, objection.code)} if objection else set()
        if snapshot.corrects is None or _changed(snapshot.corrects, snapshot) != allowed:
            yield Finding(
                "fold", snapshot.stream, None, "更正与异议不符", "the correction is not what was objected to"
            )


def _changed(before: Snapshot, after: Snapshot) -> set[tuple[str, str]]:
    """(unit, code) of every figure that is another."""
    held = [json.loads(one.body)["figures"] for one in (before, after)]
    flat = [{(unit, code): one for unit, own in some.items() for code, one in own.items()} for some in held]
    return {place for place in flat[0].keys() | flat[1].keys() if flat[0].get(place) != flat[1].get(place)}
