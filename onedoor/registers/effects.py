"""What of the engine's registers answer to: the end of a matter that a visit had opened."""

from __future__ import annotations

from django.db.models import Q

from onedoor.kernel import log
from onedoor.kernel.statements import ask
from onedoor.matters.models import Matter
from onedoor.matters.moving import Moving
from onedoor.matters.registry import ender
from onedoor.registers.events import FindingClosed
from onedoor.registers.models import Finding

# Most matters were not opened by a visit: the database says so in a hundredth of the time that rows take.
ANY = (
    "SELECT 1 FROM registers_finding WHERE matter_id = %s"
    " OR matter_id IN (SELECT id FROM matters_matter WHERE master_id = %s) LIMIT 1"
)


@ender
def close_findings(step: Moving) -> None:
    """A finding is closed with the end of its matter, or of the one that was joined to; the record's history says so.

    Whether it is open is never kept apart: it is, as long as that matter is (`actions.visiting.OPEN`).
    """
    if step.matter.master_id:
        return  # joined: it goes on in the other matter
    if not ask(ANY, step.matter.pk, step.matter.pk):
        return
    ended = Finding.objects.filter(Q(matter=step.matter.pk) | Q(matter__master=step.matter.pk))
    for finding in ended.select_related("record", "matter"):
        finding.closed_at, finding.outcome = step.at, _outcome(step, step.matter)
        finding.save(update_fields=["closed_at", "outcome"])
        event = FindingClosed(item=finding.item, number=finding.matter.number, outcome=finding.outcome)
        log.append(finding.record, event, step.actor)


def _outcome(step: Moving, matter: Matter) -> str:
    state = step.procedure.states.get(matter.state)
    return (state.outcome if state else None) or ""
