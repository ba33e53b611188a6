"""The same thing said twice: filings alike, side by side, joined and parted again."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.desk import forms
from onedoor.desk.queries.alike import filed, likeness, similar
from onedoor.desk.shown import words
from onedoor.desk.views.matter import file
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, FieldError, Problem
from onedoor.matters import actions, policies
from onedoor.matters.actions.joining import MAY_JOIN
from onedoor.matters.models import Matter
from onedoor.matters.queries import apart_from


@access("staff")
def alike(request: ActedRequest, number: str) -> HttpResponse:
    """Open matters that may be the same, best first."""
    matter = policies.reach(request.actor, number)
    different = apart_from(matter)
    found = [
        {
            "number": item.matter.number,
            "title": item.matter.title,
            "share": item.why.score,
            "why": item.why.why,
            "state": words.state(item.matter),
            "opened_at": item.matter.opened_at,
        }
        for item in similar(request.actor, filed(matter))
        if item.matter.number not in different
    ]
    shown = {"matter": matter, "found": found, "may_tell": policies.performs(matter, MAY_JOIN)}
    return render(request, "desk/alike.html", shown)


@require_POST
@access("staff")
def apart(request: ActedRequest, number: str, other: str) -> HttpResponse:
    """Says that two filings are not about the same; the list of those alike is shown again without it."""
    actions.tell_apart(request.actor, number, other, request.POST.get("reason", ""))
    if request.htmx:  # type: ignore[attr-defined]
        return alike(request, number)
    messages.success(request, _("Noted: they are not about the same."))
    return redirect("desk:matter", number)


@access("staff")
def beside(request: ActedRequest, number: str, other: str) -> HttpResponse:
    """Two filings side by side; one is joined to the other, or parted from it."""
    one, two = policies.reach(request.actor, number), policies.reach(request.actor, other)
    if one.opened_at < two.opened_at:  # the newer one first: it is the one to be joined to the older
        one, two = two, one
    if request.method != "POST":
        return _compared(request, one, two)
    try:
        kept = _settle(request, one, two)
    except (BadInput, Conflict) as problem:
        return _compared(request, one, two, problem)
    return redirect("desk:matter", kept)


def _settle(request: ActedRequest, one: Matter, two: Matter) -> str:
    """Does what was asked for; returns the number to go on with. Raises BadInput, Conflict, NotAllowed."""
    verb, reason = request.POST.get("verb", ""), request.POST.get("reason", "")
    if verb == "separate":
        filing = one if one.master_id == two.pk else two
        actions.separate(request.actor, filing.number, reason)
        messages.success(request, _("It stands on its own again."))
        return filing.number
    filing, master = (two, one) if verb == "into_first" else (one, two)
    actions.join(request.actor, filing.number, master.number, reason)
    messages.success(request, _("Joined. Each reporter keeps her number, her notices and her verdict."))
    return master.number


def _compared(
    request: ActedRequest, one: Matter, two: Matter, problem: Problem | None = None
) -> HttpResponse:
    found = likeness(one, two)
    errors: list[FieldError] = problem.errors if isinstance(problem, BadInput) else []
    shown = {
        "sides": [_side(one), _side(two)],
        "one": one,
        "two": two,
        "likeness": found.words,
        "share": found.share,
        "why": found.why,
        "metres": None if found.metres is None else round(found.metres),
        "days": round(found.days),
        "joined": one.master_id == two.pk or two.master_id == one.pk,
        "may_into_second": one.is_open and two.is_open and policies.performs(one, MAY_JOIN),
        "may_into_first": one.is_open and two.is_open and policies.performs(two, MAY_JOIN),
        "may_tell": one.master_id != two.pk and two.master_id != one.pk and policies.performs(one, MAY_JOIN),
        "apart": two.number in apart_from(one),
        "apart_url": reverse("desk:apart", args=[one.number, two.number]),
        "may_part": policies.performs(one if one.master_id == two.pk else two, MAY_JOIN),
        "back": reverse("desk:matter", args=[one.number]),
        "reason": forms.REASON,
        "remark": forms.REMARK,
        "values": request.POST,
        "errors": errors,
        "problem": None if errors else problem,
    }
    return render(request, "desk/beside.html", shown, status=422 if problem else 200)


def _side(matter: Matter) -> dict[str, Any]:
    return {
        "number": matter.number,
        "title": matter.title,
        "detail": matter.detail,
        "opened_at": matter.opened_at,
        "channel": matter.channel,
        "state": words.state(matter),
        "category": words.category(matter.category_id),
        "unit": words.unit(matter.unit_id),
        "place": tree().full_name(matter.division_id) if matter.division_id in tree().nodes else "",
        "address": matter.address,
        "files": [file(held) for held in matter.attachments.filter(erased_at=None)],
    }
