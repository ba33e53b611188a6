"""GeoReport v2: services and requests, as the Open311 specification has them (JSON only)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Form, Header, Path, Query, Router

from onedoor.api import policies, shaping
from onedoor.api.schemas.common import FIRST_DAY, LAST_DAY, VISIBLE
from onedoor.api.schemas.georeport import (
    GeoReportFault,
    RequestFilter,
    RequestIn,
    RequestOut,
    RequestTaken,
    ServiceDefinition,
    ServiceOut,
)
from onedoor.api.security import OPEN, act_as
from onedoor.city.middleware import ActedRequest
from onedoor.city.models import Category
from onedoor.city.queries import directory
from onedoor.city.tree import tree
from onedoor.intake import actions as intake
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.access import access
from onedoor.kernel.paging import MOST, page
from onedoor.kernel.problems import BadInput, NotFound, NotSignedIn
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.models import Matter

router = Router(tags=["GeoReport v2 · 公开事件"])
DEFAULT_DAYS = 90  # of the specification
ABOUT_TEN_METRES = 4  # decimals of a degree

JURISDICTION = Query("", max_length=40, description="Key of this city; may be left out, for there is one.")


def answers(given: Any, *faults: int) -> dict[int, Any]:
    """The responses of a call, its errors as GeoReport spells them."""
    return {200: given} | dict.fromkeys(faults, list[GeoReportFault])


@router.get("/discovery.json", summary="What is here", response=answers(dict[str, Any]))
@access("public")
def discovery(request: HttpRequest) -> Any:
    """The service discovery document: where the API is, in which format, for which city."""
    home = request.build_absolute_uri(reverse("georeport:api-root"))
    key, title = tree().profile.key, tree().profile.title
    return {
        "changeset": "2026-11-23T00:00:00+08:00",
        "contact": f"{title.zh} · {title.en}",
        "key_service": "Ask the city's administrator for a key.",
        "jurisdiction_id": key,
        "datum": "WGS84",
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": home.rstrip("/"),
                "changeset": "2026-11-23T00:00:00+08:00",
                "type": "production",
                "formats": ["application/json"],
            }
        ],
    }


@router.get("/services.json", response=answers(list[ServiceOut], 404), summary="Services")
@access("public")
def services(request: HttpRequest, jurisdiction_id: str = JURISDICTION) -> Any:
    """The kinds of request that are taken: matters about public places, that a grid worker goes and looks at."""
    _here(jurisdiction_id)
    return [_service(category) for category in policies.public_categories().values()]


@router.get("/services/{code}.json", response=answers(ServiceDefinition, 404), summary="A service")
@access("public")
def service(
    request: HttpRequest,
    code: str = Path(..., max_length=60, pattern=VISIBLE, description="Code of the service."),
    jurisdiction_id: str = JURISDICTION,
) -> Any:
    """The service's definition: no attributes are asked."""
    _here(jurisdiction_id)
    return {"service_code": _category(code).code, "attributes": []}


@router.get("/requests.json", response=answers(list[RequestOut], 400, 404), summary="Requests")
@access("public")
def requests(
    request: HttpRequest,
    response: HttpResponse,
    wanted: Query[RequestFilter],
    jurisdiction_id: str = JURISDICTION,
) -> Any:
    """Published requests, the newest first; where there are more, the header `Link` leads on."""
    _here(jurisdiction_id)
    held = page(policies.published().filter(_meant(wanted)).select_related("master"), "-opened_at",
                cursor=wanted.cursor, limit=MOST)  # fmt: skip
    if held.next:
        asked = {key: value for key, value in request.GET.items() if key != "cursor"} | {"cursor": held.next}
        response["Link"] = f'<{request.build_absolute_uri(request.path)}?{urlencode(asked)}>; rel="next"'
    return [_request(matter) for matter in held.rows]


@router.get("/requests/{number}.json", response=answers(list[RequestOut], 404), summary="A request")
@access("public")
def one_request(
    request: HttpRequest,
    number: str = Path(..., max_length=40, pattern=VISIBLE, description="The matter's number."),
    jurisdiction_id: str = JURISDICTION,
) -> Any:
    """One published request, in a list as the specification has it."""
    _here(jurisdiction_id)
    matter = policies.published().filter(number=number).select_related("master").first()
    if matter is None:
        raise NotFound(what=number)
    return [_request(matter)]


@router.post(
    "/requests.json",
    response=answers(list[RequestTaken], 400, 401, 404, 409),
    auth=OPEN,
    summary="File a request",
)
@access("public")
def file_request(
    request: ActedRequest,
    said: Form[RequestIn],
    jurisdiction_id: str = JURISDICTION,
    key: str = Header(
        "", alias="Idempotency-Key", max_length=64, description="The same key gives the same matter."
    ),
) -> Any:
    """Files a request with the key of a city's system, in `api_key` or as a bearer."""
    _here(jurisdiction_id)
    if said.api_key:
        act_as(request, said.api_key)
    if request.actor.kind != "staff":
        raise NotSignedIn
    received = intake.receive(request.actor, _report(request.actor.account_id, said, key))
    notice = f"Query code · 查询码: {received.code}"
    return [{"service_request_id": received.matter.number, "service_notice": notice, "account_id": ""}]


def _report(account_id: int | None, said: RequestIn, key: str) -> Report:
    if said.lat is None and not said.address_string and not said.address_id:
        raise BadInput.of(
            "lat", "请给出坐标、地址或区划代码", "give lat and long, address_string, or address_id"
        )
    return Report(
        detail=said.description, category=_category(said.service_code).code, channel="api", lon=said.long, lat=said.lat,
        address=said.address_string, division_code=said.address_id, name=f"{said.last_name}{said.first_name}",
        contact=said.phone or said.email, key=f"api/{account_id}/{key}" if key else None,
    )  # fmt: skip


def _here(jurisdiction_id: str) -> None:
    if jurisdiction_id not in ("", tree().profile.key):
        raise NotFound(what=jurisdiction_id)


def _category(code: str) -> Category:
    found = policies.public_categories().get(code)
    if found is None:
        raise NotFound(what=code)
    return found


def _service(category: Category) -> dict[str, Any]:
    family = directory().category_by_id.get(category.parent_id or 0)
    about = category.about or category.title
    return {
        "service_code": category.code,
        "service_name": _both(category.title),
        "description": _both(about),
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join(word.partition("*")[0].strip() for word in category.words),
        "group": _both(family.title) if family else "",
    }


def _both(title: dict[str, str]) -> str:
    return f"{title.get('zh', '')} {title.get('en', '')}".strip()


def _meant(wanted: RequestFilter) -> Q:
    """The condition that a filter sets. Raises BadInput."""
    if wanted.service_request_id:
        return Q(number__in=_listed(wanted.service_request_id))
    end = _zoned(wanted.end_date) or time.now()
    start = _zoned(wanted.start_date) or end - timedelta(days=DEFAULT_DAYS)
    condition = Q(opened_at__gte=start, opened_at__lte=end)
    if wanted.service_code:
        condition &= Q(category__code__in=_listed(wanted.service_code))
    states = set(_listed(wanted.status))
    if states - {"open", "closed"}:
        raise BadInput.of("status", "应为 open 或 closed", "status is open or closed")
    if len(states) == 1:
        lives = Q(is_open=True) | Q(master__is_open=True)
        condition &= lives if states == {"open"} else ~lives
    return condition


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()][:MOST]


def _zoned(moment: datetime | None) -> datetime | None:
    """A moment in the city's zone where it names none. Raises BadInput for one that no calendar here reaches."""
    if moment and not FIRST_DAY.year <= moment.year <= LAST_DAY.year:
        raise BadInput.of(
            "start_date", "日期超出范围", f"write a year from {FIRST_DAY.year} to {LAST_DAY.year}"
        )
    return moment.replace(tzinfo=CITY_ZONE) if moment and moment.tzinfo is None else moment


def _request(filing: Matter) -> dict[str, Any]:
    """A filing as the public reads it; one that was joined stands where its master does."""
    matter = filing.master or filing
    title = _both(shaping.category_named(filing.category_id)["title"])
    place = shaping.place_ref(filing.division_id)
    return {
        "service_request_id": filing.number,
        "status": "open" if matter.is_open else "closed",
        "status_notes": _both(shaping.state_named(matter)["title"]),
        "service_name": title,
        "service_code": shaping.category_named(filing.category_id)["key"],
        "description": title,
        "agency_responsible": shaping.unit_ref(matter.unit_id)["name"],
        "service_notice": "",
        "requested_datetime": filing.opened_at,
        "updated_datetime": matter.closed_at,
        "expected_datetime": matter.next_due if matter.is_open else None,
        "address": place["name"],
        "address_id": place["code"],
        "zipcode": "",
        "lat": round(filing.lat or 0.0, ABOUT_TEN_METRES),
        "long": round(filing.lon or 0.0, ABOUT_TEN_METRES),
        "media_url": "",
    }
