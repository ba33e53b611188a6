"""Categories to confirm, what the door has learned, and filings told apart: seen and pressed at the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.intake import actions as door
from onedoor.intake.models import ASKED, IN_USE, REFUSED, TrainedModel
from onedoor.intake.queries import SAME
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.matters import actions as matters
from onedoor.matters.models import Clock, Matter
from onedoor.triage.pairs import Model
from tests.support import invariants
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

MORNING = datetime(2026, 3, 4, 9, 0, tzinfo=time.CITY_ZONE)
UNCLEAR = "楼上漏水，物业不管，房东也不退押金"  # speaks for several categories


@pytest.fixture
def city(db: None) -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def unclear() -> Matter:
    return door.receive(
        Actor.resident(), Report(detail=UNCLEAR, lon=114.005, lat=35.505, contact="13800001234")
    ).matter


# To confirm


def test_what_the_door_was_not_sure_of_is_routed_and_clocked_at_once_and_waits_in_the_list(
    city: SmallCity,
) -> None:
    matter = unclear()
    assert not matter.category_sure
    assert Clock.objects.filter(matter=matter, state="running", name="accept", unit=matter.unit_id).exists()
    page = text(at_desk(city, "chenmin").get("/desk/unsure/"))
    assert matter.number in page
    assert page.count('name="category"') == 3
    assert "as it is now" in page
    assert "the text says" in page
    assert opened(city).number not in page


def test_a_category_that_somebody_chose_or_that_is_clear_stands(city: SmallCity) -> None:
    chosen = Report(detail=UNCLEAR, category="neighbour.leak", lon=114.005, lat=35.505)
    assert door.receive(Actor.resident(), chosen).matter.category_sure
    assert door.receive(city.actor("chenmin"), chosen).matter.category_sure
    clear = Report(detail="物业公司不退装修押金", lon=114.005, lat=35.505)
    found = door.consider(clear)
    assert found.sure == (found.suggestions[0].share >= 0.85)


@pytest.mark.parametrize("other", [False, True])
def test_one_press_confirms_or_corrects(city: SmallCity, other: bool) -> None:
    matter = unclear()
    code = "consumer.prepaid" if other else matter.category.code
    answer = at_desk(city, "chenmin").post(
        reverse("desk:settle", args=[matter.number]), {"category": code, "back": "unsure"}
    )
    assert answer.headers["Location"] == "/desk/unsure/"
    matter = Matter.objects.get(pk=matter.pk)
    assert (matter.category.code, matter.category_sure, matter.redirected) == (code, True, int(other))
    assert not Matter.objects.filter(category_sure=False).exists()


def test_whoever_is_slower_is_told_and_nothing_is_lost(city: SmallCity) -> None:
    matter = unclear()
    matters.act(invariants.head_of(matter.unit_id), matter.number, "accept")
    client = at_desk(city, "chenmin")
    form = {"category": "consumer.prepaid", "back": "unsure"}
    page = text(client.post(reverse("desk:settle", args=[matter.number]), form, follow=True))
    assert "it is being handled" in page
    assert Matter.objects.get(pk=matter.pk).category_id == matter.category_id


def test_the_page_of_a_matter_says_that_its_category_is_to_be_confirmed(city: SmallCity) -> None:
    matter = unclear()
    url = reverse("desk:matter", args=[matter.number])
    client = at_desk(city, "chenmin")
    assert "It is right" in text(client.get(url))
    client.post(reverse("desk:settle", args=[matter.number]), {"category": matter.category.code})
    assert "It is right" not in text(client.get(url))


def test_the_form_at_the_counter_says_how_sure_it_is_and_by_which_words(city: SmallCity) -> None:
    client = at_desk(city, "chenmin")
    form = {"channel": "counter", "detail": UNCLEAR, "lon": "114.005", "lat": "35.505"}
    page = text(client.post("/desk/in/consider/", form))
    assert "threshold 85%" in page
    assert "Not sure enough" in page
    assert page.count('name="category" ') == 3
    page = text(client.post("/desk/in/consider/", form | {"category": "neighbour.leak"}))
    assert "Chosen here: it stands." in page


# What was learned


def version(number: int, state: str = IN_USE, **more: Any) -> TrainedModel:
    figures = {"of": 80, "right": 72, "in_three": 78, "automatic": 60, "automatic_right": 59, "micros": 200}
    values: dict[str, Any] = {
        "kind": "category", "number": number, "state": state, "asked_at": MORNING, "trained_at": MORNING, "body": b"x",
        "figures": {"now": figures, "before": figures | {"right": 70}}, "why": {"zh": "更好", "en": "better"},
    }  # fmt: skip
    return TrainedModel.objects.create(**values | more)


def test_the_page_shows_curve_versions_and_threshold(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    version(1, "retired")
    page = text(at_desk(city, "chenmin").get("/desk/learning/"))
    for words in ("2026-W10", "100%", "Version 1", "90%", "87.5%", "better", "From 85% on"):
        assert words in page
    assert "Learn now" not in page  # a clerk looks, coordinators and supervisors steer
    assert "Learn now" in text(at_desk(city, "zhaolei").get("/desk/learning/"))


def test_a_point_opens_its_matters_and_counts_those_out_of_sight(city: SmallCity) -> None:
    seen, far = opened(city), opened(city)
    for matter in (seen, far):
        matters.act(city.actor("liqiang"), matter.number, "accept")
    there, unit = city.divisions["419802001001001"], city.units["419802-housing"]
    Matter.objects.filter(pk=far.pk).update(division=there, unit=unit)
    far.involved.all().delete()
    page = text(at_desk(city, "chenmin").get("/desk/learning/2026-W10/"))
    assert seen.number in page
    assert far.number not in page
    assert "1 matter you may see" in page
    assert "1 more is counted" in page
    assert seen.number not in text(at_desk(city, "chenmin").get("/desk/learning/2026-W10/?part=no"))
    assert at_desk(city, "chenmin").get("/desk/learning/2026-W99/").status_code == 400


def test_what_was_learned_of_pairs_is_shown_asked_for_and_taken_back(city: SmallCity) -> None:
    one, two, three = (opened(city) for _ in range(3))
    matters.join(Actor.system("test"), two.number, one.number)
    matters.tell_apart(Actor.system("test"), three.number, one.number)
    client = at_desk(city, "zhaolei")
    page = text(client.get("/desk/learning/"))
    assert "Clerks joined filings 1 times, and told or parted them 1 times" in page
    assert "In use now: the weights set by hand." in page
    client.post("/desk/learning/same/now/")
    asked = TrainedModel.objects.get(state=ASKED)
    assert asked.kind == SAME
    asked.figures = {
        "now": {"of": 40, "same": 20, "right": 38, "loss": 0.2},
        "before": {"of": 40, "same": 20, "right": 30, "loss": 0.6},
        "same": 60, "moved": [{"title": {"zh": "文字相近", "en": "words alike"}, "by_hand": 6.0, "learned": 7.4}],
    }  # fmt: skip
    asked.state, asked.body, asked.trained_at, asked.examples = REFUSED, Model().to_bytes(), time.now(), 120
    asked.save()
    page = text(client.get("/desk/learning/"))
    for told in ("learned from 120 pairs", "95%", "75%", "0.200", "words alike", "7.4"):
        assert told in page
    client.post("/desk/learning/same/use/1/")
    assert TrainedModel.objects.get(kind=SAME).state == IN_USE
    client.post("/desk/learning/same/use/0/")
    assert not TrainedModel.objects.filter(state=IN_USE).exists()
    for path in ("now/", "use/1/"):
        assert at_desk(city, "chenmin").post(f"/desk/learning/same/{path}").status_code == 403


def test_a_coordinator_asks_for_learning_and_goes_back_to_an_older_version(city: SmallCity) -> None:
    version(1, "retired")
    version(2)
    client = at_desk(city, "zhaolei")
    client.post("/desk/learning/now/")
    assert TrainedModel.objects.get(state=ASKED).number == 3
    assert "Waiting to learn" in text(client.get("/desk/learning/"))
    client.post("/desk/learning/use/1/")
    assert TrainedModel.objects.get(state=IN_USE).number == 1
    client.post("/desk/learning/use/0/")
    assert not TrainedModel.objects.filter(state=IN_USE).exists()


@pytest.mark.parametrize(
    ("login", "looks", "steers"),
    [("chenmin", 200, 403), ("zhaolei", 200, 302), ("zhoutao", 200, 302), ("wujun", 200, 403), ("hean", 200, 403),
     ("liqiang", 403, 403), ("zhengjie", 403, 403)],
)  # fmt: skip
def test_who_looks_and_who_steers(city: SmallCity, login: str, looks: int, steers: int) -> None:
    client = at_desk(city, login)
    assert client.get("/desk/learning/").status_code == looks
    assert client.get("/desk/learning/2026-W10/").status_code == looks
    assert client.post("/desk/learning/now/").status_code == steers
    assert client.post("/desk/learning/use/0/").status_code == steers
    assert TrainedModel.objects.filter(state=ASKED).count() == (steers == 302)


def test_the_list_of_versions_costs_no_model_read(
    city: SmallCity, django_assert_max_num_queries: Any
) -> None:
    for number in range(1, 9):
        version(number, "retired")
    client = at_desk(city, "zhaolei")
    client.get("/desk/learning/")
    with django_assert_max_num_queries(12) as asked:
        client.get("/desk/learning/")
    assert not [query["sql"] for query in asked.captured_queries if '"body"' in query["sql"]]


# Not the same


def test_not_the_same_takes_it_out_of_the_list(city: SmallCity) -> None:
    one, two = opened(city), opened(city)
    client = at_desk(city, "chenmin")
    alike = reverse("desk:alike", args=[one.number])
    assert two.number in text(client.get(alike))
    apart = reverse("desk:apart", args=[one.number, two.number])
    page = text(client.post(apart, headers={"HX-Request": "true"}))
    assert two.number not in page
    assert one.number not in text(client.get(reverse("desk:alike", args=[two.number])))
    assert "not about the same" in text(client.get(reverse("desk:beside", args=[one.number, two.number])))


def test_side_by_side_too_it_can_be_said(city: SmallCity) -> None:
    one, two = opened(city), opened(city)
    client = at_desk(city, "chenmin")
    page = text(client.get(reverse("desk:beside", args=[two.number, one.number])))
    assert f'formaction="/desk/matters/{two.number}/apart/{one.number}/"' in page
    answer = client.post(f"/desk/matters/{two.number}/apart/{one.number}/", {"reason": "两户人家"})
    assert answer.headers["Location"] == f"/desk/matters/{two.number}/"
    assert "两户人家" in text(client.get(f"/desk/matters/{two.number}/"))
