"""Are the figures honest? The report of a period, and the matters behind each figure."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from onedoor.appraisal.integrity.figures import FIGURES
from onedoor.board import doubts, sheets
from onedoor.city.middleware import ActedRequest
from onedoor.kernel.access import access


@access("board.supervise")
def listing(request: ActedRequest) -> HttpResponse:
    """The report of a month, or of any period asked for. Raises BadInput, NotFound where there is no lake."""
    months = doubts.months()
    period = request.GET.get("period") or months[0]
    found, held = doubts.report(period), doubts.sight(request.actor)
    offered = months if period in months else [period, *months]
    options = [{"value": month, "label": month, "chosen": month == period} for month in offered]
    context = {
        "period": period, "controls": [{"name": "period", "label": "", "options": options}], "figures": FIGURES,
        "rows": list(doubts.rows(found, held)), "silences": list(doubts.silences(found, held)),
    }  # fmt: skip
    return render(request, "board/integrity.html", context)


@access("board.supervise")
def behind(request: ActedRequest, period: str, key: str, unit: str) -> HttpResponse:
    """The matters that one figure of a unit counts. Raises NotFound, BadInput."""
    found = doubts.behind(request.actor, period, key, unit)
    context = {"period": period, "found": found, "columns": sheets.MATTER_COLUMNS}
    return render(request, "board/integrity_behind.html", context)
