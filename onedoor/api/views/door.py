"""The door while somebody still writes: what it may be about, where, who would answer, who said the same."""

from __future__ import annotations

from typing import Any

from ninja import Router

from onedoor.api import queries, shaping
from onedoor.api.schemas.city import Suggested, SuggestIn
from onedoor.api.schemas.common import answers
from onedoor.api.security import STAFF
from onedoor.city.middleware import ActedRequest
from onedoor.intake.actions import consider
from onedoor.intake.match import Filed
from onedoor.intake.queries import nearby
from onedoor.intake.rules import Report, cleaned
from onedoor.kernel.access import access
from onedoor.matters import policies

router = Router(tags=["Staff: read · 工作人员:查看"], auth=STAFF)


@router.post("/suggest", response=answers(Suggested, 400, 401, 409), summary="What the door would make of it")
@access("staff")
def suggest(request: ActedRequest, written: SuggestIn) -> Any:
    """Locates, classifies, routes and matches what is being written, and opens nothing."""
    lon, lat = queries.in_wgs84(written.lon, written.lat, written.datum)
    given = written.model_dump(include={"title", "detail", "address", "category"})
    report = cleaned(
        Report(**given, lon=lon, lat=lat, about_unit=queries.unit_named("about_unit", written.about_unit))
    )
    thought = consider(report, request.actor)
    filed = Filed(
        "", report.title, report.detail, thought.category.code, thought.division_id, report.lon, report.lat
    )
    alike = nearby(filed, policies.sight(request.actor))
    return {
        "suggestions": [shaping.guess(found) for found in thought.suggestions],
        "place": shaping.place_ref(thought.division_id) if thought.placed else None,
        "place_why": thought.why["place"],
        "unit": shaping.unit_ref(thought.unit_id),
        "unit_why": thought.why["route"],
        "alike": [shaping.alike(found, numbered=True) for found in alike],
    }
