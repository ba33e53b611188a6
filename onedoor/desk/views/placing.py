"""Corrections at the door: the place of a matter, its category, and the list of those with no place yet."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.city.tree import Node
from onedoor.desk import forms
from onedoor.desk.queries import lists
from onedoor.desk.queries.lists import Filters
from onedoor.desk.shown import choices, words
from onedoor.desk.views.refusing import said
from onedoor.intake import actions as door
from onedoor.intake.queries import door as indexes
from onedoor.kernel import paging
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, FieldError, NotNow
from onedoor.matters import policies
from onedoor.matters.models import Matter
from onedoor.matters.queries import LISTED

ROWS = 20
NOWHERE = FieldError(
    "division_id", "请选择一个地点，或在地图上点选", "choose a place, or press it on the map"
)
OUTSIDE = FieldError("lon", "此点不在任何网格内，请另选", "this point lies in no grid; choose another")


@access("desk.place")
def unplaced(request: ActedRequest) -> HttpResponse:
    """Filings with no place yet, each with the places its words may mean."""
    rows = lists.narrowed(request.actor, Filters(state="unplaced")).only(*LISTED, "detail", "address")
    found = paging.page(rows, "opened_at", cursor=request.GET.get("cursor", ""), limit=ROWS)
    shown = {"waiting": [_waiting(matter) for matter in found.rows], "next": found.next}
    return render(request, "desk/unplaced.html", shown)


def _waiting(matter: Matter) -> dict[str, Any]:
    return {
        "number": matter.number,
        "title": matter.title,
        "detail": matter.detail[:300],
        "address": matter.address,
        "channel": matter.channel,
        "opened_at": matter.opened_at,
        "next_due": matter.next_due,
        "category": words.category(matter.category_id),
        "candidates": [choices.place(node) for node in candidates(matter)],
        "url": reverse("desk:matter", args=[matter.number]),
        "place_url": reverse("desk:locate", args=[matter.number]),
    }


def candidates(matter: Matter) -> list[Node]:
    """The places that the words of a filing may mean, best first."""
    held = indexes()
    named = held.gazetteer.find(f"{matter.title} {matter.detail[: door.READ]}", address=matter.address)
    if named is None:
        return []
    codes = named.candidates or ((named.code,) if named.code else ())
    return [held.places.by_code[code] for code in codes if code in held.places.by_code][:6]


@access("desk.place")
def locate(request: ActedRequest, number: str) -> HttpResponse:
    """Says where a matter lies: by a candidate, a division's name, or a point on the map."""
    matter = policies.reach(request.actor, number)
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            division_id, point = _chosen(request)
            sent = request.POST
            door.place(
                request.actor,
                number,
                division_id,
                sent.get("reason", ""),
                point=point,
                address=sent.get("address"),
            )
        except (BadInput, NotNow) as problem:
            errors = said(problem)
        else:
            messages.success(request, _("The place is set, and the matter routed from there."))
            return _back(request, number)
    shown = {
        "matter": matter,
        "candidates": [choices.place(node) for node in candidates(matter)],
        "now": tree().full_name(matter.division_id),
        "form": [
            {"name": "address", "kind": "place", "label": _("Where"), "value": matter.address, "map": _map(matter)}
        ],
        "values": request.POST or _where(matter),
        "reason": forms.REMARK,
        "errors": errors,
    }  # fmt: skip
    return render(request, "desk/locate.html", shown, status=422 if errors else 200)


def _where(matter: Matter) -> dict[str, str]:
    """The point of a matter, as finely as it means something (six decimals are ten centimetres)."""
    return {"lon": f"{matter.lon:.6f}", "lat": f"{matter.lat:.6f}"} if matter.lon is not None else {}


def _map(matter: Matter) -> dict[str, str]:
    code = tree().county(matter.division_id).code
    return {
        "grids": reverse("desk:land", args=[code]),
        "outline": reverse("desk:outline", args=[code]),
    }


def _chosen(request: ActedRequest) -> tuple[int, door.Point | None]:
    """The division chosen, or the grid of the point that was pressed; and that point. Raises BadInput."""
    sent = request.POST.get("division_id", "")
    lon, lat = forms.coordinates(request.POST)
    point = None if lon is None or lat is None else (lon, lat)
    if sent.isascii() and sent.isdigit():
        return int(sent), point
    if point is None:
        raise BadInput([NOWHERE])
    found = indexes().grids.locate(*point)
    if found is None:
        raise BadInput([OUTSIDE])
    return tree().by_code[found.code].id, point


def _back(request: ActedRequest, number: str) -> HttpResponse:
    """To the list where one came from it, else to the matter; home where it is out of sight now."""
    back = request.POST.get("back", "")
    if back in ("unplaced", "unsure"):
        return redirect(f"desk:{back}")
    visible = policies.visible(request.actor).filter(number=number).exists()
    return redirect("desk:matter", number) if visible else redirect("desk:home")


@access("desk.place")
def correct(request: ActedRequest, number: str) -> HttpResponse:
    """Corrects the category before anybody has acted."""
    matter = policies.reach(request.actor, number)
    errors: list[FieldError] = []
    if request.method == "POST":
        sent = request.POST
        try:
            code = sent.get("category_other") or sent.get("category", "")
            door.reclassify(request.actor, number, code, sent.get("reason", ""))
        except (BadInput, NotNow) as problem:
            errors = said(problem)
        else:
            messages.success(request, _("The category is corrected, and the matter routed by it."))
            return _back(request, number)
    suggested = indexes().classifier.suggest(matter.title, matter.detail)
    shown = {
        "matter": matter,
        "now": words.category(matter.category_id),
        "suggested": [_suggestion(s.code, s.why) for s in suggested],
        "form": [
            {"name": "category_other", "kind": "category", "label": _("Another category"),
             "options": choices.categories()},
            forms.REASON | {"required": False},
        ],
        "values": request.POST,
        "errors": errors,
    }  # fmt: skip
    return render(request, "desk/correct.html", shown, status=422 if errors else 200)


def _suggestion(code: str, why: dict[str, str]) -> dict[str, Any]:
    held = indexes().directory.categories.get(code)
    return {"value": code, "label": words.category(held.pk) if held else code, "reasons": [why]}
