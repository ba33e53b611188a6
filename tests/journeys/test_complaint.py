"""A complaint about a unit: it never handles it, never sees it, and never learns who complained."""

from __future__ import annotations

import pytest
from django.test import Client

from onedoor.city import actions as city
from onedoor.documents import actions as papers
from onedoor.intake import actions as door
from onedoor.intake.match import Filed
from onedoor.intake.queries import nearby
from onedoor.intake.rules import Report
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter
from onedoor.matters.queries import objections_for, search, tasks_of, work
from onedoor.meetings.queries import invitations
from onedoor.notices.models import Reminder
from onedoor.notices.queries import reminders
from onedoor.simulation import demo
from tests.journeys import deposit
from tests.journeys.days import on, pass_until
from tests.journeys.towns import Town

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db

SAID = "小区门口井盖没了报了三次，城管局的人不来，还说谁再打电话就去找谁。"
ACCUSED = "qianjun"  # 钱军, of the unit complained of


def complained(town: Town, **more: object) -> Matter:
    """刘娟 complains of the urban management bureau, which answers for manholes here."""
    lon, lat = town.points[0]
    said = {"about_unit": town.unit("urban_management").pk, "name": "刘娟", "contact": "13800001234"} | more
    report = Report(detail=SAID, category="facility.manhole", lon=lon, lat=lat, **said)  # type: ignore[arg-type]
    with on(0):
        return door.receive(Actor.resident(), report).matter


def test_it_is_routed_past_the_unit_complained_of_and_stays_so(town: Town) -> None:
    matter = complained(town)
    accused = town.unit("urban_management")
    assert matter.unit != accused
    with on(0, "11:00"):
        sent = matters.act(town.actor("zhengjie"), matter.number, "dispatch")
        assert sent.unit == town.unit("water")  # the next that is competent for it
        for key, login in (("hand_over", "zhaolei"), ("hand_over", "wujun")):
            with pytest.raises(BadInput):
                matters.act(town.actor(login), matter.number, key, {"unit": accused.pk, "reason": "归城管"})
        named = {"reason": "不是供水井", "unit": accused.pk}
        matters.act(town.actor("mahui"), matter.number, "object", named)
        assert matter.objections.get().arbiter != accused
        with pytest.raises(BadInput):
            matters.act(town.actor("zhaolei"), matter.number, "uphold_objection", named)
    assert not matter.involved.filter(unit=accused).exists()


def test_its_staff_see_it_nowhere(town: Town) -> None:
    matter = complained(town)
    number = matter.number
    with on(1):
        actor = town.actor(ACCUSED)
        assert not policies.visible(actor).filter(pk=matter.pk).exists()
        for rows in (search(actor, number), search(actor, "井盖"), work(actor), policies.visible(actor)):
            assert number not in {found.number for found in rows}
        assert not tasks_of(actor).exists()
        assert not objections_for(actor).exists()
        assert not invitations(actor).exists()
        assert not reminders(actor).exists()
        for step in (
            lambda: policies.reach(actor, number),
            lambda: matters.note(actor, number, "谁投诉的？"),
            lambda: matters.act(actor, number, "report", {"done": "已处置"}),
            lambda: matters.read_contact(actor, matter.parties.get(role="reporter").pk, "回访"),
            lambda: papers.render(actor, number, "receipt"),
            lambda: matters.add_party(actor, number, PartyData("other", "钱军")),
        ):
            with pytest.raises(NotFound):
                step()
        own = Filed("", "井盖没了", SAID, "facility.manhole", town.grid.id, *town.points[0])
        assert number not in {found.number for found in nearby(own, policies.sight(actor))}
        assert number in {found.number for found in nearby(own, policies.sight(town.actor("chenmin")))}


def test_the_api_says_the_same(town: Town) -> None:
    number = complained(town).number
    outside, inside = _client(ACCUSED), _client("zhaolei")
    assert inside.get(f"/api/v1/matters/{number}").status_code == 200
    assert outside.get(f"/api/v1/matters/{number}").status_code == 404
    for path in ("/api/v1/matters", "/api/v1/work", f"/api/v1/matters?text={number}"):
        told = outside.get(path)
        assert told.status_code == 200
        assert number not in told.content.decode()
    assert number in inside.get("/api/v1/matters").content.decode()
    assert outside.get(f"/api/v1/matters/{number}/actions").status_code == 404


def _client(login: str) -> Client:
    key = city.issue_key(demo.BUILDER, login, "the test")
    return Client(headers={"Authorization": f"Bearer {key}"})


def test_nothing_that_happens_later_tells_them(town: Town) -> None:
    matter = complained(town)
    with on(0, "11:00"):
        matters.act(town.actor("zhengjie"), matter.number, "dispatch")
    pass_until(20)
    accused = town.unit("urban_management").pk
    assert not Reminder.objects.filter(matter=matter, unit=accused).exists()
    assert Reminder.objects.filter(matter=matter).exists()
    assert list(verify()) == []


def test_who_is_complained_of_later_loses_the_matter(town: Town) -> None:
    story = deposit.in_handling(town)
    housing = town.unit("housing")
    with on(2):
        matters.add_party(town.actor("chenmin"), story.number, PartyData("respondent", unit_id=housing.pk))
        assert story.matter.unit != housing
        with pytest.raises((NotFound, NotAllowed)):
            story.act("liqiang", "answer", **deposit.ANSWER)
        assert not policies.visible(town.actor("liqiang")).filter(number=story.number).exists()


def test_a_confidential_reporter_stays_at_the_door(town: Town) -> None:
    matter = complained(town, confidential=True)
    with on(0, "11:00"):
        matters.act(town.actor("zhaolei"), matter.number, "dispatch")
        reporter = matter.parties.get(role="reporter").pk
        with pytest.raises(NotAllowed):  # the unit that handles it does not learn who she is
            matters.read_contact(town.actor("mahui"), reporter, "核实情况")
        assert matters.read_contact(town.actor("sunli"), reporter, "电话回访").name == "刘娟"


def test_a_matter_is_not_joined_to_one_that_the_unit_has(town: Town) -> None:
    matter = complained(town)
    lon, lat = town.points[1]
    with on(0):
        said = Report(detail="井盖没了，孩子差点掉下去。", category="facility.manhole", lon=lon, lat=lat)
        other = door.receive(Actor.resident(), said).matter
        matters.act(town.actor("zhengjie"), other.number, "dispatch")
        assert Matter.objects.get(pk=other.pk).unit == town.unit("urban_management")
        with pytest.raises(Conflict):
            matters.join(town.actor("chenmin"), matter.number, other.number)
