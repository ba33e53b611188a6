"""A consultation: who is at the table, what each unit says, who came, and what was resolved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from onedoor.city.middleware import ActedRequest
from onedoor.desk import forms
from onedoor.desk.shown import words
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, NotFound, Problem
from onedoor.matters import policies
from onedoor.matters import queries as matters
from onedoor.matters.models import Matter
from onedoor.meetings import actions
from onedoor.meetings import queries as meetings
from onedoor.meetings.actions import MAY_RECORD
from onedoor.meetings.models import Invitation, Meeting

CONCLUDES = "conclude_meeting"  # the effect of the action that ends a meeting


@access("staff")
def page(request: ActedRequest, meeting_id: int) -> HttpResponse:
    """The meeting; an invited unit gives its opinion, who convened it records attendance."""
    meeting = Meeting.objects.select_related("matter").filter(pk=meeting_id).first()
    if meeting is None:
        raise NotFound(what=f"#{meeting_id}")
    matter = policies.reach(request.actor, meeting.matter.number)
    if request.method != "POST":
        return _page(request, meeting, matter)
    try:
        _record(request, meeting_id)
    except (BadInput, Conflict) as problem:
        return _page(request, meeting, matter, problem)
    return redirect("desk:meeting", meeting_id)


def _record(request: ActedRequest, meeting_id: int) -> None:
    """An opinion, or one unit's attendance. Raises BadInput, Conflict, NotAllowed."""
    sent = request.POST
    if "opinion" in sent:
        actions.give_opinion(request.actor, meeting_id, sent["opinion"])
        messages.success(request, _("Your unit's opinion is recorded."))
        return
    unit = sent.get("unit", "")
    came, reason = sent.get("came") == "yes", sent.get("reason", "")
    actions.record_attendance(
        request.actor, meeting_id, int(unit) if unit.isascii() and unit.isdigit() else 0, came, reason
    )
    messages.success(request, _("Attendance is recorded."))


def _page(
    request: ActedRequest, meeting: Meeting, matter: Matter, problem: Problem | None = None
) -> HttpResponse:
    invitations = list(meeting.invitations.order_by("pk"))
    convened = meeting.state == "convened"
    own = next((i for i in invitations if i.unit_id in request.actor.unit_ids), None)
    conclude = next(
        (o for o in matters.offers(matter) if any(call.name == CONCLUDES for call in o.action.effect)), None
    )
    shown = {
        "meeting": meeting,
        "matter": matter,
        "chair": words.unit(meeting.convened_by_id),
        "state": words.state(matter),
        "seats": [_seat(i) for i in invitations],
        "own": own if convened else None,
        "opinion_form": forms.OPINION,
        "values": request.POST or ({"opinion": own.opinion} if own else {}),
        "errors": problem.errors if isinstance(problem, BadInput) else [],
        "problem": None if isinstance(problem, BadInput) else problem,
        "may_record": convened and policies.performs(matter, MAY_RECORD),
        "conclude": reverse("desk:do", args=[matter.number, conclude.key]) if conclude and convened else "",
        "conclude_title": conclude.action.title if conclude else "",
        "resolutions": _resolutions(meeting),
    }
    return render(request, "desk/meeting.html", shown, status=422 if problem else 200)


def _seat(invitation: Invitation) -> dict[str, Any]:
    return {
        "unit_id": invitation.unit_id,
        "unit": words.unit(invitation.unit_id),
        "attended": invitation.attended,
        "reason": invitation.absence_reason,
        "opinion": invitation.opinion,
        "opinion_at": invitation.opinion_at,
        "noted": invitation.noted,
    }


def _resolutions(meeting: Meeting) -> list[dict[str, Any]]:
    if meeting.state == "convened":
        return []
    return [
        {
            "title": task.title,
            "unit": words.unit(task.unit_id),
            "state": task.state,
            "result": task.result,
            "due_at": next((clock.due_at for clock in task.clocks.all()), None),
            "done_at": task.done_at,
        }
        for task in meetings.resolutions(meeting)
    ]
