"""Taking in a matter at the counter or on the telephone, with what the door makes of it while one types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import directory, tree
from onedoor.desk import forms
from onedoor.desk.queries.alike import similar
from onedoor.desk.shown import choices, words
from onedoor.desk.views.papers import take_files
from onedoor.desk.views.refusing import said
from onedoor.intake import actions as door
from onedoor.intake.actions import Considered
from onedoor.intake.match import Filed
from onedoor.intake.queries import door as indexes
from onedoor.intake.rules import Report, cleaned
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, FieldError, KeyReused, NotAllowed, NotNow, Problem
from onedoor.kernel.sealing import query_code
from onedoor.kernel.wording import moment
from onedoor.matters import actions, policies, procedures
from onedoor.matters.actions.joining import JOINED
from onedoor.matters.models import Matter

TAKEN, REMEMBERED = "taken", 20  # the numbers that this session took in: only their receipts can be printed
ALIKE = 3  # filings shown while one types; the matter's page shows all
ENOUGH = 4  # characters before the door thinks about it


@access("desk.door")
def take_in(request: ActedRequest) -> HttpResponse:
    """The form, and taking in what it says."""
    if request.method != "POST":
        return _form(request, {}, [])
    try:
        received = door.receive(request.actor, forms.report(request.POST))
    except (BadInput, NotNow, KeyReused) as problem:
        return _form(request, request.POST, said(problem))
    number = received.matter.number
    if not received.repeated:
        take_files(request, number)
        _join(request, number)
    request.session[TAKEN] = [*request.session.get(TAKEN, []), number][-REMEMBERED:]
    return redirect("desk:receipt", number)


def _join(request: ActedRequest, number: str) -> None:
    """Joins the new filing to the one it repeats, where the clerk said so; what stands in the way is said."""
    master = request.POST.get("master", "")
    if not master:
        return
    try:
        actions.join(request.actor, number, master, "")
    except Problem as problem:
        messages.warning(request, problem.text(get_language() or "en"))


def _form(request: ActedRequest, values: Any, errors: list[FieldError]) -> HttpResponse:
    units, counter = choices.all_units(), request.actor.holds("clerk", "coordinator")
    declared = forms.take_in(forms.COUNTER if counter else forms.ON_THE_ROUND, units)
    channels = declared["channel"]["options"]
    first = request.GET.get("channel") if request.GET.get("channel") in channels else next(iter(channels))
    declared["channel"] = {**declared["channel"], "value": first}
    declared["address"] = {**declared["address"], "map": _map(request)}
    thoughts = _thoughts(request) if values else None
    shown = {
        "fields": declared,
        "form": list(declared.values()),
        "values": values,
        "errors": errors,
        "categories": choices.categories(),
        "thoughts": thoughts,
        "on_the_round": not counter,
    }
    return render(request, "desk/take_in.html", shown, status=422 if errors else 200)


def _map(request: ActedRequest) -> dict[str, str]:
    """The land of the actor's own county, for the pin."""
    places = tree()
    near = next(
        (reach.division_id for reach in request.actor.reaches if reach.division_id in places.nodes), None
    )
    code = (places.county(near) if near else places.root).code
    return {"grids": reverse("desk:land", args=[code]), "outline": reverse("desk:outline", args=[code])}


@require_POST
@access("desk.door")
def consider(request: ActedRequest) -> HttpResponse:
    """What the door makes of the words typed so far."""
    return render(
        request, "desk/thoughts.html", {"thoughts": _thoughts(request), "categories": choices.categories()}
    )


def _thoughts(request: ActedRequest) -> dict[str, Any] | None:
    """Category, place, unit and filings alike, each with its reasons; None while there is too little to go by."""
    try:
        report = cleaned(forms.report(request.POST))
        if len(report.detail or report.title) < ENOUGH:
            return None
        found = door.consider(report, request.actor)
    except Problem as problem:
        return {"problem": problem} if not isinstance(problem, BadInput) else None
    return {
        "place": _place(found),
        "categories": _categories(report, found),
        "chosen": report.category,
        "sure": found.sure,
        "accept": tree().profile.triage.accept,
        "picked": request.POST.get("category_other", ""),
        "category": words.category(found.category.pk),
        "limit": words.span(found.category.limits["act"]["span"]) if "act" in found.category.limits else None,
        "confidential": found.category.confidential,
        "unit": words.unit(found.unit_id),
        "unit_phone": directory().units[found.unit_id].phone,
        "unit_why": found.why["route"],
        "alike": [_alike(item) for item in similar(request.actor, _filed(report, found))[:ALIKE]],
        "master": request.POST.get("master", ""),
    }


def _place(found: Considered) -> dict[str, Any]:
    why = found.why["place"]
    return {
        "name": tree().full_name(found.division_id) if found.placed else "",
        "placed": found.placed,
        "why": {"zh": why.get("zh", ""), "en": why.get("en", "")},
        "near": tree().full_name(found.division_id),
        "candidates": [] if found.placed else [choices.place(node) for node in _meant(found.report)],
        "chosen": found.report.division_code,
    }


def _meant(report: Report) -> list[Any]:
    held = indexes()
    named = held.gazetteer.find(f"{report.title} {report.detail[: door.READ]}", address=report.address)
    return [held.places.by_code[code] for code in named.candidates[:6]] if named else []


def _categories(report: Report, found: Considered) -> list[dict[str, Any]]:
    """What the words speak for, and what the clerk chose where that is something else."""
    shown = [_category(s.code, [s.why], f"{s.share:.0%}", found) for s in found.suggestions]
    if report.category and report.category not in [s.code for s in found.suggestions]:
        shown.append(_category(report.category, [], "", found))
    return shown


def _category(code: str, reasons: list[dict[str, str]], aside: str, found: Considered) -> dict[str, Any]:
    held = directory().categories[code]
    return {
        "value": code,
        "title": words.category(held.pk),
        "reasons": reasons,
        "aside": aside,
        "chosen": held.pk == found.category.pk,
    }


def _filed(report: Report, found: Considered) -> Filed:
    return Filed(
        "", report.title, report.detail, found.category.code, found.division_id, report.lon, report.lat
    )


def _alike(item: Any) -> dict[str, Any]:
    return {
        "number": item.matter.number,
        "title": item.matter.title,
        "reasons": [item.why.why],
        "state": words.state(item.matter),
        "url": reverse("desk:matter", args=[item.matter.number]),
    }


@never_cache
@access("desk.door")
def receipt(request: ActedRequest, number: str) -> HttpResponse:
    """Number and query code for who reported it: only in the session that took it in, and until it is taken up."""
    matter = policies.reach(request.actor, number)
    untouched = matter.state in (procedures.of(matter).opens.state, JOINED)
    if number not in request.session.get(TAKEN, []) or not untouched:
        raise NotAllowed(what=_("the receipt, once the matter is being handled"))
    code = query_code(number)
    shown = {"matter": matter, "code": f"{code[:4]}-{code[4:]}", "facts": _receipt_facts(matter)}
    return render(request, "desk/receipt.html", shown)


def _receipt_facts(matter: Matter) -> list[tuple[Any, Any]]:
    unit = directory().units.get(matter.unit_id)
    language, now = get_language() or "en", localtime(matter.opened_at)
    facts: list[tuple[Any, Any]] = [
        (_("Came in"), moment(now, language, now.date())),
        (_("Category"), words.category(matter.category_id)),
        (_("Place"), words.place(matter.division_id, placed=matter.placed)),
        (_("Answers for it"), words.unit(matter.unit_id)),
    ]
    if unit and unit.phone:
        facts.append((_("Telephone"), unit.phone))
    if matter.master_id:
        facts.append((_("Handled with"), matter.master.number if matter.master else ""))
    return facts
