"""Why a period ends when it does, day by day; the door to this module is `onedoor.kernel.calendars`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from onedoor.kernel.deadlines import ELAPSED, Leg, Route, Step, Stretch, worked_between
from onedoor.kernel.spans import Unit
from onedoor.kernel.workdays import MINUTE, Calendar

_HOURLY = (*ELAPSED, Unit.WORKING_HOURS)


def steps(found: Route, calendar: Calendar) -> Iterator[Step]:
    """What was counted, what was not, and why, in Chinese and English."""
    following = (*found.legs[1:], None)
    for number, (leg, after) in enumerate(zip(found.legs, following, strict=True)):
        yield _opening(number, leg)
        if leg.span.unit is Unit.WORKING_HOURS:
            yield from _working_hours(leg, found.pauses, calendar)
        elif leg.span.unit in ELAPSED:
            yield from _elapsed(leg, found.pauses)
        else:
            counts_on = after is not None and after.span.unit not in _HOURLY
            until = leg.last if counts_on else leg.ended.toordinal()
            yield from _days(leg, until, found.paused_days, calendar)
    yield _ending(found.legs[-1])


def _opening(number: int, leg: Leg) -> Step:
    hourly = leg.span.unit in _HOURLY
    day = leg.began.date() if hourly else date.fromordinal(leg.before)
    if number:
        zh, en = leg.span.text("zh"), leg.span.text("en")
        return Step(
            day, False, 0, "extension", f"延长{zh}，由此接着计算", f"extended by {en}, counted on from here"
        )
    if hourly:
        return Step(day, False, 0, "start", f"{leg.began:%H:%M}起算", f"counting starts at {leg.began:%H:%M}")
    return Step(day, False, 0, "start_day", "起算日不计", "start day not counted")


def _ending(leg: Leg) -> Step:
    running = _total(leg)
    clock = leg.ended.strftime("%H:%M")
    if leg.span.unit in _HOURLY:
        return Step(leg.ended.date(), False, running, "due", f"{clock}到期", f"due at {clock}")
    if leg.ended.second:  # 23:59:59 stands for 24:00
        return Step(
            leg.ended.date(), False, running, "due", "当日24:00到期", "due at 24:00, the end of the day"
        )
    return Step(
        leg.ended.date(),
        False,
        running,
        "due",
        f"{clock}停止办公时到期",
        f"due at {clock}, close of business",
    )


def _total(leg: Leg) -> int:
    if leg.span.unit in (Unit.HOURS, Unit.WORKING_HOURS):
        return leg.span.amount * 60
    return leg.last - leg.before if leg.span.unit is Unit.MONTHS else leg.span.amount


def _days(leg: Leg, until: int, off: tuple[tuple[int, int], ...], calendar: Calendar) -> Iterator[Step]:
    working_only = leg.span.unit is Unit.WORKING_DAYS
    running = 0
    for number in range(leg.before + 1, until + 1):
        day = date.fromordinal(number)
        kind = calendar.day(day)
        if any(begin <= number <= end for begin, end in off):
            yield Step(day, False, running, "paused", "暂停计时", "paused")
        elif number > leg.last and not kind.working:
            yield Step(day, False, running, kind.kind, kind.zh, kind.en)
        elif number > leg.last:
            yield Step(day, False, running, "moved", f"顺延至休息日后的第一个工作日，{kind.zh}",
                       f"moved to the first working day after the days off: {kind.en}")  # fmt: skip
        elif kind.working or not working_only:
            running += 1
            yield _counted(day, running, leg, kind.kind, kind.zh, kind.en)
        else:
            yield Step(day, False, running, kind.kind, kind.zh, kind.en)


def _counted(day: date, running: int, leg: Leg, kind: str, zh: str, en: str) -> Step:
    if leg.span.unit is Unit.WORKING_DAYS:
        return Step(day, True, running, kind, f"第{running}个工作日，{zh}", f"working day {running}: {en}")
    return Step(day, True, running, kind, f"第{running}日，{zh}", f"day {running}: {en}")


def _elapsed(leg: Leg, pauses: tuple[Stretch, ...]) -> Iterator[Step]:
    for since, end in pauses:
        if end > leg.began and since < leg.ended:
            begin = max(since, leg.began)
            yield Step(begin.date(), False, 0, "paused", f"暂停计时：{begin:%m-%d %H:%M}至{end:%m-%d %H:%M}",
                       f"paused from {begin:%m-%d %H:%M} to {end:%m-%d %H:%M}")  # fmt: skip


def _working_hours(leg: Leg, pauses: tuple[Stretch, ...], calendar: Calendar) -> Iterator[Step]:
    running = 0
    for number in range(leg.began.toordinal(), leg.ended.toordinal() + 1):
        day = date.fromordinal(number)
        kind = calendar.day(day)
        worked, paused = _worked_on(number, leg, pauses, calendar)
        minutes = worked // MINUTE
        running += worked
        if minutes:
            zh, en = f"计入{_clock(minutes)}，{kind.zh}", f"{_clock(minutes)} counted: {kind.en}"
            yield Step(day, True, running // MINUTE, kind.kind, zh, en)
        elif not kind.working:
            yield Step(day, False, running // MINUTE, kind.kind, kind.zh, kind.en)
        if paused:
            zh, en = f"暂停计时{_clock(paused // MINUTE)}", f"paused for {_clock(paused // MINUTE)}"
            yield Step(day, False, running // MINUTE, "paused", zh, en)


def _worked_on(number: int, leg: Leg, pauses: tuple[Stretch, ...], calendar: Calendar) -> tuple[int, int]:
    """(counted, paused) working microseconds of one day within the leg."""
    midnight = datetime.fromordinal(number).replace(tzinfo=calendar.zone)
    begin, end = max(midnight, leg.began), min(midnight + timedelta(days=1), leg.ended)
    paused = sum(
        worked_between(max(begin, since), min(end, until), calendar)
        for since, until in pauses
        if since < end and until > begin
    )
    return worked_between(begin, end, calendar) - paused, paused


def _clock(minutes: int) -> str:
    """5 h 30 min as 5:30, the same in both languages."""
    return f"{minutes // 60}:{minutes % 60:02d}"
