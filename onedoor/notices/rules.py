"""When a notice that could not be sent is tried again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

# After the first try, the second, and so on. A sender that died in the middle of a batch costs no more than one of
# these waits, because a notice is moved on to its next try before it is handed over.
BACKOFF = (
    timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6), timedelta(hours=24),
)  # fmt: skip
MOST_TRIES = len(BACKOFF) + 1


def next_try(at: datetime, tries: int) -> datetime:
    """When to try again after the `tries`-th try (1 or more) was begun at `at`."""
    return at + BACKOFF[min(tries, len(BACKOFF)) - 1]


def gives_up(tries: int) -> bool:
    """Whether the `tries`-th try was the last."""
    return tries >= MOST_TRIES
