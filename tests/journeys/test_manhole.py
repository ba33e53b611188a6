"""The manhole cover at the school gate: seen, sent to the wrong unit, objected to, done by the right one, judged."""

from __future__ import annotations

import pytest

from onedoor.intake import actions as door
from onedoor.intake.rules import Report
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import BadInput, NotAllowed, NotFound, NotNow
from onedoor.kernel.proof import prove
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from onedoor.matters.queries import objections_for, work
from onedoor.notices.queries import notices_of
from tests.journeys.days import on
from tests.journeys.towns import Town

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db

SEEN = "学校门口的供水井盖不见了，井口敞着，孩子上学要从旁边过，太危险了。"
DONE = {"done": "新井盖已装好，并清理了井口周围。", "basis": "城市管理部件规范"}


def reported(town: Town) -> door.Received:
    """刘娟 points at the map on her way to school."""
    lon, lat = town.points[0]
    said = Report(detail=SEEN, lon=lon, lat=lat, name="刘娟", contact="13800001234")
    return door.receive(Actor.resident(), said)


def dispatched(town: Town) -> door.Received:
    """… and 郑洁, the grid worker, has looked at it and sent it on."""
    with on(0, "07:40"):
        received = reported(town)
    with on(0, "09:10"):
        matters.act(town.actor("zhengjie"), received.matter.number, "dispatch")
    return received


def test_the_right_unit_ends_up_with_it_and_the_resident_has_the_last_word(town: Town) -> None:
    received = dispatched(town)
    number = received.matter.number
    matter = Matter.objects.get(number=number)
    assert matter.category.code == "facility.manhole"
    assert (matter.state, matter.unit) == ("dispatched", town.unit("urban_management"))
    limit = matter.clocks.get(name="act").due_at
    with on(0, "10:00"):
        right = town.unit("water")
        matters.act(
            town.actor("qianjun"), number, "object", {"reason": "是供水井，产权属供水公司", "unit": right.pk}
        )
        arbiter = matter.objections.get().arbiter
        assert arbiter not in (right, matter.unit)
        assert arbiter == town.unit("centre")
        with pytest.raises(NotNow):  # what is in dispute is not reported as done
            matters.act(town.actor("qianjun"), number, "report", DONE)
        with pytest.raises((NotAllowed, NotFound)):  # nobody with an interest decides it
            matters.act(town.actor("mahui"), number, "reject_objection", {"reason": "归城管"})
        assert [found.matter for found in objections_for(town.actor("zhaolei"))] == [matter]
    with on(0, "11:00"):
        ruling = {"unit": right.pk, "reason": "井盖编号显示为供水井"}
        moved = matters.act(town.actor("zhaolei"), number, "uphold_objection", ruling)
    assert (moved.state, moved.unit) == ("dispatched", right)
    clock = moved.clocks.get(name="act")
    assert (clock.state, clock.due_at, clock.unit) == ("running", limit, right)  # the resident's time ran on
    assert moved.objections.get().upheld
    with on(0, "14:50"):
        matters.act(town.actor("mahui"), number, "report", DONE)
    with on(0, "16:00"):
        worker = town.actor("zhengjie")
        assert number in {found.number for found in work(worker)}
        with pytest.raises(NotNow):  # a resident reported it, so she is asked
            matters.act(worker, number, "confirm")
        matters.act(worker, number, "confirm_for_resident")
    assert notices_of(number)[0].text["zh"] == "您反映的问题已处置，请评判是否解决。"
    with on(0, "18:30"):
        closed = matters.give_verdict(prove(number, received.code, "phone"), True, {"satisfied": 5})
    assert (closed.state, closed.is_open) == ("closed", False)
    assert list(verify()) == []


def test_an_objection_that_does_not_hold_leaves_it_where_it_is(town: Town) -> None:
    number = dispatched(town).matter.number
    with on(0, "10:00"):
        matters.act(town.actor("qianjun"), number, "object", {"reason": "不归我们"})
        with pytest.raises(NotNow):
            matters.act(town.actor("qianjun"), number, "receive")
    with on(0, "11:00"):
        kept = matters.act(town.actor("zhaolei"), number, "reject_objection", {"reason": "井盖属市政设施"})
    assert kept.unit == town.unit("urban_management")
    running = kept.clocks.filter(state="running").values_list("name", flat=True)
    assert {"accept", "act"} <= set(running)
    with on(0, "11:30"):
        assert matters.act(town.actor("qianjun"), number, "receive").state == "dispatched"


def test_what_was_not_done_goes_back_a_level_higher(town: Town) -> None:
    number = dispatched(town).matter.number
    with on(0, "14:50"):
        matters.act(town.actor("qianjun"), number, "report", DONE)
    with on(0, "16:00"):
        back = matters.act(town.actor("zhengjie"), number, "send_back", {"reason": "井口只盖了木板"})
    assert (back.state, back.level) == ("dispatched", 2)
    assert back.clocks.filter(name="act", state="running").exists()


def test_the_grid_worker_who_found_it_fixes_it_on_the_spot(town: Town) -> None:
    worker, (lon, lat) = town.actor("zhengjie"), town.points[1]
    with on(0, "09:00"):
        said = Report(detail="井盖松动，已踩实复位。", channel="grid", lon=lon, lat=lat, staff_only=True)
        matter = door.receive(worker, said).matter
        assert not matter.parties.exists()
        assert matter.division_id == town.grid.id
        fixed = matters.act(worker, matter.number, "fix_on_the_spot", DONE)
    assert (fixed.state, fixed.is_open) == ("closed", False)
    assert not fixed.clocks.filter(state="running").exists()
    assert not fixed.verdicts.exists()
    assert list(verify()) == []


def test_what_a_resident_reported_is_not_closed_without_her(town: Town) -> None:
    with on(0, "07:40"):
        number = reported(town).matter.number
    with on(0, "09:00"):
        worker = town.actor("zhengjie")
        with pytest.raises(NotNow):
            matters.act(worker, number, "fix_on_the_spot", DONE)
        with pytest.raises(BadInput):  # not without saying what was done
            matters.act(worker, number, "fixed_for_resident")
        assert matters.act(worker, number, "fixed_for_resident", DONE).state == "answered"
