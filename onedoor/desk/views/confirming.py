"""Categories that the door was not sure of: one press confirms or corrects each; nothing has waited for it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.desk.queries import lists
from onedoor.desk.queries.lists import Filters
from onedoor.desk.shown import words
from onedoor.intake import actions as door
from onedoor.intake.queries import door as indexes
from onedoor.kernel import paging
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, NotNow
from onedoor.matters import policies
from onedoor.matters.models import Matter
from onedoor.matters.queries import LISTED

ROWS = 20


@access("desk.place")
def unsure(request: ActedRequest) -> HttpResponse:
    """Matters routed by a guess, each with the categories that its words speak for."""
    rows = lists.narrowed(request.actor, Filters(state="unsure")).only(*LISTED, "detail", "address")
    found = paging.page(rows, "opened_at", cursor=request.GET.get("cursor", ""), limit=ROWS)
    shown = {
        "waiting": [_waiting(matter) for matter in found.rows],
        "next": found.next,
        "accept": tree().profile.triage.accept,
        "learning_url": reverse("desk:learning"),
    }
    return render(request, "desk/unsure.html", shown)


def _waiting(matter: Matter) -> dict[str, Any]:
    return {
        "number": matter.number,
        "title": matter.title,
        "detail": matter.detail[:300],
        "channel": matter.channel,
        "opened_at": matter.opened_at,
        "next_due": matter.next_due,
        "category": words.category(matter.category_id),
        "unit": words.unit(matter.unit_id),
        "choices": _choices(matter),
        "url": reverse("desk:matter", args=[matter.number]),
        "settle_url": reverse("desk:settle", args=[matter.number]),
        "other_url": reverse("desk:correct", args=[matter.number]) + "?back=unsure",
    }


def _choices(matter: Matter) -> list[dict[str, Any]]:
    """What the words speak for as the door knows it today; the present category among them in any case, first."""
    held = indexes()
    found = {s.code: s for s in held.classifier.suggest(matter.title, matter.detail)}
    now = held.directory.category_by_id.get(matter.category_id)
    codes = [now.code] if now else []
    codes += [code for code in found if code not in codes and code in held.directory.categories]
    return [
        {
            "code": code,
            "title": words.category(held.directory.categories[code].pk),
            "share": found[code].share if code in found else None,
            "why": found[code].why if code in found else None,
            "now": now is not None and code == now.code,
        }
        for code in codes[:3]
    ]


@require_POST
@access("desk.place")
def settle(request: ActedRequest, number: str) -> HttpResponse:
    """Confirms the category, or corrects it and routes the matter anew."""
    before = policies.reach(request.actor, number).category_id
    try:
        matter = door.settle(request.actor, number, request.POST.get("category", ""))
    except (BadInput, Conflict, NotNow) as problem:  # somebody was quicker: it has moved on
        messages.warning(request, problem.text(get_language() or "en"))
    else:
        confirmed = matter.category_id == before
        told = (
            _("The category is confirmed.")
            if confirmed
            else _("The category is corrected, and the matter routed by it.")
        )
        messages.success(request, told)
    if request.POST.get("back") == "unsure":
        return redirect("desk:unsure")
    visible = policies.visible(request.actor).filter(number=number).exists()
    return redirect("desk:matter", number) if visible else redirect("desk:home")
