"""My work: five lists by clock, their counts, and how they go on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from onedoor.city import tree as snapshot
from onedoor.city.models import Post
from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel import paging, time
from onedoor.matters import actions as matters
from onedoor.matters.models import Involved, Matter
from onedoor.meetings.models import Meeting
from onedoor.notices.models import Reminder
from tests.support.filings import opened
from tests.support.smallcity import SINCE, SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def convened(city: SmallCity) -> Meeting:
    """A consultation to which the market bureau and the court are invited."""
    matter = opened(city)
    handler = city.actor("liqiang")
    matters.act(handler, matter.number, "accept")
    invited = [city.units[f"419801-{kind}"].pk for kind in ("market_regulation", "court")]
    when = (time.now() + timedelta(days=1)).isoformat()
    values = {"units": invited, "when": when, "place": "二楼", "agenda": "押金是否应退"}
    matters.act(handler, matter.number, "convene", values)
    return Meeting.objects.get(matter=matter)


def counts(page: str) -> list[str]:
    """The figures on the tabs, in their order."""
    return [piece.partition("<")[0].partition(">")[2] for piece in page.split('class="count"')[1:]]


def test_the_most_urgent_comes_first_and_the_overdue_are_marked(city: SmallCity) -> None:
    late, soon = opened(city), opened(city)
    Matter.objects.filter(pk=late.pk).update(next_due=time.now() - timedelta(days=2))
    page = text(at_desk(city, "liqiang").get("/desk/"))
    assert page.index(late.number) < page.index(soon.number)
    assert page.count('<tr data-row data-tone="late">') == 1


def test_a_unit_sees_its_own_work_and_nobody_elses(city: SmallCity) -> None:
    mine, other = opened(city), opened(city, unit="419801-urban_management", category="neighbour.noise")
    page = text(at_desk(city, "liqiang").get("/desk/"))
    assert mine.number in page
    assert other.number not in page


def test_what_waits_for_nobody_is_on_the_coordinators_list_and_says_for_whom(city: SmallCity) -> None:
    matter = opened(city)
    assert matter.number not in text(at_desk(city, "zhaolei").get("/desk/"))
    Post.objects.filter(role="handler").delete()
    snapshot.forget()
    page = text(at_desk(city, "zhaolei").get("/desk/"))
    assert matter.number in page
    assert "nobody there to act · the responsible unit" in page
    assert "nobody there to act" in text(at_desk(city, "zhaolei").get(f"/desk/matters/{matter.number}/"))


def test_who_calls_back_is_not_given_what_others_are_to_call(city: SmallCity) -> None:
    matter = opened(city)
    Matter.objects.filter(pk=matter.pk).update(answers="caller", state="answered")
    Post.objects.filter(role="caller").delete()
    centre = city.units["419801-centre"]
    for role in ("caller", "coordinator"):
        Post.objects.create(
            account=city.accounts["sunli"], unit=centre, role=role, division=centre.division, valid_from=SINCE
        )
    Involved.objects.create(matter=matter, unit=centre, part="task")
    snapshot.forget()
    assert matter.number in text(at_desk(city, "sunli").get("/desk/"))
    assert matter.number not in text(at_desk(city, "sunli").get("/desk/calls/"))


def test_a_long_list_goes_on_behind_its_last_row(city: SmallCity) -> None:
    numbers = {opened(city).number for _ in range(paging.USUAL + 5)}
    client = at_desk(city, "liqiang")
    first = text(client.get("/desk/"))
    cursor = first.partition('href="?cursor=')[2].partition('"')[0]
    second = text(client.get("/desk/", {"cursor": cursor}))
    seen = [{number for number in numbers if number in page} for page in (first, second)]
    assert [len(found) for found in seen] == [paging.USUAL, 5]
    assert seen[0] | seen[1] == numbers
    assert "more-row" not in second
    assert counts(first)[0] == counts(second)[0] == str(len(numbers))


def test_the_tabs_count_what_is_in_them(city: SmallCity) -> None:
    meeting = convened(city)
    assert counts(text(at_desk(city, "sunyan").get("/desk/"))) == ["0", "0", "1", "0", "1"]
    assert meeting.matter.title in text(at_desk(city, "sunyan").get("/desk/invitations/"))


def test_a_task_is_shown_to_the_unit_that_owes_it(city: SmallCity) -> None:
    matter = opened(city)
    handler = city.actor("liqiang")
    matters.act(handler, matter.number, "accept")
    task = {
        "unit": city.units["419801-market_regulation"].pk,
        "what": "查清备案标准",
        "span": "3 working days",
    }
    matters.act(handler, matter.number, "give_tasks", {"tasks": [task]})
    assert "查清备案标准" in text(at_desk(city, "sunyan").get("/desk/tasks/"))
    assert "查清备案标准" not in text(at_desk(city, "liqiang").get("/desk/tasks/"))


def test_an_objection_waits_for_its_arbiter(city: SmallCity) -> None:
    matter = opened(city)
    proposed = city.units["419801-urban_management"].pk
    matters.act(city.actor("liqiang"), matter.number, "object", {"reason": "不属我局职责", "unit": proposed})
    assert "不属我局职责" in text(at_desk(city, "zhaolei").get("/desk/objections/"))
    assert "不属我局职责" not in text(at_desk(city, "zhoutao").get("/desk/objections/"))


def test_a_reminder_is_noted_and_goes(city: SmallCity) -> None:
    convened(city)
    reminder = Reminder.objects.get(unit=city.units["419801-market_regulation"])
    client = at_desk(city, "sunyan")
    assert "Invited to a meeting" in text(client.get("/desk/reminders/"))
    assert client.post(reverse("desk:seen", args=[reminder.pk])).headers["Location"] == "/desk/reminders/"
    assert "Invited to a meeting" not in text(client.get("/desk/reminders/"))


def test_with_htmx_a_noted_reminder_answers_with_nothing(city: SmallCity) -> None:
    convened(city)
    reminder = Reminder.objects.get(unit=city.units["419801-market_regulation"])
    address = reverse("desk:seen", args=[reminder.pk])
    answer = at_desk(city, "sunyan").post(address, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (200, b"")


def test_nobody_notes_the_reminder_of_another_unit(city: SmallCity) -> None:
    convened(city)
    reminder = Reminder.objects.get(unit=city.units["419801-market_regulation"])
    assert at_desk(city, "liqiang").post(reverse("desk:seen", args=[reminder.pk])).status_code == 404


def test_the_navigation_shows_what_the_post_may_open(city: SmallCity) -> None:
    page = text(at_desk(city, "sunli").get("/desk/"))
    assert 'href="/desk/calls/"' in page
    assert 'href="/desk/in/"' not in page
