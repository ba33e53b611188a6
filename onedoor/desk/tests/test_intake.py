"""Taking in at the counter: what the door thinks along, what is taken in, and the receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel.sealing import query_code
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity, small_city

SAID = "物业公司扣着装修押金不退,装修完三个月了,去了五次都推"
FORM = {
    "channel": "counter",
    "detail": SAID,
    "lon": "114.005",
    "lat": "35.505",
    "name": "刘娟",
    "contact": "13800001234",
}


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def counter(city: SmallCity) -> Client:
    """陈敏 at the counter of the east county."""
    return at_desk(city, "chenmin")


def taken(counter: Client, **changed: Any) -> Matter:
    """What came of the form."""
    answer = counter.post("/desk/in/", FORM | changed)
    assert answer.status_code == 302, text(answer)
    return Matter.objects.get(number=answer.headers["Location"].split("/")[-2])


def test_a_filing_is_taken_in_with_who_said_it(city: SmallCity, counter: Client) -> None:
    matter = taken(counter, about_person="安居物业", confidential="on")
    assert (matter.channel, matter.confidential, matter.division_id) == ("counter", True, city.first_grid.pk)
    assert matter.unit_id == city.units["419801-housing"].pk
    parties = matter.parties.order_by("role").values_list("role", "confidential")
    assert list(parties) == [("reporter", True), ("respondent", False)]
    assert matter.involved.filter(part="receiver", unit=city.units["419801-centre"]).exists()


def test_the_same_form_sent_twice_is_one_filing(counter: Client) -> None:
    assert taken(counter, key="a1").pk == taken(counter, key="a1").pk
    assert Matter.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"detail": " "}, "say what happened"),
        ({"lon": "here"}, "write degrees as a number"),
        ({"lon": "35.5", "lat": "114.0"}, "are longitude and latitude swapped?"),
        ({"division": "999"}, "there is no division with this code"),
        ({"title": "长" * 121}, "at most 120 characters"),
    ],
)
def test_what_cannot_be_taken_in_is_told_and_nothing_is_lost(
    counter: Client, changed: dict[str, str], said: str
) -> None:
    answer = counter.post("/desk/in/", FORM | changed)
    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="13800001234"' in text(answer)
    assert Matter.objects.count() == 0


def test_files_come_along(counter: Client) -> None:
    matter = taken(counter, files=[SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n")])
    assert matter.attachments.get().name == "合同.pdf"


def test_a_grid_worker_reports_what_she_found(city: SmallCity) -> None:
    round_ = at_desk(city, "zhengjie")
    assert "Found on the round" in text(round_.get("/desk/in/"))
    matter = taken(round_, channel="grid", detail="学校门口的窨井盖丢了", name="", contact="")
    assert (matter.channel, matter.parties.count()) == ("grid", 0)


def thoughts(counter: Client, **changed: Any) -> str:
    return text(counter.post("/desk/in/consider/", FORM | changed))


def test_the_door_thinks_along(city: SmallCity, counter: Client) -> None:
    page = thoughts(counter)
    for said in (
        "Renovation deposit",
        "装修押金",
        "东柳前村第1网格",
        "the point lies in this grid",
        "419801-housing",
    ):
        assert said in page.replace("东河区housing", "419801-housing")
    assert Matter.objects.count() == 0


def test_too_little_to_go_by_is_no_mistake(counter: Client) -> None:
    assert "The door thinks along" in thoughts(counter, detail="物业")
    assert "The door thinks along" in thoughts(counter, lon="nowhere")


def test_a_category_that_was_chosen_stays_chosen(counter: Client) -> None:
    page = thoughts(counter, category="property.fees")
    assert 'name="category" value="property.fees" checked' in page
    other = thoughts(counter, category="property.fees", category_other="family.marriage")
    assert '<option value="family.marriage" selected>' in other


def test_a_place_is_given_by_name(city: SmallCity, counter: Client) -> None:
    found = text(counter.get("/desk/places/", {"where": "西杨后村"}))
    assert 'name="division" value="419802002002"' in found
    matter = taken(counter, lon="", lat="", division="419802002002")
    assert matter.division_id == city.divisions["419802002002"].pk


def test_somebody_said_the_same_and_it_is_joined(city: SmallCity, counter: Client) -> None:
    first = taken(counter)
    page = thoughts(counter)
    assert "Somebody may have said the same" in page
    assert f'name="master" value="{first.number}"' in page
    second = taken(counter, master=first.number)
    assert (second.state, second.master_id) == ("joined", first.pk)
    assert first.number in text(counter.get(reverse("desk:receipt", args=[second.number])))


def test_what_stands_in_the_way_of_joining_loses_no_filing(counter: Client) -> None:
    matter = taken(counter, master="4198012026999999")
    assert matter.master_id is None
    assert "Not found" in text(counter.get(reverse("desk:receipt", args=[matter.number])))


def test_the_receipt_shows_number_and_code_to_who_took_it_in(city: SmallCity, counter: Client) -> None:
    matter = taken(counter)
    code = query_code(matter.number)
    address = reverse("desk:receipt", args=[matter.number])
    answer = counter.get(address)
    assert f"{code[:4]}-{code[4:]}" in text(answer)
    assert "no-store" in answer.headers["Cache-Control"]
    assert at_desk(city, "zhaolei").get(address).status_code == 403


def test_the_code_is_not_shown_once_the_matter_is_handled(city: SmallCity, counter: Client) -> None:
    matter = taken(counter)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    assert counter.get(reverse("desk:receipt", args=[matter.number])).status_code == 403


def test_a_complaint_about_the_counters_own_unit_is_taken_in_and_seen_no_more(
    city: SmallCity, counter: Client
) -> None:
    answer = counter.post("/desk/in/", FORM | {"about_unit": city.units["419801-centre"].pk})
    assert answer.status_code == 302
    assert counter.get(answer.headers["Location"]).status_code == 404
    assert Matter.objects.get().unit_id != city.units["419801-centre"].pk
