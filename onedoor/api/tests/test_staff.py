"""Staff find their work, read matters with reasons, and run the same actions that pages run."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from onedoor.api.tests.calling import DEPOSIT, MANHOLE, V1, Calls, Receipt, refused, taken
from onedoor.appraisal.rules import Week
from onedoor.kernel import time
from onedoor.matters.models import Clock, Matter, Party, Reading
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.api.tests.calling"]


def test_my_work_is_what_waits_for_me(call: Calls, receipt: Receipt) -> None:
    [mine] = taken(call("liqiang").get("/work"))["rows"]
    assert (mine["number"], mine["state"]["key"], mine["answers"]) == (
        receipt["number"],
        "registered",
        "unit",
    )
    assert mine["category"]["title"]["en"] == "Renovation deposit"
    assert mine["place"]["name"].startswith("东河区 · 东柳镇")
    assert taken(call("farhandler").get("/work"))["rows"] == []


def test_lists_go_on_by_their_cursor(call: Calls) -> None:
    numbers = [call().took("/matters", **DEPOSIT)["number"] for _ in range(5)]
    for where, order in (("/work", numbers), ("/matters", numbers[::-1])):
        caller, found, cursor = call("liqiang"), [], ""
        while True:
            page = taken(caller.get(where, limit=2, cursor=cursor))
            found += [row["number"] for row in page["rows"]]
            cursor = page["next"]
            if not cursor:
                break
        assert found == order


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"limit": "many"}, {"cursor": "nonsense"}])
def test_a_page_that_is_none_is_refused(call: Calls, query: dict[str, object]) -> None:
    assert refused(call("liqiang").get("/work", **query), 400)["problem"] == "bad_input"


def test_matters_are_found_by_what_is_known_of_them(call: Calls) -> None:
    deposit, manhole = (call().took("/matters", **filed)["number"] for filed in (DEPOSIT, MANHOLE))
    clerk = call("chenmin")

    def found(**query: object) -> set[str]:
        return {row["number"] for row in taken(clerk.get("/matters", **query))["rows"]}

    assert found() == {deposit, manhole}
    assert found(category="property.deposit") == found(category="property") == {deposit}
    assert found(unit="419801-housing") == {deposit}
    assert found(text="押金") == {deposit}
    assert found(text=manhole) == {manhole}
    assert found(division="419801001") == {deposit, manhole}
    assert found(division="419802") == set()
    assert found(open="false") == found(overdue="true") == found(placed="false") == set()
    assert found(since=time.now().date(), until=time.now().date()) == {deposit, manhole}
    assert found(until="2020-01-01") == set()
    assert found(until="2199-12-31", order="urgent", level=1, channel="api") == {deposit, manhole}


@pytest.mark.parametrize("query", [{"unit": "x"}, {"division": "x"}, {"category": "x"}])
def test_a_code_that_stands_nowhere_is_not_found(call: Calls, query: dict[str, str]) -> None:
    assert refused(call("chenmin").get("/matters", **query), 404)["problem"] == "not_found"


def test_a_matter_is_read_with_the_reasons_of_its_dates_and_masked_names(
    call: Calls, receipt: Receipt
) -> None:
    matter = taken(call("liqiang").get(f"/matters/{receipt['number']}"))
    assert matter["detail"] == DEPOSIT["detail"]
    assert [line["kind"] for line in matter["timeline"]] == ["opened"]
    running = {clock["name"]: clock for clock in matter["clocks"]}
    assert running["act"]["why"][0]["en"] == "start day not counted"
    assert running["act"]["unit"].endswith("housing")
    assert [(p["role"], p["name"], p["has_contact"]) for p in matter["parties"]] == [
        ("reporter", "王**", True)
    ]
    assert "13800000001" not in str(matter)
    assert "王小明" not in str(matter)
    assert matter["procedure"].startswith("dispute v")


def test_who_reports_in_confidence_is_not_even_initialled(call: Calls) -> None:
    number = call().took("/matters", **DEPOSIT | {"confidential": True})["number"]
    assert taken(call("liqiang").get(f"/matters/{number}"))["parties"][0]["name"] == ""


def test_every_reading_of_contact_data_has_a_purpose_and_leaves_a_trace(
    call: Calls, receipt: Receipt
) -> None:
    party = Party.objects.get(role="reporter")
    where = f"/parties/{party.pk}/contact"
    read = call("liqiang").took(where, purpose="电话回访")
    assert read == {"name": "王小明", "contact": "13800000001"}
    assert Reading.objects.get().purpose == "电话回访"
    assert refused(call("liqiang").post(where, purpose=" "), 400)
    assert refused(call("farhandler").post(where, purpose="好奇"), 404)
    assert Reading.objects.count() == 1


def test_what_i_may_do_comes_with_a_schema_of_its_form(call: Calls, receipt: Receipt) -> None:
    where = f"/matters/{receipt['number']}/actions"
    offers = taken(call("liqiang").get(where))
    assert offers["seen"] == 1
    by_key = {offer["key"]: offer for offer in offers["actions"]}
    assert {"accept", "object"} <= by_key.keys()
    assert by_key["accept"]["form"]["properties"] == {}
    objection = by_key["object"]["form"]
    assert objection["required"] == ["reason"]
    assert objection["properties"]["unit"]["type"] == "integer"
    call("liqiang").took(f"{where}/accept", seen=1)
    answer = {offer["key"]: offer for offer in taken(call("liqiang").get(where))["actions"]}["answer"]["form"]
    assert set(answer["properties"]["outcome"]["enum"]) == {"solved", "explained", "referred"}
    assert answer["properties"]["outcome"]["x-choices"]["solved"] == {"zh": "已解决", "en": "Solved"}
    assert answer["properties"]["answer"]["maxLength"] == 4000


def test_an_action_moves_the_matter_unless_somebody_was_faster(call: Calls, receipt: Receipt) -> None:
    where = f"/matters/{receipt['number']}/actions/accept"
    moved = call("liqiang").took(where, seen=1)
    assert (moved["state"]["key"], moved["seen"]) == ("handling", 2)
    assert refused(call("liqiang").post(where, seen=1), 409)["problem"] == "conflict"
    assert refused(call("liqiang").post(where), 409)["problem"] == "conflict"
    assert refused(call("liqiang").post(f"/matters/{receipt['number']}/actions/fly"), 404)


def test_a_guard_says_why_not_yet(call: Calls, receipt: Receipt, city: SmallCity) -> None:
    housing, where = call("liqiang"), f"/matters/{receipt['number']}/actions/"
    housing.took(where + "accept")
    urban = city.units["419801-urban_management"].pk
    tasks = [{"unit": urban, "what": "核对收据", "span": "3 working days"}]
    housing.took(where + "give_tasks", values={"tasks": tasks})
    early = housing.post(where + "answer", values={"answer": "已退", "outcome": "solved"})
    assert refused(early, 409)["problem"] == "not_now"
    [task] = taken(call("qianjun").get("/work/tasks"))["rows"]
    assert task["due_at"]
    assert refused(call("sunyan").post(f"/tasks/{task['id']}/done", result="x"), 404)
    call("qianjun").took(f"/tasks/{task['id']}/done", result="收据属实")
    assert taken(call("qianjun").get("/work/tasks"))["rows"] == []
    assert (
        housing.took(where + "answer", values={"answer": "已退", "outcome": "solved"})["state"]["key"]
        == "answered"
    )


def test_a_task_is_taken_back_with_a_reason(call: Calls, receipt: Receipt, city: SmallCity) -> None:
    housing, where = call("liqiang"), f"/matters/{receipt['number']}/actions/"
    housing.took(where + "accept")
    urban = city.units["419801-urban_management"].pk
    housing.took(where + "give_tasks", values={"tasks": [{"unit": urban, "what": "核对收据"}]})
    task = Matter.objects.get().tasks.get()
    housing.took(f"/tasks/{task.pk}/withdraw", reason="不再需要")
    assert refused(housing.post(f"/tasks/{task.pk}/withdraw", reason="再一次"), 404)


@pytest.mark.parametrize(
    "values",
    [
        {"tasks": "x"}, {"tasks": [1]}, {"tasks": [{"unit": "²", "what": "x"}]}, {"tasks": [{"unit": [], "what": "x"}]},
        {"tasks": [{"unit": 10**30, "what": "x"}]}, {"tasks": {}}, {"tasks": [{}]}, {"colour": "red"}, {},
    ],
)  # fmt: skip
def test_a_form_filled_in_wrong_is_told_field_by_field(
    call: Calls, receipt: Receipt, values: dict[str, object]
) -> None:
    housing, where = call("liqiang"), f"/matters/{receipt['number']}/actions/"
    housing.took(where + "accept")
    assert refused(housing.post(where + "give_tasks", values=values), 400)["fields"]


def test_a_note_stays_in_the_history(call: Calls, receipt: Receipt) -> None:
    call("liqiang").took(f"/matters/{receipt['number']}/notes", text="已电话联系物业公司。")
    timeline = taken(call("liqiang").get(f"/matters/{receipt['number']}"))["timeline"]
    assert timeline[-1]["said"] == [["内容", "Text", "已电话联系物业公司。"]]


def test_filings_are_joined_and_parted(call: Calls, receipt: Receipt) -> None:
    second = call().took("/matters", **DEPOSIT)["number"]
    clerk = call("chenmin")
    assert clerk.took(f"/matters/{second}/join", master=receipt["number"])["open"] is False
    joined = taken(clerk.get(f"/matters/{receipt['number']}/joined"))["rows"]
    assert [row["number"] for row in joined] == [second]
    assert taken(clerk.get(f"/matters/{second}"))["master"] == receipt["number"]
    assert clerk.took(f"/matters/{second}/separate", reason="不是同一件")["open"] is True


def test_the_clerk_corrects_place_and_category(call: Calls, receipt: Receipt) -> None:
    clerk, where = call("chenmin"), f"/matters/{receipt['number']}"
    moved = clerk.took(f"{where}/place", division="419801002001001")
    assert taken(clerk.get(where))["place"]["code"] == "419801002001001"
    assert clerk.took(f"{where}/category", category="property.fees")["seen"] == moved["seen"] + 1
    assert refused(clerk.post(f"{where}/place", division="1"), 404)
    assert refused(clerk.post(f"{where}/category", category="no.such"), 400)


def test_a_party_is_named(call: Calls, receipt: Receipt) -> None:
    made = call("liqiang").took(
        f"/matters/{receipt['number']}/parties", role="respondent", name="安居物业公司"
    )
    assert made["name"] == "安**"
    assert refused(call("liqiang").post(f"/matters/{receipt['number']}/parties", role="other"), 400)


def test_suggestions_while_somebody_writes_open_nothing(call: Calls, receipt: Receipt) -> None:
    thought = call("chenmin").took(
        "/suggest", detail="物业不退装修押金", address="东柳镇前村", lon=114.005, lat=35.505
    )
    assert thought["suggestions"][0]["category"]["key"] == "property.deposit"
    assert thought["unit"]["code"] == "419801-housing"
    assert thought["place"]["code"] == "419801001001001"
    assert thought["place_why"]["en"]
    assert thought["unit_why"]["zh"]
    assert [one["number"] for one in thought["alike"]] == [receipt["number"]]
    assert (
        call("farhandler").took("/suggest", detail=DEPOSIT["detail"], lon=114.005, lat=35.505)["alike"] == []
    )
    assert Matter.objects.count() == 1


def test_a_session_acts_only_with_its_csrf_token(city: SmallCity, receipt: Receipt) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(city.accounts["liqiang"])
    assert taken(browser.get(f"{V1}/work"))["rows"]
    where = f"{V1}/matters/{receipt['number']}/notes"
    assert (
        refused(browser.post(where, {"text": "x"}, content_type="application/json"), 403)["problem"]
        == "not_allowed"
    )
    browser.cookies["onedoor_csrf"] = token = "a" * 32
    sent = browser.post(where, {"text": "x"}, content_type="application/json", headers={"X-CSRFToken": token})
    assert taken(sent)["seen"] == 2


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "bearer od1_x"])
def test_a_wrong_key_is_refused_and_not_taken_for_a_resident(city: SmallCity, header: str) -> None:
    stranger = Client(headers={"Authorization": header})
    assert refused(stranger.get(f"{V1}/work"), 401)["problem"] == "not_signed_in"
    assert refused(stranger.post(f"{V1}/matters", DEPOSIT, content_type="application/json"), 401)


def test_the_weekly_sheet_and_the_matters_behind_it(call: Calls, receipt: Receipt) -> None:
    week = str(Week.of(time.now()))
    supervisor = call("zhoutao")
    sheet = taken(supervisor.get("/figures/weekly", week=week))
    assert sheet["from"] == Week.parse(week).monday.isoformat()
    apart = {row["code"]: row for row in sheet["apart"]}
    assert apart["419801-housing"]["cells"]["received"] == {
        "count": 1,
        "of": None,
        "share": None,
        "few": False,
    }
    assert apart["419801-housing"]["cells"]["solved"]["share"] is None
    behind = taken(
        supervisor.get("/figures/weekly/matters", week=week, row="419801-housing", column="received")
    )
    assert [row["number"] for row in behind["rows"]] == [receipt["number"]]
    unseen = taken(call("farhandler").get("/figures/weekly/matters", week=week, column="received"))
    assert unseen["rows"] == []
    assert refused(supervisor.get("/figures/weekly", week="2026-46"), 400)["fields"][0]["field"] == "week"
    assert refused(supervisor.get("/figures/weekly", week=week, level="person"), 400)
    assert refused(supervisor.get("/figures/weekly", week=week, division="x"), 404)


def test_the_weekly_sheet_comes_as_a_workbook(call: Calls, city: SmallCity) -> None:
    response = call("zhoutao").get("/figures/weekly.xlsx", week="2026-W46", level="county")
    assert response["Content-Disposition"] == 'attachment; filename="onedoor-2026-W46-county.xlsx"'
    assert "2026-W46" in load_workbook(BytesIO(response.content)).worksheets[0]["A1"].value


def test_what_is_overdue_says_so(call: Calls, receipt: Receipt) -> None:
    later = datetime.now(time.CITY_ZONE) + timedelta(days=400)
    with time.at(later):
        [row] = taken(call("liqiang").get("/matters", overdue="true"))["rows"]
    assert row["overdue"] is True
    assert Clock.objects.filter(state="running").exists()


def test_the_city_is_public(call: Calls, city: SmallCity) -> None:
    stranger = call()
    categories = {one["code"]: one for one in taken(stranger.get("/categories"))}
    assert categories["property.deposit"]["parent"] == "property"
    assert categories["property"]["can_be_filed"] is False
    children = taken(stranger.get("/divisions", parent="419800"))["rows"]
    assert [(row["code"], row["has_children"]) for row in children] == [("419801", True), ("419802", True)]
    assert len(taken(stranger.get("/divisions", level="grid", limit=200))["rows"]) == 16
    housing = taken(stranger.get("/units", kind="housing"))["rows"]
    assert [row["code"] for row in housing] == ["419801-housing", "419802-housing"]
    assert len(taken(stranger.get("/units", division="419802001001"))["rows"]) == 1
    assert refused(stranger.get("/divisions", parent="x"), 404)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"lon": 114.005, "lat": 35.505}, "419801001001001"),
        ({"lon": 0, "lat": 0}, None),
        ({"lon": 1e308, "lat": -1e308}, None),
        ({"text": "东柳镇东柳前村小学门口"}, "419801001001"),
        ({"text": "天上人间"}, None),
    ],
)
def test_a_place_is_found_by_point_or_by_words(
    call: Calls, query: dict[str, object], code: str | None
) -> None:
    found = taken(call().get("/locate", **query))
    assert (found["place"] or {}).get("code") == code
    assert found["why"]["zh"]


@pytest.mark.parametrize(
    "query", [{}, {"lon": 1}, {"lon": "nan", "lat": 1}, {"lon": 1, "lat": 1, "datum": "x"}]
)
def test_a_place_that_is_none_is_refused(call: Calls, query: dict[str, object]) -> None:
    assert refused(call().get("/locate", **query), 400)


def test_what_leads_nowhere_and_what_is_called_wrong_is_said_in_json(call: Calls) -> None:
    assert refused(call().get("/nowhere"), 404)["problem"] == "not_found"
    assert refused(call().client.delete(f"{V1}/matters"), 405)["problem"] == "wrong_method"


def test_a_longer_list_takes_no_more_statements(call: Calls, django_assert_max_num_queries: Any) -> None:
    caller = call("liqiang")
    for _ in range(2):
        for _ in range(6):
            call().took("/matters", **DEPOSIT)
        caller.get("/work")  # what is held in memory is there
        with django_assert_max_num_queries(4):  # the key, its posts, its grants, the list
            taken(caller.get("/work"))
        with django_assert_max_num_queries(4):
            taken(caller.get("/matters"))


def test_a_whole_matter_takes_a_dozen_statements(
    call: Calls, receipt: Receipt, django_assert_max_num_queries: Any
) -> None:
    caller, where = call("liqiang"), f"/matters/{receipt['number']}"
    caller.took(f"{where}/actions/accept")
    caller.get(where)
    with django_assert_max_num_queries(14):
        taken(caller.get(where))
    call().get(where, code=receipt["code"])  # her first look is written down as told
    with django_assert_max_num_queries(9):
        taken(call().get(where, code=receipt["code"]))
