"""The same thing said twice, side by side."""

from __future__ import annotations

import pytest
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def beside(one: Matter, other: Matter) -> str:
    return reverse("desk:beside", args=[one.number, other.number])


@pytest.fixture
def pair(city: SmallCity) -> tuple[Matter, Matter]:
    """Two filings about the same deposit, the older first."""
    return opened(city, lon=114.005, lat=35.505), opened(city, lon=114.006, lat=35.505)


def test_what_may_be_the_same_is_listed_with_its_reasons(
    city: SmallCity, pair: tuple[Matter, Matter]
) -> None:
    page = text(at_desk(city, "liqiang").get(reverse("desk:alike", args=[pair[0].number])))
    assert beside(*pair) in page
    assert "m apart" in page


def test_both_are_shown_with_what_lies_between(city: SmallCity, pair: tuple[Matter, Matter]) -> None:
    page = text(at_desk(city, "liqiang").get(beside(*pair)))
    assert "100%" in page
    assert ">91<" in page  # metres: 0.001° of longitude at 35.5° north
    assert f"Join {pair[1].number} to {pair[0].number}" in page  # the newer to the older


def test_the_newer_is_joined_to_the_older(city: SmallCity, pair: tuple[Matter, Matter]) -> None:
    older, newer = pair
    answer = at_desk(city, "liqiang").post(beside(newer, older), {"verb": "into_second"})
    assert answer.headers["Location"] == f"/desk/matters/{older.number}/"
    newer.refresh_from_db()
    assert newer.master_id == older.pk
    assert newer.number in text(at_desk(city, "liqiang").get(f"/desk/matters/{older.number}/"))


def test_or_the_older_to_the_newer(city: SmallCity, pair: tuple[Matter, Matter]) -> None:
    older, newer = pair
    at_desk(city, "liqiang").post(beside(older, newer), {"verb": "into_first"})
    older.refresh_from_db()
    assert older.master_id == newer.pk


def test_they_are_parted_with_a_reason(city: SmallCity, pair: tuple[Matter, Matter]) -> None:
    older, newer = pair
    matters.join(city.actor("liqiang"), newer.number, older.number)
    client = at_desk(city, "zhaolei")
    assert client.post(beside(newer, older), {"verb": "separate", "reason": ""}).status_code == 422
    answer = client.post(beside(newer, older), {"verb": "separate", "reason": "不是一户"})
    assert answer.headers["Location"] == f"/desk/matters/{newer.number}/"
    newer.refresh_from_db()
    assert newer.master_id is None


def test_a_master_is_not_joined_itself(city: SmallCity, pair: tuple[Matter, Matter]) -> None:
    older, newer = pair
    third = opened(city, lon=114.005, lat=35.505)
    matters.join(city.actor("liqiang"), newer.number, older.number)
    answer = at_desk(city, "liqiang").post(beside(third, older), {"verb": "into_first"})
    assert answer.status_code == 422
    assert "it is a master itself" in text(answer)


def test_nobody_compares_what_she_does_not_see(city: SmallCity, pair: tuple[Matter, Matter]) -> None:
    assert at_desk(city, "farhandler").get(beside(*pair)).status_code == 404
