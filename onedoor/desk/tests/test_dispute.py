"""A dispute from the counter to its end, by the pages alone: what every kind of form field is for."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

AGREEMENT = {
    "kind": "written", "facts": "收取装修押金3000元", "duties": "物业退还", "content": "三日内退还3000元",
    "amount": "3000", "term": "15日",
}  # fmt: skip


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


class Story:
    """One matter, moved on by its pages."""

    def __init__(self, city: SmallCity, matter: Matter) -> None:
        self.city, self.matter = city, matter
        self.desks: dict[str, Client] = {}

    def desk(self, login: str) -> Client:
        return self.desks.setdefault(login, at_desk(self.city, login))

    def do(self, login: str, key: str, **form: Any) -> None:
        answer = self.desk(login).post(reverse("desk:do", args=[self.matter.number, key]), form)
        assert answer.status_code == 302, f"{key}: {text(answer)}"
        self.matter.refresh_from_db()

    def page(self, login: str) -> str:
        return text(self.desk(login).get(f"/desk/matters/{self.matter.number}/"))


@pytest.fixture
def story(city: SmallCity) -> Story:
    return Story(city, opened(city, about=PartyData("respondent", "安居物业", "13900000000")))


def test_an_agreement_is_reached_by_the_pages_and_stands_on_record(story: Story) -> None:
    story.do("liqiang", "accept")
    story.do("liqiang", "offer_mediation")
    for party in story.matter.parties.all():
        story.do("liqiang", "say_willing", party=party.pk, stance="agree")
    assert "Agrees" in story.page("liqiang")
    story.do("liqiang", "begin_mediation", mediator="王芳", chosen_by="parties", open="no")
    refused = story.desk("liqiang").post(
        reverse("desk:do", args=[story.matter.number, "reach_agreement"]), AGREEMENT | {"term": "尽快"}
    )
    assert refused.status_code == 422
    assert 'name="term" type="text"' in text(refused)
    assert 'value="尽快"' in text(refused)
    story.do("liqiang", "reach_agreement", **AGREEMENT)
    for party in story.matter.parties.all():
        story.do("liqiang", "sign", party=party.pk, stance="signed")
    shown = story.page("liqiang")
    for fact in ("3000.00", "15 days", "Written", "By the parties"):
        assert fact in shown.partition("On record")[2]
    assert "人民调解协议书" in shown.partition("Documents")[2]
    paper = story.matter.documents.get()
    assert story.desk("liqiang").get(reverse("desk:paper", args=[paper.pk])).status_code == 200


def test_the_history_names_the_party_that_spoke_without_a_query_for_each(story: Story) -> None:
    story.do("liqiang", "accept")
    story.do("liqiang", "offer_mediation")
    reporter = story.matter.parties.get(role="reporter")
    story.do("liqiang", "say_willing", party=reporter.pk, stance="refuse")
    shown = story.page("liqiang")
    assert "Reporter · 刘*" in shown
    assert "Clearly refuses" in shown


def test_a_party_that_refuses_ends_mediation_and_is_told_of_its_routes(story: Story) -> None:
    story.do("liqiang", "accept")
    story.do("liqiang", "offer_mediation")
    address = reverse("desk:do", args=[story.matter.number, "refuse_mediation"])
    form = {"reason": "物业拒绝", "told": "court"}
    assert story.desk("liqiang").post(address, form).status_code == 409
    respondent = story.matter.parties.get(role="respondent")
    story.do("liqiang", "say_willing", party=respondent.pk, stance="refuse")
    story.do("liqiang", "refuse_mediation", **form)
    assert story.matter.state == "handling"


def test_a_joined_filing_has_a_page_that_leads_to_its_master(city: SmallCity, story: Story) -> None:
    other = Story(city, opened(city))
    beside = reverse("desk:beside", args=[other.matter.number, story.matter.number])
    assert story.desk("liqiang").post(beside, {"verb": "into_second"}).status_code == 302
    shown = other.page("liqiang")
    assert "Handled together with" in shown
    assert story.matter.number in shown
    assert "Joined to another matter" in shown
    assert "There is no step for you to take here now." in shown


def test_the_time_rests_while_the_resident_adds_something(story: Story) -> None:
    story.do("liqiang", "accept")
    story.do("liqiang", "ask", question="请提供押金收据")
    shown = story.page("liqiang")
    assert 'data-tone="paused"' in shown
    assert "Time to add" in shown
    story.do("chenmin", "add", supplement="收据编号003")
    assert story.matter.state == "handling"


def test_a_leader_extends_and_the_clock_says_so(story: Story) -> None:
    Matter.objects.filter(pk=story.matter.pk).update(unit=story.city.units["419801-centre"])
    story.do("zhaolei", "accept")
    story.do("wujun", "extend", span="5 working days", reason="需调取合同")
    assert "Extended by 5 working days, approved by 吴军: 需调取合同" in story.page("zhaolei")
