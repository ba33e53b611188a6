"""Five days in the life of a city: whatever happened in them, the rules of the house hold, and they can be relived."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

import pytest
from django.db.models import F
from pytest_django import DjangoDbBlocker

from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Anchor, Entry
from onedoor.kernel.problems import NotFound
from onedoor.matters import policies
from onedoor.matters.models import Clock, Matter, Party
from onedoor.matters.queries import offers
from onedoor.notices.models import Notice
from onedoor.registers.models import Finding, Record, Visit
from onedoor.simulation import demo
from onedoor.simulation.cast import Cast
from tests.journeys.databases import copy, using

UNTIL = date(2026, 3, 13)
pytestmark = pytest.mark.django_db


@dataclass
class Lived:
    """What one run came to."""

    database: str
    told: dict[str, Any]
    matters: list[tuple[Any, ...]]


@pytest.fixture(scope="module")
def lives(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Lived]]:
    """The same five days lived twice, each in a database of its own."""
    with django_db_blocker.unblock(), ExitStack() as kept:
        yield [_lived(kept.enter_context(copy(f"life{number}"))) for number in (1, 2)]


def _lived(database: str) -> Lived:
    with using(database):
        told = demo.run("liangting", days=5, per_day=25, until=UNTIL, say=lambda zh, en: None)
        rows = Matter.objects.order_by("number").values_list(
            "number", "title", "state", "unit__code", "level", "times_reopened", "master__number", "next_due"
        )
        return Lived(database, told.as_dict(), list(rows))


@pytest.fixture(scope="module")
def lived(lives: list[Lived], django_db_blocker: DjangoDbBlocker) -> Iterator[Lived]:
    """The first of them, to look around in."""
    with django_db_blocker.unblock():
        turned = using(lives[0].database)
        turned.__enter__()
    yield lives[0]
    with django_db_blocker.unblock():
        turned.__exit__(None, None, None)


def test_the_same_seed_lives_the_same_life(lives: list[Lived]) -> None:
    one, two = lives
    assert one.told == two.told
    assert one.matters == two.matters


def test_a_good_deal_happened(lived: Lived) -> None:
    told = lived.told
    assert (told["first"], told["last"]) == ("2026-03-09", "2026-03-13")
    assert 80 <= told["filed"] <= 170
    assert told["filed"] + told["done"]["found"] == Matter.objects.count()
    assert {"answer", "accept", "dispatch", "report", "verdict"} <= told["done"].keys()
    assert Matter.objects.filter(state="closed").exists()
    assert Matter.objects.exclude(master=None).exists()
    assert Notice.objects.filter(state="sent").exists()


def test_every_open_matter_has_one_responsible_unit_and_a_running_clock(lived: Lived) -> None:
    alive = Matter.objects.filter(is_open=True)
    assert alive.exists()
    for matter in alive.prefetch_related("clocks"):
        running = [clock for clock in matter.clocks.all() if clock.state in ("running", "paused")]
        assert any(clock.state == "running" for clock in running), matter.number
        assert matter.next_due == min(clock.due_at for clock in running if clock.state == "running")
        assert matter.answers
        assert matter.unit.valid_to is None


def test_what_ended_has_no_clock_and_no_task_left(lived: Lived) -> None:
    assert not Clock.objects.filter(matter__is_open=False, state__in=("running", "paused")).exists()
    assert not Matter.objects.filter(is_open=False, tasks__state="open").exists()
    assert not Matter.objects.filter(is_open=False, closed_at=None).exists()


def test_no_matter_closed_without_a_word_or_a_reason(lived: Lived) -> None:
    for matter in Matter.objects.filter(state="closed"):
        reported = Party.objects.filter(matter=matter, role="reporter").exists()
        assert matter.verdicts.exists() == reported, matter.number


def test_whoever_is_complained_of_has_no_part_in_it(lived: Lived) -> None:
    accused = Party.objects.filter(role="respondent").exclude(unit=None)
    assert not accused.filter(matter__unit=F("unit")).exists()


def test_every_open_matter_can_be_moved_on_by_somebody(lived: Lived) -> None:
    """By whom it waits for; where that post is vacant, by the coordinator of the place."""
    cast, rng = Cast(), Random(1)
    for matter in Matter.objects.filter(is_open=True).exclude(answers="resident"):
        found = (
            cast.performer(rng, matter.answers, matter),
            cast.over_place(rng, "coordinator", matter.division_id),
        )
        assert any(_moves(actor, matter) for actor in found if actor is not None), matter.number


def _moves(actor: Actor, matter: Matter) -> bool:
    try:
        return bool(offers(policies.reach(actor, matter.number)))
    except NotFound:
        return False


def test_its_history_verifies(lived: Lived) -> None:
    assert Anchor.objects.count() == 5
    assert Entry.objects.count() > 4 * Matter.objects.count()
    assert list(verify()) == []


def test_what_stands_is_registered_visited_and_mended(lived: Lived) -> None:
    assert {"dog", "inspected_place"} == set(Record.objects.values_list("kind", flat=True))
    assert Visit.objects.filter(state="done").count() > 20
    assert Finding.objects.filter(outcome="solved").exists()
    assert not Finding.objects.filter(matter__is_open=True).exclude(closed_at=None).exists()
