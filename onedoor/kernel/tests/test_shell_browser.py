"""The frame in a browser: the keyboard, the commands, the map, the pin, and a visitor without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from onedoor.kernel import shell
from tests.support.browser import stands

pytestmark = [
    pytest.mark.urls("onedoor.kernel.tests.frame_urls"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _no_surfaces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the frame is looked at: no surface has said where its pages stand."""
    monkeypatch.setattr(shell, "_navigation", {})
    monkeypatch.setattr(shell, "_city", {})


def test_the_keyboard_walks_the_rows(desktop: Page) -> None:
    desktop.goto("/patterns/")
    rows = desktop.locator("[data-rows] [data-row]")
    for letter in "jjk":
        desktop.keyboard.press(letter)
    expect(rows.nth(0)).to_have_attribute("aria-selected", "true")
    expect(rows.nth(0).locator(".row-link")).to_be_focused()


def test_the_help_lists_the_keys_of_the_page_and_can_switch_them_off(desktop: Page) -> None:
    desktop.goto("/patterns/")
    desktop.keyboard.press("?")
    shortcuts = desktop.locator("#shortcuts")
    expect(shortcuts).to_contain_text("召集会商")
    shortcuts.locator("[data-single-keys]").uncheck()
    desktop.keyboard.press("Escape")
    desktop.keyboard.press("?")
    expect(shortcuts).to_be_hidden()


def test_the_commands_find_what_the_page_offers(desktop: Page) -> None:
    desktop.goto("/patterns/")
    desktop.keyboard.press("Control+k")
    desktop.keyboard.type("群众")
    lines = desktop.locator("#palette-list li")
    expect(lines).to_have_count(1)
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile("frame=portal"))


def test_a_click_on_the_map_loads_the_panel(desktop: Page) -> None:
    desktop.goto("/patterns/")
    found = desktop.locator("figure.map-box [data-map]")
    found.scroll_into_view_if_needed()
    expect(found.locator(".map-legend li")).to_have_count(6)
    expect(found.locator(".map-cluster").first).to_be_visible()
    stands(desktop)
    found.locator(".map-point").first.click()
    expect(desktop.locator("#demo-panel")).to_contain_text("住房和城乡建设局")


def test_a_tap_on_the_map_writes_the_place(phone: Page) -> None:
    phone.goto("/patterns/?frame=portal")
    found = phone.locator("[data-pick]")
    found.scroll_into_view_if_needed()
    expect(found.locator("canvas")).to_be_visible()
    stands(phone)
    found.click(position={"x": 150, "y": 150})
    expect(found.locator(".map-pin")).to_be_visible()
    expect(phone.locator("[data-lon]")).to_have_value(re.compile(r"^114\.[0-4]\d+$"))
    expect(phone.locator("[data-lat]")).to_have_value(re.compile(r"^35\.[5-9]\d+$"))


def test_a_position_the_phone_will_not_tell_is_said(phone: Page) -> None:
    phone.goto("/patterns/?frame=portal")
    phone.locator("[data-locate]").click()
    expect(phone.locator("[data-place-said]")).to_contain_text("手机没有给出位置")


def test_a_list_of_tasks_grows(desktop: Page) -> None:
    desktop.goto("/patterns/")
    desktop.locator("[data-add-line]").click()
    expect(desktop.locator("[name=tasks-3-what]")).to_be_visible()


def test_what_was_typed_is_still_there_after_a_reload(phone: Page) -> None:
    phone.goto("/patterns/?frame=portal")
    phone.locator("[name=long_text]").fill("押金不退")
    phone.reload()
    expect(phone.locator("[name=long_text]")).to_have_value("押金不退")


@pytest.mark.parametrize("frame", ["desk", "portal"])
def test_nothing_is_wider_than_a_phone(phone: Page, frame: str) -> None:
    phone.goto(f"/patterns/?frame={frame}")
    stands(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_javascript_nothing_pretends(chromium: Browser, live_server: object) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{live_server}/patterns/?frame=portal")
    expect(page.locator("[data-locate]")).to_be_hidden()
    expect(page.locator("[data-copy]")).to_be_hidden()
    expect(page.locator("[name=lon]")).to_be_attached()
    expect(page.locator("input[type=file]").first).to_be_visible()
    context.close()
