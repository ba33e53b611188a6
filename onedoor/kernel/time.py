"""What time it is, so that a simulation, a test or a replay can say it is another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Shanghai")

_pretended: ContextVar[datetime | None] = ContextVar("pretended_now", default=None)


def now() -> datetime:
    """The present moment, aware, in the city's time zone; or the one that `at` pretends."""
    return _pretended.get() or datetime.now(CITY_ZONE)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Within this block `now()` is `moment` (aware; ValueError otherwise)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    token = _pretended.set(moment)
    try:
        yield moment
    finally:
        _pretended.reset(token)
