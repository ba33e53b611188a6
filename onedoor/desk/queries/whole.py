"""Everything that belongs to one matter, in a bounded number of queries whatever its size."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, prefetch_related_objects

from onedoor.desk.queries.people import ToCall, to_call
from onedoor.documents import queries as documents
from onedoor.documents.catalogue import Template
from onedoor.documents.models import Document
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.matters import queries as matters
from onedoor.matters.models import Attachment, Clock, Matter, Objection, Party, Task
from onedoor.matters.queries import Line, Offer
from onedoor.meetings import queries as meetings
from onedoor.meetings.models import Meeting
from onedoor.notices.models import Notice

LINES = 30  # of the history, on the page itself
MOST_NOTICES = 20

# Entries that tell of a look or a message: whoever has not seen them has missed nothing of the matter itself.
QUIET = frozenset(
    {"contact_read", "document_read", "rendered", "noted", "attached", "notice_shown", "reminder_seen",
     "told_otherwise"}
)  # fmt: skip


@dataclass(frozen=True)
class Whole:
    """One matter with all that its page shows."""

    matter: Matter
    clocks: list[Clock]
    tasks: list[Task]
    parties: list[Party]
    attachments: list[Attachment]
    meetings: list[Meeting]
    papers: list[Document]
    papers_offered: list[Template]
    family: list[Matter]  # the master, or everything joined to this one
    notices: list[Notice]
    objections: list[Objection]
    history: list[Line]
    offers: list[Offer]
    people: ToCall

    @property
    def joined(self) -> list[Matter]:
        """The filings joined to this one."""
        return [other for other in self.family if other.master_id == self.matter.pk]

    @property
    def master(self) -> Matter | None:
        """The matter that this one was joined to."""
        return next((other for other in self.family if other.pk == self.matter.master_id), None)

    def clock_of(self, task: Task) -> Clock | None:
        """The clock of a task."""
        return next((clock for clock in self.clocks if clock.task_id == task.pk), None)


def whole(actor: Actor, matter: Matter) -> Whole:
    """All of a matter that `actor` reached."""
    tasks = list(matter.tasks.order_by("pk"))
    prefetch_related_objects([matter], "parties")
    held = list(meetings.of_matter(matter)[:5])
    units = [matter.unit_id, *(task.unit_id for task in tasks if task.state == "open")]
    return Whole(
        matter=matter,
        clocks=list(matter.clocks.order_by("due_at", "pk")),
        tasks=tasks,
        parties=sorted(matter.parties.all(), key=lambda party: party.pk),
        attachments=list(matter.attachments.filter(erased_at=None).order_by("pk")),
        meetings=held,
        papers=documents.readable(actor, matter),
        papers_offered=documents.offers(actor, matter),
        family=family(matter),
        notices=list(matter.notices.order_by("-created_at", "-pk")[:MOST_NOTICES]),
        objections=list(matter.objections.order_by("-raised_at")),
        history=matters.history(matter, most=LINES),
        offers=matters.offers(matter),
        people=to_call(matter, units),
    )


def family(matter: Matter) -> list[Matter]:
    """The master of a joined filing, or what was joined to a matter: one query, none of them in full."""
    wanted = Q(pk=matter.master_id) if matter.master_id else Q(master=matter.pk)
    return sorted(matters.listed(Matter.objects.filter(wanted)), key=lambda other: other.opened_at)


def fresh(matter: Matter, seen: int) -> int:
    """The number of entries to compare with: the present one if only quiet ones came after what was seen."""
    newer = Entry.objects.filter(stream=matter.stream, seq__gt=seen).values_list("seq", "kind")
    came = list(newer.order_by("seq")[:100])
    return came[-1][0] if came and all(kind in QUIET for _, kind in came) else seen
