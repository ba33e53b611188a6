"""How long records last and when they are visited. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from onedoor.kernel.calendars import Calendar, Span, due

CITY = ZoneInfo("Asia/Shanghai")


def after(day: date, span: str, calendar: Calendar) -> date:
    """The last day of a span that begins on `day`, counted as the law counts (`kernel.calendars`)."""
    begins = datetime.combine(day, time(12), CITY)
    return due(begins, Span.parse(span), calendar).at.astimezone(CITY).date()


def valid_until(
    granted_on: date, span: str | None, lasting: Iterable[tuple[str, str]], calendar: Calendar
) -> date | None:
    """The last day on which a record is valid: of its own validity, or of a date on it that lasts, the earliest.

    `lasting` holds (day in ISO form, span). None where nothing limits it.
    """
    ends = [after(granted_on, span, calendar)] if span else []
    ends += [after(date.fromisoformat(day), length, calendar) for day, length in lasting]
    return min(ends, default=None)


def is_late(happened: date, said: date, span: str | None, calendar: Calendar) -> bool:
    """Whether something was said after the time in which it is to be said."""
    return span is not None and said > after(happened, span, calendar)
