"""The days of the stories: they begin on Monday 2 March 2026, after the holidays of the spring."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from onedoor.kernel import time
from onedoor.matters import actions as matters
from onedoor.notices.actions import send_waiting

MONDAY = datetime(2026, 3, 2, tzinfo=time.CITY_ZONE)


def moment(day: int, clock: str = "09:30") -> datetime:
    """A time of day so many days after the first Monday."""
    hours, minutes = map(int, clock.split(":"))
    return MONDAY + timedelta(days=day, hours=hours, minutes=minutes)


def on(day: int, clock: str = "09:30") -> AbstractContextManager[datetime]:
    """Within this block it is that day and hour."""
    return time.at(moment(day, clock))


def pass_until(day: int, *, since: int = 0, sending: bool = True) -> None:
    """Lets the clocks of the house tick and the notices go out, every evening up to that day."""
    for each in range(since, day + 1):
        with on(each, "20:00"):
            while matters.tick():
                continue
            if sending:
                send_waiting()
