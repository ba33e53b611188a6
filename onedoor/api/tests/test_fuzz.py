"""Whatever is sent, the answer is one of those described, and never a fault of our own."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from onedoor.api.tests.calling import V1, Calls, Receipt

pytest_plugins = ["onedoor.api.tests.calling"]

TEXT = st.text(max_size=30) | st.sampled_from(
    ["", "\0", "²", "=1+1", "9" * 30, "﷽", "true", "null", "../..", "%00"]
)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=6
)
BODIES = {
    "/matters": [
        "detail",
        "title",
        "lon",
        "lat",
        "datum",
        "category",
        "division_code",
        "contact",
        "about_unit",
        "key",
    ],
    "/suggest": ["detail", "title", "lon", "lat", "datum", "category", "about_unit"],
    "/matters/{number}/verdict": ["code", "solved", "satisfied", "reason"],
    "/matters/{number}/supplement": ["code", "text"],
    "/matters/{number}/actions/accept": ["values", "seen"],
    "/matters/{number}/actions/object": ["values", "seen"],
    "/matters/{number}/parties": ["role", "name", "contact", "unit"],
    "/matters/{number}/place": ["division", "reason"],
    "/matters/{number}/category": ["category", "reason"],
    "/matters/{number}/join": ["master", "reason"],
    "/records/{number}/visits": ["answers", "note"],
}
QUERIES = {
    "/matters": [
        "open",
        "text",
        "division",
        "unit",
        "category",
        "state",
        "level",
        "since",
        "until",
        "cursor",
        "limit",
    ],
    "/work": ["cursor", "limit"],
    "/registers/inspected_place/records": ["text", "state", "division", "cursor", "limit"],
    "/divisions": ["parent", "level", "cursor"],
    "/locate": ["lon", "lat", "datum", "text"],
    "/figures/weekly/matters": ["week", "level", "row", "column", "part", "cursor"],
    "/matters/{number}": ["code"],
    "/matters/%00": ["code"],
}
QUIET = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
DESCRIBED = {200, 400, 401, 403, 404, 409, 413, 429}


@pytest.fixture
def acting(call: Calls) -> Any:
    """The coordinator: somebody who may do much."""
    return call("zhaolei")


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    where = draw(st.sampled_from(sorted(BODIES)))
    return where, draw(st.dictionaries(st.sampled_from(BODIES[where]), ANYTHING))


@st.composite
def queries(draw: st.DrawFn) -> tuple[str, dict[str, str]]:
    where = draw(st.sampled_from(sorted(QUERIES)))
    return where, draw(st.dictionaries(st.sampled_from(QUERIES[where]), TEXT))


@QUIET
@example(("/matters/{number}/actions/object", {"values": {"reason": "x", "unit": "²"}}))
@example(("/matters/{number}/actions/object", {"values": {"reason": ["x"], "unit": [1]}}))
@example(("/matters/{number}/actions/object", {"values": {"reason": "x", "unit": 10**40}}))
@example(("/matters/{number}/actions/object", {"values": {"reason": "\0"}, "seen": None}))
@example(("/matters/{number}/parties", {"role": "respondent", "name": "\ud800"}))
@given(bodies())
def test_no_body_breaks_a_call(acting: Any, receipt: Receipt, sent: tuple[str, dict[str, Any]]) -> None:
    where, body = sent
    text = json.dumps(body)
    address = V1 + where.format(number=receipt["number"])
    response = acting.client.post(address, text, content_type="application/json")
    assert response.status_code in DESCRIBED
    json.loads(response.content)


GEOREPORT = [
    "service_request_id",
    "service_code",
    "start_date",
    "end_date",
    "status",
    "cursor",
    "jurisdiction_id",
]


@QUIET
@example({"start_date": "0001-01-01T00:00:00+14:00"})
@example({"end_date": "9999-12-31T23:59:59-12:00"})
@given(st.dictionaries(st.sampled_from(GEOREPORT), TEXT | st.datetimes().map(str)))
def test_no_query_breaks_geo_report(call: Calls, query: dict[str, str]) -> None:
    response = call().client.get("/api/georeport/v2/requests.json", query)
    assert response.status_code in DESCRIBED
    json.loads(response.content)


@QUIET
@example(("/matters", {"until": "9999-12-31", "since": "0001-01-01"}))
@example(("/matters", {"text": "\0"}))
@example(("/figures/weekly/matters", {"week": "2199-W52", "column": "solved", "row": "\0"}))
@given(queries())
def test_no_query_breaks_a_call(acting: Any, receipt: Receipt, sent: tuple[str, dict[str, str]]) -> None:
    where, query = sent
    response = acting.client.get(V1 + where.format(number=receipt["number"]), query)
    assert response.status_code in DESCRIBED
    json.loads(response.content)
