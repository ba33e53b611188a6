"""An objection in the browser: the unit says why, the centre decides, the corrected score stands beside the old one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from onedoor.appraisal.models import ScoreObjection, Snapshot
from onedoor.board.tests.test_scores import HOUSING, LATER, cell, lived, signed_in, url
from onedoor.kernel import time
from tests.support.browser import Visitor
from tests.support.smallcity import SmallCity, small_city

REASON = "4198012026000010 已于11月24日签收"


@pytest.fixture
def december(city: SmallCity) -> SmallCity:
    lived(city)
    return city


def form(group: str, unit: str) -> str:
    return url(group, unit, cell(group, "accepted_in_time"), "object")


@pytest.mark.django_db
def test_only_the_unit_itself_may_object(december: SmallCity) -> None:
    with time.at(LATER):
        assert signed_in(december, "liqiang").get(form("departments", HOUSING)).status_code == 200
        assert signed_in(december, "zhoutao").get(form("departments", HOUSING)).status_code == 403
        assert signed_in(december, "sunyan").get(form("departments", HOUSING)).status_code == 404
        page = signed_in(december, "zhoutao").get(url("departments", HOUSING))
        assert not page.context["may_object"]


@pytest.mark.django_db
def test_an_objection_without_a_reason_says_what_is_missing(december: SmallCity) -> None:
    with time.at(LATER):
        answer = signed_in(december, "liqiang").post(form("departments", HOUSING), {"reason": " "})
    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()
    assert not ScoreObjection.objects.exists()


@pytest.mark.django_db
def test_who_may_not_decide_finds_nothing_to_decide(december: SmallCity) -> None:
    with time.at(LATER):
        signed_in(december, "liqiang").post(form("departments", HOUSING), {"reason": REASON})
        held = ScoreObjection.objects.get()
        for login, expected in (("zhaolei", 200), ("liqiang", 404), ("zhoutao", 404)):
            client = signed_in(december, login)
            assert client.get(f"/board/scores/objections/{held.pk}/").status_code == expected
            assert len(client.get("/board/scores/objections/").context["objections"]) == (expected == 200)
        refused = signed_in(december, "zhaolei").post(
            f"/board/scores/objections/{held.pk}/", {"grounds": "x"}
        )
        assert refused.status_code == 422


def enter(page: Page, client: Client, at: str) -> Page:
    page.context.add_cookies([{"name": "onedoor", "value": client.cookies["onedoor"].value, "url": at}])
    return page


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh-CN"), ("desktop", "en")])
def test_object_decide_and_read_the_correction(
    visitor: Visitor, transactional_db: None, live_server: Any, screen: str, language: str
) -> None:
    with time.at(datetime(2026, 11, 23, 9, tzinfo=time.CITY_ZONE)):
        city = small_city()
        lived(city)
    Snapshot.objects.update(frozen_at=datetime.now(time.CITY_ZONE))
    unit = enter(visitor(screen, language), signed_in(city, "liqiang"), live_server.url)
    code = cell("departments", "accepted_in_time").replace(".", "\\.")
    unit.goto(url("departments", HOUSING))
    unit.locator(f"#cell-{code} a").last.click()
    unit.locator("textarea[name=reason]").fill(REASON)
    unit.locator("form.form button.button").click()
    expect(unit.locator("#objections")).to_contain_text(REASON)
    centre = enter(visitor(screen, language), signed_in(city, "zhaolei"), live_server.url)
    centre.goto("/board/scores/")
    centre.locator(".notice a").click()
    centre.locator(".score-cells a").first.click()
    assert centre.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    centre.locator("details.apart summary").click()
    expect(centre.locator("#behind tr[data-row]")).to_have_count(3)
    assert centre.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    centre.locator("input[name=upheld][value=yes]").check()
    centre.locator("input[name=numerator]").fill("10")
    centre.locator("input[name=denominator]").fill("12")
    centre.locator("textarea[name=grounds]").fill("查实")
    centre.locator("form.form button.button").click()
    expect(centre.locator(".empty")).to_be_visible()
    unit.reload()
    unit.locator(".notice a").first.click()
    expect(unit.locator(f"#cell-{code}")).to_contain_text("10 / 12")
    expect(unit.locator("#objections")).to_contain_text("查实")
    unit.locator(".notice a").first.click()
    expect(unit.locator(f"#cell-{code}")).to_contain_text("9 / 12")
