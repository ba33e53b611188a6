"""Parties of a matter: showing a contact for a stated purpose, and naming another one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.desk import forms
from onedoor.desk.shown import choices, parties, words
from onedoor.desk.views.acting import onward
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, NotNow, Problem
from onedoor.matters import actions, policies
from onedoor.matters.actions import PartyData
from onedoor.matters.models import Matter


@never_cache
@require_POST
@access("staff")
def contact(request: ActedRequest, party_id: int) -> HttpResponse:
    """Shows a party's name and contact; who asked, when and what for is written down."""
    party = actions.read_contact(request.actor, party_id, request.POST.get("purpose", ""))
    matter = policies.reach(request.actor, party.matter.number)
    shown = {
        "matter": matter,
        "party": parties.card(matter, party),
        "shown": {"name": party.name, "contact": party.contact},
    }
    return render(request, "desk/contact.html", shown)


@access("staff")
def add(request: ActedRequest, number: str) -> HttpResponse:
    """Names a party: the other side of a dispute, a representative, a unit complained of."""
    matter = policies.reach(request.actor, number)
    if request.method != "POST":
        return _form(request, matter, None)
    try:
        actions.add_party(request.actor, number, _data(request))
    except (BadInput, NotNow) as problem:
        return _form(request, matter, problem)
    messages.success(request, _("The party has been added."))
    return onward(request, number)


def _data(request: ActedRequest) -> PartyData:
    sent = request.POST
    role, unit = sent.get("role", ""), sent.get("unit", "")
    return PartyData(
        role=role if role in forms.PARTY_ROLES else "other",
        name=sent.get("name", "").strip()[:60],
        contact=sent.get("contact", "").strip()[:60],
        unit_id=int(unit) if unit.isascii() and unit.isdigit() else None,
        confidential=bool(sent.get("confidential")),
    )


def _form(request: ActedRequest, matter: Matter, problem: Problem | None) -> HttpResponse:
    shown = {
        "matter": matter,
        "state": words.state(matter),
        "form": forms.party(choices.all_units()),
        "values": request.POST,
        "errors": problem.errors if isinstance(problem, BadInput) else [],
        "problem": None if isinstance(problem, BadInput) else problem,
    }
    return render(request, "desk/party.html", shown, status=422 if problem else 200)
