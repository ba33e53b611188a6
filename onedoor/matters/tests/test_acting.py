"""Actions on matters at their edges: races, who is complained of, what is joined, tasks, verdicts, corrections."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onedoor.city.queries import directory
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, NotNow
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Involved, Matter, Reading
from tests.support import invariants
from tests.support.filings import ANSWER, answered, opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")
MOST_STATEMENTS = (
    14  # of a plain action: the savepoint, the matter, who she is, its clocks, what it changes, the entry
)


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


@pytest.fixture
def handled(city: SmallCity) -> Matter:
    matter = opened(city)
    return matters.act(city.actor("liqiang"), matter.number, "accept")


@pytest.fixture(autouse=True)
def everything_holds(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test did, what is promised of every matter holds after it."""
    yield
    for number in Matter.objects.values_list("number", flat=True):
        invariants.check(number)
    assert list(verify()) == []


def unit(city: SmallCity, kind: str) -> int:
    return city.units[f"419801-{kind}"].pk


def last(matter: Matter) -> Entry:
    return Entry.objects.filter(stream=matter.stream).latest("seq")


# Acting


def test_who_has_not_seen_the_latest_entry_is_told(city: SmallCity, handled: Matter) -> None:
    with pytest.raises(Conflict):
        matters.act(city.actor("liqiang"), handled.number, "answer", ANSWER, seen=1)
    assert matters.act(city.actor("liqiang"), handled.number, "answer", ANSWER, seen=handled.head_seq)


def test_an_action_that_there_is_not(city: SmallCity, handled: Matter) -> None:
    with pytest.raises(NotFound):
        matters.act(city.actor("liqiang"), handled.number, "vanish")


def test_a_refused_form_changes_nothing(city: SmallCity, handled: Matter) -> None:
    with pytest.raises(BadInput) as caught:
        matters.act(city.actor("liqiang"), handled.number, "answer", {"outcome": "miracle", "colour": "red"})
    assert {error.field for error in caught.value.errors} == {"answer", "outcome", "colour"}
    assert last(handled).seq == handled.head_seq


def test_a_fact_left_blank_no_longer_holds(city: SmallCity, handled: Matter) -> None:
    number, mediator = handled.number, city.actor("wangfang")
    matters.add_party(city.actor("liqiang"), number, PartyData("respondent", "某物业"))
    matters.act(city.actor("liqiang"), number, "offer_mediation", {"unit": unit(city, "mediation_room")})
    for party in handled.parties.all():
        matters.act(mediator, number, "say_willing", {"party": party.pk, "stance": "agree"})
    matters.act(
        mediator, number, "begin_mediation", {"mediator": "王芳", "chosen_by": "parties", "open": True}
    )
    first = {
        "kind": "written",
        "facts": "一",
        "duties": "二",
        "content": "三",
        "amount": "3000",
        "term": "3 days",
    }
    matters.act(mediator, number, "reach_agreement", first)
    matters.act(mediator, number, "mediator_signs", {"mediator_signed": True})
    assert Matter.objects.get(number=number).facts["amount"] == "3000.00"
    matters.act(mediator, number, "end_mediation", {"reason": "反悔", "told": "court"})
    matters.act(city.actor("liqiang"), number, "offer_mediation")
    for party in handled.parties.all():
        matters.act(mediator, number, "say_willing", {"party": party.pk, "stance": "agree"})
    matters.act(
        mediator, number, "begin_mediation", {"mediator": "王芳", "chosen_by": "parties", "open": True}
    )
    without_amount = {name: value for name, value in first.items() if name != "amount"}
    facts = matters.act(mediator, number, "reach_agreement", without_amount).facts
    assert (facts.get("amount"), facts.get("mediator_signed"), facts["term"]) == (None, None, "3 days")


def test_a_plain_action_takes_few_statements(city: SmallCity) -> None:
    matter, actor = opened(city), city.actor("liqiang")
    with CaptureQueriesContext(connection) as captured:
        matters.act(actor, matter.number, "accept")
    assert len(captured) <= MOST_STATEMENTS, [query["sql"][:90] for query in captured]


def test_notes_are_tidy_and_not_empty(city: SmallCity, handled: Matter) -> None:
    matters.note(city.actor("liqiang"), handled.number, " 已联系\u202e \x00")
    assert (last(handled).words or {})["text"] == "已联系"
    for text in ("", " \u200b ", "长" * 4001):
        with pytest.raises(BadInput):
            matters.note(city.actor("liqiang"), handled.number, text)


# Whoever is complained of


def test_a_unit_newly_complained_of_loses_the_matter(city: SmallCity, handled: Matter) -> None:
    task = {"unit": unit(city, "housing"), "what": "查"}
    matters.act(city.actor("liqiang"), handled.number, "give_tasks", {"tasks": [task]})
    matters.add_party(
        city.actor("zhaolei"), handled.number, PartyData("respondent", unit_id=unit(city, "housing"))
    )
    matter = Matter.objects.get(pk=handled.pk)
    assert matter.unit_id == unit(city, "centre")  # the nearest that arbitrates and has no interest
    assert matter.tasks.get().state == "withdrawn"
    assert last(matter).body["changes"] == {"unit_id": matter.unit_id}
    with pytest.raises(NotFound):
        matters.act(city.actor("liqiang"), matter.number, "answer", ANSWER)


def test_before_anybody_acted_the_next_unit_gets_its_whole_time(city: SmallCity) -> None:
    matter = opened(city)
    with time.at(MORNING + timedelta(hours=30)):
        matters.add_party(
            city.actor("zhaolei"), matter.number, PartyData("respondent", unit_id=unit(city, "housing"))
        )
        started = {clock.name: clock.started_at for clock in matter.clocks.filter(state="running")}
        assert started == {"accept": time.now(), "objecting": time.now(), "act": MORNING}
        assert set(matter.clocks.filter(state="dropped").values_list("unit_id", flat=True)) >= {
            unit(city, "housing")
        }


def test_an_arbiter_complained_of_decides_nothing(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "不归我"})
    assert matter.objections.get().arbiter_id == unit(city, "centre")
    matters.add_party(SYSTEM, matter.number, PartyData("respondent", unit_id=unit(city, "centre")))
    objection = matter.objections.get()
    assert objection.decided_at
    assert objection.upheld is None
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "仍不归我"})
    assert matter.objections.latest("pk").arbiter_id == city.units["419800-centre"].pk


@pytest.mark.parametrize("key", ["hand_over", "give_tasks", "convene"])
def test_nothing_is_given_to_whom_the_matter_complains_of(city: SmallCity, key: str) -> None:
    police = unit(city, "police")
    matter = opened(city, about=PartyData("respondent", unit_id=police))
    matters.act(city.actor("liqiang"), matter.number, "accept")
    values: dict[str, dict[str, Any]] = {
        "hand_over": {"unit": police, "reason": "给"},
        "give_tasks": {"tasks": [{"unit": police, "what": "查"}]},
        "convene": {"units": [police], "when": "2026-03-04T09:30", "place": "中心", "agenda": "议"},
    }
    with pytest.raises(BadInput):
        matters.act(city.actor("zhaolei"), matter.number, key, values[key])
    assert not Involved.objects.filter(matter=matter, unit_id=police).exists()


def test_nobody_is_left_to_take_it_and_that_is_said(city: SmallCity, handled: Matter) -> None:
    kinds = ("centre", "petition_office")
    arbiters = [u.pk for u in directory().units.values() if u.kind in kinds]
    for one in arbiters:
        matters.add_party(SYSTEM, handled.number, PartyData("respondent", unit_id=one))
    with pytest.raises(NotNow, match="no unit without an interest"):
        matters.add_party(SYSTEM, handled.number, PartyData("respondent", unit_id=unit(city, "housing")))
    assert handled.parties.filter(role="respondent").count() == len(arbiters)


def test_parties_need_a_name_and_a_role(city: SmallCity, handled: Matter) -> None:
    for data in (
        PartyData("respondent"),
        PartyData("suspect", "某人"),
        PartyData("respondent", unit_id=10**9),
        PartyData("other", "长" * 61),
    ):
        with pytest.raises(BadInput):
            matters.add_party(city.actor("zhaolei"), handled.number, data)
    with pytest.raises(NotAllowed):
        matters.add_party(city.actor("zhoutao"), handled.number, PartyData("other", "某人"))


# Contacts


def test_contacts_are_read_for_a_purpose_and_it_is_logged(city: SmallCity, handled: Matter) -> None:
    party = handled.parties.get(role="reporter")
    with pytest.raises(BadInput):
        matters.read_contact(city.actor("liqiang"), party.pk, " ")
    with pytest.raises(NotAllowed):
        matters.read_contact(city.actor("hean"), party.pk, "好奇")
    with pytest.raises(NotFound):
        matters.read_contact(city.actor("qianjun"), party.pk, "好奇")
    assert matters.read_contact(city.actor("liqiang"), party.pk, "电话回访").contact == "13800001234"
    reading = Reading.objects.get()
    assert (reading.account_id, reading.purpose) == (city.accounts["liqiang"].pk, "电话回访")
    assert (last(handled).kind, last(handled).body) == ("contact_read", {"party": party.pk})


def test_a_confidential_reporter_is_read_at_the_door_alone(city: SmallCity) -> None:
    matter = opened(city, confidential=True)
    party = matter.parties.get(role="reporter")
    with pytest.raises(NotAllowed):
        matters.read_contact(city.actor("liqiang"), party.pk, "电话联系")
    assert matters.read_contact(city.actor("sunli"), party.pk, "电话回访").name == "刘娟"


# Joining


def test_a_filing_about_the_units_that_have_the_master_is_not_joined(city: SmallCity) -> None:
    of_housing = PartyData("respondent", unit_id=unit(city, "housing"))
    master, filing = opened(city), opened(city, unit="419801-centre", about=of_housing)
    with pytest.raises(Conflict, match="cannot be joined"):
        matters.join(SYSTEM, filing.number, master.number)


def test_whom_a_joined_filing_complains_of_has_no_part_in_the_master(
    city: SmallCity, handled: Matter
) -> None:
    police = unit(city, "police")
    matters.act(
        city.actor("liqiang"), handled.number, "give_tasks", {"tasks": [{"unit": police, "what": "查"}]}
    )
    filing = opened(city, about=PartyData("respondent", unit_id=police))
    matters.join(city.actor("zhaolei"), filing.number, handled.number, "同一件事")
    assert handled.tasks.get().state == "withdrawn"
    assert handled.parties.filter(role="respondent", unit_id=police).exists()


def test_what_can_be_joined_and_what_cannot(city: SmallCity) -> None:
    one, two, three = (opened(city) for _ in range(3))
    coordinator = city.actor("zhaolei")
    with pytest.raises(BadInput):
        matters.join(coordinator, one.number, one.number)
    with pytest.raises(NotFound):
        matters.join(coordinator, one.number, "4198012026999999")
    with pytest.raises(NotAllowed):
        matters.join(city.actor("zhoutao"), two.number, one.number)
    matters.join(coordinator, two.number, one.number)
    for number, master in ((three, two), (one, three), (two, three)):
        with pytest.raises(Conflict):
            matters.join(coordinator, number.number, master.number)
    matters.act(Actor.resident(three.number), three.number, "withdraw")
    with pytest.raises(Conflict):
        matters.join(coordinator, three.number, one.number)


def test_nothing_is_done_on_a_joined_filing_itself(city: SmallCity) -> None:
    master, filing = opened(city), opened(city)
    matters.join(SYSTEM, filing.number, master.number)
    with pytest.raises(Conflict, match="Joined"):
        matters.act(city.actor("liqiang"), filing.number, "accept")
    with pytest.raises(Conflict):
        matters.place(SYSTEM, filing.number, city.first_grid.pk, unit(city, "police"))
    with pytest.raises(BadInput):
        matters.separate(SYSTEM, filing.number, " ")
    matters.separate(city.actor("chenmin"), filing.number, "不是同一件事")
    with pytest.raises(Conflict):
        matters.separate(SYSTEM, filing.number, "再分开")
    filing.refresh_from_db()
    assert (filing.state, filing.is_open, filing.master_id) == ("registered", True, None)
    assert last(master).kind == "let_go"


# Tasks


def test_a_task_ends_once(city: SmallCity, handled: Matter) -> None:
    police, other = unit(city, "urban_management"), unit(city, "market_regulation")
    tasks = [{"unit": police, "what": "查"}, {"unit": other, "what": "看"}]
    matters.act(city.actor("liqiang"), handled.number, "give_tasks", {"tasks": tasks})
    one, two = handled.tasks.order_by("pk")
    assert last(handled).body["done"]["tasks"] == [
        {"task": one.pk, "unit": police, "span": "5 working days"},
        {"task": two.pk, "unit": other, "span": "5 working days"},
    ]
    with pytest.raises(BadInput):
        matters.finish_task(city.actor("qianjun"), one.pk, "")
    with pytest.raises(NotAllowed):
        matters.finish_task(city.actor("sunyan"), one.pk, "好了")
    with pytest.raises(NotFound):
        matters.finish_task(city.actor("qianjun"), 10**6, "好了")
    matters.finish_task(city.actor("qianjun"), one.pk, "好了")
    with pytest.raises(NotFound):
        matters.finish_task(city.actor("qianjun"), one.pk, "又好了")
    with pytest.raises(NotAllowed):
        matters.withdraw_task(city.actor("sunyan"), two.pk, "不用了")
    matters.withdraw_task(city.actor("liqiang"), two.pk, "不用了")
    assert [task.state for task in handled.tasks.order_by("pk")] == ["done", "withdrawn"]
    assert [clock.state for clock in handled.clocks.filter(name="task").order_by("pk")] == ["met", "dropped"]


# Verdicts


def test_a_verdict_is_given_only_when_it_is_asked_for(city: SmallCity, handled: Matter) -> None:
    resident = Actor.resident(handled.number)
    with pytest.raises(Conflict):
        matters.give_verdict(resident, True, {})
    with pytest.raises(NotFound):
        matters.give_verdict(Actor.resident("4198012026999999"), True, {})
    with pytest.raises(NotFound):
        matters.give_verdict(Actor.resident(), True, {})


def test_the_last_of_several_closes_and_one_who_is_not_content_reopens(city: SmallCity) -> None:
    master = answered(city, opened(city))
    filing = opened(city)
    matters.join(SYSTEM, filing.number, master.number)
    first = matters.give_verdict(Actor.resident(master.number), True, {"satisfied": 5})
    assert first.state == "answered"
    second = matters.give_verdict(Actor.resident(filing.number), False, {"reason": "我的没有退"})
    assert (second.state, second.level, second.times_reopened) == ("handling", 2, 1)
    matters.act(city.actor("liqiang"), master.number, "answer", ANSWER)
    matters.give_verdict(Actor.resident(filing.number), True, {})
    closed = matters.give_verdict(Actor.resident(master.number), True, {})
    assert closed.state == "closed"
    assert sorted(closed.verdicts.values_list("round", "solved")) == [
        (0, False), (0, True), (1, True), (1, True)
    ]  # fmt: skip


def test_a_filing_joined_to_what_staff_found_is_its_only_voice(city: SmallCity) -> None:
    found = opened(city)
    found.parties.all().delete()
    filing = opened(city)
    matters.join(SYSTEM, filing.number, found.number)
    answered(city, found)
    assert matters.give_verdict(Actor.resident(filing.number), True, {}).state == "closed"


# Corrections


def test_a_place_found_in_another_county_takes_the_matter_there(city: SmallCity) -> None:
    matter = opened(city, unit="419801-centre", placed=False)
    far, there = city.units["419802-housing"], city.divisions["419802001001001"]
    with time.at(MORNING + timedelta(days=2)):
        matters.place(city.actor("chenmin"), matter.number, there.pk, far.pk, reason="实为西河")
    matter.refresh_from_db()
    assert (matter.placed, matter.unit_id) == (True, far.pk)
    assert matter.county_id == city.divisions["419802"].pk
    assert matter.number.startswith("419801")  # a number never changes
    accept = matter.clocks.get(name="accept", state="running")
    assert (accept.started_at, accept.unit_id) == (MORNING + timedelta(days=2), far.pk)
    assert matter.clocks.get(name="act", state="running").started_at == MORNING


def test_a_unit_at_work_keeps_the_matter_when_its_place_is_corrected(
    city: SmallCity, handled: Matter
) -> None:
    there = city.divisions["419801002001001"]
    matters.place(city.actor("chenmin"), handled.number, there.pk, unit(city, "police"))
    handled.refresh_from_db()
    assert (handled.division_id, handled.unit_id) == (there.pk, unit(city, "housing"))
    with pytest.raises(BadInput):
        matters.place(city.actor("chenmin"), handled.number, 10**6, unit(city, "police"))
    with pytest.raises(NotAllowed):
        matters.place(city.actor("liqiang"), handled.number, there.pk, unit(city, "police"))


def test_a_wrong_category_costs_the_resident_no_time_and_the_next_unit_none_of_its_own(
    city: SmallCity,
) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "不归我"})
    category = directory().categories["education.safety"]  # a confidential one, of another procedure
    later = MORNING + timedelta(days=2)
    with time.at(later):
        matters.correct(city.actor("zhaolei"), matter.number, category, unit(city, "education"))
    matter.refresh_from_db()
    assert (matter.state, matter.unit_id, matter.confidential) == (
        "registered",
        unit(city, "education"),
        True,
    )
    started = {clock.name: clock.started_at for clock in matter.clocks.filter(state="running")}
    assert started == {"act": MORNING, "accept": later, "objecting": later}
    assert matter.objections.get().upheld is None
    for old in matter.clocks.filter(state="dropped", name__in=("accept", "act")):
        assert old.unit_id == unit(city, "housing")  # what was dropped stays with whom it measured


def test_once_somebody_acts_only_the_procedure_changes_the_category(city: SmallCity, handled: Matter) -> None:
    with pytest.raises(BadInput):
        matters.correct(
            city.actor("zhaolei"),
            handled.number,
            directory().categories["transport.bus"],
            unit(city, "police"),
        )
    with pytest.raises(BadInput, match="another procedure"):
        matters.act(
            city.actor("zhaolei"), handled.number, "reclassify", {"category": "transport.bus", "reason": "改"}
        )


def test_a_category_put_out_of_use_still_gives_its_matters_their_time(
    city: SmallCity, handled: Matter
) -> None:
    category = handled.category
    category.active = False
    category.save()
    directory().category_by_id.pop(category.pk)
    matters.act(city.actor("liqiang"), handled.number, "answer", ANSWER)
    again = matters.give_verdict(Actor.resident(handled.number), False, {"reason": "没有"})
    assert again.clocks.filter(name="act", state="running").exists()


def test_what_ends_takes_everything_with_it(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "不归我"})
    matters.act(Actor.resident(matter.number), matter.number, "withdraw")
    assert matter.objections.get().decided_at
    assert set(matter.clocks.values_list("state", flat=True)) == {"dropped"}


# Whom clocks measure


def test_a_clock_stopped_by_handing_over_measures_the_unit_that_had_it(city: SmallCity) -> None:
    matter = opened(city)
    with time.at(MORNING + timedelta(hours=3)):
        matters.act(
            city.actor("zhaolei"),
            matter.number,
            "hand_over",
            {"unit": unit(city, "police"), "reason": "改派"},
        )
    accepts = matter.clocks.filter(name="accept").order_by("pk")
    assert [(clock.state, clock.unit_id) for clock in accepts] == [
        ("dropped", unit(city, "housing")),
        ("running", unit(city, "police")),
    ]
    assert matter.clocks.get(name="act").unit_id == unit(city, "police")


def test_at_most_five_represent_a_petition(city: SmallCity) -> None:
    filing = Filing(
        directory().categories["government.delay"],
        unit(city, "petition_office"),
        city.first_grid.pk,
        "办证慢",
    )
    [petition] = matters.open_many(SYSTEM, [filing])
    for number in range(5):
        matters.add_party(SYSTEM, petition.number, PartyData("representative", f"代表{number}"))
    with pytest.raises(BadInput, match="at most 5"):
        matters.add_party(SYSTEM, petition.number, PartyData("representative", "代表六"))
    matters.add_party(SYSTEM, petition.number, PartyData("other", "旁人"))
    assert petition.parties.filter(role="representative").count() == 5
