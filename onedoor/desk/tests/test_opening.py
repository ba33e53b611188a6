"""The page on which a unit opens a matter itself."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from onedoor.city import actions as city_actions
from onedoor.city.models import Account
from onedoor.city.rows import PostRow
from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel.actor import Actor
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity, small_city

JUDGE = PostRow("宋雨", "419801-court", "handler", login="songyu", valid_from=date(2024, 1, 1))


@pytest.fixture
def city(db: None) -> SmallCity:
    made = small_city()
    city_actions.take_posts(Actor.system("test"), [JUDGE]).all_or_raise()
    return made


@pytest.fixture
def judge(city: SmallCity) -> Client:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(Account.objects.get(login="songyu"))
    return client


def what(city: SmallCity) -> str:
    """The choice of a court's letter."""
    return f"letters.court/{city.units['419801-court'].pk}"


def test_she_opens_it_once_and_is_led_to_its_page(city: SmallCity, judge: Client) -> None:
    assert what(city) in text(judge.get("/desk/opening/"))
    form = {"what": what(city), "title": "退费难", "detail": "二十件案子", "key": "k1"}
    answers = [judge.post("/desk/opening/", form) for _ in range(2)]
    [matter] = Matter.objects.all()
    assert [answer["Location"] for answer in answers] == [f"/desk/matters/{matter.number}/"] * 2
    page = text(judge.get(f"/desk/matters/{matter.number}/"))
    assert "Judicial recommendation" in page
    assert "points-0-problem" in text(judge.get(f"/desk/matters/{matter.number}/do/issue/"))


@pytest.mark.parametrize(
    "form", [{}, {"what": "letters.court/x"}, {"what": "letters.court/1", "title": "长" * 121}]
)
def test_what_is_wrong_is_told_and_nothing_is_opened(
    city: SmallCity, judge: Client, form: dict[str, str]
) -> None:
    sent = {**form, **({"what": what(city)} if form.get("title") else {})}
    assert judge.post("/desk/opening/", sent).status_code == 422
    assert not Matter.objects.exists()


def test_another_unit_is_told_that_it_opens_nothing(city: SmallCity) -> None:
    desk = at_desk(city, "liqiang")
    assert "Your unit opens nothing itself" in text(desk.get("/desk/opening/"))
    assert "/desk/opening/" not in text(desk.get("/desk/"))
    assert desk.post("/desk/opening/", {"what": what(city), "title": "x"}).status_code == 200
    assert not Matter.objects.exists()
