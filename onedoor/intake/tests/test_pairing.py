"""What clerks say of pairs moves the weights: learned from both sorts, measured on pairs held out, taken or refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from onedoor.city.queries import directory
from onedoor.intake import pairing, queries, versions
from onedoor.intake.learning import EVERY
from onedoor.intake.models import IN_USE, REFUSED, RETIRED, TrainedModel
from onedoor.intake.pairing import Judged, Measured, judged, measured
from onedoor.intake.queries import CATEGORY, SAME
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import Conflict, NotAllowed
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Matter
from onedoor.triage.pairs import WEIGHTS, Model, Text, compare
from onedoor.triage.pairs import Filed as Pair
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")
ESTATES = (
    "阳光花园",
    "碧水湾",
    "和平小区",
    "龙湾公寓",
    "云栖府",
    "芳草苑",
    "梧桐里",
    "金桥家园",
    "四季花城",
    "文昌苑",
)


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def filed(city: SmallCity, *told: tuple[str, str]) -> list[Matter]:
    values: dict[str, Any] = {
        "category": directory().categories["facility.heating"], "unit_id": city.units["419801-housing"].pk,
        "division_id": city.first_grid.pk, "parties": (PartyData("reporter", "某人", "13900001111"),),
    }  # fmt: skip
    return matters.open_many(SYSTEM, [Filing(title=title, detail=text, **values) for title, text in told])


def judge(city: SmallCity, same: int, apart: int) -> None:
    """Here clerks join what names the same house, however it is worded, and tell apart what only reads alike."""
    for number in range(same):
        estate, floor = ESTATES[number % 10], f"{number + 1}号楼"
        one, two = filed(
            city,
            (f"{estate}{floor}暖气不热", f"{estate}{floor}屋里只有十四度"),
            (f"{floor}冷得很", f"交了取暖费，{estate}{floor}冰凉，第{number}回"),
        )
        matters.join(SYSTEM, two.number, one.number)
    for number in range(apart):
        words = f"家里暖气一直不热，交了取暖费没人管，打了{number}次电话"
        one, two = filed(city, (f"{number}号楼暖气", words), (f"{number + 500}号楼暖气", words))
        matters.tell_apart(SYSTEM, two.number, one.number)


def test_clerks_teach_what_is_the_same_here(city: SmallCity) -> None:
    assert queries.door().same.weights == dict(WEIGHTS)
    judge(city, 45, 45)
    assert pairing.is_due()
    version = pairing.learn(SYSTEM)
    now, was = version.figures["now"], version.figures["before"]
    assert (version.kind, version.state, version.number) == (SAME, IN_USE, 1)
    assert now["of"] == was["of"] == 90 - version.examples
    assert min(now["same"], now["of"] - now["same"]) >= pairing.FEWEST_HELD_OUT
    assert now["right"] >= was["right"]
    assert now["loss"] < was["loss"]
    door = queries.door()
    assert (door.same_version, door.same.pairs) == (1, version.examples)
    assert door.same.weights != dict(WEIGHTS)
    assert door.same.weights["reporter"] == WEIGHTS["reporter"]
    assert not pairing.is_due()
    with time.at(MORNING + EVERY + timedelta(minutes=1)):
        assert not pairing.is_due()  # nothing was judged since
        judge(city, 1, 0)
        assert pairing.is_due()


def test_what_was_judged_moves_what_is_shown(city: SmallCity) -> None:
    judge(city, 45, 45)
    words = "家里暖气一直不热，交了取暖费没人管，打了好多次电话"
    one, two = filed(city, ("9号楼暖气", words), ("8号楼暖气", words))
    sides = [queries.as_filed(*(getattr(m, name) for name in queries.FILED)) for m in (one, two)]
    _, before = queries.likeness(*sides)
    pairing.learn(SYSTEM)
    _, after = queries.likeness(*sides)
    assert after < before


@pytest.mark.parametrize(("same", "apart"), [(90, 0), (0, 90), (90, 8)])
def test_one_sort_of_judgement_alone_teaches_nothing(city: SmallCity, same: int, apart: int) -> None:
    judge(city, same, apart)
    assert not pairing.is_due()
    version = pairing.learn(SYSTEM)
    assert (version.state, bytes(version.body), version.why) == (REFUSED, b"", pairing.TOO_FEW)
    assert queries.door().same.weights == dict(WEIGHTS)
    with pytest.raises(Conflict):
        versions.use(SYSTEM, SAME, version.number)


def test_weights_that_fit_worse_are_kept_as_refused(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    judge(city, 45, 45)
    good = pairing.learn(SYSTEM)
    with monkeypatch.context() as patched:
        patched.setattr(Model, "learn", lambda *_: Model(dict(WEIGHTS) | {"bias": 40.0}))
        bad = pairing.learn(SYSTEM)
    assert (bad.state, bad.figures["compared_with"]) == (REFUSED, good.number)
    assert bad.figures["now"]["loss"] > bad.figures["before"]["loss"]
    good.refresh_from_db()
    assert good.state == IN_USE
    assert queries.door().same_version == good.number


def test_kinds_do_not_touch_each_other_and_the_weights_set_by_hand_can_be_taken_back(city: SmallCity) -> None:
    category = TrainedModel.objects.create(kind=CATEGORY, number=1, state=IN_USE, asked_at=MORNING, body=b"x")
    judge(city, 45, 45)
    first = pairing.learn(SYSTEM)
    second = pairing.learn(SYSTEM)
    first.refresh_from_db()
    assert (first.number, second.number, first.state) == (1, 2, RETIRED)
    versions.use(city.actor("zhaolei"), SAME, 1)
    assert queries.door().same_version == 1
    versions.use(city.actor("zhaolei"), SAME, 0)
    assert (queries.door().same_version, queries.door().same.weights) == (0, dict(WEIGHTS))
    category.refresh_from_db()
    assert category.state == IN_USE
    kinds = Entry.objects.filter(stream=first.stream).order_by("seq").values_list("kind", "body__model")
    assert set(kinds) == {(kind, SAME) for kind in ("model_trained", "model_retired", "model_chosen")}


def test_who_does_not_steer_neither_learns_nor_chooses(city: SmallCity) -> None:
    with pytest.raises(NotAllowed):
        pairing.learn(city.actor("chenmin"))
    with pytest.raises(NotAllowed):
        versions.use(city.actor("chenmin"), SAME, 0)


def test_erased_and_confidential_filings_and_who_filed_teach_nothing(city: SmallCity) -> None:
    judge(city, 3, 0)
    assert len(judged()) == 3
    assert all(one.compared["reporter"] == 0.0 for one in judged())  # though one number filed them all
    first, second = Matter.objects.filter(master=None).order_by("pk")[:2]
    Matter.objects.filter(pk=first.pk).update(erased_at=time.now())
    Matter.objects.filter(pk=second.pk).update(confidential=True)
    assert len(judged()) == 1


def test_what_is_joined_to_one_master_is_held_out_together(city: SmallCity) -> None:
    one, *others = filed(city, *[("暖气不热", f"第{n}户") for n in range(6)])
    for other in others:
        matters.join(SYSTEM, other.number, one.number)
    assert len({held.kept_back for held in judged()}) == 1


def test_measuring_by_hand() -> None:
    compared = compare(Text(Pair("", "")), Text(Pair("", "")))
    sure = Model(dict.fromkeys(WEIGHTS, 0.0) | {"bias": 2.0})  # 0.8808
    found = measured(sure, [Judged(compared, same=said, kept_back=True) for said in (True, False)])
    assert found == Measured(2, 1, 1, round((0.126928 + 2.126928) / 2, 4))
