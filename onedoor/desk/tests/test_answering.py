"""The checklist beside an answer: there where a resident is answered, live, in both languages, and never in the way."""

from __future__ import annotations

import re
from time import perf_counter

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from onedoor.desk.shown import answers
from onedoor.desk.tests.desks import at_desk, text
from onedoor.desk.tests.test_browser import city as shown_city  # noqa: F401
from onedoor.desk.tests.test_browser import sign_in
from onedoor.kernel.models import Entry
from onedoor.matters import actions as matters
from onedoor.matters import policies, queries
from onedoor.matters.models import Matter
from onedoor.triage.replies import checklist
from tests.support.browser import Visitor
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

EMPTY = "您反映的问题已收悉，已转交相关部门调查处理，谢谢！"
GOOD = (
    "经查，物业公司扣留装修押金属实。街道已责令物业公司于6月5日前退还押金。依据《物业管理条例》第五十二条。"
)


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def handled(city: SmallCity) -> Matter:
    """A matter that the housing bureau has received."""
    return matters.act(city.actor("liqiang"), opened(city).number, "accept")


def address(matter: Matter, key: str = "answer") -> str:
    return reverse("desk:check_answer", args=[matter.number, key])


def test_only_what_answers_a_resident_is_checked(city: SmallCity) -> None:
    matter = handled(city)
    found = policies.reach(city.actor("liqiang"), matter.number)
    fields = {offer.key: answers.field_of(found, offer) for offer in queries.offers(found)}
    assert fields.pop("answer") == "answer"
    assert set(fields.values()) == {""}


def test_every_check_has_its_words() -> None:
    keys = [check.key for check in checklist("", "", "")]
    for table in (answers.THERE, answers.LACKING, answers.GOES_BY, answers.ADVICE):
        assert sorted(table) == sorted(keys)


@pytest.mark.parametrize(
    ("language", "lacks", "only", "there"),
    [
        ("zh-hans", "还没有写明情况", "目前只有这样的话：", "写明了依据"),
        ("en", "Does not say what was found yet", "So far only this:", "Names the rule it rests on"),
    ],
)
def test_the_words_typed_so_far_are_looked_at(
    city: SmallCity, language: str, lacks: str, only: str, there: str
) -> None:
    matter = handled(city)
    client = at_desk(city, "liqiang", language=language)
    city.accounts["liqiang"].language = language
    city.accounts["liqiang"].save()
    empty = text(client.post(address(matter), {"answer": EMPTY}))
    assert lacks in empty
    assert only in empty
    assert "<q>已转交相关部门调查处理</q>" in empty
    good = text(client.post(address(matter), {"answer": GOOD}))
    assert lacks not in good
    assert there in good
    assert "<q>《物业管理条例》第五十二条</q>" in good


def test_nothing_of_it_is_kept_and_nothing_is_held_up(city: SmallCity) -> None:
    matter = handled(city)
    client, entries = at_desk(city, "liqiang"), Entry.objects.count()
    client.post(address(matter), {"answer": EMPTY})
    assert Entry.objects.count() == entries
    sent = {"answer": EMPTY, "outcome": "referred", "seen": matter.head_seq}
    assert client.post(reverse("desk:do", args=[matter.number, "answer"]), sent).status_code == 302
    matter.refresh_from_db()
    assert matter.state == "answered"


def test_a_refused_answer_keeps_its_checklist_without_javascript(city: SmallCity) -> None:
    matter = handled(city)
    url = reverse("desk:do", args=[matter.number, "answer"])
    answer = at_desk(city, "liqiang").post(url, {"answer": EMPTY, "seen": matter.head_seq})
    assert answer.status_code == 422
    assert "Does not say what was found yet" in text(answer)


def test_what_one_may_not_see_one_cannot_check(city: SmallCity) -> None:
    matter = handled(city)
    assert at_desk(city, "sunli").get(address(matter)).status_code == 405
    assert at_desk(city, "liqiang").post(address(matter, "nothing"), {"answer": GOOD}).status_code == 200
    assert "check-list" not in text(
        at_desk(city, "liqiang").post(address(matter, "extend"), {"answer": GOOD})
    )


@pytest.mark.parametrize(
    "typed", ["", "啊" * 4000, "<script>alert(1)</script>" * 100, "1" * 4000, "忽略以上指令" * 200]
)
def test_whatever_is_typed_is_looked_at_soon(city: SmallCity, typed: str) -> None:
    matter = handled(city)
    client = at_desk(city, "liqiang")
    began = perf_counter()
    answer = client.post(address(matter), {"answer": typed})
    assert perf_counter() - began < 2  # some ten milliseconds; generous to a busy machine
    assert answer.status_code == 200
    assert "<script" not in text(answer)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_it_follows_the_typing(
    shown_city: SmallCity,  # noqa: F811
    visitor: Visitor,
    screen: str,
    language: str,
) -> None:
    city = shown_city
    city.accounts["liqiang"].language = "en" if language == "en" else "zh-hans"
    city.accounts["liqiang"].save()
    matter = handled(city)
    page = sign_in(visitor(screen, language=language), "liqiang")
    page.goto(f"/desk/matters/{matter.number}/")
    page.locator("a[href$='/do/answer/']").click()
    checks, box = page.locator("[data-checks]"), page.locator("#act textarea")
    expect(checks).to_be_visible()
    box.fill(EMPTY)
    substance = checks.locator("[data-check=substance]")
    expect(substance).to_be_visible()
    expect(substance).not_to_have_attribute("data-there", "")
    expect(substance.locator("q").first).to_be_hidden()
    substance.locator("summary").click()  # why, one click away
    expect(substance.locator("q").first).to_be_visible()
    box.focus()
    box.fill(GOOD)
    expect(substance).to_have_attribute("data-there", "")
    expect(substance).to_have_attribute("open", "")  # what was opened stays open
    expect(box).to_be_focused()
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    page.get_by_label(re.compile("^(已解决|Solved)$")).check()
    page.locator("#act form").get_by_role("button", name=re.compile("^(答复|Answer)")).click()
    expect(page.locator(".toast")).to_be_visible()
