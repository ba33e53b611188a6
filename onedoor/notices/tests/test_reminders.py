"""Units are reminded of what runs out, those who follow up are told, and never the unit complained of."""

from __future__ import annotations

from datetime import timedelta

import pytest

from onedoor.city.models import Post
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import NotFound
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Clock, Matter
from onedoor.notices import actions, queries
from onedoor.notices.models import Reminder
from tests.support.cities import MORNING
from tests.support.filings import answered, opened
from tests.support.smallcity import SINCE, SmallCity

pytestmark = pytest.mark.django_db


def clock(matter: Matter, name: str) -> Clock:
    return Clock.objects.get(matter=matter, name=name, state="running")


def run_out(matter: Matter, name: str, after: timedelta = timedelta(minutes=1)) -> None:
    """Lets the named clock run out and whatever its ladder does by then happen."""
    moment = clock(matter, name).due_at + after
    with time.at(moment):
        while matters.tick():
            pass


def on_desk(city: SmallCity, login: str, matter: Matter) -> set[tuple[str, str]]:
    """(kind, clock) of the reminders about a matter that stand on somebody's first page."""
    rows = queries.reminders(city.actor(login)).filter(matter=matter)
    return set(rows.values_list("kind", "clock"))


def test_the_unit_is_reminded_before_and_urged_after_and_the_supervisors_are_told(city: SmallCity) -> None:
    matter = opened(city)
    with time.at(clock(matter, "accept").wakes_at or MORNING):
        matters.tick()
    assert on_desk(city, "liqiang", matter) == {("remind", "accept")}
    assert on_desk(city, "zhoutao", matter) == set()
    run_out(matter, "accept")
    assert on_desk(city, "liqiang", matter) == {("remind", "accept"), ("urge", "accept")}
    assert on_desk(city, "zhoutao", matter) == {("urge", "accept")}
    assert on_desk(city, "qianjun", matter) == set()
    escalated = Entry.objects.filter(stream=matter.stream, kind="escalated").latest("seq")
    unit = city.units["419801-housing"].pk
    assert {"unit": unit, "kind": "urge", "role": ""} in escalated.body["done"]["reminded"]


def test_a_reminder_goes_when_the_clock_has_stopped(city: SmallCity) -> None:
    matter = opened(city)
    run_out(matter, "accept")
    matters.act(city.actor("liqiang"), matter.number, "accept")
    assert on_desk(city, "liqiang", matter) == set()


def test_long_overdue_the_leaders_are_told(city: SmallCity) -> None:
    Post.objects.create(
        account=city.accounts["farhandler"],
        unit=city.units["419801-housing"],
        role="leader",
        division=city.divisions["419801"],
        valid_from=SINCE,
    )
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    run_out(matter, "act", timedelta(days=14))
    assert ("leader", "act") in on_desk(city, "farhandler", matter)  # of the unit itself
    assert ("leader", "act") in on_desk(city, "wujun", matter)  # of the centre, which oversees the county
    assert ("leader", "act") not in on_desk(city, "liqiang", matter)


def test_where_a_clock_binds_no_unit_those_are_reminded_whom_the_state_waits_for(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    with time.at(clock(matter, "call_back").wakes_at or MORNING):
        matters.tick()
    assert on_desk(city, "sunli", matter) == {("remind", "call_back")}
    assert on_desk(city, "liqiang", matter) == set()


def test_of_a_confidential_matter_the_coordinators_are_told_and_not_the_supervisors(city: SmallCity) -> None:
    matter = opened(city, confidential=True)
    Matter.objects.filter(pk=matter.pk).update(confidential=True)
    run_out(matter, "accept")
    assert on_desk(city, "zhaolei", matter) == {("urge", "accept")}
    assert on_desk(city, "zhoutao", matter) == set()


def test_the_unit_complained_of_is_never_reminded(city: SmallCity) -> None:
    petition_office = city.units["419800-petition_office"]
    matter = opened(city, about=PartyData("respondent", unit_id=petition_office.pk))
    run_out(matter, "accept")
    assert not Reminder.objects.filter(matter=matter, unit=petition_office).exists()
    assert on_desk(city, "zhoutao", matter) == set()
    assert on_desk(city, "liqiang", matter) == {("remind", "accept"), ("urge", "accept")}


def test_a_supervisor_who_urges_puts_it_before_the_unit(city: SmallCity) -> None:
    matter = opened(city)
    for _ in range(2):  # the same reminder is not repeated while it stands unseen
        matters.act(city.actor("zhoutao"), matter.number, "urge", {"reason": "群众来电催问"})
    assert Reminder.objects.filter(matter=matter).count() == 1
    assert on_desk(city, "liqiang", matter) == {("remind", "")}


def test_taking_note_is_logged_and_clears_the_page(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("zhoutao"), matter.number, "urge", {"reason": "群众来电催问"})
    [reminder] = queries.reminders(city.actor("liqiang"))
    with pytest.raises(NotFound):
        actions.see(city.actor("qianjun"), reminder.pk)
    actions.see(city.actor("liqiang"), reminder.pk)
    assert on_desk(city, "liqiang", matter) == set()
    entry = Entry.objects.filter(stream=matter.stream, kind="reminder_seen").get()
    assert entry.body == {"reminder": reminder.pk, "about": "remind"}
    with pytest.raises(NotFound):
        actions.see(city.actor("liqiang"), reminder.pk)


def test_nobody_without_a_unit_has_reminders(city: SmallCity) -> None:
    run_out(opened(city), "accept")
    assert not queries.reminders(Actor.resident()).exists()


def test_the_first_page_takes_few_statements(city: SmallCity, django_assert_max_num_queries: object) -> None:
    for _ in range(4):
        matters.act(city.actor("zhoutao"), opened(city).number, "urge", {"reason": "请加快"})
    actor = city.actor("liqiang")
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        assert [(r.matter.number, r.unit.name) for r in queries.reminders(actor)]
