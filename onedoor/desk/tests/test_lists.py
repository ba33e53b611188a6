"""Lists narrowed by words and filters, and what supervisors watch."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from onedoor.desk.queries.lists import Filters
from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel import time
from onedoor.matters.models import Matter
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> Iterator[SmallCity]:
    with time.at(datetime(2026, 11, 24, 10, tzinfo=time.CITY_ZONE)):  # not on either side of a midnight
        yield small_city()


@pytest.fixture
def named(city: SmallCity) -> dict[str, Matter]:
    """Some matters by what is particular about them."""
    found = {"plain": opened(city), "closed": opened(city), "late": opened(city), "again": opened(city)}
    found["fees"] = opened(city, category="property.fees")
    found["noise"] = opened(city, unit="419801-mediation_room", category="neighbour.noise")
    found["third"] = opened(city, address="柳园小区3号楼")
    now = time.now()
    rows = Matter.objects.filter
    rows(pk=found["closed"].pk).update(is_open=False, state="closed", answers="", next_due=None)
    rows(pk=found["late"].pk).update(next_due=now - timedelta(hours=1))
    rows(pk=found["again"].pk).update(times_reopened=1, next_due=now + timedelta(hours=3))
    rows(pk=found["third"].pk).update(level=3, opened_at=now - timedelta(days=40))
    return found


def found(city: SmallCity, named: dict[str, Matter], **sent: Any) -> set[str]:
    page = text(at_desk(city, "chenmin").get("/desk/matters/", sent))
    results = page.partition('id="results"')[2]
    return {name for name, matter in named.items() if matter.number in results}


EVERY = {"plain", "closed", "late", "again", "fees", "noise", "third"}


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({}, EVERY),
        ({"state": "open"}, EVERY - {"closed"}),
        ({"state": "closed"}, {"closed"}),
        ({"state": "overdue"}, {"late"}),
        ({"state": "soon"}, {"again"}),
        ({"state": "reopened"}, {"again"}),
        ({"state": "nonsense"}, EVERY),
        ({"level": "3"}, {"third"}),
        ({"category": "property.fees"}, {"fees"}),
        ({"category": "property"}, EVERY - {"noise"}),
        ({"category": "no such"}, EVERY),
        ({"q": "柳园小区"}, {"third"}),
        ({"q": "押金", "state": "closed"}, {"closed"}),
        ({"place": "419801001"}, EVERY),
        ({"place": "东柳镇"}, EVERY),
        ({"place": "西河区"}, set()),
        ({"since": "2000-01-01", "until": "2000-02-01"}, set()),
        ({"since": "not a day"}, EVERY),
        ({"unit": "x"}, EVERY),
    ],
)
def test_a_list_is_narrowed(
    city: SmallCity, named: dict[str, Matter], sent: dict[str, str], expected: set[str]
) -> None:
    assert found(city, named, **sent) == expected


def test_by_unit_and_by_days(city: SmallCity, named: dict[str, Matter]) -> None:
    assert found(city, named, unit=city.units["419801-mediation_room"].pk) == {"noise"}
    week_ago = (time.now() - timedelta(days=7)).date().isoformat()
    assert found(city, named, since=week_ago) == EVERY - {"third"}
    assert found(city, named, until=week_ago) == {"third"}


def test_the_last_day_counts_whole(city: SmallCity, named: dict[str, Matter]) -> None:
    today = time.now().date().isoformat()
    assert found(city, named, since=today, until=today) == EVERY - {"third"}


def test_an_exact_number_opens_its_matter(city: SmallCity, named: dict[str, Matter]) -> None:
    number = named["plain"].number
    answer = at_desk(city, "chenmin").get("/desk/matters/", {"q": number})
    assert answer.headers["Location"] == f"/desk/matters/{number}/"
    assert at_desk(city, "farhandler").get("/desk/matters/", {"q": number}).status_code == 200


def test_what_narrows_is_shown_and_taken_away(city: SmallCity, named: dict[str, Matter]) -> None:
    page = text(at_desk(city, "chenmin").get("/desk/matters/", {"state": "open", "level": "3"}))
    assert 'class="chip" href="/desk/matters/?level=3"' in page
    assert 'class="chip" href="/desk/matters/?state=open"' in page


def test_filters_read_only_what_makes_sense(city: SmallCity) -> None:
    read = Filters.read(
        {"q": " 押金 ", "since": "2026-02-30", "until": "2026-03-01", "level": "-1", "unit": "9" * 12}
    )
    assert read == Filters(q="押金", until=date(2026, 3, 1))


def test_a_list_of_open_matters_goes_by_the_clock_and_others_by_the_day(city: SmallCity) -> None:
    assert Filters(state="open").order == "next_due"
    assert Filters(state="open", q="押金").order == Filters().order == "-opened_at"


@pytest.mark.parametrize(
    ("tab", "expected"),
    [
        ("overdue", {"late"}),
        ("soon", {"again"}),
        ("reopened", {"again"}),
        ("third", {"third"}),
        ("no", {"late"}),
    ],
)
def test_supervisors_watch(city: SmallCity, named: dict[str, Matter], tab: str, expected: set[str]) -> None:
    page = text(at_desk(city, "zhoutao").get("/desk/watch/", {"tab": tab}))
    assert {name for name, matter in named.items() if matter.number in page} == expected


def test_a_joined_filing_says_so(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    Matter.objects.filter(pk=opened(city).pk).update(master=matter, state="joined", is_open=False)
    page = text(at_desk(city, "chenmin").get("/desk/matters/"))
    assert "Joined to another matter" in page
    assert "1 more said so" in page
