"""The city as everybody may know it: categories, divisions, units, and where a point lies."""

from __future__ import annotations

from typing import Any

from ninja import Query, Router

from onedoor.api import queries, shaping
from onedoor.api.schemas.city import (
    CategoryOut,
    DivisionFilter,
    DivisionPage,
    Located,
    LocateFilter,
    UnitFilter,
    UnitPage,
)
from onedoor.api.schemas.common import answers
from onedoor.city.middleware import ActedRequest
from onedoor.city.models import Division, Unit
from onedoor.city.queries import directory, standing, subtree
from onedoor.city.tree import tree
from onedoor.intake.queries import door
from onedoor.kernel.access import access
from onedoor.kernel.paging import page
from onedoor.kernel.problems import BadInput
from onedoor.matters.queries import at_the_door

router = Router(tags=["The city · 城市"])


@router.get("/categories", response=answers(list[CategoryOut]), summary="What matters can be about")
@access("public")
def categories(request: ActedRequest) -> Any:
    """The catalogue: families and their categories, with who answers and the time limits with their sources."""
    held = directory()
    parents = {category.pk: category.code for category in held.categories.values()}
    return [
        {
            "code": category.code,
            "parent": parents.get(category.parent_id or 0),
            "title": category.title,
            "about": category.about or None,
            "can_be_filed": at_the_door(category),
            "confidential": category.confidential,
            "competent": category.competent,
            "limits": category.limits,
        }
        for category in sorted(held.categories.values(), key=lambda category: category.code)
    ]


@router.get("/divisions", response=answers(DivisionPage, 400, 404), summary="The tree of places")
@access("public")
def divisions(request: ActedRequest, wanted: Query[DivisionFilter]) -> Any:
    """Divisions and grids that stand today, by code: all, those of a level, or the children of one."""
    rows = Division.objects.filter(standing())
    if wanted.parent:
        rows = rows.filter(parent_id=queries.division_by_code(wanted.parent))
    if wanted.level:
        rows = rows.filter(level=wanted.level)
    held = page(rows.select_related("parent"), "code", cursor=wanted.cursor, limit=wanted.limit)
    children = tree().children
    shown = [
        {
            "code": row.code,
            "name": row.name,
            "level": row.level,
            "parent": row.parent.code if row.parent else None,
            "kind": row.kind,
            "has_children": bool(children.get(row.pk)),
        }
        for row in held.rows
    ]
    return {"rows": shown, "next": held.next}


@router.get("/units", response=answers(UnitPage, 400, 404), summary="Who answers in the city")
@access("public")
def units(request: ActedRequest, wanted: Query[UnitFilter]) -> Any:
    """Units that answer today, by code: all, those of a kind, or those in and below a division."""
    rows = Unit.objects.filter(standing())
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.division:
        rows = rows.filter(division_id__in=subtree({queries.division_by_code(wanted.division)}))
    held = page(rows.select_related("division"), "code", cursor=wanted.cursor, limit=wanted.limit)
    shown = [
        {
            "id": row.pk,
            "code": row.code,
            "name": row.name,
            "name_en": row.name_en,
            "kind": row.kind,
            "division": row.division.code,
            "phone": row.phone,
        }
        for row in held.rows
    ]
    return {"rows": shown, "next": held.next}


@router.get("/locate", response=answers(Located, 400), summary="Where something lies")
@access("public")
def locate(request: ActedRequest, wanted: Query[LocateFilter]) -> Any:
    """The grid of a point, or the division that words name; where several fit and nothing decides, all of them."""
    if wanted.text:
        return _by_words(wanted.text)
    if wanted.lon is None or wanted.lat is None:
        raise BadInput.of("lon", "请给出经纬度或文字地址", "give lon and lat, or text")
    lon, lat = queries.in_wgs84(wanted.lon, wanted.lat, wanted.datum)
    found = door().grids.locate(lon, lat) if lon is not None and lat is not None else None
    node = tree().by_code.get(found.code) if found else None
    why = {"zh": "坐标落在此网格内", "en": "the point lies in this grid"} if node else {
        "zh": "坐标不在本市任何网格内", "en": "the point lies in no grid of this city"
    }  # fmt: skip
    return {
        "place": shaping.place_ref(node.id) if node else None,
        "lon": lon,
        "lat": lat,
        "candidates": [],
        "why": why,
    }


def _by_words(text: str) -> dict[str, Any]:
    found = door().gazetteer.find(text)
    if found is None:
        why = {"zh": "文字中没有已知地名", "en": "the words name no place that is known"}
        return {"place": None, "lon": None, "lat": None, "candidates": [], "why": why}
    by_code = tree().by_code
    return {
        "place": shaping.place_ref(by_code[found.code].id) if found.code in by_code else None,
        "lon": None,
        "lat": None,
        "candidates": [shaping.place_ref(by_code[code].id) for code in found.candidates if code in by_code],
        "why": found.why,
    }
