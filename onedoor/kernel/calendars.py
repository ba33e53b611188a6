"""Deadlines by the working calendar: `due` says when a period ends and why, `remaining` what is left of it.

The rules, in the order in which they are applied:

- *Working days* (工作日): the start day is not counted (民事诉讼法 85; 民法典 201). Each working day
  counts one, make-up working days included. The period ends at close of business on the last one (民法典
  203: where there are business hours, when business stops), or at 24:00 where the city's calendar says
  so.
- *Days* and *months*: the start day is not counted; every day counts. A month ends on the corresponding
  day, or on the month's last day where there is none (民法典 202). If the last day is a day off, the
  period ends on the first working day after it (民事诉讼法 85, 民法典 203), at the same hour as above.
- *Hours* and *minutes*: as they pass (民法典 201), by day and night.
- *Working hours* (工作时): as they pass within the sessions of working days.
- *Pauses* push the end. For hours of any kind the time inside a pause is left out. For days, a day counts
  if the clock is running when its business closes: from the day on which a pause begins to the day before
  it ends, days do not count. (A pause begun after closing leaves that day counted; one ended after
  closing does not give the day back.) So a pause within one day moves no date that is counted in days, a
  pause that begins after the end changes nothing, the end never falls inside a pause, and a longer pause
  never makes it earlier.
- *Extensions* lengthen the period: counting goes on from its last counted day, so that 60 + 30 days are
  90, and the rule on days off looks only at the last day of the whole. Hours added to days count from
  close of business.

A year whose days off nobody has announced makes the result provisional (`Due.provisional`,
`Due.caution`), if the period really depends on it; with `strict` it raises UnknownYear instead. The last
days of a known year may still be changed by the next year's notice, which has happened around New Year;
clocks are therefore computed again whenever the list of days off grows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from onedoor.kernel.daybyday import steps as told
from onedoor.kernel.deadlines import Due, Pause, Step, route, worked_between
from onedoor.kernel.spans import BadSpan, Span, Unit
from onedoor.kernel.workdays import CHINA, MINUTE, Calendar, Day, OwnDay, UnknownYear

__all__ = [
    "CHINA",
    "BadSpan",
    "Calendar",
    "Day",
    "Due",
    "OwnDay",
    "Pause",
    "Remaining",
    "Span",
    "Step",
    "Unit",
    "UnknownYear",
    "due",
    "explain",
    "remaining",
    "working_minutes_between",
]

_LEFT = {
    Unit.WORKING_DAYS: ("个工作日", "working day"),
    Unit.WORKING_HOURS: ("个工作时", "working hour"),
    Unit.DAYS: ("日", "day"),
    Unit.HOURS: ("小时", "hour"),
    Unit.MINUTES: ("分钟", "minute"),
}


def due(
    start: datetime,
    span: Span,
    calendar: Calendar = CHINA,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Span] = (),
    *,
    steps: bool = False,
    strict: bool = False,
) -> Due:
    """When a period that starts at `start` (aware) ends; with `steps`, also why.

    A pause that still lasts is (from, now), for "if it ended now", or (from, None), for the date before it.
    Raises ValueError for a moment without time zone or a pause that ends before it starts, and with `strict`
    UnknownYear instead of giving a provisional date.
    """
    found = route(start, span, calendar, pauses, extensions)
    if strict and found.unknown_years:
        raise UnknownYear(found.unknown_years[0])
    reasons = tuple(told(found, calendar)) if steps else ()
    return Due(found.legs[-1].ended, found.unknown_years, reasons)


def explain(
    start: datetime,
    span: Span,
    calendar: Calendar = CHINA,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Span] = (),
) -> tuple[Step, ...]:
    """Why the period ends when it does, day by day: what was counted, what was not, and the running count."""
    return due(start, span, calendar, pauses, extensions, steps=True).steps


@dataclass(frozen=True)
class Remaining:
    """What is left until a deadline in whole units (rounded down), or how far it is overdue."""

    amount: int
    unit: Unit
    overdue: bool
    provisional: bool = False

    def text(self, language: str) -> str:
        """For a list: "3 working days left", "due today", "overdue by 2 hours", in `zh` or `en`."""
        zh_unit, en_unit = _LEFT[self.unit]
        if language.startswith("zh"):
            return self._chinese(zh_unit)
        plural = "" if self.amount == 1 else "s"
        if self.amount:
            amount = f"{self.amount} {en_unit}{plural}"
            return f"overdue by {amount}" if self.overdue else f"{amount} left"
        if self.unit in (Unit.DAYS, Unit.WORKING_DAYS):
            return "overdue since today" if self.overdue else "due today"
        return f"overdue by less than 1 {en_unit}" if self.overdue else f"less than 1 {en_unit} left"

    def _chinese(self, unit: str) -> str:
        if self.amount:
            return f"已超期{self.amount}{unit}" if self.overdue else f"剩余{self.amount}{unit}"
        if self.unit in (Unit.DAYS, Unit.WORKING_DAYS):
            return "今日已超期" if self.overdue else "今日到期"
        return f"已超期，不足1{unit}" if self.overdue else f"剩余不足1{unit}"


def remaining(now: datetime, at: datetime, unit: Unit, calendar: Calendar = CHINA) -> Remaining:
    """What is left at `now` (aware) of a period that ends at `at`, or how far it is overdue.

    Days are the days after today up to the last one, so 0 on the day itself; months are told in days.
    """
    here, there = calendar.local(now), calendar.local(at)
    overdue = here > there
    early, late = (there, here) if overdue else (here, there)
    first, last = early.toordinal(), late.toordinal()
    if unit in (Unit.DAYS, Unit.MONTHS):
        return Remaining(last - first, Unit.DAYS, overdue)
    if unit in (Unit.HOURS, Unit.MINUTES):
        seconds = (late.astimezone(UTC) - early.astimezone(UTC)).total_seconds()
        return Remaining(int(seconds // (3600 if unit is Unit.HOURS else 60)), unit, overdue)
    provisional = bool(calendar.unknown_years(first, last))
    if unit is Unit.WORKING_DAYS:
        return Remaining(calendar.count(first + 1, last + 1), unit, overdue, provisional)
    return Remaining(worked_between(early, late, calendar) // (60 * MINUTE), unit, overdue, provisional)


def working_minutes_between(
    begin: datetime, end: datetime, calendar: Calendar = CHINA, *, strict: bool = True
) -> int:
    """Whole working minutes from one moment to a later one; 0 if it is not later.

    Raises UnknownYear where a year between is not announced; without `strict`, Saturdays and Sundays are off.
    """
    first, last = calendar.local(begin), calendar.local(end)
    if last <= first:
        return 0
    unknown = calendar.unknown_years(first.toordinal(), last.toordinal())
    if strict and unknown:
        raise UnknownYear(unknown[0])
    return worked_between(first, last, calendar) // MINUTE
