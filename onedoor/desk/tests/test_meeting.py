"""At the table: opinions, attendance, and the way to the conclusion."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel import time
from onedoor.matters import actions as matters
from onedoor.meetings.models import Meeting
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def meeting(city: SmallCity) -> Meeting:
    """The housing bureau has invited the market bureau and the court."""
    handler = city.actor("liqiang")
    matter = matters.act(handler, opened(city).number, "accept")
    invited = [city.units[f"419801-{kind}"].pk for kind in ("market_regulation", "court")]
    when = (time.now() + timedelta(days=1)).isoformat()
    values = {"units": invited, "when": when, "place": "二楼会商室", "agenda": "押金是否应退"}
    matters.act(handler, matter.number, "convene", values)
    return Meeting.objects.get()


def address(meeting: Meeting) -> str:
    return reverse("desk:meeting", args=[meeting.pk])


def test_an_invited_unit_gives_its_opinion(city: SmallCity, meeting: Meeting) -> None:
    client = at_desk(city, "sunyan")
    assert 'name="opinion"' in text(client.get(address(meeting)))
    assert client.post(address(meeting), {"opinion": " "}).status_code == 422
    assert client.post(address(meeting), {"opinion": "应当退还"}).status_code == 302
    assert "应当退还" in text(at_desk(city, "liqiang").get(address(meeting)))


def test_who_convened_it_records_who_came(city: SmallCity, meeting: Meeting) -> None:
    client, court = at_desk(city, "liqiang"), city.units["419801-court"].pk
    assert client.post(address(meeting), {"unit": court, "came": "no", "reason": ""}).status_code == 422
    assert (
        client.post(address(meeting), {"unit": court, "came": "no", "reason": "当日开庭"}).status_code == 302
    )
    page = text(client.get(address(meeting)))
    assert "当日开庭" in page
    assert "Absent" in page


def test_an_invited_unit_records_nobodys_attendance(city: SmallCity, meeting: Meeting) -> None:
    client = at_desk(city, "sunyan")
    assert 'name="came"' not in text(client.get(address(meeting)))
    form = {"unit": city.units["419801-court"].pk, "came": "yes"}
    assert client.post(address(meeting), form).status_code == 403


def test_who_was_not_invited_gives_no_opinion(city: SmallCity, meeting: Meeting) -> None:
    client = at_desk(city, "zhoutao")
    assert 'name="opinion"' not in text(client.get(address(meeting)))
    assert client.post(address(meeting), {"opinion": "不同意"}).status_code == 403


def test_nobody_else_finds_the_meeting(city: SmallCity, meeting: Meeting) -> None:
    assert at_desk(city, "farhandler").get(address(meeting)).status_code == 404
    assert at_desk(city, "liqiang").get(reverse("desk:meeting", args=[meeting.pk + 1])).status_code == 404


def test_it_is_concluded_when_everybody_was_heard_and_then_over(city: SmallCity, meeting: Meeting) -> None:
    client, court = at_desk(city, "liqiang"), city.units["419801-court"].pk
    conclude = reverse("desk:do", args=[meeting.matter.number, "conclude"])
    assert conclude in text(client.get(address(meeting)))
    form = {
        "minutes": "三日内退还",
        "tasks-0-unit": court,
        "tasks-0-what": "督促退还",
        "tasks-0-span": "3 working days",
    }
    refused = client.post(conclude, form)
    assert refused.status_code == 409
    assert "neither an opinion nor an absence" in text(refused)
    at_desk(city, "sunyan").post(address(meeting), {"opinion": "应当退还"})
    client.post(address(meeting), {"unit": court, "came": "no", "reason": "当日开庭"})
    assert client.post(conclude, form).status_code == 302
    page = text(client.get(address(meeting)))
    assert "三日内退还" in page
    assert "督促退还" in page
    assert conclude not in page
    assert at_desk(city, "sunyan").post(address(meeting), {"opinion": "再想想"}).status_code == 422
