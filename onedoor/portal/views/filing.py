"""Telling what happened: the form, what it suggests while one writes, and the receipt.

A filing is never lost for the sake of a photo: it is taken in first, then its files; what could not be kept is said on
the receipt. The form carries a key, so that sending it twice gives the same matter and the same receipt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from onedoor.city.queries import directory
from onedoor.intake import actions as door
from onedoor.intake.match import Filed
from onedoor.intake.rules import Report, cleaned
from onedoor.kernel import limits
from onedoor.kernel.access import access
from onedoor.kernel.actor import Actor
from onedoor.kernel.limits import Limit
from onedoor.kernel.problems import BadInput, FieldError, KeyReused, Problem
from onedoor.kernel.sealing import query_code
from onedoor.kernel.wording import pick
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from onedoor.portal import forms, proofs, wording
from onedoor.portal.queries.alike import alike
from onedoor.portal.queries.alike import filed as as_filed
from onedoor.portal.queries.matters import Filing, filing
from onedoor.portal.views.maps import versioned
from onedoor.portal.views.pages import keeps_days

SUGGESTIONS = Limit("suggestions by visitor", 400, 15)  # a form asks some dozen times while one writes
SHORTEST = 4  # characters of a story that are worth a suggestion
MOST_UNITS = 12
REPEATED = [
    FieldError(
        "key",
        "这张表单刚才已经提交过一次。如果这是另一件事，请再按一次“提交”。",
        "This form was sent once already. If this is another matter, press “Send” again.",
    )
]


@access("public")
def file(request: HttpRequest) -> HttpResponse:
    """The form; sent, it becomes a matter and leads to its receipt."""
    if request.method != "POST":
        return _form(request, {}, [], "")
    limits.spend((limits.FILING_BY_VISITOR, limits.visitor(request)))
    try:
        photos = forms.uploads(request.FILES.getlist("photos"))
        report = forms.report(request.POST, _same_as(request.POST))
        received = door.receive(Actor.resident(), report)
    except BadInput as problem:
        return _form(request, request.POST, _in_fields(problem), forms.once(request.POST), status=422)
    except KeyReused:
        return _form(request, request.POST, REPEATED, forms.new_key(), status=409)
    number = received.matter.number
    proofs.remember(request, number, fresh=True)
    if not received.matter.attachments.exists():
        _keep(request, number, photos)
    if request.POST.get("same_as"):
        _asked(request, number)
    return redirect("portal:filed", number)


def _form(
    request: HttpRequest, sent: Mapping[str, Any], errors: list[FieldError], key: str, status: int = 200
) -> HttpResponse:
    context = {
        "story": forms.story(), "photos": forms.photos(),
        "where": forms.where(versioned("outline"), versioned("grid")), "who": forms.who(),
        "declared": forms.declared(), "sent": sent, "errors": errors, "key": key, "days": keeps_days(),
    } | (_considered(sent) if sent else {})  # fmt: skip
    return render(request, "portal/file.html", context, status=status)


def _in_fields(problem: BadInput) -> list[FieldError]:
    """The errors at the fields of the form: what the door calls a person complained of, the form calls `about`."""
    named = {"about_person": "about", "lon": "address", "lat": "address", "title": "detail"}
    return [replace(error, field=named.get(error.field, error.field)) for error in problem.errors]


def _same_as(sent: Mapping[str, Any]) -> str:
    """The matter that she takes for the same, if it is one that she could be shown."""
    chosen = sent.get("same_as", "")
    if not chosen or chosen == forms.NOT_SAME:
        return ""
    return chosen if chosen in {item["number"] for item in _considered(sent).get("alike", ())} else ""


def _keep(request: HttpRequest, number: str, photos: list[tuple[str, bytes]]) -> None:
    """Attaches what came with the filing; what cannot be kept is said, and the filing stands."""
    for name, content in photos:
        try:
            matters.attach(Actor.resident(number), number, name, content)
        except Problem as problem:
            language = get_language() or "zh"
            said = (
                "; ".join(e.text(language) for e in problem.errors)
                if isinstance(problem, BadInput)
                else problem.text(language)
            )
            messages.warning(request, f"{name}: {said}")


@require_POST
@access("public")
def consider(request: HttpRequest) -> HttpResponse:
    """What the door makes of the form so far: what it is about, where, who would answer, who else said so."""
    limits.spend((SUGGESTIONS, limits.visitor(request)))
    return render(request, "portal/considered.html", {"sent": request.POST, **_considered(request.POST)})


def _considered(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What is suggested for a form; nothing while it says too little or something in it is wrong."""
    if len(sent.get("detail", "").strip()) < SHORTEST:
        return {}
    try:
        report = cleaned(forms.report(sent))
        found = door.consider(report, Actor.resident())
    except Problem:
        return {}
    limit = found.category.limits.get("act", {})
    return {
        "suggestions": _suggestions(found),
        "placed": found.placed,
        "place": wording.place(found.division_id, placed=found.placed),
        "outside": report.lon is not None and not (found.placed and found.why["place"]["by"] == "point"),
        "unit": wording.unit(found.unit_id),
        "span": wording.span(limit["span"]) if limit else {},
        "alike": alike(_as_filed(report, found)),
    }


def _suggestions(found: door.Considered) -> list[dict[str, Any]]:
    categories = directory().categories
    return [
        {"code": s.code, "title": wording.category_title(categories[s.code]), "reasons": [categories[s.code].about]}
        for s in found.suggestions if s.share > 0
    ]  # fmt: skip


def _as_filed(report: Report, found: door.Considered) -> Filed:
    return Filed(
        "", report.title, report.detail, found.category.code, found.division_id, report.lon, report.lat
    )


@require_GET
@access("public")
def units(request: HttpRequest) -> HttpResponse:
    """Names of units that hold what was typed, for the list under “whom is it about”."""
    typed = request.GET.get("about", "").strip()[:40].lower()
    language = get_language() or "zh"
    names = [pick(unit.title, language) for unit in directory().units.values()] if len(typed) > 1 else []
    found = [name for name in names if typed in name.lower()][:MOST_UNITS]
    return render(request, "portal/units.html", {"names": found})


@never_cache
@require_GET
@access("public")
def filed(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt of what was just filed here, with its query code. Raises NotProved."""
    if not proofs.filed_here(request, number):
        return redirect("portal:matter", number)
    found = filing(proofs.actor(request, number))
    context = {
        "found": found,
        "number": number,
        "code": query_code(number),
        "facts": _facts(found.own),
        "sms": _sms(number),
        "alike": [] if _was_asked(request, found) else alike(as_filed(found.own)),
    }
    return render(request, "portal/filed.html", context)


def _facts(matter: Matter) -> list[tuple[str, Any]]:
    return [
        (_("About"), wording.category(matter.category_id)),
        (_("Place"), wording.place(matter.division_id, placed=matter.placed)),
        (_("Who answers"), wording.unit(matter.unit_id)),
    ]


def _sms(number: str) -> str:
    """Number and code as she may send them to herself."""
    words = _(
        "OneDoor: number %(number)s, query code %(code)s. With both you follow it and say whether it is solved."
    )
    return words % {"number": number, "code": query_code(number)}


@require_POST
@access("public")
def same(request: HttpRequest, number: str) -> HttpResponse:
    """On the receipt she says whether a matter nearby is the same; the clerk reads it. Raises NotProved, NotFound."""
    found = filing(proofs.actor(request, number))
    chosen = request.POST.get("same_as", "")
    shown = {item["number"] for item in alike(as_filed(found.own))}
    if chosen in shown and not _was_asked(request, found):
        matters.note(found.actor, number, f"我反映的与 {chosen} 是同一件事。 · This is the same as {chosen}.")
        messages.success(request, _("Thank you. The reception looks at both and puts them together."))
    _asked(request, number)
    return redirect("portal:filed", number)


ASKED = "onedoor.asked_same"  # in the session: the numbers whose reporter was asked


def _asked(request: HttpRequest, number: str) -> None:
    request.session[ASKED] = [*request.session.get(ASKED, []), number][-proofs.MOST :]


def _was_asked(request: HttpRequest, found: Filing) -> bool:
    return found.joined or found.own.number in request.session.get(ASKED, ())
