"""The map in a browser: a telephone and a desk, what a click opens, and both languages to the last word."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import polib
import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from onedoor.appraisal.rules import Week
from onedoor.kernel import time
from onedoor.kernel.messages import LOCALE
from tests.support.browser import Visitor, stands
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity, small_city

PUBLIC = ("/board/", "/board/map/", "/board/map/?layer=village&what=open")
# A press on the land in the first frames of the zoom that a press on the matters began.
PRESS_WHILE_IT_ZOOMS = """async () => {
  const land = document.querySelector("figure.map-box [data-map]");
  land.querySelector(".map-cluster").click();
  while (!land.querySelector(".leaflet-zoom-anim")) await new Promise(requestAnimationFrame);
  const box = land.getBoundingClientRect();
  const place = { clientX: box.x + box.width / 2 + 60, clientY: box.y + box.height / 2 };
  document.elementFromPoint(place.clientX, place.clientY)
    .dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1, ...place }));
}"""
CHINESE = re.compile(r"[\u4e00-\u9fff]+")


@pytest.fixture
def city(transactional_db: None) -> SmallCity:
    cache.clear()
    made = small_city()
    with time.at(Week.of(time.now()).moved(-1).begins + timedelta(days=1, hours=10)):
        for _ in range(6):
            answered(made, opened(made, lon=114.005, lat=35.505))
    return made


def sign_in(page: Page, city: SmallCity, url: str) -> Page:
    client = Client()
    client.force_login(city.accounts["wujun"])
    page.context.add_cookies([{"name": "onedoor", "value": client.cookies["onedoor"].value, "url": url}])
    return page


def click_land(page: Page) -> None:
    """Presses the western part of the strip of grids that the small city is.

    The strip takes 70 to 100 % of the map's width, so 68 % of the way from the middle lies in its first township.
    """
    land = page.locator("figure.map-box [data-map]")
    expect(land.locator("canvas")).to_be_visible()
    stands(page)
    found = land.bounding_box()
    assert found
    land.click(position={"x": found["width"] / 2 * (1 - 0.68), "y": found["height"] / 2})


def click_beside_the_middle(page: Page) -> None:
    """Presses the grid that was zoomed to, beside the matters drawn in its middle."""
    land = page.locator("figure.map-box [data-map]")
    found = land.bounding_box()
    assert found
    land.click(position={"x": found["width"] / 2 + 60, "y": found["height"] / 2})


def test_a_place_says_its_count_to_anybody(city: SmallCity, desktop: Page) -> None:
    desktop.goto("/board/map/")
    click_land(desktop)
    expect(desktop.locator("#chosen")).to_contain_text("东柳镇")
    expect(desktop.locator("#chosen .figure-value")).not_to_be_empty()


def test_another_question_draws_the_map_anew(city: SmallCity, desktop: Page) -> None:
    desktop.goto("/board/map/")
    desktop.locator("[name=layer]").select_option("village")
    desktop.wait_for_url(re.compile("layer=village"))
    expect(desktop.locator("figure.map-box [data-grids*='village']")).to_be_visible()
    click_land(desktop)
    expect(desktop.locator("#chosen")).to_contain_text(re.compile("东柳[前后]村"))


def test_staff_go_from_the_map_to_the_list_and_the_matter(
    city: SmallCity, visitor: Visitor, live_server: Any
) -> None:
    page = sign_in(visitor("desktop"), city, live_server.url)
    page.goto("/board/work/?layer=grid&points=1")
    stands(page)
    page.locator(".map-cluster").first.click()
    stands(page)
    click_beside_the_middle(page)
    panel = page.locator("#chosen")
    expect(panel).to_contain_text("东柳前村第1网格")
    panel.locator(".figure a").first.click()
    expect(page).to_have_url(re.compile("place=419801001"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_press_while_the_land_zooms_is_not_lost(
    city: SmallCity, visitor: Visitor, live_server: Any
) -> None:
    page = sign_in(visitor("desktop"), city, live_server.url)
    page.goto("/board/work/?layer=grid&points=1")
    stands(page)
    page.evaluate(PRESS_WHILE_IT_ZOOMS)
    expect(page.locator("#chosen")).to_contain_text("东柳前村第1网格")
    stands(page)


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh-CN"), ("phone", "en"), ("desktop", "en")])
def test_every_page_fits_its_screen(
    city: SmallCity, visitor: Visitor, live_server: Any, screen: str, language: str
) -> None:
    page = sign_in(visitor(screen, language), city, live_server.url)
    for where in (*PUBLIC, "/board/?county=419801", "/board/work/", "/board/work/?layer=grid&points=1"):
        page.goto(where)
        stands(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, where


@pytest.mark.parametrize("where", PUBLIC)
def test_both_languages_are_whole(city: SmallCity, visitor: Visitor, where: str) -> None:
    entries = polib.pofile(str(LOCALE / "zh_Hans" / "parts" / "board.po"))
    ours = [entry.msgid for entry in entries if len(entry.msgid) > 12 and "%(" not in entry.msgid]
    chinese = visitor("phone")
    chinese.goto(where)
    stands(chinese)
    shown = chinese.locator("main").inner_text()
    assert [said for said in ours if said in shown] == []
    english = visitor("phone", language="en")
    english.goto(where)
    stands(english)
    words = set(CHINESE.findall(english.locator("main").inner_text()))
    assert {word for word in words if not word.startswith(("东", "西", "小城"))} == set()
