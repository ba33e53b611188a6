"""The place of a matter, its category, and those with no place yet."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from onedoor.city import tree as snapshot
from onedoor.city.models import Division
from onedoor.desk.tests.desks import at_desk, text
from onedoor.intake.actions import Report, receive
from onedoor.kernel import log
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def lost(city: SmallCity, detail: str = "有人拖欠工资不给", address: str = "") -> Matter:
    """A filing without a place, taken in by the clerk of the east county."""
    report = Report(detail=detail, address=address, channel="counter", contact="13800001234")
    matter = receive(city.actor("chenmin"), report).matter
    assert not matter.placed
    return matter


def test_the_clerk_sees_what_has_no_place(city: SmallCity) -> None:
    matter = lost(city)
    page = text(at_desk(city, "chenmin").get("/desk/unplaced/"))
    assert matter.number in page
    assert "有人拖欠工资不给" in page
    assert opened(city).number not in page


def test_a_place_that_the_words_may_mean_is_one_press(city: SmallCity) -> None:
    villages = [city.divisions[code] for code in ("419801001001", "419801002001")]
    Division.objects.filter(pk__in=[village.pk for village in villages]).update(name="河湾村")
    snapshot.forget()
    matter = lost(city, address="河湾村东头")
    client = at_desk(city, "chenmin")
    page = text(client.get("/desk/unplaced/"))
    assert all(f'name="division_id" value="{village.pk}"' in page for village in villages)
    village = villages[1]
    form = {"division_id": village.pk, "back": "unplaced"}
    answer = client.post(reverse("desk:locate", args=[matter.number]), form)
    assert answer.headers["Location"] == "/desk/unplaced/"
    matter.refresh_from_db()
    assert (matter.placed, matter.division_id) == (True, village.pk)


def test_a_point_on_the_map_is_its_grid(city: SmallCity) -> None:
    matter = lost(city)
    form = {"lon": "114.005", "lat": "35.505"}
    answer = at_desk(city, "chenmin").post(reverse("desk:locate", args=[matter.number]), form)
    assert answer.headers["Location"] == f"/desk/matters/{matter.number}/"
    matter.refresh_from_db()
    assert matter.division_id == city.first_grid.pk
    assert (matter.lon, matter.lat) == (114.005, 35.505)


def corrected(city: SmallCity, matter: Matter, **form: Any) -> tuple[float | None, float | None, str]:
    """What a matter's point and address are once its place is corrected."""
    answer = at_desk(city, "chenmin").post(reverse("desk:locate", args=[matter.number]), form)
    assert answer.status_code == 302, text(answer)
    matter.refresh_from_db()
    return matter.lon, matter.lat, matter.address


def test_a_corrected_place_keeps_the_point_that_lies_in_it_and_drops_one_that_does_not(
    city: SmallCity,
) -> None:
    matter = opened(city, lon=114.005, lat=35.505, address="柳前村口")
    village, elsewhere = city.divisions["419801001001"], city.divisions["419801002002"]
    assert corrected(city, matter, division_id=village.pk) == (114.005, 35.505, "柳前村口")
    assert corrected(city, matter, division_id=elsewhere.pk, reason="问清了") == (None, None, "柳前村口")
    page = text(at_desk(city, "chenmin").get(f"/desk/matters/{matter.number}/"))
    assert "The point lay elsewhere and was removed" in page
    assert "问清了" in page
    assert list(verify()) == []


def test_a_point_and_an_address_set_by_the_clerk_stand_in_the_history_until_they_are_erased(
    city: SmallCity,
) -> None:
    matter = opened(city, lon=114.005, lat=35.505, address="柳前村口")
    there = {"lon": "114.006", "lat": "35.506", "address": "柳前村东头"}
    assert corrected(city, matter, **there) == (114.006, 35.506, "柳前村东头")
    client = at_desk(city, "chenmin", language="zh-hans")
    page = text(client.get(f"/desk/matters/{matter.number}/"))
    assert "地图位置：114.006000, 35.506000" in page
    assert "地图位置已更正；地址已更正" in page
    entry = Entry.objects.get(stream=matter.stream, kind="changed")
    assert "114.006" not in str(entry.body)
    log.erase_words([entry])
    page = text(client.get(f"/desk/matters/{matter.number}/"))
    assert "114.006000, 35.506000" not in page
    assert "地图位置已更正" in page
    assert list(verify()) == []
    too_long = {"lon": "114.006", "lat": "35.506", "address": "长" * 201}
    answer = at_desk(city, "chenmin").post(reverse("desk:locate", args=[matter.number]), too_long)
    assert (answer.status_code, "at most 200" in text(answer)) == (422, True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({}, "choose a place, or press it on the map"),
        ({"lon": "120", "lat": "30"}, "this point lies in no grid"),
        ({"lon": "x", "lat": "y"}, "write degrees as a number"),
        ({"division_id": "999999"}, "there is no such division or grid"),
    ],
)
def test_a_place_that_is_none_is_told(city: SmallCity, form: dict[str, str], said: str) -> None:
    matter = lost(city)
    answer = at_desk(city, "chenmin").post(reverse("desk:locate", args=[matter.number]), form)
    assert answer.status_code == 422
    assert said in text(answer)


def test_the_category_is_corrected_before_anybody_acts(city: SmallCity) -> None:
    matter = opened(city, category="property.fees")
    client = at_desk(city, "chenmin")
    address = reverse("desk:correct", args=[matter.number])
    assert 'name="category" value="property.deposit"' in text(client.get(address))
    assert client.post(address, {"category": "nothing"}).status_code == 422
    assert client.post(address, {"category": "property.deposit", "reason": "是押金"}).status_code == 302
    matter.refresh_from_db()
    assert matter.category.code == "property.deposit"


def test_another_category_of_the_whole_list_goes_before_a_suggestion(city: SmallCity) -> None:
    matter = opened(city)
    form = {"category": "property.deposit", "category_other": "property.fees"}
    at_desk(city, "chenmin").post(reverse("desk:correct", args=[matter.number]), form)
    matter.refresh_from_db()
    assert matter.category.code == "property.fees"


def test_once_somebody_has_acted_the_category_stays(city: SmallCity) -> None:
    matter = matters.act(city.actor("liqiang"), opened(city).number, "accept")
    client = at_desk(city, "chenmin")
    address = reverse("desk:correct", args=[matter.number])
    assert address not in text(client.get(f"/desk/matters/{matter.number}/"))
    answer = client.post(address, {"category": "property.fees"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("东柳前村", "419801001001"),
        ("4198010010", "419801001001"),
        ("杨后", "419801002002"),
        ("东河杨镇", "419801002"),
    ],
)
def test_places_are_found_by_name_code_or_several_names(city: SmallCity, words: str, first: str) -> None:
    page = text(at_desk(city, "liqiang").get("/desk/places/", {"where": words}))
    assert page.partition('value="')[2].partition('"')[0] == first


def test_no_place_by_that_name(city: SmallCity) -> None:
    assert "No place by that name." in text(at_desk(city, "liqiang").get("/desk/places/", {"where": "东京"}))


def test_the_land_of_a_place_is_its_grids(city: SmallCity) -> None:
    client = at_desk(city, "chenmin")
    shapes = client.get(reverse("desk:land", args=["419801001"])).json()["features"]
    assert [shape["properties"]["level"] for shape in shapes] == ["grid"] * 4
    borders = client.get(reverse("desk:outline", args=["419801"])).json()["features"]
    assert [shape["properties"]["level"] for shape in borders] == ["county", "township", "township"]
    assert client.get(reverse("desk:land", args=["1"])).status_code == 404
