"""My work, by clock: what waits for the one who signed in, in five lists."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.desk.policies import PLACING
from onedoor.desk.queries import lists
from onedoor.desk.queries.counting import counts
from onedoor.desk.queries.lists import Filters
from onedoor.desk.shown import clocks, rows, words
from onedoor.kernel import paging
from onedoor.kernel.access import access
from onedoor.matters import queries as matters
from onedoor.matters.models import Objection, Task
from onedoor.meetings import queries as meetings
from onedoor.notices import actions as notices
from onedoor.notices import queries as reminders
from onedoor.notices.models import Reminder

MOST = 100  # of what is not matters: no unit should owe more at once
KINDS = {
    "remind": _("Time is running out"),
    "urge": _("Overdue"),
    "leader": _("Reported to the leader"),
    "invited": _("Invited to a meeting"),
    "not_reached": _("The reporter could not be told"),
}


@access("staff")
def home(request: ActedRequest) -> HttpResponse:
    """The matters whose next step is mine, the most urgent first."""
    found = paging.page(matters.work(request.actor), "next_due", cursor=request.GET.get("cursor", ""))
    shown = {
        "rows": rows.matters(found.rows),
        "columns": rows.COLUMNS,
        "more_url": f"?cursor={found.next}" if found.next else "",
        "shows_hot": request.actor.holds("coordinator"),
    }
    first = None if found.next or "cursor" in request.GET else len(found.rows)
    return render(request, "desk/work.html", shown | _tabs(request, "home", first))


@access("staff")
def tasks(request: ActedRequest) -> HttpResponse:
    """The shares of other units' matters that mine owe."""
    found = list(matters.tasks_of(request.actor).prefetch_related("clocks")[:MOST])
    return render(request, "desk/tasks.html", {"tasks": [_task(t) for t in found]} | _tabs(request, "tasks"))


def _task(task: Task) -> dict[str, Any]:
    clock = next(iter(task.clocks.all()), None)
    return {
        "title": task.title,
        "unit": words.unit(task.unit_id),
        "state": task.state,
        "clock": clocks.brief(task.matter, clock) if clock else None,
        "url": reverse("desk:matter", args=[task.matter.number]) + f"#task-{task.pk}",
        "origin": task.matter.title,
    }


@access("staff")
def invitations(request: ActedRequest) -> HttpResponse:
    """Meetings to which my units were invited and have said nothing yet."""
    found = meetings.invitations(request.actor)[:MOST]
    shown = [
        {
            "title": invitation.meeting.matter.title,
            "at": invitation.meeting.at,
            "place": invitation.meeting.place,
            "agenda": invitation.meeting.agenda,
            "chair": words.unit(invitation.meeting.convened_by_id),
            "unit": words.unit(invitation.unit_id),
            "url": reverse("desk:meeting", args=[invitation.meeting_id]),
        }
        for invitation in found
    ]
    return render(request, "desk/invitations.html", {"invitations": shown} | _tabs(request, "invitations"))


@access("staff")
def objections(request: ActedRequest) -> HttpResponse:
    """Objections to a dispatch that wait for my unit to decide."""
    found = matters.objections_for(request.actor)[:MOST]
    shown = {"objections": [_objection(objection) for objection in found]}
    return render(request, "desk/objections.html", shown | _tabs(request, "objections"))


def _objection(objection: Objection) -> dict[str, Any]:
    return {
        "matter": objection.matter,
        "url": reverse("desk:matter", args=[objection.matter.number]),
        "unit": words.unit(objection.unit_id),
        "proposed": words.unit(objection.proposed_id),
        "reason": objection.reason,
        "raised_at": objection.raised_at,
        "category": words.category(objection.matter.category_id),
        "place": words.place(objection.matter.division_id, placed=objection.matter.placed),
    }


@access("staff")
def reminded(request: ActedRequest) -> HttpResponse:
    """What my units were reminded of and have not noted."""
    found = reminders.reminders(request.actor)[:MOST]
    shown = {"reminders": [_reminder(reminder) for reminder in found]}
    return render(request, "desk/reminders.html", shown | _tabs(request, "reminders"))


def _reminder(reminder: Reminder) -> dict[str, Any]:
    matter = reminder.matter
    return {
        "pk": reminder.pk,
        "kind": KINDS.get(reminder.kind, reminder.kind),
        "tone": "warn" if reminder.kind in ("remind", "invited") else "late",
        "clock": words.clock(matter, reminder.clock, of_task=reminder.clock == "task")
        if reminder.clock
        else None,
        "unit": words.unit(reminder.unit_id),
        "title": matter.title,
        "number": matter.number,
        "url": reverse("desk:matter", args=[matter.number]),
        "due_at": matter.next_due,
        "at": reminder.created_at,
    }


@require_POST
@access("staff")
def seen(request: ActedRequest, reminder_id: int) -> HttpResponse:
    """A reminder is noted and leaves the list."""
    notices.see(request.actor, reminder_id)
    return HttpResponse() if request.htmx else redirect("desk:reminders")  # type: ignore[attr-defined]


def _tabs(request: ActedRequest, current: str, first: int | None = None) -> dict[str, Any]:
    """The lists with their counts, in one statement; `first` is the count of my matters where it is known already."""
    actor = request.actor
    wanted = {
        "tasks": matters.tasks_of(actor),
        "invitations": meetings.invitations(actor),
        "objections": matters.objections_for(actor),
        "reminders": reminders.reminders(actor),
    }
    if actor.holds(*PLACING):
        wanted["unplaced"] = lists.narrowed(actor, Filters(state="unplaced"))
        wanted["unsure"] = lists.narrowed(actor, Filters(state="unsure"))
    if first is None:
        wanted["home"] = matters.work(actor)
    count = counts(wanted, lists.MOST) | ({} if first is None else {"home": first})
    titles = {
        "home": _("My matters"),
        "tasks": _("Tasks"),
        "invitations": _("Invitations"),
        "objections": _("Objections"),
        "reminders": _("Reminders"),
        "unplaced": _("No place yet"),
        "unsure": _("To confirm"),
    }
    return {
        "opens": reverse("desk:opening") if matters.openable(actor) else "",
        "tabs": [
            {
                "title": title,
                "url": reverse(f"desk:{name}"),
                "count": min(count[name], lists.MOST),
                "more": count[name] > lists.MOST,
                "current": name == current,
                "tone": "late"
                if name in ("reminders", "unplaced") and count[name]
                else "teal"
                if count[name]
                else "plain",
            }
            for name, title in titles.items()
            if name in count
        ],
        "units": [
            {"name": words.unit(unit), "url": f"{reverse('desk:search')}?state=open&unit={unit}"}
            for unit in sorted(actor.unit_ids)
        ],
    }
