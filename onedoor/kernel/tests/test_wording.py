"""How dates, spans, money and bilingual values are said."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from onedoor.kernel import wording
from onedoor.kernel.time import CITY_ZONE

NOW = datetime(2026, 11, 23, 10, 5, tzinfo=CITY_ZONE)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ({"zh": "网格", "en": "Grid"}, "网格", "Grid"),
        ({"zh": "网格"}, "网格", "网格"),
        ({"en": "Grid", "zh": ""}, "Grid", "Grid"),
        (SimpleNamespace(zh="网格", en="Grid"), "网格", "Grid"),
        (SimpleNamespace(title_zh="网格", title_en="Grid"), "网格", "Grid"),
        (SimpleNamespace(title={"zh": "网格", "en": "Grid"}), "网格", "Grid"),
        ("plain", "plain", "plain"),
        (None, "", ""),
        (17, "17", "17"),
    ],
)
def test_a_bilingual_value_is_read_in_the_language_asked_for(value: Any, zh: str, en: str) -> None:
    assert (wording.pick(value, "zh-hans"), wording.pick(value, "en")) == (zh, en)


def test_another_name_than_title_may_be_asked_for() -> None:
    unit = SimpleNamespace(name_zh="住建局", name_en="Housing")
    assert wording.pick(unit, "zh", "name") == "住建局"


def test_a_moment_says_its_weekday_and_hides_this_year() -> None:
    assert wording.moment(NOW, "zh-hans", NOW.date()) == "11月23日 周一 10:05"
    assert wording.moment(NOW, "en", NOW.date()) == "Mon 23 Nov, 10:05"


def test_another_year_is_said() -> None:
    assert wording.day(date(2027, 1, 4), "zh", NOW.date()) == "2027年1月4日 周一"
    assert wording.day(date(2027, 1, 4), "en", NOW.date()) == "Mon 4 Jan 2027"
    assert wording.day(date(2026, 1, 4), "en") == "Sun 4 Jan 2026"


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (timedelta(days=2, hours=5, minutes=9), "2 天 5 小时", "2 days 5 hours"),
        (timedelta(hours=1, minutes=1), "1 小时 1 分钟", "1 hour 1 minute"),
        (timedelta(days=1, minutes=30), "1 天", "1 day"),
        (timedelta(seconds=40), "不到 1 分钟", "under a minute"),
        (timedelta(minutes=-20), "20 分钟", "20 minutes"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(length: timedelta, zh: str, en: str) -> None:
    assert (wording.span(length, "zh"), wording.span(length, "en")) == (zh, en)


def test_a_deadline_says_what_is_left_or_overdue() -> None:
    late, early = NOW - timedelta(days=2), NOW + timedelta(hours=3)
    assert wording.clock_words(early, NOW, "zh") == "还剩 3 小时"
    assert wording.clock_words(early, NOW, "en") == "3 hours left"
    assert wording.clock_words(late, NOW, "zh") == "逾期 2 天"
    assert wording.clock_words(late, NOW, "en") == "overdue by 2 days"


def test_how_long_ago() -> None:
    assert wording.ago(NOW - timedelta(hours=3, minutes=50), NOW, "zh") == "3 小时前"
    assert wording.ago(NOW - timedelta(hours=3, minutes=50), NOW, "en") == "3 hours ago"
    assert wording.ago(NOW - timedelta(seconds=5), NOW, "zh") == "刚刚"


def test_money_shows_fen_only_where_there_are_any() -> None:
    assert wording.money(12300, "zh") == "12,300 元"
    assert wording.money(Decimal("0.5"), "en") == "¥0.50"


def test_a_share_of_nothing_is_not_zero() -> None:
    assert wording.percent(0.825, "zh") == "82.5%"
    assert wording.percent(1, "en") == "100%"
    assert (wording.percent(None, "zh"), wording.percent(None, "en")) == ("无", "n/a")
