"""Who answers for my grid."""

from __future__ import annotations

import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from onedoor.kernel.access import access
from onedoor.portal import forms
from onedoor.portal.queries import grids
from onedoor.portal.views.maps import versioned


@access("public")
def grid(request: HttpRequest) -> HttpResponse:
    """By a point, by words or by its code: the grid, its area, and who answers for it."""
    context: dict[str, Any] = {"field": _field(), "sent": request.GET, "found": None, "choices": []}
    code, words = request.GET.get("code", ""), request.GET.get("address", "").strip()
    lon, lat = (_degrees(request.GET.get(name, "")) for name in ("lon", "lat"))
    node = grids.by_code(code)
    if node is not None:
        context["found"] = grids.of(node)
    elif lon is not None and lat is not None:
        context["found"] = grids.at(lon, lat)
        context["outside"] = context["found"] is None
    if words and context["found"] is None:
        context["place"], context["choices"] = grids.named(words)
        context["unknown"] = not context["choices"]
        if len(context["choices"]) == 1:
            context["found"] = grids.of(context["choices"][0])
    return render(request, "portal/grid.html", context)


def _field() -> dict[str, Any]:
    held = forms.where(versioned("outline"), versioned("grid"))
    return held | {
        "label": _("Where do you live, or where is it?"),
        "help": _("Tap the map, let your phone say where you are, or write the village or community."),
    }


def _degrees(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
