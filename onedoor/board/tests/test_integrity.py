"""The integrity report as pages: for supervisors and auditors, of the units below their posts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import expect

from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.lake import exporting
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.browser import Visitor
from tests.support.cities import MORNING
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

HOUSING = "419801-housing"
LATER = MORNING + timedelta(days=2)
BEHIND = f"/board/integrity/2026-11/merged/{HOUSING}/"


def lived(city: SmallCity) -> Matter:
    """Two filings, of which one is joined to the other."""
    first, second = opened(city), opened(city)
    matters.join(Actor.system("test"), second.number, first.number, "同一件事")
    with time.at(LATER):
        exporting.export()
    return second


def signed_in(city: SmallCity, login: str) -> Client:
    client = Client()
    client.force_login(city.accounts[login])
    return client


def test_a_supervisor_reads_a_figure_down_to_its_matters(city: SmallCity) -> None:
    joined = lived(city)
    supervisor = signed_in(city, "zhoutao")
    with time.at(LATER):
        page = supervisor.get("/board/integrity/?period=2026-11")
        [row] = page.context["rows"]
        [cell] = [cell for cell in row["cells"] if cell["url"]]
        assert (row["code"], cell["count"], cell["of"], cell["url"]) == (HOUSING, 1, None, BEHIND)
        assert [m["number"] for m in supervisor.get(BEHIND).context["found"].rows] == [joined.number]
        assert supervisor.get("/board/integrity/?period=nonsense").status_code in (400, 422)
        for gone in (BEHIND.replace("merged", "persons"), BEHIND.replace("housing", "nobody")):
            assert supervisor.get(gone).status_code == 404


def test_nobody_else_reads_it(city: SmallCity) -> None:
    lived(city)
    with time.at(LATER):
        for login in ("liqiang", "wujun", "zhaolei"):  # a handler, a leader, a coordinator
            client = signed_in(city, login)
            assert client.get("/board/integrity/").status_code == 403
            assert client.get(BEHIND).status_code == 403
        assert Client().get(BEHIND).status_code in (302, 401)


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh-CN"), ("desktop", "en")])
def test_the_pages_in_a_browser(
    visitor: Visitor, transactional_db: None, live_server: Any, screen: str, language: str
) -> None:
    with time.at(MORNING):
        city = small_city()
        lived(city)
    page = visitor(screen, language)
    client = signed_in(city, "zhoutao")
    page.context.add_cookies([
        {"name": "onedoor", "value": client.cookies["onedoor"].value, "url": live_server.url}
    ])  # fmt: skip
    page.goto("/board/integrity/?period=2026-11")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.locator(f"a[href='{BEHIND}']").click()
    expect(page.locator("#behind tr[data-row]")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
