"""The weekly sheet, and the matters behind its figures."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import HttpResponse
from ninja import Query, Router

from onedoor.api import shaping
from onedoor.api.schemas.city import BehindFilter, SheetOut, WeekFilter
from onedoor.api.schemas.common import answers
from onedoor.api.schemas.matters import MatterPage
from onedoor.api.security import STAFF
from onedoor.appraisal import export
from onedoor.appraisal.queries import matters_behind, weekly_sheet
from onedoor.city.middleware import ActedRequest
from onedoor.kernel.access import access
from onedoor.kernel.paging import page
from onedoor.matters import policies
from onedoor.matters.queries import listed

router = Router(tags=["Figures · 通报"], auth=STAFF)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get(
    "/figures/weekly", response=answers(SheetOut, 400, 401, 404), by_alias=True, summary="The weekly sheet"
)
@access("staff")
def weekly(request: ActedRequest, wanted: Query[WeekFilter]) -> Any:
    """What units did in a week, with the meaning of every figure. Units with nothing due are listed apart."""
    return weekly_sheet(wanted.week, wanted.level, wanted.division).as_dict()


@router.get("/figures/weekly/matters", response=answers(MatterPage, 400, 401, 404), summary="Behind a figure")
@access("staff")
def behind(request: ActedRequest, wanted: Query[BehindFilter]) -> Any:
    """The matters that a figure counts, as far as the caller may see them; a figure may count more."""
    rows = matters_behind(
        wanted.week, wanted.level, wanted.row or None, wanted.column, wanted.part, wanted.division
    )
    seen = listed(policies.visible(request.actor).filter(pk__in=rows.values("pk")))
    held = page(seen, "-opened_at", cursor=wanted.cursor, limit=wanted.limit)
    return {"rows": [shaping.line(matter) for matter in held.rows], "next": held.next}


@router.get("/figures/weekly.xlsx", response={200: bytes}, summary="The weekly sheet as a workbook")
@access("staff")
def workbook(request: ActedRequest, wanted: Query[WeekFilter]) -> HttpResponse:
    """The same sheet as .xlsx, with its definitions."""
    sheet = weekly_sheet(wanted.week, wanted.level, wanted.division)
    held = BytesIO()
    export.write(sheet, held)
    response = HttpResponse(held.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="onedoor-{sheet.week}-{sheet.level}.xlsx"'
    return response
