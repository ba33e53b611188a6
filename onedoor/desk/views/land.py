"""The land below one place, for the pin of a filing and the small map of a matter. Kept by revision of the city."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from django.http import HttpResponse, JsonResponse

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.city.rules import Role
from onedoor.city.shapes import Shape, shapes
from onedoor.kernel.access import access
from onedoor.kernel.problems import NotFound
from onedoor.matters import policies

AN_HOUR = 3600
KEPT = 64  # places


@access("staff")
def grids(request: ActedRequest, code: str) -> HttpResponse:
    """The grids below a place as GeoJSON; where there are none, the deepest places with outlines."""
    return _answer(code, "grids")


@access("staff")
def outline(request: ActedRequest, code: str) -> HttpResponse:
    """The counties and townships at and below a place, whose names the map writes."""
    return _answer(code, "outline")


@access("staff")
def point(request: ActedRequest, number: str) -> HttpResponse:
    """Where one matter lies, as GeoJSON."""
    matter = policies.reach(request.actor, number)
    where = {"type": "Point", "coordinates": [matter.lon, matter.lat]}
    feature = {"type": "Feature", "geometry": where, "properties": {"title": matter.title, "tone": "late"}}
    found = {"type": "FeatureCollection", "features": [feature] if matter.lon is not None else []}
    return JsonResponse(found, content_type="application/geo+json")


def _answer(code: str, what: str) -> HttpResponse:
    if code not in tree().by_code:
        raise NotFound(what=code)
    response = HttpResponse(_written(tree().revision, code, what), content_type="application/geo+json")
    response["Cache-Control"] = f"private, max-age={AN_HOUR}"
    return response


@lru_cache(maxsize=KEPT)
def _written(revision: int, code: str, what: str) -> bytes:
    """The collection as bytes; `revision` names the city it was drawn from."""
    found = _grids(code) if what == "grids" else _outline(code)
    return f'{{"type":"FeatureCollection","features":[{",".join(found)}]}}'.encode()


def _grids(code: str) -> Iterable[str]:
    top = tree().by_code[code].id
    roles: tuple[Role, ...] = ("grid", "village", "township", "county")
    for role in roles:
        if found := [shape for shape in shapes(role) if top in shape.node.path]:
            return [_feature(shape, role) for shape in found]
    return []


def _outline(code: str) -> Iterable[str]:
    node = tree().by_code[code]
    roles: tuple[Role, ...] = ("county", "township")
    return [
        _feature(shape, role) for role in roles for shape in shapes(role)
        if node.id in shape.node.path or shape.node.id in node.path
    ]  # fmt: skip


def _feature(shape: Shape, level: str) -> str:
    told = json.dumps({"code": shape.node.code, "name": shape.node.name, "level": level}, ensure_ascii=False)
    return f'{{"type":"Feature","properties":{told},"geometry":{shape.geometry}}}'
