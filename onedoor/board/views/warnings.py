"""Early warnings: the list and the map of a day, those of one place, and the matters behind each."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.board import queries, sheets, warned
from onedoor.board.views import asking
from onedoor.city.middleware import ActedRequest
from onedoor.kernel.access import access


@access("board.lead")
def listing(request: ActedRequest) -> HttpResponse:
    """The warnings of a day, the newest unless another is asked for. Raises NotFound."""
    day = request.GET.get("day", "")
    held = warned.found(day) if day else warned.newest()
    context: dict[str, Any] = {"held": held}
    if held:
        context |= {
            "cards": warned.cards(held),
            "coming": warned.coming(held),
            "quality": held.told["quality"],
            "controls": warned.choices(held),
            "shapes": asking.versioned(held.level),
            "outline": asking.versioned("outline"),
            "counts": f"{reverse('board:warning_counts')}?day={held.day}",
        }
    return render(request, "board/warnings.html", context)


@access("board.lead")
def counts(request: ActedRequest) -> HttpResponse:
    """Warnings by the code of a place, for the map. Raises NotFound."""
    day = request.GET.get("day", "")
    held = warned.found(day) if day else warned.newest()
    url = reverse("board:warning_place", args=[held.day if held else "none", asking.PLACE])
    response = asking.as_counts(warned.counts(held), url)
    response["Cache-Control"] = "private, no-store"
    return response


@access("board.lead")
def place(request: ActedRequest, day: str, code: str) -> HttpResponse:
    """The warnings of one place, beside the map. Raises NotFound."""
    node = queries.place(code)
    context = {"node": node, "cards": warned.cards(warned.found(day), code)}
    return render(request, "board/warning_place.html", context)


@access("board.lead")
def warning(request: ActedRequest, day: str, key: str) -> HttpResponse:
    """One warning, with the matters behind it that the reader may see. Raises NotFound."""
    held = warned.found(day)
    alert = warned.one(held, key)
    rows, unseen = warned.matters(request.actor, alert)
    context = {
        "held": held, "card": warned.card(held, alert), "rows": rows, "unseen": unseen,
        "columns": sheets.MATTER_COLUMNS,
    }  # fmt: skip
    return render(request, "board/warning.html", context)
