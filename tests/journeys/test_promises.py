"""What the house promises whatever the matter: silence must be notified, retries change nothing, time that runs out
is told upwards, and what nobody could place is found.
"""

from __future__ import annotations

import json
from dataclasses import replace
from random import Random

import pytest
from django.core.cache import cache
from django.test import Client

from onedoor.city.queries import calendar, tree
from onedoor.desk.queries import lists
from onedoor.intake import actions as door
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.calendars import due
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import KeyReused, NotAllowed, NotFound
from onedoor.kernel.spans import Span
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from onedoor.notices.actions import send_waiting
from onedoor.notices.models import Notice, Reminder
from onedoor.notices.queries import notices_of, reminders
from onedoor.simulation.cast import Cast
from tests.journeys import deposit
from tests.journeys.days import moment, on, pass_until
from tests.journeys.towns import Town

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db
UNPLACED = lists.Filters(state="unplaced")
WEB = Report(detail="小区楼道的灯坏了半个月，老人晚上摔了一跤。", name="刘娟", contact="13800001234")


def told_day(day: int) -> int:
    """The day on which the time for a verdict is over, when it began on `day`: as the calendar counts."""
    over = due(moment(day), Span.parse(tree().profile.silence), calendar()).at
    return (over.astimezone(time.CITY_ZONE).date() - moment(0).date()).days


def test_notified_silence_closes_it_and_keeps_the_proof(town: Town) -> None:
    story = deposit.answered(town)
    over = told_day(21)
    pass_until(over - 1, since=21)
    assert story.matter.state == "answered"
    pass_until(over, since=over)
    matter = story.matter
    assert (matter.state, matter.is_open) == ("closed", False)
    heard = {verdict.number: (verdict.channel, verdict.solved) for verdict in matter.verdicts.all()}
    assert heard == dict.fromkeys((story.number, story.neighbour), ("silence", None))
    closing = Entry.objects.get(stream=matter.stream, body__action="silence")
    assert set(closing.body["done"]["notified"]) == {story.number, story.neighbour}
    assert (closing.by_kind, closing.by_account) == ("system", None)


def test_silence_that_was_not_notified_closes_nothing(town: Town) -> None:
    story = deposit.answered(town)
    over = told_day(21)
    pass_until(over + 5, since=21, sending=False)
    assert story.matter.state == "answered"
    told = over + 6
    with on(told, "21:00"):
        assert send_waiting().sent > 0
    pass_until(told_day(told) - 1, since=told)
    assert story.matter.state == "answered"  # the time counts from the day they were told
    pass_until(told_day(told) + 1, since=told_day(told))
    assert story.matter.state == "closed"
    assert list(verify()) == []


def test_one_who_spoke_is_not_counted_among_the_silent(town: Town) -> None:
    story = deposit.answered(town)
    pass_until(21, since=21)
    with on(22, "19:00"):
        matters.give_verdict(story.resident(), True, {"satisfied": 5})
    pass_until(told_day(21), since=22)
    said = {verdict.number: (verdict.channel, verdict.solved) for verdict in story.matter.verdicts.all()}
    assert said == {story.number: ("resident", True), story.neighbour: ("silence", None)}
    assert story.matter.state == "closed"


def test_the_same_key_gives_the_same_matter(town: Town) -> None:
    lon, lat = town.points[0]
    report = replace(WEB, lon=lon, lat=lat, key="phone-7781")
    with on(0, "20:00"):
        first = door.receive(Actor.resident(), report)
    with on(0, "20:01"):
        again = door.receive(Actor.resident(), report)
        both = door.receive_many(Actor.resident(), [report, replace(report, key="phone-7782")])
        with pytest.raises(KeyReused):
            door.receive(Actor.resident(), replace(report, detail="另一件事：井盖不见了。"))
    assert (again.matter.pk, again.code, again.repeated) == (first.matter.pk, first.code, True)
    assert [received.repeated for received in both] == [True, False]
    assert Matter.objects.count() == 2
    assert Entry.objects.filter(stream=first.matter.stream).count() == 1


def test_a_retry_over_the_api_gives_the_same_receipt(town: Town) -> None:
    cache.clear()
    lon, lat = town.points[0]
    filing = {"detail": WEB.detail, "lon": lon, "lat": lat, "name": "刘娟", "contact": "13800001234"}

    def sent() -> dict[str, object]:
        answer = Client().post(
            "/api/v1/matters", json.dumps(filing), "application/json", headers={"Idempotency-Key": "r-1"}
        )
        assert answer.status_code == 200, answer.content.decode()
        receipt: dict[str, object] = answer.json()
        return receipt

    first, again = sent(), sent()
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert (first["number"], first["code"]) == (again["number"], again["code"])
    filing["detail"] = "另一件事。"
    refused = Client().post(
        "/api/v1/matters", json.dumps(filing), "application/json", headers={"Idempotency-Key": "r-1"}
    )
    assert (refused.status_code, refused.json()["problem"]) == (409, KeyReused.code)
    assert Matter.objects.count() == 1


def test_what_the_counter_could_not_place_waits_in_its_list_until_the_clerk_knows(town: Town) -> None:
    clerk = town.actor("chenmin")
    with on(0, "10:00"):
        said = Report(
            detail="我家楼上半夜装修，吵得睡不着。", channel="counter", name="刘娟", contact="13800001234"
        )
        matter = door.receive(clerk, said).matter
        assert (matter.placed, matter.county_id) == (False, town.county.id)
        assert matter.unit == town.unit("centre")
        assert list(lists.narrowed(clerk, UNPLACED)) == [matter]
        with pytest.raises((NotAllowed, NotFound)):
            door.place(town.actor("qianjun"), matter.number, town.grid.id)
    with on(0, "10:40"):
        placed = door.place(clerk, matter.number, town.grid.id, "电话核实")
        assert (placed.placed, placed.division_id) == (True, town.grid.id)
        assert placed.unit.kind in placed.category.competent
        assert not lists.narrowed(clerk, UNPLACED).exists()
    assert placed.clocks.filter(name="act", state="running").exists()
    assert list(verify()) == []


def test_what_names_no_place_at_all_still_finds_somebody_who_asks(town: Town) -> None:
    with on(0, "22:00"):
        matter = door.receive(Actor.resident(), WEB).matter
    assert not matter.placed
    with on(1, "09:00"):
        clerk = Cast().performer(Random(1), "clerk", matter)
        assert clerk is not None
        assert matter in lists.narrowed(clerk, UNPLACED)
        assert door.place(clerk, matter.number, town.grid.id, "电话核实").placed


def test_time_that_runs_out_is_told_upwards_step_by_step(town: Town) -> None:
    story = deposit.in_handling(town)
    limit = story.matter.clocks.get(name="act").due_at
    pass_until(45, since=1)
    climbed = Entry.objects.filter(stream=story.matter.stream, kind="escalated", body__clock="act").order_by(
        "seq"
    )
    assert [entry.body["do"] for entry in climbed] == ["remind", "urge", "raise_level", "tell_leader"]
    moments = [entry.at for entry in climbed]
    assert moments[0] < limit <= moments[1] < moments[2] < moments[3]
    assert story.matter.level == 2
    assert (story.matter.state, story.matter.is_open) == ("handling", True)
    kinds = {reminder.kind for reminder in reminders(town.actor("liqiang"))}
    assert {"remind", "urge"} <= kinds
    followers = Reminder.objects.filter(matter=story.matter, kind="urge", role="supervisor")
    assert followers.exists()
    assert "leader" in {reminder.kind for reminder in reminders(town.actor("wujun"))}
    assert not reminders(town.actor("yuanfang")).exists()
    pass_until(52, since=46)
    assert climbed.count() == 4  # the ladder has an end
    with on(53):
        story.act("zhoutao", "urge", reason="请说明为何超期")
        extended = story.act("wujun", "extend", span="5 working days", reason="物业公司更换负责人")
    assert extended.clocks.get(name="act", state="running").due_at > limit
    assert notices_of(story.number)[0].text["zh"].startswith("您的事项经批准延长办理时限")
    assert list(verify()) == []


def test_a_resident_is_asked_and_the_time_rests_meanwhile(town: Town) -> None:
    story = deposit.in_handling(town)
    before = story.matter.clocks.get(name="act").due_at
    with on(2):
        asked = story.act("liqiang", "ask", question="请补充押金收据照片")
        assert (asked.state, asked.answers) == ("asking", "resident")
        assert asked.clocks.get(name="act").state == "paused"
    with on(5, "20:00"):
        matters.act(story.resident(), story.number, "add", {"supplement": "收据在附件里"})
    after = story.matter.clocks.get(name="act")
    assert (after.state, story.matter.state) == ("running", "handling")
    assert after.due_at > before
    told = Notice.objects.filter(number=story.number).latest("pk")
    assert told.text["zh"] == "请您补充情况，补充前办理时限暂停。"
