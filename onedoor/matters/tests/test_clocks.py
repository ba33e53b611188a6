"""Clocks: what moves them, what they wake, and that they say why they fall on a date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from onedoor.city import tree
from onedoor.city.models import Profile
from onedoor.city.queries import directory
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import NotNow
from onedoor.matters import actions as matters
from onedoor.matters import clocks, registry
from onedoor.matters.models import Clock, Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
Handled = tuple[SmallCity, Matter]


def at(text: str) -> datetime:
    """`03-02 09:00` of 2026 in the city."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=time.CITY_ZONE)


def clock_of(matter: Matter, name: str = "act") -> Clock:
    return matter.clocks.filter(name=name).latest("pk")


def told(moment: datetime) -> str:
    return f"{moment.astimezone(time.CITY_ZONE):%m-%d %H:%M}"


@contextmanager
def ticking(moment: str) -> Iterator[None]:
    """The engine's timers have run at this moment."""
    with time.at(at(moment)):
        while matters.tick():
            pass
        yield


def act(city: SmallCity, matter: Matter, login: str, when: str, key: str, **values: Any) -> Matter:
    with time.at(at(when)):
        return matters.act(city.actor(login), matter.number, key, values)


@pytest.fixture
def city() -> Iterator[SmallCity]:
    """The small city, on a Monday morning."""
    with time.at(at("03-02 09:00")):
        yield small_city()


@pytest.fixture
def handled(city: SmallCity) -> Handled:
    """A request with 15 working days, taken up at once: due on Monday 23 March."""
    matter = opened(city, category="transport.bus")
    return city, act(city, matter, "liqiang", "03-02 10:00", "accept")


def test_a_pause_moves_the_date_by_the_days_at_whose_close_it_stood(handled: Handled) -> None:
    city, matter = handled
    assert told(clock_of(matter).due_at) == "03-23 18:00"
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    assert (clock_of(matter).state, clock_of(matter).wakes_at) == ("paused", None)
    act(city, matter, "chenmin", "03-05 15:00", "add", supplement="十七路")
    clock = clock_of(matter)
    assert told(clock.due_at) == "03-25 18:00"
    assert clock.pauses == [[at("03-03 09:00").isoformat(), at("03-05 15:00").isoformat()]]


def test_a_pause_never_ends_before_it_began(handled: Handled) -> None:
    """Two servers' clocks may differ: the one that ends a pause may be behind the one that began it."""
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    act(city, matter, "chenmin", "03-03 08:59", "add", supplement="十七路")
    clock = clock_of(matter)
    assert clock.pauses == [[at("03-03 09:00").isoformat()] * 2]
    assert told(clock.due_at) == "03-23 18:00"
    clocks.pause(clock, at("03-04 09:00"))
    clocks.end(clock, at("03-04 08:00"))
    assert clock.pauses[-1] == [at("03-04 09:00").isoformat()] * 2


def test_a_pause_within_a_day_moves_nothing(handled: Handled) -> None:
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    act(city, matter, "chenmin", "03-03 11:00", "add", supplement="十七路")
    assert told(clock_of(matter).due_at) == "03-23 18:00"


def test_an_extension_counts_on_and_says_who_and_why(handled: Handled) -> None:
    city, matter = handled
    act(city, matter, "wujun", "03-10 09:00", "extend", span="5个工作日", reason="等公交公司")
    clock = clock_of(matter)
    assert told(clock.due_at) == "03-30 18:00"
    [extension] = clock.extensions
    assert (extension["span"], extension["by"], extension["why"]) == ("5 working days", "吴军", "等公交公司")
    assert told(Matter.objects.get(pk=matter.pk).next_due or at("01-01 00:00")) == "03-30 18:00"


def test_nobody_extends_what_does_not_run(handled: Handled) -> None:
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    Matter.objects.filter(pk=matter.pk).update(state="handling")
    Clock.objects.filter(matter=matter, name="act").update(state="met")
    with pytest.raises(NotNow):
        act(city, matter, "wujun", "03-10 09:00", "extend", span="5 working days", reason="等")


def test_a_clock_says_why_it_falls_on_its_date(handled: Handled) -> None:
    _, matter = handled
    why = clocks.computed(clock_of(matter), steps=True)
    assert told(why.at) == "03-23 18:00"
    assert [step.running for step in why.steps if step.counted][-1] == 15
    assert any(step.day == at("03-07 09:00").date() and not step.counted for step in why.steps)
    assert all(step.zh and step.en for step in why.steps)


@pytest.fixture
def climbed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What ladders have done, in order; the effects themselves stay as they are."""
    done: list[str] = []
    real = dict(registry.EFFECTS)
    for name in ("remind", "urge", "raise_level", "tell_leader"):

        def noting(step: Any, argument: Any, name: str = name) -> None:
            done.append(f"{name} {argument.name}")
            real[name](step, argument)

        monkeypatch.setitem(registry.EFFECTS, name, noting)
    return done


def test_rungs_are_climbed_in_order_each_with_its_entry(handled: Handled, climbed: list[str]) -> None:
    _, matter = handled
    for moment, expected in [
        ("03-18 09:44", []),  # three quarters of 21 days and 9 hours are over a minute later
        ("03-18 09:45", ["remind act"]),
        ("03-23 17:59", []),
        ("03-23 18:00", ["urge act"]),
        ("03-25 17:59", []),
        ("03-25 18:00", ["raise_level act"]),  # two working days after the date
        ("03-30 17:59", []),
        ("03-30 18:00", ["tell_leader act"]),  # five working days after it
        ("12-01 09:00", []),  # and that was the last
    ]:
        climbed.clear()
        with ticking(moment):
            assert climbed == expected, moment
    rungs = Entry.objects.filter(stream=matter.stream, kind="escalated").order_by("seq")
    assert [(entry.body["clock"], entry.body["rung"], entry.body["do"]) for entry in rungs] == [
        ("act", 1, "remind"), ("act", 2, "urge"), ("act", 3, "raise_level"), ("act", 4, "tell_leader"),
    ]  # fmt: skip
    assert rungs[2].body["changes"] == {"level": 2}
    assert Matter.objects.get(pk=matter.pk).level == 2
    assert clock_of(matter).wakes_at is None
    assert list(verify()) == []


def test_rungs_missed_while_nobody_looked_are_climbed_at_once(handled: Handled, climbed: list[str]) -> None:
    with ticking("04-20 09:00"):
        assert climbed == ["remind act", "urge act", "raise_level act", "tell_leader act"]


def test_after_an_extension_the_unit_is_reminded_of_the_new_date(
    handled: Handled, climbed: list[str]
) -> None:
    city, matter = handled
    with ticking("03-24 09:00"):
        assert climbed == ["remind act", "urge act"]
    act(city, matter, "wujun", "03-24 10:00", "extend", span="20 working days", reason="等")
    assert told(clock_of(matter).due_at) == "04-21 18:00"
    climbed.clear()
    with ticking("04-20 09:00"):
        assert climbed == ["remind act"]


def test_what_is_paused_wakes_nobody(handled: Handled, climbed: list[str]) -> None:
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    with ticking("03-17 17:59"):
        assert climbed == []


def test_a_due_action_is_taken_by_the_system(handled: Handled) -> None:
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    with ticking("03-18 18:00"):
        matter.refresh_from_db()
        assert matter.state == "handling"
        last = Entry.objects.filter(stream=matter.stream).latest("seq")
        assert (last.by_kind, last.body["action"]) == ("system", "nothing_added")


def test_a_refused_due_action_is_told_once_and_tried_again_each_day(
    handled: Handled, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "answer", answer="已办", outcome="solved")
    monkeypatch.setitem(registry.GUARDS, "notified", lambda *_: ("未告知", "not told"))
    with ticking("03-18 09:00"):
        assert Matter.objects.get(pk=matter.pk).state == "answered"
    count = Entry.objects.filter(stream=matter.stream).count()
    with ticking("03-20 09:00"):
        assert Entry.objects.filter(stream=matter.stream).count() == count
        assert clock_of(matter, "silence").state == "running"
    monkeypatch.setitem(registry.GUARDS, "notified", lambda *_: None)
    with ticking("03-21 10:00"):
        assert Matter.objects.get(pk=matter.pk).state == "closed"


def test_a_right_that_is_not_used_in_time_lapses(city: SmallCity) -> None:
    matter = opened(city, category="transport.bus")
    with ticking("03-09 18:00"):
        clock = clock_of(matter, "objecting")
        assert (clock.state, clock.rung) == ("dropped", 0)
        assert Entry.objects.filter(stream=matter.stream, kind="clock_lapsed").count() == 1
    with pytest.raises(NotNow):
        act(city, matter, "liqiang", "03-10 09:00", "object", reason="不属我单位")


def test_one_clock_that_cannot_be_woken_stops_no_other(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    broken, sound = (opened(city, category="transport.bus") for _ in range(2))
    real = registry.EFFECTS["remind"]

    def fail(step: Any, argument: Any) -> None:
        if step.matter.pk == broken.pk:
            raise RuntimeError("the printer is on fire")
        real(step, argument)

    monkeypatch.setitem(registry.EFFECTS, "remind", fail)
    with ticking("03-03 17:00"):
        assert not Entry.objects.filter(stream=broken.stream, kind="escalated").exists()
        assert Entry.objects.filter(stream=sound.stream, kind="escalated").exists()
        assert clock_of(broken, "accept").wakes_at == time.now() + timedelta(days=1)
    assert "could not be woken" in caplog.text


def holidays(**calendar: Any) -> None:
    """The city's calendar is another from now on."""
    profile = Profile.objects.get()
    profile.data = {**profile.data, "calendar": calendar}
    profile.revision += 1
    profile.save()
    tree.forget()


def test_a_holiday_announced_later_moves_open_clocks_and_says_so(handled: Handled) -> None:
    city, matter = handled
    closed = opened(city, category="transport.bus")
    act(city, closed, "liqiang", "03-02 10:00", "accept")
    with time.at(at("03-02 11:00")):
        matters.act(Actor.resident(closed.number), closed.number, "withdraw")
        holidays(days_off=["2026-03-20"])
        assert matters.recompute_clocks(SYSTEM) == 1
        assert matters.recompute_clocks(SYSTEM) == 0
    assert told(clock_of(matter).due_at) == "03-24 18:00"
    matter.refresh_from_db()
    assert told(matter.next_due or at("01-01 00:00")) == "03-24 18:00"
    moved = Entry.objects.get(kind="clock_moved")
    assert (moved.stream, moved.body["clock"]) == (matter.stream, "act")
    assert told(datetime.fromisoformat(moved.body["before"])) == "03-23 18:00"
    assert told(datetime.fromisoformat(moved.body["after"])) == "03-24 18:00"
    assert list(verify()) == []


def test_a_paused_clock_is_recomputed_and_goes_on_resting(handled: Handled) -> None:
    city, matter = handled
    act(city, matter, "liqiang", "03-03 09:00", "ask", question="哪一路？")
    with time.at(at("03-04 11:00")):
        holidays(days_off=["2026-03-20"])
        matters.recompute_clocks(SYSTEM)
    clock = clock_of(matter)
    assert (clock.state, clock.wakes_at) == ("paused", None)


def test_a_year_not_yet_announced_makes_a_date_provisional_until_it_is(city: SmallCity) -> None:
    with time.at(at("12-21 09:00")):
        matter = opened(city, category="transport.bus")
        clock = clock_of(matter)
        assert clock.provisional
        holidays(years=[2027], days_off=["2027-02-08"])  # the city vouches for the year; the date stays
        assert matters.recompute_clocks(SYSTEM) == 0
    again = clock_of(matter)
    assert (again.due_at, again.provisional) == (clock.due_at, False)
    assert not Entry.objects.filter(kind="clock_moved").exists()


def test_a_recategorised_matter_keeps_its_beginning_and_takes_the_new_limit(city: SmallCity) -> None:
    matter = opened(city, category="property.deposit")
    act(city, matter, "liqiang", "03-04 10:00", "accept")
    other = next(code for code, c in matters_of("dispute").items() if c.limits["act"]["span"] != "30 days")
    act(city, matter, "chenmin", "03-05 10:00", "reclassify", category=other, reason="改类")
    clock = clock_of(matter)
    limit = matters_of("dispute")[other].limits["act"]
    assert (clock.span, clock.source) == (limit["span"], limit["source"])
    assert told(clock.started_at) == "03-02 09:00"
    assert clocks.computed(clock).at == clock.due_at


def matters_of(procedure: str) -> dict[str, Any]:
    """The categories of a procedure."""
    return {c.code: c for c in directory().categories.values() if c.procedure == procedure}
