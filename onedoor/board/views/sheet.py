"""The weekly sheet for those who lead, its file, and the matters behind every figure."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onedoor.appraisal import export
from onedoor.appraisal.queries import weekly_sheet
from onedoor.appraisal.rules import BY_KEY, COLUMNS, FEW, Sheet
from onedoor.board import sheets
from onedoor.board.sheets import Asked
from onedoor.board.views.files import XLSX, attachment
from onedoor.city.middleware import ActedRequest
from onedoor.kernel import paging
from onedoor.kernel.access import access
from onedoor.kernel.problems import NotFound
from onedoor.kernel.wording import pick


def _sheet(asked: Asked) -> Sheet:
    return weekly_sheet(asked.week, asked.level, asked.county or None)


@access("board.lead")
def sheet(request: ActedRequest) -> HttpResponse:
    """The sheet of a week: those with something due, all together, and apart those with nothing due."""
    asked = Asked.read(request.GET)
    made = _sheet(asked)
    context = {
        "asked": asked,
        "sheet": made,
        "columns": COLUMNS,
        "few": FEW,
        "lines": sheets.lines(asked, made.rows),
        "total": sheets.line(asked, made.total),
        "apart": sheets.lines(asked, made.apart),
        "download": asked.url("board:sheet_xlsx"),
        **sheets.choices(asked),
    }
    return render(request, "board/sheet.html", context)


@access("board.lead")
def sheet_xlsx(request: ActedRequest) -> HttpResponse:
    """The same sheet as a workbook."""
    made = _sheet(Asked.read(request.GET))
    target = BytesIO()
    export.write(made, target)
    return attachment(target.getvalue(), XLSX, sheets.filename(made))


@access("board.lead")
def figure(request: ActedRequest) -> HttpResponse:
    """The matters behind one figure: those the reader may see, and the count of the rest. Raises NotFound."""
    asked = Asked.read(request.GET)
    column = BY_KEY.get(request.GET.get("column", ""))
    if column is None:
        raise NotFound(what=_("a column of the weekly sheet"))
    row, part = request.GET.get("row", ""), request.GET.get("part", "all")
    found = sheets.behind(request.actor, asked, column.key, row, part)
    page = paging.page(found.rows, "-opened_at", cursor=request.GET.get("cursor", ""))
    held = {name: value for name, value in request.GET.items() if value and name != "cursor"}
    context = {
        "asked": asked,
        "column": column,
        "whose": pick(sheets.name_of(asked, row), get_language() or "en"),
        "tabs": sheets.tabs(asked, column, row, part),
        "found": found,
        "rows": list(sheets.shown(page.rows)),
        "columns": sheets.MATTER_COLUMNS,
        "more_url": f"{request.path}?{urlencode(held | {'cursor': page.next})}" if page.next else "",
        "back": asked.url(),
    }
    return render(request, "board/figure.html", context)
