"""The pages: an interviewer's call, a resident's code, figures for everybody; nothing for those who have no part."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from onedoor.kernel import time
from onedoor.surveys import actions
from onedoor.surveys.models import Answer, Round
from onedoor.surveys.tests import rounds
from onedoor.surveys.tests.rounds import SAFE, SYSTEM
from tests.support.browser import Visitor
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity, small_city

pytest_plugins = ["onedoor.surveys.tests.rounds"]


def _signed_in(city: SmallCity, login: str) -> Client:
    client = Client()
    client.force_login(city.accounts[login])
    return client


def _published() -> Round:
    held = rounds.opened(size=200)
    actions.take_answers(SYSTEM, held.pk, rounds.rows(held))
    actions.close(SYSTEM, held.pk)
    return actions.publish_figures(SYSTEM, held.pk)


def test_a_call_is_drawn_asked_and_recorded(surveyed: SmallCity) -> None:
    held, linjing = rounds.opened(), _signed_in(surveyed, "linjing")
    where = f"/desk/surveys/{held.pk}"
    linjing.post(f"{where}/draw/")
    assert "您在现在住的地方感到安全吗" in linjing.get(f"{where}/ask/").content.decode()
    refused = linjing.post(f"{where}/record/", {"key": "k", "age": "young"})
    assert (refused.status_code, Answer.objects.count()) == (422, 0)
    assert linjing.post(f"{where}/record/", {"key": "k", **SAFE}).status_code == 302
    linjing.post(f"{where}/draw/")
    linjing.post(f"{where}/record/", {"ending": "refused"})
    page = _signed_in(surveyed, "zhoutao").get(f"{where}/").content.decode()
    assert "50%" in page  # of two attempts one was answered


@pytest.mark.parametrize(
    ("login", "list_", "ask"), [("zhoutao", 200, 403), ("linjing", 200, 200), ("liqiang", 403, 403)]
)
def test_who_may_open_which_page(surveyed: SmallCity, login: str, list_: int, ask: int) -> None:
    held, client = rounds.opened(), _signed_in(surveyed, login)
    assert client.get("/desk/surveys/").status_code == list_
    assert client.get(f"/desk/surveys/{held.pk}/ask/").status_code == ask


def test_the_supervisor_closes_publishes_and_exports(surveyed: SmallCity) -> None:
    held, zhoutao = rounds.opened(), _signed_in(surveyed, "zhoutao")
    actions.take_answers(SYSTEM, held.pk, rounds.rows(held))
    codes = zhoutao.post(f"/desk/surveys/{held.pk}/codes/", {"total": "8"}).content.decode("utf-8-sig")
    assert len(codes.splitlines()) == 9
    assert Client().get(f"/surveys/{held.pk}/").status_code == 404
    zhoutao.post(f"/desk/surveys/{held.pk}/close/")
    assert zhoutao.get(f"/desk/surveys/{held.pk}/").status_code == 200
    assert zhoutao.get(f"/desk/surveys/{held.pk}/figures.xlsx").content.startswith(b"PK")
    zhoutao.post(f"/desk/surveys/{held.pk}/publish/")
    assert "个地方份数过少，不公布" in Client().get(f"/surveys/{held.pk}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_resident_answers_by_code_on_her_phone(visitor: Visitor) -> None:
    with time.at(MORNING):
        rounds.with_house(small_city())
        held = rounds.opened()
        [issued, *_] = actions.issue_codes(SYSTEM, held.pk, 4)
    page = visitor("phone")
    page.goto("/survey/")
    page.get_by_label("答题码").fill("AAAA2222")
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_text("这个答题码打不开问卷")).to_be_visible()
    page.get_by_label("答题码").fill(issued.code)
    page.get_by_role("button", name="开始").click()
    worries = page.get_by_text("主要担心什么")
    page.get_by_role("radio", name="18至39岁").check()
    page.get_by_role("radio", name="不太安全").check()
    expect(worries).to_be_visible()
    page.get_by_role("radio", name="基本安全").check()
    expect(worries).to_be_hidden()
    page.get_by_role("radio", name="放心", exact=True).check()
    page.get_by_role("radio", name="差不多").check()
    page.get_by_role("button", name="提交答卷").click()
    expect(page.get_by_role("heading", name="谢谢您")).to_be_visible()
    assert Answer.objects.get().values == SAFE | {"safe": "rather_safe"}
    page.goto("/surveys/")
    expect(page.get_by_text("还没有公布过结果")).to_be_visible()
