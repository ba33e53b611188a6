"""Early warnings as pages: for those who lead, with the matters that each may see."""

from __future__ import annotations

import shutil
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.warning import alerts, kept
from onedoor.appraisal.warning.alerts import Report
from onedoor.appraisal.warning.places import centres
from onedoor.board import warned
from onedoor.city.queries import calendar
from onedoor.kernel import time
from onedoor.lake import exporting
from tests.support.browser import Visitor
from tests.support.cities import MORNING
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

LATER = MORNING + timedelta(days=30)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """The folder outlives a test, as it does a server."""
    shutil.rmtree(kept.folder(), ignore_errors=True)


def lived(city: SmallCity) -> Report:
    """One filing a day for thirty days, and ten more on the last of them; found and kept."""
    for day in range(30):
        with time.at(MORNING + timedelta(days=day)):
            for _ in range(11 if day == 29 else 1):
                opened(city)
    with time.at(LATER):
        exporting.export()
        with computing.opened() as lake:
            found = alerts.report(lake, LATER.date(), "township", centres("township"), calendar())
        kept.keep(found)
    return found


def signed_in(city: SmallCity, login: str) -> Client:
    client = Client()
    client.force_login(city.accounts[login])
    return client


def test_a_supervisor_reads_a_warning_down_to_its_matters(city: SmallCity) -> None:
    found = lived(city)
    supervisor = signed_in(city, "zhoutao")
    page = supervisor.get("/board/warnings/")
    [card] = page.context["cards"]
    assert card["seen"] == found.alerts[0].seen == 17
    behind = supervisor.get(card["url"])
    assert {row["number"] for row in behind.context["rows"]} == set(found.alerts[0].matters)
    [place] = found.alerts[0].places
    assert supervisor.get("/board/warnings/counts.json").json()["of"] == {place: 1}
    beside = supervisor.get(f"/board/warnings/{found.last}/place/{place}/")
    assert len(beside.context["cards"]) == 1


def test_whose_posts_reach_elsewhere_sees_the_count_and_no_matter(city: SmallCity) -> None:
    found = lived(city)
    url = f"/board/warnings/{found.last}/{found.alerts[0].key}/"
    seen = {login: signed_in(city, login).get(url) for login in city.accounts}
    assert {answer.status_code for answer in seen.values()} == {200, 403}
    far = [a for a in seen.values() if a.status_code == 200 and a.context["unseen"] == 17]
    assert all(a.context["rows"] == [] for a in far)
    assert seen["liqiang"].status_code == 403  # a handler: the pages are for those who lead
    assert Client().get(url).status_code in (302, 401)


def test_what_is_not_there_is_not_found(city: SmallCity) -> None:
    supervisor = signed_in(city, "zhoutao")
    assert supervisor.get("/board/warnings/").context["held"] is None
    assert supervisor.get("/board/warnings/counts.json").json()["of"] == {}
    for where in (
        "?day=2020-01-01",
        "2020-01-01/volume.x.y/",
        "..%2f..%2fsecret/volume.x.y/",
        "2020-01-01/place/419801/",
    ):
        assert supervisor.get(f"/board/warnings/{where}").status_code == 404
    found = lived(city)
    assert supervisor.get(f"/board/warnings/{found.last}/volume.x.y/").status_code == 404


def test_a_category_that_is_gone_keeps_its_code(city: SmallCity) -> None:
    assert warned.subject("gone.away") == {"zh": "gone.away", "en": "gone.away"}
    assert warned.name("000000") == "000000"


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh-CN"), ("desktop", "en")])
def test_the_pages_in_a_browser(
    visitor: Visitor, transactional_db: None, live_server: Any, screen: str, language: str
) -> None:
    with time.at(MORNING - timedelta(days=1)):
        city = small_city()
    lived(city)
    page = visitor(screen, language)
    client = signed_in(city, "zhoutao")
    page.context.add_cookies([
        {"name": "onedoor", "value": client.cookies["onedoor"].value, "url": live_server.url}
    ])  # fmt: skip
    page.goto("/board/warnings/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.locator("#list .warned-head a").click()
    expect(page.locator("#behind tr[data-row]")).to_have_count(17)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
