"""`onedoor triage learn`, `versions`, `use`, and learning beside the server."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from onedoor.cli import learning
from onedoor.cli.scheduler import LEARN, LEARN_EVERY, Student
from onedoor.cli.tests.calling import onedoor
from onedoor.intake.models import IN_USE, TrainedModel
from onedoor.kernel import time
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(datetime(2026, 11, 23, 9, 0, tzinfo=time.CITY_ZONE)):
        yield small_city()


@pytest.fixture
def closed(city: SmallCity) -> SmallCity:
    for _ in range(120):
        opened(city)
    Matter.objects.update(is_open=False, closed_at=time.now())
    return city


def test_a_city_learns_looks_and_goes_back(closed: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    nice: list[int] = []
    monkeypatch.setattr("onedoor.cli.learning.os.nice", nice.append)
    said = onedoor("triage", "learn", "--gently", "--json")
    assert (said.status, said.data["version"], said.data["state"]) == (0, 1, "in_use")
    assert said.data["figures"]["now"]["right"] == said.data["figures"]["now"]["of"]
    assert nice == [learning.GENTLY]
    assert "第 2 版：已启用" in (plain := onedoor("triage", "learn")).err + plain.out
    assert [found["state"] for found in onedoor("triage", "versions", "--json").data] == ["in_use", "retired"]
    assert "2026-11-23 09:00" in onedoor("triage", "versions").out
    assert onedoor("triage", "use", 1).status == 0
    assert TrainedModel.objects.get(state=IN_USE).number == 1
    assert onedoor("triage", "use", 0).status == 0
    assert not TrainedModel.objects.filter(state=IN_USE).exists()
    assert onedoor("triage", "use", 7).status != 0


class Process:
    """A process that runs until it is told to have ended."""

    def __init__(self, words: list[str], **more: Any) -> None:
        self.words, self.ended = words, False

    def poll(self) -> int | None:
        return 0 if self.ended else None


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Process]:
    found: list[Process] = []

    def begin(words: list[str], **more: Any) -> Process:
        found.append(Process(words))
        return found[-1]

    monkeypatch.setattr(subprocess, "Popen", begin)
    return found


def test_the_server_learns_in_a_process_of_its_own_and_one_at_a_time(
    closed: SmallCity, begun: list[Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    student, now = Student(), [1000.0]
    monkeypatch.setattr("onedoor.cli.scheduler.monotonic", lambda: now[0])
    student()
    student()
    assert [process.words[-1] for process in begun] == [LEARN]
    assert not TrainedModel.objects.exists()  # nothing is learned in the server itself
    now[0] += LEARN_EVERY
    student()
    assert len(begun) == 1  # the first is still at it
    begun[0].ended = True
    student()
    assert len(begun) == 2
    begun[1].ended = True
    student()
    assert len(begun) == 2  # what has only just been tried is not tried every minute


def test_without_a_city_or_anything_to_learn_from_nothing_begins(
    begun: list[Process], city: SmallCity
) -> None:
    Student()()
    assert begun == []


def test_without_a_city_nothing_begins(begun: list[Process], db: None) -> None:
    Student()()
    assert begun == []
