"""The description is complete: every call, parameter and field says what it is, in English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from onedoor.kernel.access import GATES

ADDRESSES = ("/api/v1/openapi.json", "/api/georeport/v2/openapi.json")


def description(address: str) -> dict[str, Any]:
    return dict(json.loads(Client().get(address).content))


def calls(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            yield f"{method.upper()} {path}", call


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_call_says_what_it_does_and_who_may(address: str) -> None:
    found = dict(calls(description(address)))
    assert found
    for name, call in found.items():
        assert call["summary"], name
        assert len(call["description"]) > 30, name
        assert call["tags"], name
        assert call["x-access"]["gate"] in GATES, name


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_parameter_says_what_it_means(address: str) -> None:
    silent = [
        f"{name} {parameter['name']}"
        for name, call in calls(description(address))
        for parameter in call["parameters"]
        if not (parameter.get("description") or parameter["schema"].get("description"))
    ]
    assert silent == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_field_says_what_it_holds(address: str) -> None:
    schemas = description(address)["components"]["schemas"]
    assert schemas
    silent = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        for field, about in schema.get("properties", {}).items()
        if not about.get("description")
    ]
    assert silent == []


def test_examples_are_given_where_a_value_has_a_form_of_its_own() -> None:
    schemas = description(ADDRESSES[0])["components"]["schemas"]
    for name, field in (
        ("FilingIn", "detail"),
        ("Receipt", "code"),
        ("MatterLine", "number"),
        ("PlaceIn", "division"),
    ):
        assert schemas[name]["properties"][field]["examples"]


def test_refusals_have_one_shape() -> None:
    for name, call in calls(description(ADDRESSES[0])):
        for status, answer in call["responses"].items():
            if status.startswith("4"):
                assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Fault"), (
                    name,
                    status,
                )


def test_keys_and_sessions_are_described() -> None:
    schema = description(ADDRESSES[0])
    assert schema["components"]["securitySchemes"]["Key"]["scheme"] == "bearer"
    staff = [call for _, call in calls(schema) if call["x-access"]["gate"] == "staff"]
    assert all({"Key": []} in call["security"] for call in staff)


def test_the_description_reads_in_a_browser_within_the_rules_of_the_site(desktop: Page) -> None:
    desktop.goto("/api/v1/docs")
    expect(desktop.get_by_text("File a matter").first).to_be_visible()


def test_the_description_can_be_read_in_a_browser_without_anybody_elses_server() -> None:
    page = Client().get("/api/v1/docs").content.decode()
    assert "ninja/swagger-ui-bundle" in page
    assert "://" not in page.replace("http://www.w3.org", "")
