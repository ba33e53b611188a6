"""When a period ends, by the rules stated in `onedoor.kernel.calendars`, which is the door here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from onedoor.kernel.spans import Span, Unit
from onedoor.kernel.workdays import MINUTE, Calendar

Pause = tuple[datetime, datetime | None]
Stretch = tuple[datetime, datetime]
ELAPSED = (Unit.HOURS, Unit.MINUTES)


class Step(NamedTuple):
    """One line of the reasoning. `running` is in the span's unit; for hours of any kind, in minutes."""

    day: date
    counted: bool
    running: int
    why: str
    zh: str
    en: str

    def text(self, language: str) -> str:
        """Why, in `zh` or `en`."""
        return self.zh if language.startswith("zh") else self.en

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return self._asdict() | {"day": self.day.isoformat()}


@dataclass(frozen=True)
class Due:
    """When a period ends. In `unknown_years` only Saturdays and Sundays were taken as days off."""

    at: datetime
    unknown_years: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def provisional(self) -> bool:
        """Whether the date must be computed again once a year's days off are announced."""
        return bool(self.unknown_years)

    def caution(self, language: str) -> str:
        """What to tell whoever reads a provisional date; empty for a firm one."""
        if not self.provisional:
            return ""
        if language.startswith("zh"):
            years = "、".join(map(str, self.unknown_years))
            return f"暂定日期：{years}年放假安排尚未公布，暂按只有周六、周日休息推算，公布后须重新计算。"
        years = ", ".join(map(str, self.unknown_years))
        return (
            f"Provisional: the days off of {years} are not announced yet, so only Saturdays and Sundays "
            "count as off; compute it again once they are."
        )

    def as_dict(self) -> dict[str, Any]:
        """For `--json`: the moment, whether it is provisional and why, and the steps."""
        return {
            "at": self.at.isoformat(),
            "provisional": self.provisional,
            "caution": {"zh": self.caution("zh"), "en": self.caution("en")} if self.provisional else None,
            "steps": [step.as_dict() for step in self.steps],
        }


class Leg(NamedTuple):
    """One span of a chain, laid out: where it began and ended, as moments and as day numbers.

    `last` is the last counted day, before any move off a day off; the next leg counts on from it.
    """

    span: Span
    began: datetime
    before: int
    ended: datetime
    last: int


class Route(NamedTuple):
    """All legs of a period, the pauses that bear on it, and the unknown years it touched."""

    legs: tuple[Leg, ...]
    pauses: tuple[Stretch, ...]
    paused_days: tuple[tuple[int, int], ...]
    unknown_years: tuple[int, ...]


def route(
    start: datetime, span: Span, calendar: Calendar, pauses: Sequence[Pause], extensions: Sequence[Span]
) -> Route:
    """The period laid out leg by leg.

    Raises ValueError for a moment without time zone or a pause that ends before it starts.
    """
    at = calendar.local(start)
    day = at.toordinal()
    merged = _merged(pauses, calendar) if pauses else ()
    off = _paused_days(merged, calendar) if merged else ()
    legs: list[Leg] = []
    years: set[int] = set()
    for part in (span, *extensions):
        ended, last, touched = _lay(part, at, day, calendar, merged, off)
        legs.append(Leg(part, at, day, ended, last))
        at, day = ended, last
        years.update(touched)
    return Route(tuple(legs), merged, off, tuple(sorted(years)))


def _lay(
    span: Span,
    at: datetime,
    day: int,
    calendar: Calendar,
    pauses: tuple[Stretch, ...],
    off: tuple[tuple[int, int], ...],
) -> tuple[datetime, int, tuple[int, ...]]:
    """(end, last counted day, unknown years that were asked) of one leg."""
    if span.unit in ELAPSED:
        end = _after_elapsed(at, span, pauses, calendar)
        return end, end.toordinal(), ()
    if span.unit is Unit.WORKING_HOURS:
        end = _after_working_hours(at, span, pauses, calendar)
        return end, end.toordinal(), calendar.unknown_years(at.toordinal(), end.toordinal())
    if span.unit is Unit.WORKING_DAYS:
        last = _nth_running(day + 1, span.amount, off, calendar.nth, calendar.count)
        return calendar.close(last), last, calendar.unknown_years(day + 1, last)
    days = span.amount if span.unit is Unit.DAYS else _month_days(day, span.amount)
    last = _nth_running(day + 1, days, off, _nth_natural, _count_natural)
    end_day = _moved(last, off, calendar)
    return calendar.close(end_day), last, calendar.unknown_years(last, end_day)


def _merged(pauses: Sequence[Pause], calendar: Calendar) -> tuple[Stretch, ...]:
    """The pauses on local clocks, in order, overlapping ones joined."""
    found: list[Stretch] = []
    for begin, end in sorted((calendar.local(begin), calendar.local(end or begin)) for begin, end in pauses):
        if end < begin:
            raise ValueError("a pause cannot end before it starts")
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def _paused_days(pauses: tuple[Stretch, ...], calendar: Calendar) -> tuple[tuple[int, int], ...]:
    """(first, last) numbers of the days at whose close the clock stood still, disjoint and ascending."""
    found = []
    for begin, end in pauses:
        first, last = begin.toordinal(), end.toordinal()
        if begin >= calendar.close(first):
            first += 1
        if end < calendar.close(last):
            last -= 1
        if first <= last:
            found.append((first, last))
    return tuple(found)


def _nth_running(
    first: int,
    count: int,
    off: tuple[tuple[int, int], ...],
    nth: Callable[[int, int], int],
    counted: Callable[[int, int], int],
) -> int:
    """The `count`-th day from `first` on that `nth` and `counted` know, leaving out the paused days."""
    for begin, end in off:
        if end < first:
            continue
        if nth(first, count) < begin:
            break
        count -= counted(first, begin)
        first = end + 1
    return nth(first, count)


def _nth_natural(first: int, count: int) -> int:
    return first + count - 1


def _count_natural(first: int, end: int) -> int:
    return max(end - first, 0)


def _month_days(day: int, months: int) -> int:
    """Days to the corresponding day so many months on, or to that month's last day (民法典 202)."""
    from_day = date.fromordinal(day)
    year, month = divmod(from_day.year * 12 + from_day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    last = (following - timedelta(days=1)).day
    return date(year, month + 1, min(from_day.day, last)).toordinal() - day


def _moved(day: int, off: tuple[tuple[int, int], ...], calendar: Calendar) -> int:
    """The day itself, or the first working day after it on which the clock runs."""
    day = calendar.nth(day, 1)
    for begin, end in off:
        if begin <= day <= end:
            day = calendar.nth(end + 1, 1)
    return day


def _after_elapsed(at: datetime, span: Span, pauses: tuple[Stretch, ...], calendar: Calendar) -> datetime:
    seconds = span.amount * (3600 if span.unit is Unit.HOURS else 60)
    end = at.astimezone(UTC) + timedelta(seconds=seconds)
    for begin, resumed in pauses:
        if begin >= end:
            break
        if resumed > at:
            end += resumed.astimezone(UTC) - max(begin, at).astimezone(UTC)
    return end.astimezone(calendar.zone)


def _after_working_hours(
    at: datetime, span: Span, pauses: tuple[Stretch, ...], calendar: Calendar
) -> datetime:
    need = span.amount * 60 * MINUTE
    end = _after_worked(at, need, calendar)
    for begin, resumed in pauses:
        if begin >= end:
            break
        if resumed > at:
            need += worked_between(max(begin, at), resumed, calendar)
            end = _after_worked(at, need, calendar)
    return end


def _after_worked(at: datetime, need: int, calendar: Calendar) -> datetime:
    """The earliest moment by which `need` working microseconds have passed since `at`."""
    day, done = at.toordinal(), calendar.worked_by(at)
    if calendar.works(day):
        left = calendar.day_length - done
        if need <= left:
            return calendar.moment_of(day, done + need)
        need -= left
    whole, rest = divmod(need - 1, calendar.day_length)
    return calendar.moment_of(calendar.nth(day + 1, whole + 1), rest + 1)


def worked_between(begin: datetime, end: datetime, calendar: Calendar) -> int:
    """Working microseconds between two moments on the city's clocks, `begin` not after `end`."""
    days = calendar.count(begin.toordinal(), end.toordinal())
    return days * calendar.day_length - calendar.worked_by(begin) + calendar.worked_by(end)
