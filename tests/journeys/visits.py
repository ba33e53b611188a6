"""How people of the stories use the pages: by what is written on them."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from onedoor.simulation import demo
from tests.journeys.towns import Town

Fields = dict[str, str | list[str]]


class Phone:
    """A resident's telephone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def file(self, town: Town, detail: str, *, name: str, contact: str, about: str) -> tuple[str, str]:
        """Tells what happened where she stands, and that somebody nearby told the same; (number, query code)."""
        page, (lon, lat) = self.page, town.points[0]
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"longitude": lon, "latitude": lat})
        page.goto("/")
        page.get_by_role("link", name="我要说事").first.click()
        page.wait_for_url("**/file/")
        page.get_by_role("textbox", name="用您自己的话说").fill(detail)
        page.get_by_role("radio", name=re.compile("^物业服务 · 装修押金")).check()
        page.get_by_role("button", name="我的位置").click()
        page.get_by_role("radio", name=re.compile("^就是这件")).check()
        page.get_by_role("textbox", name="您的姓名").fill(name)
        page.get_by_role("textbox", name="您的电话").fill(contact)
        page.get_by_role("combobox", name="反映的是哪个单位或公司吗").fill(about)
        page.get_by_role("button", name="提交").click()
        keys = page.get_by_role("region", name="回执").get_by_role("status")
        expect(keys).to_have_count(2)
        number, code = keys.all_inner_texts()
        return number, code

    def follow(self, number: str, code: str) -> None:
        """Opens her matter with what stands on her receipt."""
        self.page.goto("/follow/")
        self.page.get_by_role("textbox", name="编号").fill(number)
        self.page.get_by_role("textbox", name="查询码").fill(code)
        self.page.get_by_role("button", name="打开").click()

    def say(self, word: str, satisfied: str, reason: str = "") -> None:
        """Gives her word on the answer."""
        page = self.page
        page.get_by_role("radio", name=re.compile(f"^{word} ")).check()
        page.get_by_role("radio", name=satisfied, exact=True).check()
        page.get_by_role("textbox", name="还有什么要告诉他们的").fill(reason)
        page.get_by_role("button", name="提交我的评判").click()

    def shows(self, text: str) -> None:
        """Her page says so."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()


class Desk:
    """Somebody of the cast at her desk, signed in."""

    def __init__(self, page: Page, login: str) -> None:
        self.page = page
        page.goto("/desk/")
        page.get_by_label("账号").fill(login)
        page.get_by_label("密码").fill(demo.PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="我的工作")).to_be_visible()

    def open(self, number: str) -> None:
        """The page of a matter."""
        self.page.goto(f"/desk/matters/{number}/")

    def press(self, title: str) -> None:
        """Takes an action that asks for nothing."""
        self._send(self.page.get_by_role("button", name=named(title)))
        self.told(f"已完成：{title}")

    def form(self, title: str) -> Locator:
        """Begins an action that asks for something; its form."""
        self.page.get_by_role("link", name=named(title)).click()
        form = self.page.get_by_role("region", name=title)
        expect(form).to_be_visible()
        return form

    def take(self, title: str, fields: Fields) -> None:
        """Fills the form of an action, by its labels, and takes it."""
        form = self.form(title)
        for label, value in fields.items():
            fill(form, label, value)
        self._send(form.get_by_role("button", name=named(title)))
        self.told(f"已完成：{title}")

    def call(self, number: str, title: str, fields: Fields) -> None:
        """On the page for calling back: writes down what was said on the telephone."""
        page = self.page
        page.goto(f"/desk/calls/{number}/")
        sheet = page.get_by_role("group").filter(has=page.locator("summary", has_text=begins(title))).last
        if not sheet.get_by_role("button", name=title, exact=True).is_visible():
            sheet.locator("summary").click()
        for label, value in fields.items():
            fill(sheet, label, value)
        self._send(sheet.get_by_role("button", name=title, exact=True))
        self.told(f"已完成：{title}")

    def _send(self, button: Locator) -> None:
        """Presses it and waits for the page that follows: the one before may still say the same of an earlier time."""
        with self.page.expect_navigation():
            button.click()

    def told(self, text: str) -> None:
        """The page says what was just done, or why it cannot be."""
        expect(self.page.get_by_text(text)).to_be_visible()

    def download(self, title: str, folder: Path) -> Path:
        """Downloads a document of the matter."""
        with self.page.expect_download() as downloading:
            self.page.get_by_role("link", name=title).click()
        kept = folder / downloading.value.suggested_filename
        downloading.value.save_as(kept)
        return kept


def named(title: str) -> re.Pattern[str]:
    """The name of a button or link, with or without the key that presses it."""
    return re.compile(rf"^(\S\s)?{re.escape(title)}$")


def fill(form: Locator, label: str, value: str | list[str]) -> None:
    """Fills one field by its label: something written, something chosen, several things chosen."""
    group = form.get_by_role("group", name=label)
    if isinstance(value, list):
        for each in value:
            group.get_by_role("checkbox", name=begins(each)).check()
    elif group.count():
        group.get_by_role("radio", name=begins(value)).check()
    else:
        write(form.get_by_label(label), value)


def write(field: Locator, value: str) -> None:
    """Writes into a field, or chooses in a list."""
    if field.evaluate("element => element.tagName") == "SELECT":
        field.select_option(label=value)
    else:
        field.fill(value)


def begins(label: str) -> re.Pattern[str]:
    """An option, whatever hint follows it."""
    return re.compile(rf"^{re.escape(label)}(\s|$)")
