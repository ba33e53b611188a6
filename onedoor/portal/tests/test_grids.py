"""Who answers for a grid: only what the city publishes."""

from __future__ import annotations

import pytest
from django.test import Client

from onedoor.city import tree
from onedoor.city.models import Profile
from onedoor.portal.tests.residents import fresh_city, stranger, text
from tests.support.smallcity import PROFILE, SmallCity

WORKER = "郑洁"  # the grid worker of the first village
HERE = {"lon": "114.005", "lat": "35.505"}


@pytest.fixture
def city(db: None) -> SmallCity:
    return fresh_city()


@pytest.fixture
def anybody(city: SmallCity) -> Client:
    return stranger()


def publish(*roles: str) -> None:
    Profile.objects.update(data=PROFILE | {"publishes": list(roles)}, revision=2)
    tree.forget()


def test_names_are_shown_only_where_the_city_publishes_them(anybody: Client) -> None:
    assert WORKER not in text(anybody.get("/grid/", HERE))
    publish("grid_worker")
    shown = text(anybody.get("/grid/", HERE))
    assert "东柳前村第1网格" in shown
    assert WORKER in shown


def test_a_vacant_post_is_said(anybody: Client) -> None:
    publish("legal_adviser")
    shown = text(anybody.get("/grid/", HERE))
    assert "法律顾问" in shown
    assert "目前空缺" in shown


def test_words_lead_to_the_grids_of_a_place(anybody: Client) -> None:
    shown = text(anybody.get("/grid/", {"address": "东柳镇东柳前村"}))
    assert "东柳前村第1网格" in shown
    assert "东柳前村第2网格" in shown


def test_a_grid_has_its_area_and_whom_to_turn_to(anybody: Client) -> None:
    shown = text(anybody.get("/grid/", {"code": "419801001001001"}))
    assert "100.7 公顷" in shown
    assert "东柳前村village_committee" in shown
    assert "东河区centre" in shown


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lon": "100", "lat": "30"}, "不在本市范围内"),
        ({"address": "天边"}, "没有找到这个地名"),
        ({"lon": "x", "lat": "nan"}, "查看"),
        ({"code": "419801"}, "查看"),
    ],
)
def test_what_is_not_there_is_said(anybody: Client, asked: dict[str, str], said: str) -> None:
    answer = anybody.get("/grid/", asked)
    assert answer.status_code == 200
    assert said in text(answer)
    assert "公顷" not in text(answer)
