"""Frozen scores: those of a group, one unit's with every reason, and the rows behind a figure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.board import objecting, scores, sheets
from onedoor.board.scores import Shown
from onedoor.city.middleware import ActedRequest
from onedoor.kernel.access import access


@access("staff")
def listing(request: ActedRequest) -> HttpResponse:
    """The newest snapshots in which the reader may see anything."""
    context = {"snapshots": scores.recent(request.actor), "waiting": len(objecting.waiting(request.actor))}
    return render(request, "board/scores.html", context)


@access("staff")
def group(request: ActedRequest, pk: int) -> HttpResponse:
    """The units of a group that the reader may see. Raises NotFound."""
    shown = scores.found(request.actor, pk)
    return render(request, "board/score_group.html", _frame(shown) | {"lines": scores.lines(shown)})


@access("staff")
def unit(request: ActedRequest, pk: int, unit: str) -> HttpResponse:
    """One unit's score, item by item, with the formula and the numbers of each. Raises NotFound."""
    shown = scores.found(request.actor, pk)
    [line] = [line for line in scores.lines(shown) if line["code"] == scores.score_of(shown, unit).unit]
    context = _frame(shown) | {"line": line, "items": scores.items(shown, unit), "peers": scores.peers(shown)}
    context |= objecting.standing(request.actor, shown, unit)
    return render(request, "board/score_unit.html", context)


@access("staff")
def behind(request: ActedRequest, pk: int, unit: str, code: str) -> HttpResponse:
    """The matters or records behind a figure, and what was left out of it. Raises NotFound."""
    shown = scores.found(request.actor, pk)
    scores.score_of(shown, unit)
    place, part = scores.place_of(shown, code), request.GET.get("part", "")
    found = scores.behind(request.actor, shown, unit, place, part)
    cells = (cell for item in scores.items(shown, unit) for cell in item["cells"])
    context = _frame(shown) | {
        "name": shown.name(unit),
        "back": shown.unit_url(unit),
        "cell": next((cell for cell in cells if cell["code"] == code), None),
        "title": place.part.title,
        "found": found,
        "most": scores.MOST,
        "as_of": datetime.fromisoformat(found.as_of),
        "columns": sheets.MATTER_COLUMNS,
        "tabs": scores.tabs(shown, unit, code, part if part in scores.TABS else ""),
    }
    return render(request, "board/score_behind.html", context)


def _frame(shown: Shown) -> dict[str, Any]:
    return {"shown": shown, "snapshot": shown.snapshot, "group": shown.group, "scheme": shown.scheme}
