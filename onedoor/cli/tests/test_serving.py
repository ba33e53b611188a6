"""The server and what runs beside it; the demo city."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from onedoor.city.models import Account, Profile
from onedoor.city.tree import tree
from onedoor.cli import scheduler, serving
from onedoor.cli.tests.calling import onedoor
from onedoor.kernel import time
from onedoor.kernel.models import Anchor
from onedoor.matters.models import Clock, Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


class FakeServer:
    """Takes what Granian would be told."""

    told: dict[str, Any]

    def __init__(self, application: str, **facts: Any) -> None:
        FakeServer.told = {"application": application, **facts}

    def serve(self) -> None:
        FakeServer.told |= {
            "home": os.environ["ONEDOOR_HOME"],
            "workers_by": multiprocessing.get_start_method(),
        }


def test_serve_is_wsgi_on_loopback_with_the_timers_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[object] = []
    before = multiprocessing.get_start_method()
    monkeypatch.setattr(serving, "Granian", FakeServer)
    monkeypatch.setattr(scheduler, "_rounds", lambda *args: rounds.append(args))
    monkeypatch.setattr("onedoor.cli.serving.connection.close", lambda: None)
    said = onedoor("serve", "--port", 8123, "--workers", 1)
    assert said.status == 0
    told = FakeServer.told
    assert (told["address"], told["port"], told["workers"], told["interface"].value) == (
        "127.0.0.1",
        8123,
        1,
        "wsgi",
    )
    assert told["home"] == str(settings.ONEDOOR_HOME)
    assert told["workers_by"] == "spawn"  # forked ones inherit SQLite's locks of the timers
    assert "http://127.0.0.1:8123" in said.err
    assert len(rounds) == 1
    multiprocessing.set_start_method(before, force=True)


def test_sqlite_gets_few_workers_and_postgres_one_per_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 32)
    monkeypatch.setattr(serving, "connection", SimpleNamespace(vendor="sqlite"))
    assert serving.suitable_workers() == 2
    monkeypatch.setattr(serving, "connection", SimpleNamespace(vendor="postgresql"))
    assert serving.suitable_workers() == serving.MOST_WORKERS


def test_a_round_ticks_the_clocks_and_seals_the_log(city: SmallCity) -> None:
    matter = opened(city)
    clock = (
        Clock.objects.filter(matter=matter, state="running").exclude(wakes_at=None).order_by("wakes_at")[0]
    )
    assert clock.wakes_at is not None
    rung = clock.rung
    with time.at(clock.wakes_at):
        done = scheduler.one_round()
    assert done == dict.fromkeys(scheduler.JOBS, True)
    clock.refresh_from_db()
    assert clock.rung > rung
    assert Anchor.objects.exists()


def test_what_the_city_promised_to_erase_is_erased(city: SmallCity) -> None:
    days = tree().profile.keeps_days
    old, newer = opened(city), opened(city)
    for matter, ago in ((old, days + 1), (newer, days - 1)):
        closed = time.now() - timedelta(days=ago)
        Matter.objects.filter(pk=matter.pk).update(is_open=False, state="closed", closed_at=closed)
    assert scheduler.one_round()["erasing"]
    assert old.parties.get().contact == ""
    assert newer.parties.get().contact != ""


def test_one_job_that_fails_stops_no_other(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fails() -> None:
        raise ValueError("no gateway")

    monkeypatch.setattr(scheduler, "JOBS", {"first": fails, "second": lambda: done.append("second")})
    assert scheduler.one_round() == {"first": False, "second": True}
    assert done == ["second"]
    assert "no gateway" in caplog.text


def test_only_one_at_a_time_does_the_minutes_work(city: SmallCity) -> None:
    held, let_go = threading.Event(), threading.Event()

    def other() -> None:
        with scheduler._file() as mine:
            assert mine
            held.set()
            let_go.wait(60)

    worker = threading.Thread(target=other)
    worker.start()
    assert held.wait(60)
    with scheduler._file() as mine:
        assert not mine
    let_go.set()
    worker.join()
    with scheduler._file() as mine:
        assert mine


def test_the_background_stops_when_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    twice = threading.Event()

    def one_round() -> dict[str, bool]:
        rounds.append(1)
        if len(rounds) == 1:
            raise RuntimeError("once")
        twice.set()
        return {}

    monkeypatch.setattr(scheduler, "one_round", one_round)
    monkeypatch.setattr("onedoor.cli.scheduler.connection.close", lambda: None)
    monkeypatch.setattr(scheduler, "close_old_connections", lambda: None)
    with scheduler.running(every=0.01) as stop:
        assert twice.wait(60)
    assert stop.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "scheduler"]


@pytest.fixture
def nobody_knows_the_holidays() -> Iterator[datetime]:
    """January of a year of which it is not announced which days are off, as every January once was."""
    with time.at(datetime(2090, 1, 9, 9, 0, tzinfo=time.CITY_ZONE)) as moment:
        yield moment


def test_a_demo_city_is_built_lived_in_and_left_alone_the_second_time(
    nobody_knows_the_holidays: datetime,
) -> None:
    said = onedoor("demo", "--city", "liangting", "--days", 1, "--per-day", 6, "--no-serve")
    assert said.status == 0
    assert "simulated" in said.out
    assert "onedoor-demo" in said.out
    matters = Matter.objects.count()
    assert matters > 0
    login = next(word for word in said.out.split() if word.startswith("clerk."))
    assert Account.objects.get(login=login).check_password("onedoor-demo")
    again = onedoor("demo", "--city", "liangting", "--no-serve")
    assert "不再重建" in again.err
    assert login in again.out
    assert Matter.objects.count() == matters
    assert Profile.objects.get().key == "liangting"
    assert onedoor("audit", "verify").status == 0


def test_a_demo_never_mixes_with_a_real_city(city: SmallCity) -> None:
    said = onedoor("demo", "--no-serve", "--days", 1, "--per-day", 1)
    assert said.status == 1
    assert "ONEDOOR_HOME" in said.err
    assert Profile.objects.get().key == "small"


def test_manage_hands_on_to_django() -> None:
    assert onedoor("manage", "migrate", "--check").status == 0
