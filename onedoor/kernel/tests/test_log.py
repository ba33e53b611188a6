"""The log: entries that chain, words that can be erased, numbers without gaps, seals over everything."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db import connections, transaction

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.audit import verify
from onedoor.kernel.events import KINDS, Event, words
from onedoor.kernel.models import Anchor, Counter, Entry, Logged
from tests.support.smallcity import SmallCity, small_city

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")


@dataclass(frozen=True)
class SomethingTested(Event):
    """Something happened in a test."""

    what: str = ""
    count: int = 0
    more: dict[str, Any] = field(default_factory=dict)
    said: str = words()


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


@pytest.fixture
def subject(city: SmallCity) -> Logged:
    return city.units["419801-housing"]


def latest(subject: Logged) -> Entry:
    return Entry.objects.filter(stream=subject.stream).latest("seq")


@pytest.mark.django_db
def test_an_entry_chains_on_and_moves_the_head(subject: Logged) -> None:
    clerk = Actor("staff", "陈敏", 7, frozenset({3}), (Reach("clerk", 1, 3),))
    first = log.append(subject, SomethingTested("one", 1, {"b": [1.5, None], "a": "路灯"}), SYSTEM)
    second = log.append(subject, SomethingTested("two", said="她说"), clerk)
    subject.refresh_from_db()
    assert (subject.head_seq, subject.head_hash) == (2, second.hash)
    assert (first.prev, second.prev) == ("", first.hash)
    kept = latest(subject)
    assert (kept.kind, kept.by_kind, kept.by_account, kept.by_unit) == ("something_tested", "staff", 7, 3)
    assert kept.body == {"what": "two", "count": 0}
    assert (kept.words or {})["said"] == "她说"
    assert kept.hash == log.entry_hash(kept)
    assert list(verify()) == []


@pytest.mark.django_db
def test_the_same_words_leave_another_digest_each_time(subject: Logged) -> None:
    one, two = (log.append(subject, SomethingTested(said="她说"), SYSTEM) for _ in range(2))
    assert one.words_digest != two.words_digest  # else a short text could be guessed from what stays


@pytest.mark.django_db
def test_erased_words_leave_a_chain_that_verifies(subject: Logged) -> None:
    log.append(subject, SomethingTested("one", said="她说"), SYSTEM)
    log.append(subject, SomethingTested("two"), SYSTEM)
    assert log.erase_words(Entry.objects.filter(stream=subject.stream)) == 1
    assert log.erase_words(Entry.objects.filter(stream=subject.stream)) == 0
    assert Entry.objects.filter(stream=subject.stream, words__isnull=True).count() == 2
    assert list(verify()) == []


@pytest.mark.django_db
def test_many_entries_at_once_are_as_one_by_one(city: SmallCity) -> None:
    units = list(city.units.values())[:20]
    log.append_many([(unit, SomethingTested(unit.name)) for unit in units], SYSTEM)
    assert {latest(unit).body["what"] for unit in units} == {unit.name for unit in units}
    assert list(verify()) == []
    log.append_many([], SYSTEM)


def test_one_spelling_of_a_moment_wherever_it_was_said() -> None:
    east = datetime(2026, 3, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
    assert log.moment_text(east) == log.moment_text(east.astimezone(UTC)) == "2026-03-02T01:00:00.000000Z"


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert log.digest({"a": 1, "b": 2}) == log.digest({"b": 2, "a": 1})
    assert log.digest({"a": 1}) != log.digest({"a": "1"})


def test_every_kind_of_event_is_documented() -> None:
    own = [kind for kind in KINDS.values() if kind.__module__.startswith("onedoor.")]
    assert len(own) > 30
    assert [kind.__name__ for kind in own if not (kind.__doc__ or "").strip().endswith((".", "…"))] == [
        kind.__name__ for kind in own if (kind.__doc__ or "").startswith(f"{kind.__name__}(")
    ]


def test_two_events_cannot_have_one_name() -> None:
    with pytest.raises(TypeError):
        type("SomethingTested", (Event,), {})


@pytest.mark.django_db
def test_numbers_run_on_under_each_key_and_come_back_when_the_change_fails() -> None:
    assert list(log.next_numbers("a", 3)) == [1, 2, 3]
    assert list(log.next_numbers("b")) == [1]
    with pytest.raises(RuntimeError), transaction.atomic():
        numbers_then_fail()
    assert list(log.next_numbers("a")) == [4]
    assert dict(Counter.objects.filter(key__in="ab").values_list("key", "last")) == {"a": 4, "b": 1}


def numbers_then_fail() -> None:
    log.next_numbers("a", 5)
    raise RuntimeError


@pytest.mark.django_db(transaction=True)
def test_nobody_gets_a_number_twice() -> None:
    def take(_: int) -> list[int]:
        try:
            with transaction.atomic():
                return list(log.next_numbers("c", 3))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        taken = [number for numbers in pool.map(take, range(12)) for number in numbers]
    assert sorted(taken) == list(range(1, 37))


@pytest.mark.django_db
def test_a_seal_covers_everything_since_the_last(subject: Logged) -> None:
    log.append(subject, SomethingTested("one"), SYSTEM)
    first = log.anchor()
    assert first is not None
    assert (first.first_id, first.count) == (1, Entry.objects.count())
    assert log.anchor() is None
    entry = log.append(subject, SomethingTested("two"), SYSTEM)
    second = log.anchor()
    assert second is not None
    assert (second.first_id, second.last_id, second.count) == (first.last_id + 1, entry.pk, 1)
    assert second.prev == first.hash
    assert list(verify()) == []


@pytest.mark.django_db(transaction=True)
def test_seals_set_at_the_same_moment_do_not_overlap(city: SmallCity) -> None:
    def seal(_: int) -> None:
        try:
            log.anchor()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(seal, range(4)))
    assert Anchor.objects.count() == 1
    assert list(verify()) == []
