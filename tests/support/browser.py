"""Chromium for tests: a phone, a desktop, or as many visitors as a story needs, against the live server.

    def test_story(visitor):
        resident, clerk = visitor("phone"), visitor("desktop")
        resident.goto("/")

Every visitor has a session of her own. When the test ends it fails if any of her pages threw an error, broke
the content security policy, or got an answer of 500 or more.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Response,
    expect,
    sync_playwright,
)

from tests.support.required import absent

FIXTURES = {"chromium", "visitor", "phone", "desktop"}
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
]  # fmt: skip
SCREENS: dict[str, dict[str, Any]] = {
    "phone": {
        "viewport": {"width": 360, "height": 740},
        "device_scale_factor": 2,
        "is_mobile": True,
        "has_touch": True,
    },
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}
PATIENCE = 30_000  # milliseconds; a busy machine is slow, and what passes does not wait

Visitor = Callable[..., Page]
Reporting = Generator[None, pytest.TestReport, pytest.TestReport]
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a browser fixture carries the mark `browser`."""
    for item in items:
        if FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Reporting:
    """Lets the fixtures below know that a test failed, so that they keep a picture."""
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, one per run; skips (or fails, where required) if there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        absent("Chromium")
    # The driver keeps an event loop in this thread, where Django would else refuse to touch the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=QUIET)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def visitor(chromium: Browser, live_server: Any, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Gives `visitor("phone"|"desktop", language="zh-CN")`: the first page of a new visitor."""
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def arrive(screen: str = "desktop", language: str = "zh-CN") -> Page:
        context = chromium.new_context(
            base_url=live_server.url, locale=language, timezone_id="Asia/Shanghai", **SCREENS[screen]
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("page", lambda page: _watch(page, troubles))
        return context.new_page()

    yield arrive
    if request.node.stash.get(FAILED, False):
        _keep_pictures(contexts, request.node.name)
    for context in contexts:
        context.close()
    assert not troubles, "\n".join(troubles)


@pytest.fixture
def phone(visitor: Visitor) -> Page:
    """A visitor with a phone (360 x 740)."""
    return visitor("phone")


@pytest.fixture
def desktop(visitor: Visitor) -> Page:
    """A visitor at a desk (1440 x 900)."""
    return visitor("desktop")


def stands(page: Page) -> None:
    """Waits until every map of the page is drawn and lies where it stays."""
    expect(page.locator("[data-map]:not([data-map-state=ready])")).to_have_count(0)


def _watch(page: Page, troubles: list[str]) -> None:
    def console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            troubles.append(f"{page.url}: {message.text}")

    def response(answer: Response) -> None:
        if answer.status >= 500:
            troubles.append(f"{answer.status} from {answer.url}")

    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    page.on("console", console)
    page.on("response", response)


def _keep_pictures(contexts: list[BrowserContext], name: str) -> None:
    folder = Path("var/failed")
    folder.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r"[^\w-]+", "_", name)
    for number, page in enumerate((page for context in contexts for page in context.pages), 1):
        page.screenshot(path=folder / f"{plain}-{number}.png", full_page=True)
