"""Which days are worked, and what is said about a year that nobody knows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.problems import BadInput
from onedoor.kernel.workdays import CHINA, CHINA_ZONE, Calendar, UnknownYear

known_days = st.dates(date(2005, 1, 1), date(2026, 12, 31))
any_days = st.dates(date(2003, 1, 1), date(2030, 12, 31))


@given(known_days)
def test_agrees_with_the_announced_days(day: date) -> None:
    assert CHINA.is_working(day) == chinese_calendar.is_workday(day) == CHINA.day(day).working


@given(any_days, st.integers(0, 900))
def test_count_and_nth_agree(day: date, length: int) -> None:
    first = day.toordinal()
    days = [n for n in range(first, first + length) if CHINA.works(n)]
    assert CHINA.count(first, first + length) == len(days)
    assert [CHINA.nth(first, n + 1) for n in range(min(len(days), 5))] == days[:5]
    if days:
        assert CHINA.nth(first, len(days)) == days[-1]


@pytest.mark.parametrize(
    ("day", "kind", "zh", "en"),
    [
        ("2024-09-29", "make_up", "国庆节调休上班日", "make-up working day (for National Day)"),
        ("2024-10-01", "holiday", "国庆节（法定节假日）", "National Day (statutory holiday)"),
        ("2024-10-07", "holiday", "国庆节（调休放假）", "National Day (day off in lieu)"),
        ("2025-04-04", "holiday", "清明节（法定节假日）", "Tomb-sweeping Day (statutory holiday)"),
        ("2026-11-22", "weekend", "星期日", "Sunday"),
        ("2026-11-23", "workday", "星期一", "Monday"),
    ],
)
def test_says_what_a_day_is(day: str, kind: str, zh: str, en: str) -> None:
    found = CHINA.day(date.fromisoformat(day))
    assert (found.kind, found.zh, found.en) == (kind, zh, en)


def test_an_unknown_year_is_said_and_never_guessed() -> None:
    with pytest.raises(UnknownYear) as caught:
        CHINA.is_working(date(2031, 3, 3))
    assert "2031" in caught.value.text("en")
    assert "chinesecalendar" in caught.value.text("zh")
    assert CHINA.day(date(2031, 3, 3)).kind == "unannounced"
    assert "2031" in CHINA.day(date(2031, 3, 3)).en


def test_a_city_may_vouch_for_a_year() -> None:
    own = {"2031-01-01": {"zh": "元旦", "en": "New Year's Day"}}
    calendar = Calendar.of(days_off=own, days_on={"2031-01-04": "调休"}, years=[2031])
    assert not calendar.is_working(date(2031, 1, 1))
    assert calendar.is_working(date(2031, 1, 2))
    assert calendar.is_working(date(2031, 1, 4))  # a Saturday
    assert not calendar.is_working(date(2031, 1, 5))
    assert calendar.day(date(2031, 1, 1)) == (False, "city_off", "元旦", "New Year's Day")


def test_a_vouched_year_does_not_ask_the_national_list() -> None:
    calendar = Calendar.of(days_off=[date(2026, 5, 20)], years=[2026])
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2026, 5, 20))


def test_own_days_go_before_national_ones() -> None:
    calendar = Calendar.of(days_off=["2026-05-20"], days_on=[date(2026, 10, 7)])
    assert not calendar.is_working(date(2026, 5, 20))
    assert calendar.is_working(date(2026, 10, 7))
    assert calendar.day(date(2026, 5, 20)).zh == "本市放假"
    assert CHINA.is_working(date(2026, 5, 20))


def test_equal_data_makes_interchangeable_calendars() -> None:
    one = Calendar.of(days_off=["2026-05-20", "2026-03-08"], hours=[(time(9), time(17))])
    two = Calendar.of(days_off=[date(2026, 3, 8), date(2026, 5, 20)], hours=[("09:00", "17:00")])
    assert one == two
    assert hash(one) == hash(two)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"hours": []}, "hours"),
        ({"hours": [("12:00", "08:30")]}, "hours"),
        ({"hours": [("08:30", "12:00"), ("11:00", "18:00")]}, "hours"),
        ({"hours": [("half past eight", "12:00")]}, "hours"),
        ({"days_off": ["20 May"]}, "days_off"),
        ({"days_off": {"2026-05-20": {"zh": "只有中文"}}}, "days_off"),
        ({"days_on": [20260520]}, "days_on"),
        ({"days_off": ["2026-05-20"], "days_on": ["2026-05-20"]}, "days_on"),
    ],
)
def test_faulty_data_is_refused_by_field(data: dict, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Calendar.of(**data)
    assert caught.value.errors[0].field == field


def test_a_desk_that_never_closes_ends_its_days_before_midnight() -> None:
    calendar = Calendar.of(hours=[("00:00", "24:00")])
    assert calendar.day_length == 24 * 3600 * 1_000_000
    assert calendar.closing == timedelta(hours=23, minutes=59, seconds=59)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)), st.integers(1, 420 * 60_000_000))
def test_moment_of_undoes_worked_by(moment: datetime, worked: int) -> None:
    day = CHINA.nth(moment.toordinal(), 1)
    assert CHINA.worked_by(CHINA.moment_of(day, worked)) == worked


def test_a_moment_needs_its_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CHINA.local(datetime(2026, 1, 1))
    assert CHINA.local(datetime.fromisoformat("2026-01-01T00:00:00+00:00")).hour == 8
    assert CHINA.zone is CHINA_ZONE
