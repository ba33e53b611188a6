"""The city in figures: the weekly sheet for everybody, each figure with how it is counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onedoor.appraisal.queries import weekly_sheet
from onedoor.appraisal.rules import BY_KEY, COLUMNS, FEW, Cell, Column, Row, Sheet, Week
from onedoor.board import queries
from onedoor.city.queries import tree
from onedoor.kernel import time
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput
from onedoor.kernel.wording import percent
from onedoor.matters.models import Matter

KEPT = 300  # seconds for which a sheet that many people look at is not made anew
HEAD = ("received", "answered_in_time", "solved", "satisfied", "reopened", "overdue")
TABLE = ("received", "accepted_in_time", "answered_in_time", "solved", "satisfied", "reopened", "overdue")


@access("public")
def figures(request: HttpRequest) -> HttpResponse:
    """The page of one week: of the city by county, or with `?county=` of one county by unit. Raises NotFound."""
    week, county = _week(request), request.GET.get("county", "")
    sheet = _sheet(str(week), "unit", county) if county else _sheet(str(week), "county", "")
    last = Week.of(time.now())
    context = {
        "sheet": sheet,
        "week": week,
        "earlier": str(week.moved(-1)),
        "later": str(week.moved(1)) if week < last else "",
        "county": county,
        "crumbs": [(_("City in figures"), f"{reverse('board:figures')}?week={week}")],
        "figures": [_figure(BY_KEY[key], sheet.total.cells[key]) for key in HEAD],
        "columns": _columns(_("Unit") if county else _("Place")),
        "rows": [_row(row) for row in sheet.rows],
        "formulas": COLUMNS,
        "few": FEW,
        "bars": _about(week, county),
    }  # fmt: skip
    return render(request, "board/figures.html", context)


def _columns(first: str) -> list[dict[str, Any]]:
    return [{"title": first}, *({"title": BY_KEY[key], "kind": "number"} for key in TABLE)]


def _week(request: HttpRequest) -> Week:
    """The week asked for, not later than this one; the last whole one where none is, or none that can be read."""
    this = Week.of(time.now())
    try:
        return min(Week.parse(request.GET.get("week", "")), this)
    except BadInput:
        return this.moved(-1)


def _sheet(week: str, level: Any, division: str) -> Sheet:
    name = f"sheet/{tree().profile.key}/{tree().revision}/{week}/{level}/{division}"
    return queries.kept(name, KEPT, lambda: weekly_sheet(week, level, division or None))


def _figure(column: Column, cell: Cell) -> dict[str, Any]:
    """As the `figure` component takes it."""
    shown: dict[str, Any] = {"label": column, "value": _value(cell), "share": None, "note": ""}
    if cell.of is not None:
        shown["note"] = _("%(n)s of %(of)s") % {"n": f"{cell.count:,}", "of": f"{cell.of:,}"}
        shown["share"] = round(100 * cell.share) if cell.share is not None else None
    return shown


def _value(cell: Cell) -> str:
    return f"{cell.count:,}" if cell.of is None else percent(cell.share, get_language() or "en")


def _row(row: Row) -> dict[str, Any]:
    cells = [(BY_KEY[key], row.cells[key]) for key in TABLE]
    return {
        "code": row.code,
        "name": {"zh": row.name, "en": row.name_en or row.name},
        "cells": [
            {"title": column, "value": _value(cell), "few": cell.few,
             "out_of": f"{cell.count:,} / {cell.of:,}" if cell.of else ""}
            for column, cell in cells
        ],
    }  # fmt: skip


def _about(week: Week, county: str) -> list[dict[str, Any]]:
    """What people brought in the week, by family of categories."""
    rows = Matter.objects.filter(opened_at__gte=week.begins, opened_at__lt=week.ends)
    if county:
        rows = queries.within(rows, queries.place(county))
    return queries.bars(queries.by_family(rows), public=True, most=12)
