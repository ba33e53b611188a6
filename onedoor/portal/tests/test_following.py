"""Following by number and code: proof, its limits, and what a resident reads and does not read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from onedoor.kernel import limits, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.sealing import query_code
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter
from onedoor.meetings.actions import give_opinion
from onedoor.meetings.models import Meeting
from onedoor.notices.models import Notice
from onedoor.portal.proofs import LASTS
from onedoor.portal.tests.residents import follower, fresh_city, stranger, text
from tests.support.filings import ANSWER, PHONE, answered, opened
from tests.support.smallcity import CAST, SmallCity

START = datetime(2026, 11, 16, 9, tzinfo=time.CITY_ZONE)


@pytest.fixture
def city(db: None) -> SmallCity:
    return fresh_city()


@pytest.fixture
def matter(city: SmallCity) -> Matter:
    return opened(city)


def page(matter: Matter, language: str = "zh-CN") -> str:
    return text(follower(matter, language).get(f"/my/{matter.number}/"))


def test_number_and_code_open_the_matter(matter: Matter) -> None:
    shown = page(matter)
    assert matter.title in shown
    assert "装修完三个月了" in shown
    assert "东河区housing" in shown


@pytest.mark.parametrize("written", [str.lower, lambda code: f" {code[:4]}-{code[4:]} ", lambda code: code])
def test_the_code_as_people_write_it(matter: Matter, written: Any) -> None:
    code = written(query_code(matter.number))
    answer = stranger().post("/follow/", {"number": f" {matter.number} ", "code": code})
    assert answer.status_code == 302


def test_a_wrong_code_and_an_unknown_number_read_alike(matter: Matter) -> None:
    pages = []
    for number, code in ((matter.number, "AAAAAAAA"), ("4198012026999999", "AAAAAAAA"),
                         ("4198012026999999", query_code("4198012026999999"))):  # fmt: skip
        answer = stranger().post("/follow/", {"number": number, "code": code})
        assert answer.status_code == 404
        pages.append("编号与查询码不符" in text(answer))
    assert pages == [True, True, True]


def test_codes_cannot_be_guessed_for_long(matter: Matter) -> None:
    client, most = stranger(), limits.CODE_BY_VISITOR.most
    with time.at(START):
        guesses = [{"number": matter.number, "code": f"AAAA{n:04}"} for n in range(most + 2)]
        assert [client.post("/follow/", guess).status_code for guess in guesses] == [404] * most + [429] * 2
        right = client.post("/follow/", {"number": matter.number, "code": query_code(matter.number)})
    assert right.status_code == 429
    assert matter.title not in text(right)


def test_the_code_stands_in_no_address_and_on_no_page_of_the_matter(matter: Matter) -> None:
    client = follower(matter)
    assert query_code(matter.number) not in text(client.get(f"/my/{matter.number}/"))
    assert query_code(matter.number) not in text(client.get("/"))


def test_without_proof_every_address_of_a_matter_is_shut(matter: Matter) -> None:
    client, number = stranger(), matter.number
    assert client.get(f"/my/{number}/").headers["Location"] == f"/follow/?number={number}"
    for where in ("verdict/", "message/", "files/", "papers/new/receipt/", "do/withdraw/"):
        assert client.post(f"/my/{number}/{where}").status_code == 401
    for where in ("files/1/", "papers/1/", "do/withdraw/"):
        assert client.get(f"/my/{number}/{where}").status_code == 401
    matter.refresh_from_db()
    assert matter.is_open


def test_what_is_hers_stays_in_no_cache(matter: Matter) -> None:
    client = follower(matter)
    for where in (f"/my/{matter.number}/", "/", "/follow/", f"/my/{matter.number}/do/withdraw/"):
        assert "no-store" in client.get(where).headers["Cache-Control"]


def test_proof_of_one_matter_opens_no_other(city: SmallCity, matter: Matter) -> None:
    other = opened(city, name="另一人")
    assert follower(matter).get(f"/my/{other.number}/").status_code == 302


def test_proof_is_forgotten_after_a_while_and_on_request(matter: Matter) -> None:
    client = follower(matter)
    with time.at(time.now() + LASTS + timedelta(minutes=1)):
        assert client.get(f"/my/{matter.number}/").status_code == 302
    client = follower(matter)
    client.post("/follow/forget/")
    assert client.get(f"/my/{matter.number}/").status_code == 302


def test_a_new_proof_gets_a_new_session(matter: Matter) -> None:
    client = stranger()
    client.get("/follow/")
    client.session.save()
    before = client.session.session_key
    client.post("/follow/", {"number": matter.number, "code": query_code(matter.number)})
    assert client.session.session_key != before


def test_matters_of_this_device_are_listed_and_their_parties_are_not(matter: Matter) -> None:
    home = text(follower(matter).get("/"))
    assert matter.number in home
    assert PHONE not in home


def lived(city: SmallCity) -> Matter:
    """A matter in which much was written that is none of the resident's business."""
    matter = opened(city, about=PartyData("respondent", "秘密对方", "13911112222"))
    act, number = matters.act, matter.number
    housing, zhao = city.actor("liqiang"), city.actor("zhaolei")
    matters.note(zhao, number, "秘密备注")
    act(housing, number, "object", {"reason": "秘密异议理由"})
    arbiter = matter.objections.get().arbiter
    reach = next(
        login for login in ("wujun", "zhoutao", "zhaolei") if arbiter.pk in city.actor(login).unit_ids
    )
    act(city.actor(reach), number, "reject_objection", {"reason": "秘密裁定"})
    act(housing, number, "accept")
    act(zhao, number, "urge", {"reason": "秘密督办"})
    act(housing, number, "give_tasks", {"tasks": [
        {"unit": city.units["419801-market_regulation"].pk, "what": "秘密任务", "span": "3 working days"},
    ]})  # fmt: skip
    matters.finish_task(city.actor("sunyan"), matter.tasks.get().pk, "秘密结果")
    table = {"units": [city.units["419801-market_regulation"].pk], "when": "2099-01-05T10:00"}
    act(housing, number, "convene", table | {"place": "秘密会议室", "agenda": "秘密议题"})
    give_opinion(city.actor("sunyan"), Meeting.objects.get().pk, "秘密意见")
    act(zhao, number, "conclude", {"minutes": "秘密纪要"})
    matters.attach(housing, number, "秘密附件.pdf", b"%PDF-1.4 secret\n%%EOF")
    act(housing, number, "answer", ANSWER)
    return matter


def test_only_what_is_told_to_her_is_read(city: SmallCity) -> None:
    matter = lived(city)
    for language in ("zh-CN", "en"):
        shown = page(matter, language)
        assert ANSWER["answer"] in shown
        assert "秘密" not in shown
        for name in ("13911112222", PHONE, *(name for name, *_ in CAST.values())):
            assert name not in shown


def test_she_reads_what_was_done_before_she_judges_it(city: SmallCity) -> None:
    matter = opened(city, unit="419801-urban_management", category="facility.manhole")
    worker, handler = city.actor("zhengjie"), city.actor("qianjun")
    matters.act(worker, matter.number, "dispatch", {"reason": "秘密派遣说明"})
    matters.act(handler, matter.number, "report", {"done": "已补装井盖并加固。"})
    matters.act(worker, matter.number, "confirm_for_resident")
    shown = page(matter)
    assert "已补装井盖并加固。" in shown
    assert 'name="solved"' in shown
    assert "秘密" not in shown


def test_what_she_is_told_is_on_the_page_and_counts_as_told(city: SmallCity, matter: Matter) -> None:
    answered(city, matter)
    assert "您的事项已有答复" in page(matter)
    assert set(Notice.objects.values_list("state", flat=True)) == {"shown"}


def test_dates_say_why(city: SmallCity) -> None:
    with time.at(START):
        matter = opened(city)
    with time.at(START + timedelta(hours=1)):
        shown = page(matter)
    assert "办理时限" in shown
    assert "12月16日" in shown  # 30 days of the catalogue
    assert "异议期" not in shown


def test_a_look_at_her_number_is_hers_to_read(city: SmallCity, matter: Matter) -> None:
    matters.read_contact(city.actor("chenmin"), matter.parties.get().pk, "核实地址")
    shown = page(matter)
    assert "核实地址" in shown
    assert "东河区centre" in shown
    assert "陈敏" not in shown


class TestJoined:
    """Her filing is handled together with somebody else's."""

    @pytest.fixture
    def master(self, city: SmallCity) -> Matter:
        master = opened(city, name="首位反映人", address="首位地址")
        Matter.objects.filter(pk=master.pk).update(title="首位标题", detail="首位内容")
        return master

    @pytest.fixture
    def hers(self, city: SmallCity, master: Matter) -> Matter:
        hers = opened(city, name="后来人", contact="13700003333")
        matters.join(city.actor("chenmin"), hers.number, master.number, "秘密合并理由")
        return hers

    def test_she_reads_how_the_master_goes(self, city: SmallCity, master: Matter, hers: Matter) -> None:
        answered(city, master)
        shown = page(hers)
        assert "与另一件同样的反映合并办理" in shown
        assert ANSWER["answer"] in shown
        assert 'name="solved"' in shown

    def test_she_reads_nothing_of_who_was_first(self, city: SmallCity, master: Matter, hers: Matter) -> None:
        matters.note(Actor.resident(master.number), master.number, "首位留言")
        matters.attach(Actor.resident(master.number), master.number, "首位照片.pdf", b"%PDF-1.4\n%%EOF")
        matters.read_contact(city.actor("chenmin"), master.parties.get().pk, "首位回访")
        answered(city, master)
        matters.give_verdict(Actor.resident(master.number), False, {"reason": "首位说没有解决"})
        for language in ("zh-CN", "en"):
            shown = page(hers, language)
            assert "首位" not in shown
            assert "秘密" not in shown
            assert PHONE not in shown
            assert master.number not in shown

    def test_who_was_first_reads_nothing_of_her(self, city: SmallCity, master: Matter, hers: Matter) -> None:
        matters.note(Actor.resident(hers.number), hers.number, "后来人留言")
        answered(city, master)
        matters.give_verdict(Actor.resident(hers.number), False, {"reason": "后来人说没有解决"})
        shown = page(master)
        for secret in ("后来人", "13700003333", hers.number, "秘密"):
            assert secret not in shown
        assert "另一位反映人说：没有解决" in shown

    def test_a_telephone_in_the_answer_is_not_handed_on(
        self, city: SmallCity, master: Matter, hers: Matter
    ) -> None:
        matters.act(city.actor("liqiang"), master.number, "accept")
        answer = {"answer": f"已与反映人{PHONE}联系。", "outcome": "solved"}
        matters.act(city.actor("liqiang"), master.number, "answer", answer)
        assert PHONE not in page(hers)
        assert PHONE in page(master)

    def test_she_cannot_end_it_for_the_others(self, master: Matter, hers: Matter) -> None:
        client = follower(hers)
        assert "do/withdraw" not in text(client.get(f"/my/{hers.number}/"))
        assert client.post(f"/my/{hers.number}/do/withdraw/").status_code == 404
        master.refresh_from_db()
        assert master.is_open


def test_another_clients_session_is_its_own(matter: Matter) -> None:
    follower(matter)
    assert Client().get(f"/my/{matter.number}/").status_code == 302
