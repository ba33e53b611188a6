"""The portal in a browser: a telephone, a desk, and somebody without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from onedoor.kernel.sealing import query_code
from onedoor.matters.models import Matter
from onedoor.portal.tests.residents import fresh_city
from tests.support.browser import Visitor, stands
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db(transaction=True)
STORY = "物业公司扣着装修押金不退，装修完三个月了，打了十几次电话都推。"
WIDE = "document.documentElement.scrollWidth"


@pytest.fixture
def city(transactional_db: None) -> SmallCity:
    return fresh_city()


def tell(page: Page) -> None:
    page.goto("/")
    page.locator(".hero").get_by_role("link", name="我要说事").click()
    page.wait_for_url("**/file/")  # and for its scripts: what is typed before is not listened to
    page.locator("[name=detail]").fill(STORY)


def follow(page: Page, number: str, code: str) -> None:
    page.goto("/follow/")
    page.locator("[name=number]").fill(number)
    page.locator("[name=code]").fill(code.lower())
    page.get_by_role("button", name="打开").click()
    page.wait_for_url(f"**/my/{number}/")


def receipt(page: Page) -> tuple[str, str]:
    """(number, query code), once it is shown."""
    keys = page.locator(".receipt output")
    expect(keys).to_have_count(2)
    number, code = keys.all_text_contents()
    return number, code


def test_from_the_telephone_to_the_last_word(city: SmallCity, visitor: Visitor) -> None:
    phone = visitor("phone")
    tell(phone)
    expect(phone.locator("#considered")).to_contain_text("装修押金")
    phone.locator("[data-pick]").scroll_into_view_if_needed()
    expect(phone.locator("[data-pick] canvas")).to_be_visible()
    stands(phone)
    land = phone.locator("[data-pick]").bounding_box()
    assert land
    phone.locator("[data-pick]").click(position={"x": land["width"] * 0.3, "y": land["height"] / 2})
    expect(phone.locator("#where")).to_contain_text("东河区")
    phone.locator("[name=name]").fill("刘娟")
    phone.locator("[name=contact]").fill("13800001234")
    phone.get_by_role("button", name="提交").click()
    number, code = receipt(phone)
    matter = Matter.objects.get()
    assert (matter.number, matter.placed) == (number, True)
    answered(city, matter)
    home = visitor("phone")  # another device
    follow(home, number, code)
    expect(home.get_by_role("heading", name=matter.title)).to_be_visible()
    home.locator(".verdict-choice label").first.click()
    home.locator(".verdict .button").click()
    expect(home.locator(".toast")).to_contain_text("已记下您的评判")
    expect(home.locator(".now-state")).to_have_text("已办结")


def test_a_second_press_is_no_second_matter(city: SmallCity, phone: Page) -> None:
    tell(phone)
    phone.get_by_role("button", name="提交").dblclick()
    expect(phone.locator(".receipt")).to_be_visible()
    assert Matter.objects.count() == 1


def test_what_was_chosen_stays_while_more_is_written(city: SmallCity, phone: Page) -> None:
    tell(phone)
    phone.locator("#considered [value='property.deposit']").check()
    phone.locator("[name=address]").fill("东柳镇东柳前村")
    phone.locator("[name=name]").focus()
    expect(phone.locator("#where")).to_contain_text("东柳前村")
    expect(phone.locator("#considered [value='property.deposit']")).to_be_checked()


def test_what_is_chosen_while_the_answer_is_on_its_way_stays(city: SmallCity, phone: Page) -> None:
    tell(phone)
    offered = phone.locator("#considered [name=category]")
    expect(phone.locator("#considered [value='property.deposit']")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.route("**/file/consider/", hold)
    phone.locator("[name=address]").fill("东柳镇东柳前村")
    with phone.expect_request("**/file/consider/"):
        phone.locator("[name=name]").focus()
    offered.first.check()
    offered.nth(1).check()
    held[-1].continue_()
    expect(phone.locator("#where")).to_contain_text("东柳前村")
    expect(offered.nth(1)).to_be_checked()


def test_people_nearby_are_asked_about(city: SmallCity, phone: Page) -> None:
    before = opened(city, lon=114.02, lat=35.505)
    tell(phone)
    phone.locator("summary", has_text="经纬度").click()
    phone.locator("[name=lon]").fill("114.0201")
    phone.locator("[name=lat]").fill("35.505")
    phone.locator("[name=name]").focus()
    expect(phone.locator("#alike")).to_contain_text(before.title)
    phone.locator(f"#alike [value='{before.number}']").check()
    phone.get_by_role("button", name="提交").click()
    phone.wait_for_url(re.compile("/filed/"))
    expect(phone.locator(".receipt")).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_wider_than_a_telephone(city: SmallCity, visitor: Visitor, language: str) -> None:
    phone = visitor("phone", language=language)
    for where in ("/", "/help/", "/privacy/", "/file/", "/follow/", "/grid/?lon=114.005&lat=35.505"):
        phone.goto(where)
        stands(phone)
        assert phone.evaluate(WIDE) <= 360, where


def test_a_matter_fits_a_telephone(city: SmallCity, phone: Page) -> None:
    matter = opened(city)
    answered(city, matter)
    follow(phone, matter.number, query_code(matter.number))
    for more in phone.locator("details").all():
        more.evaluate("one => { one.open = true; }")
    assert phone.evaluate(WIDE) <= 360


def test_without_javascript_everything_works(city: SmallCity, chromium: Browser, live_server: object) -> None:
    context = chromium.new_context(
        java_script_enabled=False,
        locale="zh-CN",
        base_url=str(live_server),
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    before = opened(city)
    tell(page)
    page.locator("[name=address]").fill("东柳镇东柳前村第1网格")
    page.get_by_role("button", name="提交").click()
    number, code = receipt(page)
    follow(page, number, code)
    expect(page.locator(".now-state")).to_be_visible()
    page.locator("summary", has_text="留言").click()
    page.locator("[name=text]").fill("请上午来")
    page.locator(".more form .button").first.click()
    expect(page.locator(".timeline")).to_contain_text("请上午来")
    assert before.number != number
    context.close()


def test_the_keyboard_reaches_the_last_word(city: SmallCity, desktop: Page) -> None:
    matter = opened(city)
    answered(city, matter)
    follow(desktop, matter.number, query_code(matter.number))
    desktop.locator("[name=solved][value=yes]").focus()
    desktop.keyboard.press("Space")
    desktop.locator(".verdict .button").focus()
    desktop.keyboard.press("Enter")
    expect(desktop.locator(".now-state")).to_have_text("已办结")
