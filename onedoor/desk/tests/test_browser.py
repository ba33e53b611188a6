"""The desk in a browser: by keyboard, with forms that open in place, and with thoughts while one types."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from onedoor.city import tree as snapshot
from onedoor.desk.tests.test_work import convened
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.browser import Visitor
from tests.support.filings import PHONE, answered, opened
from tests.support.smallcity import SmallCity, small_city

SECRET = "a long secret"


@pytest.fixture
def city(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> SmallCity:
    made = small_city()
    for account in made.accounts.values():
        account.set_password(SECRET)
        account.save()
    snapshot.forget()
    return made


def sign_in(page: Page, login: str) -> Page:
    page.goto("/desk/sign-in/")
    page.get_by_label(re.compile("账号|Login")).fill(login)
    page.locator("input[type=password]").fill(SECRET)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/desk/$"))
    page.wait_for_load_state()  # scripts and all, for keys are pressed next
    return page


def test_the_keyboard_walks_the_work_and_opens_it(city: SmallCity, visitor: Visitor) -> None:
    numbers = [opened(city).number for _ in range(3)]
    page = sign_in(visitor("desktop"), "liqiang")
    for _ in range(2):
        page.keyboard.press("j")
    expect(page.locator("[aria-selected=true]")).to_contain_text(numbers[1])
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/matters/{numbers[0]}/$"))
    page.wait_for_load_state()
    page.keyboard.press("1")  # 签收
    expect(page.locator(".page-header-marks")).to_contain_text("办理中")
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("/desk/matters/$"))


def test_an_action_opens_in_place_and_is_refused_in_place(city: SmallCity, visitor: Visitor) -> None:
    matter = matters.act(city.actor("liqiang"), opened(city).number, "accept")
    page = sign_in(visitor("desktop"), "liqiang")
    page.goto(f"/desk/matters/{matter.number}/")
    title = page.title()
    page.get_by_role("link", name="答复").click()
    box = page.locator("#act textarea")
    expect(box).to_be_focused()
    assert page.title() == title
    box.fill("已经退还押金")
    matters.note(city.actor("zhaolei"), matter.number, "催一下")  # a note stands in nobody's way
    page.locator("#act form").evaluate("form => form.noValidate = true")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#act .error-summary")).to_contain_text("请填写「结果」")
    page.get_by_label("已解决").check()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".toast")).to_contain_text("答复")
    assert Matter.objects.get(pk=matter.pk).state == "answered"


def test_a_long_list_of_units_is_narrowed_by_typing(city: SmallCity, visitor: Visitor) -> None:
    matter = matters.act(city.actor("liqiang"), opened(city).number, "accept")
    page = sign_in(visitor("desktop"), "liqiang")
    page.goto(f"/desk/matters/{matter.number}/do/convene/")
    page.locator("[data-narrow]").fill("police")
    expect(page.locator("[name=units]:visible")).to_have_count(3)
    page.keyboard.press("Enter")
    page.locator("[data-narrow]").fill("法院")
    expect(page.locator("[name=units]:checked")).to_have_count(1)
    expect(page.locator("[name=units]:visible")).to_have_count(1)  # the one chosen stays in sight


def test_the_door_thinks_along_and_the_same_is_joined(city: SmallCity, visitor: Visitor) -> None:
    first = opened(city, lon=114.005, lat=35.505)
    page = sign_in(visitor("desktop"), "chenmin")
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile("/desk/in/$"))
    page.wait_for_load_state()
    page.get_by_label("反映内容").fill("物业公司扣着装修押金不退,装修完三个月了,打电话都推")
    thoughts = page.locator("#thoughts")
    expect(thoughts).to_contain_text("装修押金")
    page.get_by_text("经纬度").click()
    page.get_by_label("经度").fill("114.0051")
    page.get_by_label("纬度").fill("35.505")
    page.keyboard.press("Tab")
    expect(thoughts).to_contain_text("东柳前村第1网格")
    thoughts.get_by_text(first.title).click()
    page.get_by_label("姓名").fill("陈静")
    page.get_by_label("电话", exact=False).last.fill(PHONE)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".receipt")).to_contain_text("查询码")
    assert Matter.objects.get(master=first).parties.get(role="reporter").name == "陈静"


def test_choosing_a_category_changes_who_answers(city: SmallCity, visitor: Visitor) -> None:
    page = sign_in(visitor("desktop"), "chenmin")
    page.goto("/desk/in/")
    page.get_by_label("反映内容").fill("物业公司扣着装修押金不退,说了三次")
    page.locator("[name=category_other]").select_option("family.marriage")
    expect(page.locator("#thoughts .thought-so").first).to_contain_text("婚姻与彩礼")
    page.get_by_label("反映内容").press("End")
    with page.expect_response("**/consider/"):  # what is thought of the last letter
        page.keyboard.type(",一直推")
    expect(page.locator("[name=category_other]")).to_have_value("family.marriage")


def test_a_contact_is_shown_in_its_card(city: SmallCity, visitor: Visitor) -> None:
    matter = answered(city, opened(city))
    page = sign_in(visitor("desktop"), "sunli")
    page.goto(f"/desk/calls/{matter.number}/")
    card = page.locator("[data-party]")
    expect(card).not_to_contain_text(PHONE)
    card.locator("select").select_option(index=1)
    card.get_by_role("button").click()
    expect(card).to_contain_text(PHONE)
    page.get_by_role("button", name="回访：已解决", exact=True).click()
    expect(page).to_have_url(re.compile("/desk/calls/$"))
    assert Matter.objects.get(pk=matter.pk).state == "closed"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_every_page_fits_its_screen(city: SmallCity, visitor: Visitor, screen: str, language: str) -> None:
    meeting = convened(city)
    number = meeting.matter.number
    city.accounts["zhaolei"].language = "en" if language == "en" else "zh-hans"
    city.accounts["zhaolei"].save()
    page = sign_in(visitor(screen, language=language), "zhaolei")
    for address in (
        "/desk/", "/desk/tasks/", "/desk/invitations/", "/desk/objections/", "/desk/reminders/", "/desk/matters/",
        "/desk/unplaced/", "/desk/watch/", "/desk/in/", "/desk/password/", f"/desk/matters/{number}/",
        f"/desk/matters/{number}/history/", f"/desk/matters/{number}/place/", f"/desk/matters/{number}/category/",
        f"/desk/matters/{number}/parties/", f"/desk/matters/{number}/do/urge/", f"/desk/meetings/{meeting.pk}/",
    ):  # fmt: skip
        page.goto(address)
        expect(page.locator("main")).to_be_visible()
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, f"{address} is {overflow} px too wide"


def test_without_javascript_everything_still_goes(
    city: SmallCity, visitor: Visitor, chromium: object
) -> None:
    matter = opened(city)
    first = sign_in(visitor("desktop"), "liqiang")
    cookies = first.context.cookies()
    context = first.context.browser.new_context(java_script_enabled=False, base_url=first.url)  # type: ignore[union-attr]
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"/desk/matters/{matter.number}/")
    page.get_by_role("button", name="签收").click()
    page.get_by_role("link", name="答复").click()
    page.get_by_role("textbox", name="答复").fill("已经退还押金")
    page.get_by_label("已解决").check()
    page.get_by_role("button", name="答复").click()
    expect(page.locator(".page-header-marks")).to_contain_text("待群众评判")
    context.close()
