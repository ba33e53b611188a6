"""Calling residents back, by somebody who did not handle their matter."""

from __future__ import annotations

import pytest
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.filings import ANSWER, PHONE, answered, opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def waiting(city: SmallCity) -> Matter:
    """An answered matter."""
    return answered(city, opened(city))


def do(matter: Matter, key: str) -> str:
    return reverse("desk:do", args=[matter.number, key])


def test_only_answered_matters_wait_for_a_call(city: SmallCity, waiting: Matter) -> None:
    other = opened(city)
    page = text(at_desk(city, "sunli").get("/desk/calls/"))
    assert reverse("desk:call", args=[waiting.number]) in page
    assert other.number not in page


def test_the_caller_reads_what_was_asked_and_answered(city: SmallCity, waiting: Matter) -> None:
    page = text(at_desk(city, "sunli").get(reverse("desk:call", args=[waiting.number])))
    assert "物业一直不退3000元押金" in page
    assert ANSWER["answer"] in page
    assert PHONE not in page
    for key in ("called_solved", "called_not_solved", "called_in_vain"):
        assert do(waiting, key) in page
    for key in ("called_solved", "called_not_solved"):  # each form's label leads to its own field
        assert f'id="f-{key}-reason"' in page
        assert f'<label for="f-{key}-reason"' in page


def test_what_she_said_is_recorded_and_the_next_call_comes(city: SmallCity, waiting: Matter) -> None:
    form = {"satisfied": "5", "back": "calls", "seen": waiting.head_seq}
    answer = at_desk(city, "sunli").post(do(waiting, "called_solved"), form)
    assert answer.headers["Location"] == "/desk/calls/"
    waiting.refresh_from_db()
    assert (waiting.state, waiting.verdicts.get().satisfied) == ("closed", 5)


def test_not_solved_needs_to_say_what(city: SmallCity, waiting: Matter) -> None:
    client = at_desk(city, "sunli")
    assert client.post(do(waiting, "called_not_solved"), {}).status_code == 422
    assert client.post(do(waiting, "called_not_solved"), {"reason": "只退了一半"}).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.state, waiting.level, waiting.times_reopened) == ("handling", 2, 1)


def test_everybody_who_joined_is_called_about_her_own_filing(city: SmallCity) -> None:
    master, joined = opened(city), opened(city, name="陈静")
    matters.join(city.actor("chenmin"), joined.number, master.number)
    answered(city, master)
    page = text(at_desk(city, "sunli").get(reverse("desk:call", args=[master.number])))
    assert "陈*" in page
    assert f'<input type="radio" name="filing" value="{joined.number}"' in page
    single = answered(city, opened(city))
    page = text(at_desk(city, "sunli").get(reverse("desk:call", args=[single.number])))
    assert 'name="filing"' not in page
