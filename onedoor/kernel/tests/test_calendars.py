"""Deadlines, computed by hand, by a slow oracle, and by the properties that must always hold."""

from __future__ import annotations

import timeit
from datetime import date, datetime, timedelta
from functools import partial

import chinese_calendar
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from onedoor.kernel.calendars import (
    CHINA,
    Calendar,
    Pause,
    Span,
    Unit,
    UnknownYear,
    due,
    explain,
    remaining,
    working_minutes_between,
)
from onedoor.kernel.workdays import CHINA_ZONE


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA_ZONE)


def ends(
    start: str, span: str, pauses: list[tuple[str, str]] | None = None, extensions: list[str] | None = None
) -> str:
    found = due(
        at(start),
        Span.parse(span),
        CHINA,
        [(at(a), at(b)) for a, b in pauses or []],
        [Span.parse(e) for e in extensions or []],
    )
    return found.at.strftime("%Y-%m-%dT%H:%M")


BY_HAND = [
    # National Day 2024: 29 Sep is a make-up Sunday and the start day; 30 Sep is day 1; 1–7 Oct off; 8, 9, 10,
    # 11 are days 2–5; 12 Oct is a make-up Saturday, day 6; 13 Oct Sunday; 14 Oct is day 7.
    ("2024-09-29T10:00", "7 working days", "2024-10-14T18:00"),
    ("2024-09-28T10:00", "1 working day", "2024-09-29T18:00"),  # from a Saturday to the make-up Sunday
    ("2024-09-30T23:59", "1 working day", "2024-10-08T18:00"),
    # Spring Festival 2025: off 28 Jan – 4 Feb, made up on 26 Jan (Sunday) and 8 Feb (Saturday).
    ("2025-01-24T09:00", "1 working day", "2025-01-26T18:00"),
    ("2025-01-24T09:00", "2 working days", "2025-01-27T18:00"),
    ("2025-01-24T09:00", "3 working days", "2025-02-05T18:00"),
    ("2025-01-24T09:00", "6 working days", "2025-02-08T18:00"),
    ("2025-01-24T09:00", "7 working days", "2025-02-10T18:00"),
    # Spring Festival 2026: off 15–23 Feb, made up on 14 Feb and 28 Feb (Saturdays).
    ("2026-02-13T16:00", "1 working day", "2026-02-14T18:00"),
    ("2026-02-13T16:00", "2 working days", "2026-02-24T18:00"),
    ("2026-02-13T16:00", "6 working days", "2026-02-28T18:00"),
    ("2026-02-13T16:00", "7 working days", "2026-03-02T18:00"),
    # New Year 2026: off 1–3 Jan, 4 Jan is a make-up Sunday.
    ("2025-12-31T08:30", "1 working day", "2026-01-04T18:00"),
    # Days: the last one on a day off moves to the first working day after it.
    ("2026-11-23T09:00", "15 days", "2026-12-08T18:00"),
    ("2026-11-23T09:00", "5 days", "2026-11-30T18:00"),  # 28 Nov is a Saturday
    ("2024-09-01T10:00", "30 days", "2024-10-08T18:00"),  # 1 Oct
    ("2024-12-30T10:00", "30 days", "2025-02-05T18:00"),  # 29 Jan, Spring Festival
    ("2024-09-19T10:00", "10 days", "2024-09-29T18:00"),  # a make-up Sunday is no day off
    # Months end on the corresponding day, or on the last one there is.
    ("2024-12-31T10:00", "2 months", "2025-02-28T18:00"),
    ("2023-12-31T10:00", "2 months", "2024-02-29T18:00"),
    ("2024-08-31T10:00", "1 month", "2024-09-30T18:00"),
    ("2024-09-02T10:00", "1 month", "2024-10-08T18:00"),
    ("2024-11-15T10:00", "1 month", "2024-12-16T18:00"),  # 15 Dec is a Sunday
    ("2025-11-30T10:00", "13 months", "2026-12-30T18:00"),
    # Hours and minutes run by day and night.
    ("2024-09-30T23:30", "2 hours", "2024-10-01T01:30"),
    ("2024-09-30T23:30", "30 minutes", "2024-10-01T00:00"),
    ("2024-09-30T10:00", "72小时", "2024-10-03T10:00"),
    # Working hours: 08:30–12:00 and 14:30–18:00.
    ("2026-11-23T09:00", "5 working hours", "2026-11-23T16:30"),  # over lunch
    ("2026-11-27T17:00", "5 working hours", "2026-11-30T15:00"),  # over a weekend: 1 h + 3:30 + 0:30
    ("2024-09-30T17:00", "5 working hours", "2024-10-08T15:00"),  # over the National Day holiday
    ("2024-09-28T17:00", "1 working hour", "2024-09-29T09:30"),  # make-up Sunday
    ("2026-11-23T08:30", "7 working hours", "2026-11-23T18:00"),  # ends at closing, not at the next opening
    ("2026-11-23T03:00", "1 working hour", "2026-11-23T09:30"),
    ("2026-11-23T12:30", "1 working hour", "2026-11-23T15:30"),
    ("2026-11-23T11:00", "1 working hour", "2026-11-23T12:00"),
    ("2026-11-23T18:00", "7 working hours", "2026-11-24T18:00"),
]


@pytest.mark.parametrize(("start", "span", "end"), BY_HAND)
def test_by_hand(start: str, span: str, end: str) -> None:
    assert ends(start, span) == end


PAUSED = [
    # Monday 23 Nov 2026; 5 working days are Monday 30 Nov.
    ("5 working days", [], "2026-11-30T18:00"),
    ("5 working days", [("2026-11-24T10:00", "2026-11-26T10:00")], "2026-12-02T18:00"),
    ("5 working days", [("2026-11-24T10:00", "2026-11-24T17:00")], "2026-11-30T18:00"),
    ("5 working days", [("2026-11-24T19:00", "2026-11-26T10:00")], "2026-12-01T18:00"),  # Tue had run
    ("5 working days", [("2026-11-24T10:00", "2026-11-25T19:00")], "2026-12-02T18:00"),
    ("5 working days", [("2026-11-28T10:00", "2026-11-29T10:00")], "2026-11-30T18:00"),  # only a Saturday
    ("5 working days", [("2026-11-30T19:00", "2026-12-09T10:00")], "2026-11-30T18:00"),  # after the end
    ("5 working days", [("2026-11-30T10:00", "2026-12-09T10:00")], "2026-12-09T18:00"),  # on the last day
    ("5 working days", [("2026-11-01T10:00", "2026-11-20T10:00")], "2026-11-30T18:00"),  # before the start
    ("5 working days",
     [("2026-11-24T10:00", "2026-11-25T10:00"), ("2026-11-26T10:00", "2026-11-27T10:00")], "2026-12-02T18:00"),
    ("5 working days",  # overlapping pauses count once
     [("2026-11-24T10:00", "2026-11-26T10:00"), ("2026-11-25T10:00", "2026-11-26T09:00")], "2026-12-02T18:00"),
    ("10 days", [("2026-11-24T10:00", "2026-11-27T10:00")], "2026-12-07T18:00"),  # 6 Dec is a Sunday
    ("5 days", [("2026-11-29T10:00", "2026-12-02T10:00")], "2026-12-02T18:00"),  # moved out of the pause
    ("1 month", [("2026-11-24T10:00", "2026-11-26T10:00")], "2026-12-25T18:00"),
    ("2 hours", [("2026-11-23T10:00", "2026-11-24T10:00")], "2026-11-24T11:00"),
    ("2 hours", [("2026-11-23T08:00", "2026-11-23T10:00")], "2026-11-23T12:00"),  # started inside
    ("2 hours", [("2026-11-23T11:00", "2026-11-23T12:00")], "2026-11-23T11:00"),  # too late
    ("5 working hours", [("2026-11-23T10:00", "2026-11-23T15:00")], "2026-11-24T09:30"),
    ("5 working hours", [("2026-11-23T12:00", "2026-11-23T14:00")], "2026-11-23T16:30"),  # over lunch: nothing
    ("3 working hours", [("2026-11-23T12:00", "2026-11-23T19:00")], "2026-11-23T12:00"),  # too late
]  # fmt: skip


@pytest.mark.parametrize(("span", "pauses", "end"), PAUSED)
def test_pauses_by_hand(span: str, pauses: list[tuple[str, str]], end: str) -> None:
    assert ends("2026-11-23T09:00", span, pauses) == end


EXTENDED = [
    ("2026-11-23T09:00", "5 working days", ["3 working days"], "2026-12-03T18:00"),
    ("2024-07-01T09:00", "60 days", ["30 days"], "2024-09-29T18:00"),  # 90 days; a make-up Sunday
    (
        "2024-08-02T09:00",
        "60 days",
        ["3 days"],
        "2024-10-08T18:00",
    ),  # 4 Oct: the move is made once, at the end
    ("2026-11-23T09:00", "2 hours", ["1 working day"], "2026-11-24T18:00"),
    ("2026-11-23T09:00", "5 days", ["2 hours"], "2026-11-30T20:00"),
    ("2026-11-23T09:00", "5 working days", ["4 working hours"], "2026-12-01T15:00"),
    ("2026-11-23T09:00", "5 days", ["1 month"], "2026-12-28T18:00"),
    ("2026-11-23T09:00", "1 working day", ["1 working day", "1 working day"], "2026-11-26T18:00"),
]


@pytest.mark.parametrize(("start", "span", "extensions", "end"), EXTENDED)
def test_extensions_by_hand(start: str, span: str, extensions: list[str], end: str) -> None:
    assert ends(start, span, extensions=extensions) == end


def test_an_open_pause_gives_the_date_before_it() -> None:
    span = Span.parse("5 working days")
    pauses = [(at("2026-11-24T10:00"), None)]
    assert due(at("2026-11-23T09:00"), span, pauses=pauses).at == at("2026-11-30T18:00")


def test_a_city_may_end_its_days_at_midnight() -> None:
    calendar = Calendar.of(until_midnight=True)
    found = due(at("2026-11-23T09:00"), Span.parse("1 working day"), calendar, steps=True)
    assert found.at == at("2026-11-24T23:59:59")
    assert found.steps[-1].zh == "当日24:00到期"


def test_moments_of_other_zones_are_read_on_the_citys_clocks() -> None:
    start = datetime.fromisoformat("2026-11-22T17:00:00+00:00")  # 01:00 on Monday in Hebi
    assert due(start, Span.parse("1 working day")).at == at("2026-11-24T18:00")


def test_bad_moments_are_refused() -> None:
    span = Span.parse("1 day")
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 1, 1), span)
    with pytest.raises(ValueError, match="before it starts"):
        due(at("2026-01-01"), span, pauses=[(at("2026-01-03"), at("2026-01-02"))])


# An unknown year

LAST_KNOWN = max(day.year for day in chinese_calendar.holidays)


def test_a_date_in_an_unannounced_year_is_provisional_and_says_so() -> None:
    start = datetime(LAST_KNOWN, 12, 28, 10, tzinfo=CHINA_ZONE)
    found = due(start, Span.parse("30 days"))
    assert found.provisional
    assert found.unknown_years == (LAST_KNOWN + 1,)
    assert str(LAST_KNOWN + 1) in found.caution("zh")
    assert str(LAST_KNOWN + 1) in found.caution("en")
    assert found.as_dict()["caution"]["en"] == found.caution("en")
    with pytest.raises(UnknownYear):
        due(start, Span.parse("30 days"), strict=True)


def test_only_weekends_are_off_in_an_unannounced_year() -> None:
    start = datetime(2040, 1, 2, 10, tzinfo=CHINA_ZONE)  # a Monday
    found = due(start, Span.parse("10 working days"), steps=True)
    assert found.at == at("2040-01-16T18:00")
    assert "2040" in found.steps[1].en


@pytest.mark.parametrize("span", ["3 days", "2 working days", "200 hours", "5 working hours"])
def test_a_date_that_does_not_depend_on_the_unknown_is_firm(span: str) -> None:
    start = datetime(LAST_KNOWN, 12, 24, 10, tzinfo=CHINA_ZONE)
    found = due(start, Span.parse(span), strict=True)
    assert not found.provisional
    assert found.caution("zh") == ""


def test_a_city_that_vouches_for_the_year_gets_a_firm_date() -> None:
    calendar = Calendar.of(years=[LAST_KNOWN + 1], days_off=[date(LAST_KNOWN + 1, 1, 1)])
    start = datetime(LAST_KNOWN, 12, 31, 10, tzinfo=CHINA_ZONE)
    assert not due(start, Span.parse("3 working days"), calendar).provisional


# Steps


def test_says_why_day_by_day() -> None:
    found = [(s.day.isoformat(), s.counted, s.running, s.text("en")) for s in
             explain(at("2024-09-29T10:00"), Span.parse("7 working days"))]  # fmt: skip
    assert found[:4] == [
        ("2024-09-29", False, 0, "start day not counted"),
        ("2024-09-30", True, 1, "working day 1: Monday"),
        ("2024-10-01", False, 1, "National Day (statutory holiday)"),
        ("2024-10-02", False, 1, "National Day (statutory holiday)"),
    ]
    assert found[-4:] == [
        ("2024-10-12", True, 6, "working day 6: make-up working day (for National Day)"),
        ("2024-10-13", False, 6, "Sunday"),
        ("2024-10-14", True, 7, "working day 7: Monday"),
        ("2024-10-14", False, 7, "due at 18:00, close of business"),
    ]


def test_says_why_in_chinese() -> None:
    pauses = [(at("2026-11-24T10:00"), at("2026-11-25T10:00"))]
    steps = explain(
        at("2026-11-23T09:00"), Span.parse("3 days"), CHINA, pauses, [Span.parse("1 working hour")]
    )
    assert [step.text("zh") for step in steps] == [
        "起算日不计",
        "暂停计时",
        "第1日，星期三",
        "第2日，星期四",
        "第3日，星期五",
        "延长1个工作时，由此接着计算",
        "星期六",
        "星期日",
        "计入1:00，星期一",
        "09:30到期",
    ]


def test_says_that_and_where_the_last_day_moved() -> None:
    steps = explain(at("2024-09-01T10:00"), Span.parse("30 days"))
    moved = [step for step in steps if step.day >= date(2024, 10, 1)]
    assert [step.why for step in moved] == ["holiday"] * 7 + ["moved", "due"]
    assert moved[0].counted
    assert not any(step.counted for step in moved[1:])


def test_says_how_working_hours_ran() -> None:
    pauses = [(at("2024-10-08T09:00"), at("2024-10-08T11:00"))]
    steps = explain(at("2024-09-30T17:00"), Span.parse("5工作时"), CHINA, pauses)
    counted = [(step.day.day, step.running, step.en) for step in steps if step.counted]
    assert counted == [(30, 60, "1:00 counted: Monday"), (8, 300, "4:00 counted: Tuesday")]
    assert "paused for 2:00" in [step.en for step in steps]


def test_says_when_elapsed_hours_stood_still() -> None:
    pauses = [
        (at("2026-11-23T10:00"), at("2026-11-24T10:00")),
        (at("2026-12-23T10:00"), at("2026-12-24T10:00")),
    ]
    steps = explain(at("2026-11-23T09:00"), Span.parse("2 hours"), CHINA, pauses)
    assert [step.en for step in steps] == [
        "counting starts at 09:00", "paused from 11-23 10:00 to 11-24 10:00", "due at 11:00",
    ]  # fmt: skip
    assert steps[0].as_dict()["day"] == "2026-11-23"


# What is left

LEFT = [
    ("2026-11-27T10:00", "2026-12-01T18:00", "working days", "2 working days left", "剩余2个工作日"),
    ("2026-11-27T10:00", "2026-11-30T18:00", "working days", "1 working day left", "剩余1个工作日"),
    ("2026-11-27T10:00", "2026-12-01T18:00", "days", "4 days left", "剩余4日"),
    ("2026-11-27T10:00", "2026-12-01T18:00", "months", "4 days left", "剩余4日"),
    ("2026-12-01T10:00", "2026-12-01T18:00", "working days", "due today", "今日到期"),
    ("2026-12-01T19:00", "2026-12-01T18:00", "working days", "overdue since today", "今日已超期"),
    ("2026-12-07T09:00", "2026-12-01T18:00", "working days", "overdue by 4 working days", "已超期4个工作日"),
    ("2026-12-01T10:00", "2026-12-01T18:00", "hours", "8 hours left", "剩余8小时"),
    ("2026-12-01T17:50", "2026-12-01T18:00", "hours", "less than 1 hour left", "剩余不足1小时"),
    ("2026-12-01T18:50", "2026-12-01T18:00", "minutes", "overdue by 50 minutes", "已超期50分钟"),
    ("2026-12-01T18:50", "2026-12-01T18:00", "hours", "overdue by less than 1 hour", "已超期，不足1小时"),
    ("2026-11-27T17:00", "2026-11-30T10:30", "working hours", "3 working hours left", "剩余3个工作时"),
]


@pytest.mark.parametrize(("now", "end", "unit", "en", "zh"), LEFT)
def test_what_is_left(now: str, end: str, unit: str, en: str, zh: str) -> None:
    left = remaining(at(now), at(end), Unit(unit))
    assert (left.text("en"), left.text("zh")) == (en, zh)


def test_what_is_left_is_provisional_over_an_unknown_year() -> None:
    now = datetime(LAST_KNOWN, 12, 30, tzinfo=CHINA_ZONE)
    assert remaining(now, now + timedelta(days=9), Unit.WORKING_DAYS).provisional
    assert not remaining(now, now + timedelta(hours=9), Unit.WORKING_DAYS).provisional


def test_working_minutes_between() -> None:
    assert working_minutes_between(at("2024-09-30T17:00"), at("2024-10-08T09:00")) == 90
    assert working_minutes_between(at("2026-11-23T12:00"), at("2026-11-23T14:30")) == 0
    assert working_minutes_between(at("2026-11-23T12:00"), at("2026-11-20T14:30")) == 0
    assert working_minutes_between(at("2026-11-23T00:00"), at("2026-11-24T00:00")) == 420
    with pytest.raises(UnknownYear):
        working_minutes_between(at("2040-01-02T00:00"), at("2040-01-03T00:00"))
    assert working_minutes_between(at("2040-01-02T00:00"), at("2040-01-03T00:00"), strict=False) == 420


# Properties

QUARTER = timedelta(minutes=15)
starts = st.builds(
    lambda day, quarters: datetime(2024, 1, 1, tzinfo=CHINA_ZONE) + timedelta(days=day) + quarters * QUARTER,
    st.integers(0, 900),
    st.integers(0, 95),
)
spans = st.one_of(
    st.builds(Span, st.integers(1, 60), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS, Unit.WORKING_HOURS])),
    st.builds(Span, st.integers(1, 300), st.sampled_from([Unit.HOURS, Unit.MINUTES])),
    st.builds(Span, st.integers(1, 5), st.just(Unit.MONTHS)),
)


@st.composite
def pauses_from(draw: st.DrawFn, start: datetime) -> list[Pause]:
    found: list[Pause] = []
    for _ in range(draw(st.integers(0, 3))):
        begin = start + draw(st.integers(-200, 2000)) * QUARTER
        found.append((begin, begin + draw(st.integers(0, 1500)) * QUARTER))
    return found


@given(starts, spans, st.data())
def test_the_steps_tell_the_same_story(start: datetime, span: Span, data: st.DataObject) -> None:
    pauses, extensions = data.draw(pauses_from(start)), data.draw(st.lists(spans, max_size=2))
    found = due(start, span, CHINA, pauses, extensions, steps=True)
    assert found.at == due(start, span, CHINA, pauses, extensions).at
    assert [step.day for step in found.steps] == sorted(step.day for step in found.steps)
    assert found.steps[-1].day == found.at.date()
    before_end = [step for step in found.steps[:-1] if step.why != "moved" and step.counted]
    if extensions == [] and span.unit not in (Unit.HOURS, Unit.MINUTES, Unit.MONTHS):
        told = span.amount * (60 if span.unit is Unit.WORKING_HOURS else 1)
        assert before_end[-1].running == found.steps[-1].running == told


@given(starts, spans, st.data())
def test_never_before_the_start_and_never_inside_a_pause(
    start: datetime, span: Span, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_from(start))
    end = due(start, span, CHINA, pauses).at
    assert end > start
    assert not any(begin < end <= until for begin, until in pauses if until is not None)


@given(starts, spans, st.integers(1, 3000), st.data())
def test_later_start_never_ends_earlier(start: datetime, span: Span, later: int, data: st.DataObject) -> None:
    pauses = data.draw(pauses_from(start))
    assume(span.unit is not Unit.MONTHS or not pauses)  # months differ in length, pauses shift their ends
    assert due(start, span, CHINA, pauses).at <= due(start + later * QUARTER, span, CHINA, pauses).at


@given(starts, spans, st.integers(1, 20), st.data())
def test_longer_span_or_extension_never_ends_earlier(
    start: datetime, span: Span, more: int, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_from(start))
    end = due(start, span, CHINA, pauses).at
    assert end <= due(start, Span(span.amount + more, span.unit), CHINA, pauses).at
    assert end <= due(start, span, CHINA, pauses, [data.draw(spans)]).at


@given(starts, spans, st.data(), st.integers(0, 900), st.integers(0, 900))
def test_longer_pause_never_ends_earlier(
    start: datetime, span: Span, data: st.DataObject, before: int, after: int
) -> None:
    pauses = data.draw(pauses_from(start))
    assume(pauses)
    (begin, until), *rest = pauses
    assert until is not None
    wider = (begin - before * QUARTER, until + after * QUARTER)
    assert due(start, span, CHINA, rest).at <= due(start, span, CHINA, pauses).at
    assert due(start, span, CHINA, pauses).at <= due(start, span, CHINA, [wider, *rest]).at


@given(starts, st.integers(1, 40), st.integers(1, 40))
def test_extending_working_days_is_a_longer_span(start: datetime, first: int, second: int) -> None:
    whole = Span(first + second, Unit.WORKING_DAYS)
    parts = Span(first, Unit.WORKING_DAYS), Span(second, Unit.WORKING_DAYS)
    assert due(start, whole).at == due(start, parts[0], extensions=parts[1:]).at


@given(starts, st.integers(1, 120), st.sampled_from([Unit.WORKING_DAYS, Unit.DAYS]), st.data())
def test_days_agree_with_counting_one_by_one(
    start: datetime, amount: int, unit: Unit, data: st.DataObject
) -> None:
    pauses = data.draw(pauses_from(start))
    assume(start.year < 2026)

    def runs(day: date) -> bool:
        close = datetime(day.year, day.month, day.day, 18, tzinfo=CHINA_ZONE)
        return not any(begin < close <= until for begin, until in pauses if until)

    day, left = start.date(), amount
    while left:
        day += timedelta(days=1)
        left -= runs(day) and (unit is Unit.DAYS or chinese_calendar.is_workday(day))
    while not (chinese_calendar.is_workday(day) and runs(day)):
        day += timedelta(days=1)
    assert due(start, Span(amount, unit), CHINA, pauses).at.date() == day


@settings(max_examples=40, deadline=None)
@given(starts, st.integers(1, 40), st.data())
def test_working_hours_agree_with_counting_quarters(start: datetime, hours: int, data: st.DataObject) -> None:
    pauses = data.draw(pauses_from(start))
    moment, left = start, hours * 4
    while left:
        minute = moment.hour * 60 + moment.minute
        open_now = 510 <= minute < 720 or 870 <= minute < 1080
        paused = any(begin <= moment < until for begin, until in pauses if until)
        left -= open_now and not paused and CHINA.works(moment.toordinal())
        moment += QUARTER
    assert due(start, Span(hours, Unit.WORKING_HOURS), CHINA, pauses).at == moment


@given(starts, st.integers(0, 5000), st.integers(0, 5000))
def test_working_minutes_add_up(start: datetime, one: int, two: int) -> None:
    middle, end = start + one * QUARTER, start + (one + two) * QUARTER
    parts = (
        working_minutes_between(start, middle, strict=False),
        working_minutes_between(middle, end, strict=False),
    )
    assert sum(parts) == working_minutes_between(start, end, strict=False)


def test_a_due_date_is_cheap() -> None:
    start = at("2024-09-29T10:00")
    for text in ("7 working days", "5 working hours", "60 days", "2 months", "2 hours"):
        span = Span.parse(text)
        due(start, span)  # the year's table is made once
        best = min(timeit.repeat(partial(due, start, span), number=500, repeat=7)) / 500
        assert best < 300e-6, f"{text}: {best * 1e6:.1f} µs"
