"""The pages for those who lead, and the procedures, in a browser: on a phone and at a desk, in both languages."""

from __future__ import annotations

import re
from random import Random
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from onedoor.appraisal.rules import Week
from onedoor.appraisal.tests import chance
from onedoor.kernel import time
from tests.support.browser import Visitor
from tests.support.smallcity import SmallCity, small_city

PAGES = ("/board/sheet/", "/board/sheet/?level=county", "/board/sheet/figure/?column=received", "/board/roster/",
         "/board/procedures/", "/board/procedures/dispute/")  # fmt: skip


@pytest.fixture
def city(transactional_db: None) -> SmallCity:
    made = small_city()
    chance.fill(made, Random(3), Week.of(time.now()).moved(-1).begins, 40)
    return made


def sign_in(page: Page, city: SmallCity, url: str) -> Page:
    client = Client()
    client.force_login(city.accounts["zhoutao"])
    page.context.add_cookies([{"name": "onedoor", "value": client.cookies["onedoor"].value, "url": url}])
    return page


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh-CN"), ("desktop", "en")])
def test_every_page_fits_its_screen(
    visitor: Visitor, city: SmallCity, live_server: Any, screen: str, language: str
) -> None:
    page = sign_in(visitor(screen, language), city, live_server.url)
    for where in PAGES:
        page.goto(where)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, where


def test_a_figure_opens_its_matters_and_a_heading_its_definition(
    visitor: Visitor, city: SmallCity, live_server: Any
) -> None:
    page = sign_in(visitor("desktop"), city, live_server.url)
    page.goto("/board/sheet/?level=county")
    page.locator("[data-open='#define-solved']").click()
    expect(page.locator("#define-solved")).to_be_visible()
    expect(page.locator("#define-solved .fraction")).to_contain_text("本周给出的明确评判")
    page.locator("#define-solved button").click()
    page.locator("tfoot a").first.click()
    expect(page.locator("#behind tr[data-row]").first).to_be_visible()


def test_another_county_is_shown_as_soon_as_it_is_chosen(
    visitor: Visitor, city: SmallCity, live_server: Any
) -> None:
    page = sign_in(visitor("desktop"), city, live_server.url)
    page.goto("/board/sheet/")
    page.locator("select[name=county]").select_option("419802")
    expect(page.locator("#sheet h2")).to_contain_text("西河区")
    expect(page).to_have_url(re.compile("county=419802"))
    page.goto("/board/roster/")
    page.locator("select[name=county]").select_option("419801")
    expect(page.locator("select[name=township]")).to_be_visible()
    expect(page.locator(".bar")).to_have_count(1)
    page.locator(".row-link").first.click()
    expect(page.locator("#place-told")).to_contain_text("419801001001")


def test_on_a_phone_the_way_runs_from_above_to_below_and_the_drawing_scrolls_in_its_box(
    visitor: Visitor, city: SmallCity
) -> None:
    phone, desk = visitor("phone"), visitor("desktop")
    phone.goto("/board/procedures/dispute/")
    way, drawing = phone.locator(".way"), phone.locator(".diagram")
    expect(way.get_by_role("link", name="办理中").first).to_be_visible()
    expect(drawing).to_be_hidden()
    phone.get_by_label("看分道图").check()
    expect(drawing).to_be_visible()
    expect(phone.get_by_text("可左右滑动")).to_be_visible()
    inside, outside = drawing.evaluate(
        "box => [box.scrollWidth > box.clientWidth, document.body.scrollWidth]"
    )
    assert inside
    assert outside <= phone.viewport_size["width"]  # type: ignore[index]
    desk.goto("/board/procedures/dispute/")
    expect(desk.locator(".diagram")).to_be_visible()
    expect(desk.locator(".way")).to_be_hidden()
