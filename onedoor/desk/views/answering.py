"""What an answer says and leaves out, while it is written. Nothing of it is kept, and it stands in nobody's way."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.desk.shown import answers
from onedoor.kernel.access import access
from onedoor.matters import policies
from onedoor.matters import queries as matters


@require_POST
@access("staff")
def check(request: ActedRequest, number: str, key: str) -> HttpResponse:
    """The checklist for the words typed so far into the answer of this action; empty where it answers nobody."""
    matter = policies.reach(request.actor, number)
    offer = next((offer for offer in matters.offers(matter) if offer.key == key), None)
    field = answers.field_of(matter, offer) if offer else ""
    return render(
        request, "desk/answer_checks_in.html", {"checks": answers.checks(matter, request.POST.get(field, ""))}
    )
