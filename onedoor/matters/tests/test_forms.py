"""What somebody fills in is cleaned by type; what cannot be taken is named, field by field, and breaks nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onedoor.kernel import time
from onedoor.kernel.problems import BadInput
from onedoor.matters import forms
from onedoor.matters.language import FormField
from onedoor.matters.models import Matter
from onedoor.matters.procedures import loaded
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
TITLED = {"zh": "某项", "en": "Something"}
CHOICES = {"a": TITLED, "b": TITLED}


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


@pytest.fixture
def matter(city: SmallCity) -> Matter:
    return opened(city)


def field(kind: str, **more: Any) -> FormField:
    needed = {"choice": {"choices": CHOICES}, "rows": {"columns": {"what": TITLED}}}.get(kind, {})
    return FormField.model_validate({**TITLED, "type": kind, **needed, **more})


def cleaned(kind: str, value: Any, matter: Matter, **more: Any) -> Any:
    return forms.clean({"x": field(kind, **more)}, {"x": value}, matter).get("x")


@pytest.mark.parametrize(
    ("kind", "value", "kept"),
    [
        ("text", "  一行\u200b\x00 ", "一行"),
        ("long_text", "第一行\r\n第二行", "第一行\n第二行"),
        ("text", 17, "17"),
        ("choice", "a", "a"),
        ("yes_no", "on", True),
        ("yes_no", False, False),
        ("yes_no", "0", False),
        ("date", "2026-03-02", "2026-03-02"),
        ("moment", "2026-03-02T09:30", "2026-03-02T09:30:00+08:00"),
        ("moment", "2026-03-02T01:30:00+00:00", "2026-03-02T01:30:00+00:00"),
        ("number", "1,234.5", "1234.5"),
        ("number", 0, "0"),
        ("money", "3000.456", "3000.46"),
        ("rating", "5", 5),
        ("span", "五个工作日", "5 working days"),
    ],
)
def test_what_is_taken(matter: Matter, kind: str, value: Any, kept: Any) -> None:
    assert cleaned(kind, value, matter) == kept


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "长" * 201),
        ("long_text", "长" * 8001),
        ("text", ["a", "b"]),
        ("text", {"a": 1}),
        ("choice", "c"),
        ("choice", ["a"]),
        ("yes_no", "maybe"),
        ("date", "02/03/2026"),
        ("date", "0001-01-01"),
        ("moment", "tomorrow"),
        ("moment", "9999-12-31T23:59"),
        ("number", "NaN"),
        ("number", "-1"),
        ("number", "1e999999"),
        ("number", "1e-999999"),
        ("money", "Infinity"),
        ("rating", 6),
        ("rating", "²"),
        ("span", "soon"),
        ("span", "99999999 days"),
        ("unit", "²"),
        ("unit", -1),
        ("unit", 10**30),
        ("unit", "999999"),
        ("units", [1, "x"]),
        ("party", 999),
        ("party", "1' OR 1=1"),
        ("filing", "4198012026999999"),
        ("category", "no.such"),
        ("category", "property"),  # a heading, not a category
        ("tasks", "all of it"),
        ("tasks", [{"unit": 1}]),
        ("tasks", [{"what": "做", "unit": 0}]),
        ("tasks", [[1]]),
    ],
)
def test_what_is_refused_names_the_field_in_both_languages(matter: Matter, kind: str, value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        cleaned(kind, value, matter)
    [error] = caught.value.errors
    assert error.field == "x"
    assert error.zh
    assert error.en
    assert error.zh != error.en


def test_what_belongs_to_the_matter_or_the_city(city: SmallCity, matter: Matter) -> None:
    party = matter.parties.get()
    unit = city.units["419801-police"].pk
    assert cleaned("unit", str(unit), matter) == unit
    assert cleaned("units", [unit, str(unit)], matter) == [unit]
    assert cleaned("units", unit, matter) == [unit]
    assert cleaned("party", party.pk, matter) == party.pk
    assert cleaned("filing", matter.number, matter) == matter.number
    assert cleaned("category", "transport.bus", matter) == "transport.bus"
    task = {"unit": unit, "what": " 核实 ", "span": "三天"}
    assert cleaned("tasks", [task], matter) == [{"unit": unit, "what": "核实", "span": "3 days"}]
    assert cleaned("tasks", [{"unit": unit, "what": "核实"}], matter)[0]["span"] == "5 working days"
    with pytest.raises(BadInput):
        cleaned("party", opened(city).parties.get().pk, matter)  # of another matter


@pytest.mark.parametrize("blank", [None, "", [], "   ", "\u200b\u3000\n"])
def test_blanks_are_nothing(matter: Matter, blank: Any) -> None:
    assert forms.clean({"x": field("text", required=False)}, {"x": blank}, matter) == {}
    with pytest.raises(BadInput, match="please fill in"):
        forms.clean({"x": field("text")}, {"x": blank}, matter)


def test_everything_wrong_is_told_at_once(matter: Matter) -> None:
    fields = {"who": field("text"), "when": field("date"), "why": field("long_text", most=3)}
    with pytest.raises(BadInput) as caught:
        forms.clean(fields, {"when": "?", "why": "太长了吧", "what": "?"}, matter)
    assert {error.field for error in caught.value.errors} == {"who", "when", "why", "what"}


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(value=anything)
def test_nothing_that_is_sent_breaks_anything(matter: Matter, value: Any) -> None:
    for kind in forms.CLEANERS:
        with suppress(BadInput):
            cleaned(kind, value, matter, required=False)


@pytest.mark.parametrize(
    ("value", "kept"),
    [("30 days", "30 days"), ("十五日", "15 days"), ("31 days", None), ("3 working days", None)],
)
def test_a_span_is_no_longer_than_its_field_allows(matter: Matter, value: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(BadInput, match="at most 30 days"):
            cleaned("span", value, matter, longest="30 days")
    else:
        assert cleaned("span", value, matter, longest="30 days") == kept


@pytest.mark.parametrize(
    ("kind", "longest", "told"),
    [("text", "30 days", "only a span has"), ("span", "soon", "cannot read the span")],
)
def test_only_a_span_has_a_longest_and_one_that_can_be_read(kind: str, longest: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        field(kind, longest=longest)


def test_a_field_of_several_forms_has_the_choices_of_all() -> None:
    route = loaded()["petition"].procedure.fields()["route"]
    assert {"petition", "duty", "litigation", "arbitration", "party_appeal", "administrative"} == set(
        route.choices
    )
