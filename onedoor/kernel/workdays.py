"""Which days are worked, and at which hours: the calendar of one city.

Days off and make-up working days (调休上班) come from chinesecalendar, that is from the State Council's
yearly notices. A city adds days of its own. A year that neither of them knows is never guessed:
`is_working` refuses it (`UnknownYear`), and what must go on all the same (a matter opened in December)
takes only Saturdays and Sundays as days off and gives a result that says so. Pure: no database, no
Django.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, lru_cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from chinese_calendar.constants import Holiday, holidays, in_lieu_days, workdays

from onedoor.kernel.problems import BadInput, Problem

OwnDays = Mapping[str | date, Any] | Iterable[str | date]

CHINA_ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000_000  # moments within a day are counted in microseconds
FULL_DAY = 24 * 60 * MINUTE
SATURDAY = 5
# National Day stands in every yearly notice, so a year is known when its 1 October is.
_KNOWN = frozenset(day.year for day in holidays if (day.month, day.day) == (10, 1))
_FESTIVALS = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class UnknownYear(Problem):
    """Nobody has said yet which days of this year are off."""

    code, status = "unknown_year", 409
    zh = (
        "尚无 {year} 年的放假安排（已知 {first} 至 {last} 年）。请升级 chinesecalendar，"
        "或在城市日历的 days_off、days_on 中填写该年的放假日和调休上班日，并把 {year} 列入 years。"
    )
    en = (
        "The days off of {year} are not known (known: {first} to {last}). Upgrade chinesecalendar, or write "
        "that year's days off and make-up working days into the city's days_off and days_on and list {year} "
        "in years."
    )

    def __init__(self, year: int) -> None:
        super().__init__(year=year, first=min(_KNOWN), last=max(_KNOWN))


class OwnDay(NamedTuple):
    """A day that the city itself declares off or on, with its names."""

    day: date
    zh: str
    en: str


class Day(NamedTuple):
    """What a day is: `kind` is workday, make_up, weekend, holiday, city_on, city_off or unannounced."""

    working: bool
    kind: str
    zh: str
    en: str


@dataclass(frozen=True)
class Calendar:
    """The working time of one city; equal calendars are interchangeable. Build one with `Calendar.of`.

    `hours`: sessions as (start, end) minutes of the day, in order, not overlapping; 1440 is 24:00.
    `days_off`, `days_on`: the city's own days; they go before the national ones.
    `years`: years for which the two lists above are complete, so that the national list is not asked.
    `until_midnight`: a period ends at 24:00 of its last day instead of at close of business (民法典 203).
    """

    hours: tuple[tuple[int, int], ...] = ((510, 720), (870, 1080))  # 08:30–12:00, 14:30–18:00
    days_off: tuple[OwnDay, ...] = ()
    days_on: tuple[OwnDay, ...] = ()
    years: frozenset[int] = frozenset()
    until_midnight: bool = False
    zone: ZoneInfo = CHINA_ZONE

    @classmethod
    def of(
        cls,
        *,
        hours: Iterable[tuple[str | time, str | time]] = (("08:30", "12:00"), ("14:30", "18:00")),
        days_off: OwnDays = (),
        days_on: OwnDays = (),
        years: Iterable[int] = (),
        until_midnight: bool = False,
        zone: str = "Asia/Shanghai",
    ) -> Calendar:
        """A calendar from a city's data as JSON or YAML gives it; BadInput names the faulty field.

        Days are dates or "2026-05-20", listed, or mapped to a name (one text, or {zh: …, en: …}). Hours are
        times or "08:30".
        """
        off = _own_days("days_off", days_off, "本市放假", "day off of this city")
        on = _own_days("days_on", days_on, "本市上班", "working day of this city")
        both = {own.day for own in off} & {own.day for own in on}
        if both:
            day = min(both).isoformat()
            raise BadInput.of("days_on", f"{day} 同时列为放假日和上班日，请删去一处",
                              f"{day} is listed both as off and as on; keep one")  # fmt: skip
        return cls(_sessions(hours), off, on, frozenset(years), until_midnight, ZoneInfo(zone))

    def knows(self, year: int) -> bool:
        """Whether the days off of that year are announced or given."""
        return year in _KNOWN or year in self.years

    def is_working(self, day: date) -> bool:
        """Whether it is a working day. Raises UnknownYear."""
        if not self.knows(day.year):
            raise UnknownYear(day.year)
        return self.works(day.toordinal())

    def unknown_years(self, first: int, last: int) -> tuple[int, ...]:
        """The unknown years among those that two day numbers span."""
        years = range(date.fromordinal(first).year, date.fromordinal(last).year + 1)
        return tuple(year for year in years if not self.knows(year))

    def day(self, day: date) -> Day:
        """What the day is and why, in both languages; in an unknown year a weekday is `unannounced`."""
        own = self._own.get(day)
        if own:
            return own
        weekday = day.weekday()
        if day.year not in self.years:
            if day in workdays:
                zh, en = _names(workdays[day])
                return Day(True, "make_up", f"{zh}调休上班日", f"make-up working day (for {en})")
            if day in holidays:
                return _holiday(day)
        zh, en = f"星期{_WEEKDAYS_ZH[weekday]}", _WEEKDAYS_EN[weekday]
        if weekday >= SATURDAY:
            return Day(False, "weekend", zh, en)
        if not self.knows(day.year):
            return Day(True, "unannounced", f"{zh}（{day.year}年放假安排尚未公布）",
                       f"{en} (days off of {day.year} not announced yet)")  # fmt: skip
        return Day(True, "workday", zh, en)

    def works(self, day: int) -> bool:
        """Whether the day with this number is worked; an unknown year has Saturdays and Sundays off."""
        days = self._worked(date.fromordinal(day).year)
        at = bisect_left(days, day)
        return at < len(days) and days[at] == day

    def nth(self, first: int, count: int) -> int:
        """The number of the `count`-th working day (from 1) at or after the day numbered `first`."""
        year = date.fromordinal(first).year
        days = self._worked(year)
        at = bisect_left(days, first) + count - 1
        while at >= len(days):
            at -= len(days)
            year += 1
            days = self._worked(year)
        return days[at]

    def count(self, first: int, end: int) -> int:
        """How many working days there are from the day numbered `first` to the one before `end`."""
        if end <= first:
            return 0
        a, b = date.fromordinal(first).year, date.fromordinal(end).year
        total = bisect_left(self._worked(b), end) - bisect_left(self._worked(a), first)
        return total + sum(len(self._worked(year)) for year in range(a, b))

    @cached_property
    def day_length(self) -> int:
        """The working time of a working day, in microseconds."""
        return sum(end - start for start, end in self.hours) * MINUTE

    @cached_property
    def closing(self) -> timedelta:
        """From midnight to the end of a last day; 24:00 is written 23:59:59 so that the date stays."""
        if self.until_midnight or self.hours[-1][1] == FULL_DAY // MINUTE:
            return timedelta(hours=23, minutes=59, seconds=59)
        return timedelta(minutes=self.hours[-1][1])

    def close(self, day: int) -> datetime:
        """When a period ends that has this day as its last (aware)."""
        return datetime.fromordinal(day).replace(tzinfo=self.zone) + self.closing

    def local(self, moment: datetime) -> datetime:
        """The moment on the city's clocks. A moment without its zone is refused (ValueError)."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return moment.astimezone(self.zone)

    def worked_by(self, moment: datetime) -> int:
        """Working microseconds of that local day up to the moment."""
        if not self.works(moment.toordinal()):
            return 0
        clock = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond
        return sum(min(max(clock - start * MINUTE, 0), (end - start) * MINUTE) for start, end in self.hours)

    def moment_of(self, day: int, worked: int) -> datetime:
        """The earliest moment of a working day at which `worked` (> 0) working microseconds have passed."""
        for start, end in self.hours:
            if worked <= (end - start) * MINUTE:
                midnight = datetime.fromordinal(day).replace(tzinfo=self.zone)
                return midnight + timedelta(microseconds=start * MINUTE + worked)
            worked -= (end - start) * MINUTE
        raise ValueError("a working day is not that long")

    @cached_property
    def _own(self) -> dict[date, Day]:
        off = {own.day: Day(False, "city_off", own.zh, own.en) for own in self.days_off}
        return off | {own.day: Day(True, "city_on", own.zh, own.en) for own in self.days_on}

    @cached_property
    def _years(self) -> dict[int, tuple[int, ...]]:
        return {}

    def _worked(self, year: int) -> tuple[int, ...]:
        """The working days of a year as ascending day numbers, kept."""
        found = self._years.get(year)
        if found is None:
            found = self._years[year] = _working_days(
                self.days_off, self.days_on, year not in self.years, year
            )
        return found


CHINA = Calendar()


@lru_cache(maxsize=256)
def _working_days(
    days_off: tuple[OwnDay, ...], days_on: tuple[OwnDay, ...], national: bool, year: int
) -> tuple[int, ...]:
    """Shared by all equal calendars, since each request may build its own."""
    calendar = Calendar(
        days_off=days_off, days_on=days_on, years=frozenset() if national else frozenset({year})
    )
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()
    return tuple(day for day in range(first, last + 1) if calendar.day(date.fromordinal(day)).working)


def _names(holiday: str) -> tuple[str, str]:
    zh = Holiday(holiday).chinese
    return _FESTIVALS.get(zh, zh), holiday


def _holiday(day: date) -> Day:
    zh, en = _names(holidays[day])
    if day in in_lieu_days:
        return Day(False, "holiday", f"{zh}（调休放假）", f"{en} (day off in lieu)")
    return Day(False, "holiday", f"{zh}（法定节假日）", f"{en} (statutory holiday)")


def _own_days(field: str, days: OwnDays, zh: str, en: str) -> tuple[OwnDay, ...]:
    named = days if isinstance(days, Mapping) else {day: {"zh": zh, "en": en} for day in days}
    found = []
    for key, name in named.items():
        names = name if isinstance(name, Mapping) else {"zh": name, "en": name}
        try:
            day = key if isinstance(key, date) else date.fromisoformat(key)
            found.append(OwnDay(day, str(names["zh"]), str(names["en"])))
        except (TypeError, ValueError, KeyError) as error:
            raise BadInput.of(
                field,
                f"“{key}”写法有误，请写成 2026-05-20: {{zh: 名称, en: name}}",
                f"cannot read {key!r}; write 2026-05-20: {{zh: 名称, en: name}}",
            ) from error
    return tuple(sorted(found))


def _sessions(hours: Iterable[tuple[str | time, str | time]]) -> tuple[tuple[int, int], ...]:
    found = tuple(sorted((_minutes(start), _minutes(end)) for start, end in hours))
    ends = (0, *(end for _, end in found))
    if not found or any(
        start >= end or start < before for (start, end), before in zip(found, ends, strict=False)
    ):
        raise BadInput.of(
            "hours",
            "上班时段应有起止且互不重叠，如 08:30–12:00、14:30–18:00",
            "sessions start before they end and do not overlap, as in 08:30–12:00, 14:30–18:00",
        )
    return found


def _minutes(clock: str | time) -> int:
    if clock == "24:00":
        return 24 * 60
    try:
        at = clock if isinstance(clock, time) else time.fromisoformat(clock)
    except ValueError as error:
        raise BadInput.of(
            "hours", f"“{clock}”不是时刻，请写成 08:30", f"{clock!r} is no time of day; write 08:30"
        ) from error
    return at.hour * 60 + at.minute
