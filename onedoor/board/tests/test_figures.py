"""The city in figures, for everybody: what the weekly sheet says, with how each figure is counted."""

from __future__ import annotations

from random import Random

import pytest
from django.core.cache import cache
from django.test import Client

from onedoor.appraisal.queries import weekly_sheet
from onedoor.appraisal.rules import COLUMNS, Week
from onedoor.appraisal.tests import chance
from onedoor.city.models import Account
from onedoor.kernel import time
from tests.support.smallcity import SmallCity, small_city

WEEK = Week.parse("2026-W46")


@pytest.fixture
def lived(db: None) -> SmallCity:
    cache.clear()
    city = small_city()
    chance.fill(city, Random(7), WEEK.begins, 60)
    return city


def page(where: str = "/board/", language: str = "zh-CN", **asked: str) -> str:
    with time.at(WEEK.ends):
        answer = Client(headers={"accept-language": language}).get(where, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_last_whole_week_is_shown_with_its_formulas(lived: SmallCity) -> None:
    shown = page()
    with time.at(WEEK.ends):
        total = weekly_sheet(WEEK, "county").total.cells
    assert "11月9日" in shown
    assert f"{total['received'].count:,}" in shown
    assert f"{total['solved'].of} 件中 {total['solved'].count} 件" in shown
    for column in COLUMNS:
        assert column.counts.zh in shown
        assert column.leaves_out.zh in shown


def test_counties_lead_to_their_units(lived: SmallCity) -> None:
    assert "county=419801" in page()
    shown = page(county="419801")
    assert "东河区housing" in shown
    assert "西河区housing" not in shown


def test_no_person_is_on_the_page(lived: SmallCity) -> None:
    for shown in (page(), page(county="419801")):
        assert [name for name in Account.objects.values_list("name", flat=True) if name in shown] == []


@pytest.mark.parametrize(
    ("week", "monday"), [("", "11月9日"), ("2026-W99", "11月9日"), ("x", "11月9日"), ("2030-W01", "11月16日")]
)
def test_a_week_that_is_none_is_answered_with_one_that_is(lived: SmallCity, week: str, monday: str) -> None:
    assert f"<strong>{monday} 周一" in page(week=week)


def test_a_county_that_is_none_is_not_found(lived: SmallCity) -> None:
    assert Client().get("/board/", {"county": "9"}).status_code == 404


def test_the_order_is_said_to_be_no_ranking(lived: SmallCity) -> None:
    assert "不是排名" in page()
    assert "not a ranking" in page(language="en")


def test_many_readers_cost_one_sheet(lived: SmallCity, django_assert_max_num_queries: object) -> None:
    page()
    with django_assert_max_num_queries(3):  # type: ignore[operator]
        page()
