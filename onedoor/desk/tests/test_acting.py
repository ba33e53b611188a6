"""Taking a matter on from its page: forms, refusals, and what moved on meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from onedoor.desk.tests.desks import at_desk, text
from onedoor.kernel import time
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter, Task
from onedoor.meetings.models import Meeting
from tests.support.filings import ANSWER, opened
from tests.support.smallcity import SmallCity, small_city


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def handled(city: SmallCity) -> Matter:
    """A matter that the housing bureau has received."""
    return matters.act(city.actor("liqiang"), opened(city).number, "accept")


def do(matter: Matter, key: str) -> str:
    return reverse("desk:do", args=[matter.number, key])


def test_an_action_without_a_form_is_one_press(city: SmallCity) -> None:
    matter = opened(city)
    answer = at_desk(city, "liqiang").post(do(matter, "accept"), {"seen": matter.head_seq})
    assert answer.headers["Location"] == f"/desk/matters/{matter.number}/"
    matter.refresh_from_db()
    assert matter.state == "handling"


def test_with_htmx_the_page_is_loaded_anew(city: SmallCity) -> None:
    matter = opened(city)
    client = at_desk(city, "liqiang")
    answer = client.post(do(matter, "accept"), {"seen": matter.head_seq}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"/desk/matters/{matter.number}/"


def test_the_buttons_are_the_steps_that_are_open_to_her(city: SmallCity, handled: Matter) -> None:
    handler = text(at_desk(city, "liqiang").get(f"/desk/matters/{handled.number}/"))
    coordinator = text(at_desk(city, "zhaolei").get(f"/desk/matters/{handled.number}/"))
    auditor = text(at_desk(city, "hean").get(f"/desk/matters/{handled.number}/"))
    assert do(handled, "answer") in handler
    assert do(handled, "hand_over") not in handler
    assert do(handled, "hand_over") in coordinator
    assert do(handled, "answer") not in coordinator
    assert "There is no step for you to take here now." in auditor


def test_a_form_asks_for_what_the_procedure_declares(city: SmallCity, handled: Matter) -> None:
    page = text(at_desk(city, "liqiang").get(do(handled, "answer")))
    assert '<textarea id="f-answer" name="answer"' in page
    assert 'name="outcome" value="explained"' in page
    assert f'name="seen" value="{handled.head_seq}"' in page


def test_what_is_missing_is_told_and_what_was_typed_stays(city: SmallCity, handled: Matter) -> None:
    answer = at_desk(city, "liqiang").post(do(handled, "answer"), {"answer": "已经退还"})
    assert answer.status_code == 422
    page = text(answer)
    assert "已经退还" in page
    assert "please fill in “Outcome”" in page
    handled.refresh_from_db()
    assert handled.state == "handling"


def test_a_rule_in_the_way_is_told_above_the_form(city: SmallCity, handled: Matter) -> None:
    task = {"unit": city.units["419801-court"].pk, "what": "出具意见", "span": "3 working days"}
    matters.act(city.actor("liqiang"), handled.number, "give_tasks", {"tasks": [task]})
    answer = at_desk(city, "liqiang").post(do(handled, "answer"), ANSWER)
    assert answer.status_code == 409
    assert "1 task(s) are still open" in text(answer)
    assert ANSWER["answer"] in text(answer)


def test_nobody_acts_on_what_she_has_not_seen(city: SmallCity, handled: Matter) -> None:
    matters.act(city.actor("zhaolei"), handled.number, "urge", {"reason": "尽快"})
    client = at_desk(city, "liqiang")
    answer = client.post(do(handled, "answer"), ANSWER | {"seen": handled.head_seq})
    assert answer.status_code == 409
    assert "somebody has just moved this matter on" in text(answer)
    handled.refresh_from_db()
    assert f'name="seen" value="{handled.head_seq}"' in text(answer)
    assert client.post(do(handled, "answer"), ANSWER | {"seen": handled.head_seq}).status_code == 302


def test_a_look_at_a_contact_moves_nothing_on(city: SmallCity, handled: Matter) -> None:
    party = handled.parties.get(role="reporter")
    client = at_desk(city, "liqiang")
    client.post(reverse("desk:contact", args=[party.pk]), {"purpose": "核实情况"})
    matters.note(city.actor("zhaolei"), handled.number, "请注意时限")
    assert client.post(do(handled, "answer"), ANSWER | {"seen": handled.head_seq}).status_code == 302


def test_a_step_that_is_no_longer_open_says_how_the_matter_stands(city: SmallCity, handled: Matter) -> None:
    answer = at_desk(city, "liqiang").post(do(handled, "accept"), {"seen": handled.head_seq})
    assert answer.status_code == 409
    assert "“Receive” is not open to you here: the matter is now “Being handled”." in text(answer)


def test_units_complained_of_are_not_offered(city: SmallCity) -> None:
    accused = city.units["419801-court"]
    matter = opened(city, about=PartyData("respondent", unit_id=accused.pk))
    page = text(at_desk(city, "zhaolei").get(do(matter, "hand_over")))
    assert f'name="unit" value="{city.units["419801-police"].pk}"' in page
    assert f'name="unit" value="{accused.pk}"' not in page
    assert f'name="unit" value="{matter.unit_id}"' not in page


def test_who_hands_a_matter_out_of_her_sight_is_led_home(city: SmallCity) -> None:
    about = PartyData("respondent", "某公司")
    matter = opened(city, unit="419801-centre", about=about)
    Matter.objects.filter(pk=matter.pk).update(division=city.divisions["419802"])
    matter.involved.all().delete()
    client = at_desk(city, "wujun")
    form = {"unit": city.units["419802-housing"].pk, "reason": "在西河区"}
    assert client.post(do(matter, "hand_over"), form).headers["Location"] == "/desk/"
    assert client.get(f"/desk/matters/{matter.number}/").status_code == 404


def test_a_table_is_convened_from_the_form(city: SmallCity, handled: Matter) -> None:
    invited = [city.units[f"419801-{kind}"].pk for kind in ("court", "market_regulation")]
    when = (time.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    form = {"units": invited, "when": when, "place": "二楼会商室", "agenda": "押金"}
    assert at_desk(city, "liqiang").post(do(handled, "convene"), form).status_code == 302
    meeting = Meeting.objects.get(matter=handled)
    assert sorted(meeting.invitations.values_list("unit_id", flat=True)) == sorted(invited)


def test_lines_of_tasks_are_read_from_the_form(city: SmallCity, handled: Matter) -> None:
    court = city.units["419801-court"].pk
    form = {
        "tasks-0-unit": court, "tasks-0-what": "出具意见", "tasks-0-span": "3 working days",
        "tasks-1-unit": "", "tasks-1-what": "", "tasks-1-span": "",
    }  # fmt: skip
    assert at_desk(city, "liqiang").post(do(handled, "give_tasks"), form).status_code == 302
    assert list(Task.objects.values_list("title", "unit_id")) == [("出具意见", court)]


def test_a_task_is_reported_by_its_unit_and_taken_back_by_the_responsible(
    city: SmallCity, handled: Matter
) -> None:
    court, market = (city.units[f"419801-{kind}"].pk for kind in ("court", "market_regulation"))
    tasks = [{"unit": unit, "what": "出具意见", "span": "3 working days"} for unit in (court, market)]
    matters.act(city.actor("liqiang"), handled.number, "give_tasks", {"tasks": tasks})
    first, second = Task.objects.order_by("pk")
    back, finish = (reverse(f"desk:{verb}_task", args=[task.pk]) for verb, task in
                    (("withdraw", first), ("finish", second)))  # fmt: skip
    assert at_desk(city, "liqiang").post(back, {"reason": "已由他人办理"}).status_code == 302
    assert at_desk(city, "sunyan").get(finish).status_code == 200
    assert at_desk(city, "sunyan").post(finish, {"result": " "}).status_code == 422
    assert at_desk(city, "liqiang").post(finish, {"result": "替办"}).status_code == 403
    assert at_desk(city, "sunyan").post(finish, {"result": "已查清"}).status_code == 302
    assert list(Task.objects.order_by("pk").values_list("state", flat=True)) == ["withdrawn", "done"]


def test_an_arbiter_decides_an_objection(city: SmallCity) -> None:
    matter = opened(city)
    proposed = city.units["419801-urban_management"].pk
    form = {"reason": "不属我局职责", "unit": proposed}
    assert at_desk(city, "liqiang").post(do(matter, "object"), form).status_code == 302
    decision = {"unit": proposed, "reason": "确属城管"}
    assert at_desk(city, "zhoutao").post(do(matter, "uphold_objection"), decision).status_code == 409
    assert at_desk(city, "zhaolei").post(do(matter, "uphold_objection"), decision).status_code == 302
    matter.refresh_from_db()
    assert matter.unit_id == proposed
