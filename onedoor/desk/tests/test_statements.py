"""How many statements a page costs: a bounded number, however much it shows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from onedoor.city import tree as snapshot
from onedoor.desk.tests.desks import at_desk
from onedoor.intake.queries import door
from onedoor.kernel import time
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

SESSION = 4  # who asks: the session, the account, its posts, its grants
MATTER = 18  # a matter's page beyond that


@pytest.fixture
def city(db: None, monkeypatch: pytest.MonkeyPatch) -> SmallCity:
    """The small city; its snapshot is held, and not asked for anew in the middle of a page."""
    monkeypatch.setattr(snapshot, "CHECK_EVERY", 3600.0)
    made = small_city()
    door()
    return made


def cost(city: SmallCity, login: str, address: str) -> int:
    """The statements of a page, asked for by somebody who has asked before."""
    client = at_desk(city, login)
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as caught:
        client.get(address)
    return len(caught)


def many(city: SmallCity, count: int) -> None:
    for number in range(count):
        matter = opened(city)
        if number % 3 == 0:
            matters.act(city.actor("liqiang"), matter.number, "accept")
        if number % 5 == 1:
            Matter.objects.filter(pk=opened(city).pk).update(master=matter, state="joined", is_open=False)


LISTS = {  # address → (login, statements beyond those of the session)
    "/desk/": ("liqiang", 4),  # the matters, their clocks, the joined ones, the counts of the tabs
    "/desk/matters/": ("chenmin", 3),
    "/desk/matters/?state=open&level=1&category=property": ("chenmin", 3),
    "/desk/watch/?tab=overdue": ("zhoutao", 4),
}


@pytest.mark.parametrize("address", LISTS)
def test_a_list_costs_the_same_for_five_rows_and_for_fifty(city: SmallCity, address: str) -> None:
    login, expected = LISTS[address]
    many(city, 5)
    Matter.objects.filter(is_open=True).update(next_due=time.now() - timedelta(hours=1))
    few = cost(city, login, address)
    many(city, 50)
    Matter.objects.filter(is_open=True).update(next_due=time.now() - timedelta(hours=1))
    assert cost(city, login, address) <= SESSION + expected
    assert few <= SESSION + expected


def test_the_list_of_calls_costs_three(city: SmallCity) -> None:
    many(city, 10)
    Matter.objects.filter(is_open=True).update(answers="caller", state="answered")
    assert cost(city, "sunli", "/desk/calls/") == SESSION + 3


def full(city: SmallCity, size: int) -> Matter:
    """A matter with `size` of everything."""
    handler = city.actor("liqiang")
    matter = matters.act(handler, opened(city).number, "accept")
    units = [city.units[f"419801-{kind}"].pk for kind in ("court", "police", "justice", "health")]
    for number in range(size):
        task = {"unit": units[number % 4], "what": f"第{number}项", "span": "3 working days"}
        matters.act(handler, matter.number, "give_tasks", {"tasks": [task]})
        matters.add_party(handler, matter.number, PartyData("other", f"住户{number}", "13900000000"))
        matters.note(handler, matter.number, f"第{number}次联系")
        matters.attach(handler, matter.number, f"{number}.pdf", b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\n")
        matters.join(city.actor("chenmin"), opened(city).number, matter.number)
    when = (time.now() + timedelta(days=1)).isoformat()
    meeting = {"units": units, "when": when, "place": "二楼", "agenda": "押金"}
    return matters.act(handler, matter.number, "convene", meeting)


def test_a_matters_page_costs_the_same_for_two_of_everything_and_for_eight(city: SmallCity) -> None:
    few, many_ = (reverse("desk:matter", args=[full(city, size).number]) for size in (2, 8))
    for login in ("liqiang", "zhaolei", "chenmin"):
        assert cost(city, login, few) == cost(city, login, many_) <= SESSION + MATTER
