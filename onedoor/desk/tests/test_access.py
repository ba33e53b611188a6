"""Who may open which page: the whole table."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from tests.support.filings import opened
from tests.support.smallcity import CAST, SmallCity, small_city

EVERYBODY = frozenset(CAST)
PAGES = {  # address → who gets in
    "home": EVERYBODY,
    "tasks": EVERYBODY,
    "invitations": EVERYBODY,
    "objections": EVERYBODY,
    "reminders": EVERYBODY,
    "search": EVERYBODY,
    "places": EVERYBODY,
    "password": EVERYBODY,
    "take_in": {"chenmin", "zhaolei", "zhengjie"},
    "unplaced": {"chenmin", "zhaolei"},
    "calls": {"sunli"},
    "hot": {"zhaolei", "zhoutao", "wujun", "hean"},
    "hot_short": {"zhaolei", "zhoutao", "wujun", "hean"},
    "watch": {"zhaolei", "zhoutao", "wujun", "hean"},
}
OF_A_MATTER = {  # of one that the housing bureau of the east county answers for, in the village of zhengjie
    "matter": {"chenmin", "zhaolei", "liqiang", "sunli", "zhoutao", "wujun", "zhengjie", "hean"},
    "history": {"chenmin", "zhaolei", "liqiang", "sunli", "zhoutao", "wujun", "zhengjie", "hean"},
    "alike": {"chenmin", "zhaolei", "liqiang", "sunli", "zhoutao", "wujun", "zhengjie", "hean"},
    "matter_point": {"chenmin", "zhaolei", "liqiang", "sunli", "zhoutao", "wujun", "zhengjie", "hean"},
    "locate": {"chenmin", "zhaolei"},
    "correct": {"chenmin", "zhaolei"},
    "call": {"sunli"},
}


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_to_its_posts_alone(city: SmallCity, page: str) -> None:
    inside = {login for login in CAST if at_desk(city, login).get(reverse(f"desk:{page}")).status_code == 200}
    assert inside == PAGES[page]


@pytest.mark.parametrize("page", OF_A_MATTER)
def test_a_page_of_a_matter_opens_to_those_who_see_it(city: SmallCity, page: str) -> None:
    address = reverse(f"desk:{page}", args=[opened(city).number])
    inside = {login for login in CAST if at_desk(city, login).get(address).status_code == 200}
    assert inside == OF_A_MATTER[page]


@pytest.mark.parametrize("page", [*PAGES, "logout"])
def test_a_stranger_is_led_to_the_sign_in_page(city: SmallCity, page: str) -> None:
    answer = Client().get(reverse(f"desk:{page}"))
    if page == "logout":
        assert answer.status_code == 405
    else:
        assert answer.headers["Location"] == f"/desk/sign-in/?next={reverse(f'desk:{page}')}"


def test_the_unit_complained_of_finds_nothing(city: SmallCity) -> None:
    about = PartyData("respondent", unit_id=city.units["419801-housing"].pk)
    matter = opened(city, unit="419801-centre", about=about)
    client = at_desk(city, "liqiang")
    for page in OF_A_MATTER.keys() - {"locate", "correct", "call"}:
        assert client.get(reverse(f"desk:{page}", args=[matter.number])).status_code == 404
    assert matter.number not in client.get("/desk/matters/").content.decode()


def test_what_belongs_to_a_matter_is_as_hidden_as_the_matter(city: SmallCity) -> None:
    matter = opened(city)
    file = matters.attach(city.actor("liqiang"), matter.number, "a.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n")
    party = matter.parties.get(role="reporter")
    far = at_desk(city, "farhandler")
    assert far.get(reverse("desk:attachment", args=[file.pk])).status_code == 404
    assert far.post(reverse("desk:contact", args=[party.pk]), {"purpose": "call back"}).status_code == 404
    assert far.post(reverse("desk:note", args=[matter.number]), {"text": "x"}).status_code == 404
    assert far.post(reverse("desk:do", args=[matter.number, "accept"])).status_code == 404
