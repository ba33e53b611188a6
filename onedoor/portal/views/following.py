"""Following a matter by number and query code."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onedoor.city.queries import directory
from onedoor.kernel.access import access
from onedoor.kernel.problems import FieldError, NotFound, TooMany, WrongCode
from onedoor.notices import actions as notices
from onedoor.notices.queries import notices_of
from onedoor.portal import forms, proofs, wording
from onedoor.portal.queries import looks, matters, stages, timeline
from onedoor.portal.queries.matters import Filing

LONGEST_NUMBER = 40


@never_cache
@access("public")
def follow(request: HttpRequest) -> HttpResponse:
    """Number and code; where they belong together, the matter."""
    if request.method != "POST":
        return _form(request, {"number": _plain(request.GET.get("number", ""))}, [])
    number, code = _plain(request.POST.get("number", "")), request.POST.get("code", "")
    try:
        actor = proofs.prove(request, number, code)
        matters.filing(actor)
    except (WrongCode, NotFound) as problem:
        wrong = WrongCode()
        errors = [FieldError("number", wrong.text("zh"), wrong.text("en"))]
        return _form(request, {"number": number}, errors, status=problem.status)
    except TooMany as problem:
        errors = [FieldError("", problem.text("zh"), problem.text("en"))]
        return _form(request, {"number": number}, errors, status=problem.status)
    return redirect("portal:matter", actor.number)


def _form(
    request: HttpRequest, sent: dict[str, str], errors: list[FieldError], status: int = 200
) -> HttpResponse:
    fields = [
        {"name": "number", "kind": "text", "required": True, "label": _("Number"), "max": LONGEST_NUMBER,
         "autocomplete": "off"},
        {"name": "code", "kind": "code", "required": True, "label": _("Query code"), "autocomplete": "off",
         "help": _("Eight letters and digits, on your receipt beside the number.")},
    ]  # fmt: skip
    mine = matters.titles(proofs.numbers(request))
    context = {"fields": fields, "sent": sent, "errors": errors, "mine": mine}
    return render(request, "portal/follow.html", context, status=status)


def _plain(number: str) -> str:
    """A number as it is written on paper, in any width and case."""
    return unicodedata.normalize("NFKC", number).strip().upper()[:LONGEST_NUMBER]


@require_POST
@access("public")
def forget(request: HttpRequest) -> HttpResponse:
    """This device remembers no matter any more."""
    proofs.forget(request)
    messages.success(request, _("Nothing of your matters is remembered on this device any more."))
    return redirect("portal:home")


@never_cache
@require_GET
@access("public")
def matter(request: HttpRequest, number: str) -> HttpResponse:
    """A matter as its resident may read it; whoever has not proved it is asked for number and code."""
    try:
        actor = proofs.actor(request, number)
    except proofs.NotProved:
        return redirect(f"{_follow_url()}?number={number}")
    found = matters.filing(actor)
    notices.show(actor)
    return render(request, "portal/matter.html", page(found))


def _follow_url() -> str:
    return redirect("portal:follow").url


def page(found: Filing, **more: Any) -> dict[str, Any]:
    """Everything that the page of a matter shows."""
    papers, offered = matters.papers(found)
    lines = timeline.timeline(found)
    unit = directory().units.get(found.asked.unit_id)
    turn = matters.turn(found)
    return {
        "found": found, "own": found.own, "asked": found.asked, "state": found.state, "turn": turn,
        "said": matters.said(found), "steps": stages.stages(found), "dates": matters.dates(found),
        "unit": unit.title if unit else {}, "phone": unit.phone if unit else "",
        "place": wording.place(found.own.division_id, placed=found.own.placed),
        "category": wording.category(found.own.category_id), "lines": lines,
        "answer": next((line for line in lines if line.get("words") and line.get("unit")), None),
        "notices": list(notices_of(found.own.number)[:30]), "files": matters.own_files(found), "papers": papers,
        "offered": offered, "photos": forms.photos(), "looks": looks.looks(found), **more,
    }  # fmt: skip
