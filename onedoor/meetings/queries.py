"""Reads of meetings."""

from __future__ import annotations

from django.db.models import QuerySet

from onedoor.kernel.actor import Actor
from onedoor.matters import policies
from onedoor.matters.models import Matter, Task
from onedoor.meetings.models import Invitation, Meeting


def of_matter(matter: Matter) -> QuerySet[Meeting]:
    """The meetings of a matter with their invitations, the newest first."""
    rows = Meeting.objects.filter(matter=matter).select_related("convened_by")
    return rows.prefetch_related("invitations__unit").order_by("-at", "-pk")


def resolutions(meeting: Meeting) -> QuerySet[Task]:
    """The tasks that a meeting resolved: those its conclusion gave."""
    if meeting.concluded_at is None:
        return Task.objects.none()
    rows = Task.objects.filter(matter=meeting.matter_id, created_at=meeting.concluded_at)
    return rows.select_related("unit").prefetch_related("clocks").order_by("pk")


def invitations(actor: Actor) -> QuerySet[Invitation]:
    """Invitations that wait for a word from the actor's units, the next meeting first."""
    rows = Invitation.objects.filter(
        unit_id__in=actor.unit_ids,
        meeting__state="convened",
        opinion_at=None,
        meeting__matter__in=policies.visible(actor).values("pk"),
    )
    return (
        rows.exclude(attended=False)
        .select_related("unit", "meeting__matter", "meeting__convened_by")
        .order_by("meeting__at", "pk")
    )
