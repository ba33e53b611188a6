"""What a process holds of the open filings keeps up with what happens, and forgets what it must."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from onedoor.intake import actions as intake
from onedoor.intake import held as module
from onedoor.intake.held import Held, held
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SAID = "物业公司不退装修押金，找了三次都不给"


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def received(detail: str = SAID, **more: Any) -> Matter:
    values = {"lon": 114.005, "lat": 35.505, **more}
    return intake.receive(Actor.resident(), Report(detail=detail, **values)).matter


def numbers(memory: Held) -> set[str]:
    memory.catch_up()
    return set(memory.opened)


def test_what_was_there_and_what_comes_is_held(city: SmallCity) -> None:
    first = received()
    memory = Held()
    assert numbers(memory) == {first.number}
    second = received("路口的井盖没了")
    assert numbers(memory) == {first.number, second.number}
    assert len(memory.index) == 2


def test_what_closes_or_is_erased_or_becomes_confidential_is_forgotten(city: SmallCity) -> None:
    kept, closed, secret, erased = (received(f"{SAID}，第{n}次") for n in range(4))
    memory = Held()
    assert len(numbers(memory)) == 4
    Matter.objects.filter(pk=closed.pk).update(is_open=False)
    Matter.objects.filter(pk=secret.pk).update(confidential=True)
    Matter.objects.filter(pk=erased.pk).update(erased_at=time.now())
    for matter in (closed, secret, erased):  # each such change is an entry of the log; this one stands for it
        matters.note(city.actor("zhaolei"), matter.number, "记录")
    assert numbers(memory) == {kept.number}
    assert kept.number in memory.index
    assert closed.number not in memory.index


def test_what_is_confidential_never_enters(city: SmallCity) -> None:
    received(confidential=True)
    memory = Held()
    assert numbers(memory) == set()
    received(confidential=True)
    assert numbers(memory) == set()


def test_what_was_rolled_back_is_forgotten(city: SmallCity) -> None:
    first, memory = received(), Held()
    with transaction.atomic():
        second = received("路口的井盖没了")
        assert numbers(memory) == {first.number, second.number}
        transaction.set_rollback(True)
    assert numbers(memory) == {first.number}
    again = received("楼上漏水")
    assert numbers(memory) == {first.number, again.number}


def test_another_database_is_read_anew(city: SmallCity) -> None:
    received()
    memory = Held()
    assert len(numbers(memory)) == 1
    memory._lately = {pk: (stream, "of another log") for pk, (stream, _) in memory._lately.items()}
    memory.opened["elsewhere"] = MORNING
    assert "elsewhere" not in numbers(memory)


def test_who_slept_too_long_reads_all_anew(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GAP", 3)
    monkeypatch.setattr(module, "MARGIN", 0)
    memory = Held()
    numbers(memory)
    made = {received(f"{SAID}，第{n}次").number for n in range(8)}
    assert numbers(memory) == made


def test_what_is_too_old_is_swept_out_and_the_oldest_of_too_many(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory, old = Held(), received()
    numbers(memory)
    with time.at(MORNING + timedelta(days=20)):
        later = [received(f"{SAID}，第{n}次").number for n in range(4)]
        numbers(memory)
    with time.at(MORNING + timedelta(days=31)):
        assert numbers(memory) == {*later}
        monkeypatch.setattr(module, "MOST", 2)
        assert len(numbers(memory)) == 2
    assert old.number not in memory.index


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_the_rest_is_read_by_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE", 2)
    with time.at(timezone.now()):
        small_city()
        made = {received(f"{SAID}，第{n}次").number for n in range(9)}
        memory = Held()
        memory.catch_up()
        assert memory._reader is not None
        memory._reader.join(timeout=20)
        assert set(memory.opened) == made


def test_neither_texts_nor_people_are_held(city: SmallCity) -> None:
    received(name="某某", contact="13900008888")
    memory = held()
    memory.catch_up()
    told = repr({**vars(memory), "index": vars(memory.index)})
    assert not [word for word in ("押金", "物业", "某某", "13900008888") if word in told]
