"""Matters that a unit opens itself: who may, what is refused, and the rows that go to and fro."""

from __future__ import annotations

from datetime import date

import pytest

from onedoor.city import actions as city_actions
from onedoor.city.models import Account
from onedoor.city.queries import actor_for, directory
from onedoor.city.rows import PostRow
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import BadInput, NotAllowed
from onedoor.matters import actions, procedures, tables
from onedoor.matters.models import OPENER, Matter
from onedoor.matters.queries import openable
from tests.support.smallcity import SmallCity, small_city

JUDGE = PostRow("宋雨", "419801-court", "handler", login="songyu", valid_from=date(2024, 1, 1))
POINTS = [
    {"problem": "公示不规范", "proposal": "统一公示样式"},
    {"problem": "检查少", "proposal": "按季检查"},
]


@pytest.fixture
def city(db: None) -> SmallCity:
    made = small_city()
    city_actions.take_posts(Actor.system("test"), [JUDGE]).all_or_raise()
    return made


@pytest.fixture
def judge(city: SmallCity) -> Actor:
    return actor_for(Account.objects.get(login="songyu"))


def sent(city: SmallCity, judge: Actor) -> Matter:
    """A letter of the court to the market regulator."""
    matter = actions.begin(judge, "letters.court", "预付卡经营者停业退费难")
    values = {
        "unit": city.units["419801-market_regulation"].pk, "findings": "批量诉讼", "points": POINTS,
        "basis": "有关法律", "contact": "承办人",
    }  # fmt: skip
    return actions.act(judge, matter.number, "issue", values)


def test_a_unit_opens_what_its_kind_and_the_role_may(city: SmallCity, judge: Actor) -> None:
    assert [one.category.code for one in openable(judge)] == ["letters.court"]
    assert openable(city.actor("liqiang")) == openable(Actor.resident()) == []
    matter = actions.begin(judge, "letters.court", " 退费\u3000难 ", "二十件案子")
    assert (matter.channel, matter.unit_id) == ("unit", city.units["419801-court"].pk)
    assert matter.division_id == directory().units[matter.unit_id].division_id
    assert [one.unit_id for one in matter.involved.filter(part=OPENER)] == [matter.unit_id]
    assert not matter.parties.exists()
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("login", "code"), [("liqiang", "letters.court"), ("songyu", "letters.police"), ("songyu", "x")]
)
def test_nobody_else_does(city: SmallCity, judge: Actor, login: str, code: str) -> None:
    with pytest.raises(NotAllowed):
        actions.begin(actor_for(Account.objects.get(login=login)), code, "退费难")
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    ("title", "detail", "wrong"),
    [("", "", "title"), ("长" * 121, "", "title"), ("短", "长" * 8001, "detail")],
)
def test_what_is_too_long_or_missing_is_named(judge: Actor, title: str, detail: str, wrong: str) -> None:
    with pytest.raises(BadInput) as caught:
        actions.begin(judge, "letters.court", title, detail)
    assert [error.field for error in caught.value.errors] == [wrong]


def test_the_same_key_gives_the_same_matter(judge: Actor) -> None:
    once = [actions.begin(judge, "letters.court", "退费难", key="one").number for _ in range(2)]
    assert once[0] == once[1]
    assert actions.begin(judge, "letters.court", "退费难", key="two").number != once[0]


def test_each_answer_stands_beside_what_it_answers(city: SmallCity, judge: Actor) -> None:
    matter = sent(city, judge)
    assert tables.latest(matter, "points") == POINTS
    form = procedures.of(matter).forms
    own = [{"stance": "adopted", "mended": "已统一"}, {"stance": "declined", "mended": "职责在他处"}]
    rows = tables.filled(matter, form["reply"] | form["letter"], "replies", own)
    assert rows == [{**POINTS[0], **own[0]}, {**POINTS[1], **own[1]}]
    assert (
        tables.text(form["reply"]["replies"], own)["zh"]
        .splitlines()[1]
        .startswith("2. 是否采纳：不采纳并说明理由")
    )
    assert "Not adopted" in tables.text(form["reply"]["replies"], own)["en"]
