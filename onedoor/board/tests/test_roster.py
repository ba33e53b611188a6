"""The vacant posts as a page and a file: what the roster question answers, by place, narrowed and paged."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from onedoor.board import gaps
from onedoor.city import roster
from onedoor.city.models import Account, Post
from tests.support.smallcity import SINCE, SmallCity, small_city

PAGE, XLSX = "/board/roster/", "/board/roster.xlsx"
VILLAGE = "419801001001"


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def client(city: SmallCity) -> Client:
    client = Client()
    client.force_login(city.accounts["zhoutao"])
    return client


def post(city: SmallCity, role: str, division: str, until: date | None = None) -> None:
    account = Account.objects.create(login=f"{role}-{division}", name=role)
    Post.objects.create(
        account=account, unit=city.units["419801-police"], role=role, division=city.divisions[division],
        valid_from=SINCE, valid_to=until,
    )  # fmt: skip


def told(context: Any) -> set[tuple[str, str]]:
    """(place, role) for all that the page lists."""
    return {(place.code, title["zh"]) for place in context["places"] for title, _ in place.roles}


@pytest.mark.parametrize("values", [{}, {"county": "419801"}, {"county": "419801", "township": "419801002"}])
def test_the_page_lists_the_gaps_of_the_answer(
    city: SmallCity, client: Client, values: dict[str, str]
) -> None:
    post(city, "police_officer", VILLAGE)
    context = client.get(PAGE, values).context
    below = values.get("township") or values.get("county")
    titles = {asked.role: asked.title["zh"] for asked in roster.asked()}
    answer = roster.gaps(division=below)
    assert told(context) == {(gap.code, titles[gap.role]) for gap in answer.gaps}
    assert [one["value"] for one in context["figures"]] == [
        str(covered.lacking) for covered in answer.coverage
    ]
    assert (VILLAGE, titles["police_officer"]) not in told(context)


def test_a_role_narrows_the_list_and_not_the_counts(city: SmallCity, client: Client) -> None:
    every, narrowed = client.get(PAGE).context, client.get(PAGE, {"role": "legal_adviser"}).context
    assert {title for _, title in told(narrowed)} == {"法律顾问"}
    assert len(narrowed["places"]) == 8
    assert [one["value"] for one in narrowed["figures"]] == [one["value"] for one in every["figures"]]


def test_a_place_stands_once_with_all_that_it_lacks_and_since_when(city: SmallCity, client: Client) -> None:
    post(city, "police_officer", VILLAGE, until=date(2025, 3, 1))
    places = {place.code: place for place in client.get(PAGE).context["places"]}
    lacking = {title["zh"]: since for title, since in places[VILLAGE].roles}
    assert lacking == {"村警、社区民警": date(2025, 3, 1), "法律顾问": None, "调解员": None}


def test_a_township_of_another_county_is_dropped(city: SmallCity, client: Client) -> None:
    context = client.get(PAGE, {"county": "419802", "township": "419801001"}).context
    assert (context["asked"].county, context["asked"].township) == ("419802", "")
    assert client.get(PAGE, {"township": "419801001"}).context["asked"].county == "419801"


def test_townships_are_offered_of_the_county_chosen(city: SmallCity, client: Client) -> None:
    assert "township" not in {one["name"] for one in client.get(PAGE).context["controls"]}
    controls = {one["name"]: one for one in client.get(PAGE, {"county": "419802"}).context["controls"]}
    assert [one["value"] for one in controls["township"]["options"]] == ["419802001", "419802002"]


def test_a_place_that_does_not_stand_is_said(city: SmallCity, client: Client) -> None:
    assert client.get(PAGE, {"county": "999999"}).status_code == 404


def test_the_list_goes_on_where_it_ended(
    city: SmallCity, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = [place.code for place in client.get(PAGE).context["places"]]
    monkeypatch.setattr(gaps, "AT_ONCE", 5)
    seen: list[str] = []
    context = client.get(PAGE).context
    while context["more_url"]:
        seen += [place.code for place in context["places"]]
        context = client.get(context["more_url"]).context
    assert [*seen, *(place.code for place in context["places"])] == whole
    assert len(whole) > 10


def test_the_file_has_a_line_for_every_gap_that_is_asked_for(city: SmallCity, client: Client) -> None:
    answer = client.get(XLSX, {"county": "419801", "role": "grid_worker"})
    rows = list(load_workbook(io.BytesIO(answer.content)).worksheets[0].values)
    wanted = roster.gaps(division="419801", role="grid_worker").gaps
    assert rows[0] == gaps.HEADERS
    assert [row[0] for row in rows[1:]] == [gap.code for gap in wanted]
    assert wanted


def test_its_queries_are_few(city: SmallCity, client: Client) -> None:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as queries:
        client.get(PAGE)
    assert len(queries) <= 9
