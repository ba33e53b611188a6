"""Calling a resident back: what was asked, what was answered, her number for this purpose, and what she said."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.city.middleware import ActedRequest
from onedoor.desk.shown import choices, parties, words
from onedoor.desk.shown.history import timeline
from onedoor.kernel.access import access
from onedoor.matters import policies
from onedoor.matters import queries as matters
from onedoor.matters.models import Matter
from onedoor.matters.queries import Line, Offer

TOLD = ("reporter", "representative")
PURPOSE = parties.PURPOSES[:1]


@access("desk.call")
def page(request: ActedRequest, number: str) -> HttpResponse:
    """One call."""
    matter = policies.reach(request.actor, number)
    lines = matters.history(matter)
    offers = [offer for offer in matters.offers(matter) if "caller" in offer.action.by]
    shown = {
        "matter": matter,
        "state": words.state(matter),
        "unit": words.unit(matter.unit_id),
        "category": words.category(matter.category_id),
        "answer": timeline(matter, [line])[0] if (line := _answer(matter, lines)) else None,
        "filings": _filings(request, matter),
        "purposes": PURPOSE,
        "forms": [_form(matter, offer) for offer in offers],
        "verdicts": list(matter.verdicts.order_by("-at")[:10]),
    }
    return render(request, "desk/call.html", shown)


def _filings(request: ActedRequest, matter: Matter) -> list[dict[str, Any]]:
    """Every filing of the matter with those who are to be called about it."""
    joined = policies.visible(request.actor).filter(master=matter).order_by("opened_at")
    return [
        {
            "number": filing.number,
            "parties": [parties.card(matter, party) for party in filing.parties.filter(role__in=TOLD)],
        }
        for filing in [matter, *joined]
    ]


def _answer(matter: Matter, lines: list[Line]) -> Line | None:
    """The entry that brought the matter to where it stands."""
    return next((line for line in reversed(lines) if line.changes.get("state") == matter.state), None)


def _form(matter: Matter, offer: Offer) -> dict[str, Any]:
    return {
        "key": offer.key,
        "title": offer.action.title,
        "url": reverse("desk:do", args=[matter.number, offer.key]),
        "fields": choices.fields(offer.form, matter),
    }
