"""When a notice is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from onedoor.notices import actions, rules, senders

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_every_wait_is_longer_than_the_one_before() -> None:
    waits = [rules.next_try(NOON, tries) - NOON for tries in range(1, rules.MOST_TRIES)]
    assert waits == sorted(set(waits))
    assert rules.next_try(NOON, rules.MOST_TRIES) - NOON == timedelta(hours=24)


def test_only_the_last_try_gives_up() -> None:
    assert [rules.gives_up(tries) for tries in range(1, 8)] == [False] * 5 + [True] * 2


def test_a_batch_that_times_out_altogether_ends_before_its_first_message_is_due_again() -> None:
    assert timedelta(seconds=actions.BATCH * senders.TIMEOUT) < rules.BACKOFF[0]
