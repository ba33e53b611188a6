"""One matter: everything about it on one page, its whole history, and notes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import directory, tree
from onedoor.desk import forms
from onedoor.desk.queries.people import ToCall
from onedoor.desk.queries.whole import Whole, whole
from onedoor.desk.shown import clocks, parties, stages, values, words
from onedoor.desk.shown.history import timeline
from onedoor.kernel.access import access
from onedoor.kernel.files import readable
from onedoor.kernel.problems import BadInput
from onedoor.matters import actions, policies, procedures, vacancies
from onedoor.matters import queries as matters
from onedoor.matters.actions.joining import MAY_JOIN
from onedoor.matters.actions.people import MAY_NAME
from onedoor.matters.actions.placing import MAY_CORRECT
from onedoor.matters.actions.tasks import MAY_WITHDRAW
from onedoor.matters.models import Attachment, Matter, Objection, Task
from onedoor.matters.queries import Offer
from onedoor.meetings.models import Invitation, Meeting
from onedoor.notices.models import Notice
from onedoor.notices.policies import may_tell

NOTICE_STATES = {
    "waiting": (gettext_lazy("waiting to be sent"), "plain"),
    "sent": (pgettext_lazy("notice", "sent"), "good"),
    "shown": (pgettext_lazy("notice", "read"), "good"),
    "failed": (gettext_lazy("not delivered"), "late"),
}


@access("staff")
def page(request: ActedRequest, number: str) -> HttpResponse:
    """The matter's page."""
    matter = policies.reach(request.actor, number)
    found = whole(request.actor, matter)
    shown = _head(found) | _work(request, found) | _around(request, found)
    return render(request, "desk/matter.html", shown)


def _head(found: Whole) -> dict[str, Any]:
    """What stands above everything: how it stands, its time, what can be done."""
    matter = found.matter
    own = [clock for clock in found.clocks if clock.task_id is None and clock.state in ("running", "paused")]
    return {
        "matter": matter,
        "state": words.state(matter),
        "awaited": words.performer(matter.answers) if matter.answers else None,
        "vacant": vacancies.is_vacant(matter),
        "steps": stages.steps(matter, found.history),
        "clocks": [clocks.full(matter, clock) for clock in own],
        "offers": _offers(matter, found.offers),
    }


def _offers(matter: Matter, offers: list[Offer]) -> list[dict[str, Any]]:
    """The actions as buttons, those that move the matter first; the only one that is waited for stands out."""
    shown = sorted((_offer(matter, offer) for offer in offers), key=lambda one: not one["moves"])
    for place, one in enumerate(shown[:9], 1):
        one["press"] = str(place)
    moving = [one for one in shown if one["moves"]]
    if len(moving) == 1 and moving[0]["awaited"]:
        moving[0]["kind"] = "primary"
    return shown


def _offer(matter: Matter, offer: Offer) -> dict[str, Any]:
    """An action as a button; what ends the matter is asked once more."""
    procedure = procedures.of(matter)
    target = procedure.target(offer.action, matter.state)
    moves = target != matter.state
    return {
        "key": offer.key,
        "title": offer.action.title,
        "has_form": bool(offer.form),
        "url": reverse("desk:do", args=[matter.number, offer.key]),
        "kind": "plain",
        "moves": moves,
        "awaited": matter.answers in offer.action.by,
        "ends": procedure.states[target].end and moves,
    }


def _work(request: ActedRequest, found: Whole) -> dict[str, Any]:
    """What was said, what is being done, and what happened."""
    matter = found.matter
    mine = request.actor.unit_ids
    return {
        "files": [file(attachment) for attachment in found.attachments],
        "tasks": [_task(found, task, mine) for task in found.tasks],
        "meetings": [meeting_card(meeting) for meeting in found.meetings],
        "objections": [_objection(objection) for objection in found.objections],
        "history": timeline(matter, found.history),
        "earlier": reverse("desk:history", args=[matter.number])
        if matter.head_seq > len(found.history)
        else "",
        "note_form": forms.NOTE,
        "result_form": forms.RESULT,
    }


def file(attachment: Attachment) -> dict[str, Any]:
    """An attachment as the component takes it."""
    url = reverse("desk:attachment", args=[attachment.pk])
    return {
        "name": attachment.name,
        "url": url,
        "image": url if attachment.media_type.startswith("image/") else "",
        "size_words": readable(attachment.size),
    }


def _task(found: Whole, task: Task, mine: frozenset[int]) -> dict[str, Any]:
    clock = found.clock_of(task)
    return {
        "pk": task.pk,
        "title": task.title,
        "unit": words.unit(task.unit_id),
        "state": task.state,
        "clock": clocks.brief(found.matter, clock) if clock and task.state == "open" else None,
        "result": task.result,
        "done_at": task.done_at,
        "mine": task.state == "open" and task.unit_id in mine,
        "may_withdraw": task.state == "open" and policies.performs(found.matter, MAY_WITHDRAW),
    }


def meeting_card(meeting: Meeting) -> dict[str, Any]:
    """A meeting as the card takes it."""
    return {
        "title": meeting.agenda.split("\n")[0][:60],
        "at": meeting.at,
        "place": meeting.place,
        "chair": words.unit(meeting.convened_by_id),
        "state_title": _("Concluded") if meeting.state == "concluded" else _("Convened"),
        "url": reverse("desk:meeting", args=[meeting.pk]),
        "units": [_seat(invitation) for invitation in sorted(meeting.invitations.all(), key=lambda i: i.pk)],
    }


def _seat(invitation: Invitation) -> dict[str, Any]:
    return {
        "unit": words.unit(invitation.unit_id),
        "came": _came(invitation.attended, bool(invitation.opinion_at)),
        "opinion": invitation.opinion or invitation.absence_reason,
    }


def _came(attended: bool | None, heard: bool) -> bool | None:
    return True if attended is None and heard else attended


def _objection(objection: Objection) -> dict[str, Any]:
    return {
        "unit": words.unit(objection.unit_id),
        "proposed": words.unit(objection.proposed_id),
        "arbiter": words.unit(objection.arbiter_id),
        "reason": objection.reason,
        "raised_at": objection.raised_at,
        "decided_at": objection.decided_at,
        "upheld": objection.upheld,
        "grounds": objection.grounds,
    }


def _around(request: ActedRequest, found: Whole) -> dict[str, Any]:
    """What stands beside it: where, who, which papers, who was told."""
    matter = found.matter
    category = directory().category_by_id.get(matter.category_id)
    return {
        "category": words.category(matter.category_id),
        "about": category.about if category else None,
        "unit": words.unit(matter.unit_id),
        "unit_phone": held.phone if (held := directory().units.get(matter.unit_id)) else "",
        "place": _place(matter),
        "known_to": words.level(matter.division_id),
        "view": f"{matter.lon},{matter.lat},15" if matter.lon is not None else "",
        "land": _land(matter),
        "parties": [parties.card(matter, party) for party in found.parties],
        "facts": list(values.facts(matter)),
        "purposes": parties.PURPOSES,
        "may_name": policies.performs(matter, MAY_NAME),
        "people": people(found.people),
        "master": _brief(found.master) if found.master else None,
        "joined": [_brief(other) for other in found.joined],
        "papers": found.papers,
        "papers_offered": found.papers_offered,
        "notices": _notices(found.notices),
        "told_form": forms.TOLD,
        "may_correct": matter.is_open and policies.performs(matter, MAY_CORRECT),
        "may_reclassify": policies.performs(matter, MAY_CORRECT)
        and matter.state == procedures.of(matter).opens.state,
        "unsure": matter.is_open and not matter.category_sure,
        "category_code": "" if matter.category_sure else matter.category.code,
        "may_join": matter.is_open and policies.performs(matter, MAY_JOIN),
        "may_tell": may_tell(request.actor, matter),
    }


def _place(matter: Matter) -> str:
    return tree().full_name(matter.division_id) if matter.division_id in tree().nodes else ""


def _land(matter: Matter) -> str:
    """The address of the outlines around a matter: its township's."""
    node = tree().ancestor(matter.division_id, "township") or tree().nodes.get(matter.division_id)
    return reverse("desk:land", args=[node.code]) if node and matter.placed else ""


def people(found: ToCall) -> dict[str, Any]:
    """Whom to call, by unit and by what they answer for at the place."""
    units = directory().units
    return {
        "units": [
            {
                "unit": words.unit(unit),
                "phone": units[unit].phone if unit in units else "",
                "people": [{"name": one.name, "post": words.role(one.role)} for one in held],
            }
            for unit, held in found.in_units.items()
        ],
        "duties": [
            {
                "role": words.role(duty.role),
                "people": [
                    {
                        "name": one.name,
                        "post": words.role(one.role),
                        "unit": words.unit(one.unit_id),
                        "phone": units[one.unit_id].phone if one.unit_id in units else "",
                    }
                    for one in duty.people
                ],
            }
            for duty in found.at_place
            if duty.known
        ],
        "unknown": [words.role(duty.role) for duty in found.at_place if not duty.known],
    }


def _brief(other: Matter) -> dict[str, Any]:
    return {
        "number": other.number,
        "title": other.title,
        "opened_at": other.opened_at,
        "channel": other.channel,
        "state": words.state(other),
    }


def _notices(found: list[Notice]) -> list[dict[str, Any]]:
    """What reporters were told; the latest that did not reach one has a form beside it."""
    shown = [_notice(notice) for notice in found]
    if untold := next((one for one in shown if one["untold"]), None):
        untold["form"] = True
    return shown


def _notice(notice: Notice) -> dict[str, Any]:
    state, tone = NOTICE_STATES.get(notice.state, (notice.state, "plain"))
    return {
        "pk": notice.pk,
        "number": notice.number,
        "text": notice.text,
        "state": state,
        "tone": tone,
        "at": notice.sent_at or notice.created_at,
        "untold": notice.state == "failed",
    }


@access("staff")
def history(request: ActedRequest, number: str) -> HttpResponse:
    """The whole history of a matter."""
    matter = policies.reach(request.actor, number)
    shown = {"matter": matter, "history": timeline(matter, matters.history(matter))}
    return render(request, "desk/history.html", shown)


@require_POST
@access("staff")
def note(request: ActedRequest, number: str) -> HttpResponse:
    """Adds a note to the history."""
    try:
        actions.note(request.actor, number, request.POST.get("text", ""))
    except BadInput as problem:
        matter = policies.reach(request.actor, number)
        shown = {"matter": matter, "form": [forms.NOTE], "values": request.POST, "errors": problem.errors}
        return render(request, "desk/note.html", shown, status=422)
    messages.success(request, _("Your note has been added."))
    return redirect(reverse("desk:matter", args=[number]) + "#history")
