"""Records over the API: what a caller sees of them, and visits that are the same action as on the page."""

from __future__ import annotations

import pytest

from onedoor.api.tests.calling import Calls, refused, taken
from onedoor.kernel.audit import verify
from onedoor.matters.models import Matter
from onedoor.registers.models import Visit
from onedoor.registers.tests.making import FINE, dog, place
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.api.tests.calling"]


def test_registers_tell_what_a_visit_looks_at(call: Calls, city: SmallCity) -> None:
    place(city)
    found = {one["key"]: one for one in taken(call("zhengjie").get("/registers"))}
    assert found["inspected_place"]["records"] == 1
    assert {item["key"] for item in found["inspected_place"]["checklist"]} == set(FINE)
    assert found["dog"]["checklist"] == []


def test_records_are_listed_narrowed_and_go_on(call: Calls, city: SmallCity) -> None:
    numbers = [place(city, name=f"仓库{n}").number for n in range(3)]
    clerk, rows, cursor = call("chenmin"), [], ""
    while True:
        found = taken(clerk.get("/registers/inspected_place/records", limit=2, cursor=cursor))
        rows += found["rows"]
        cursor = found["next"]
        if not cursor:
            break
    assert [row["number"] for row in rows] == numbers[::-1]
    assert rows[0]["place"]["code"] == "419801001001001"
    for query, count in (
        ("text=仓库1", 1),
        ("state=valid", 3),
        ("state=expired", 0),
        ("division=419801002", 0),
    ):
        name, _, value = query.partition("=")
        assert len(taken(clerk.get("/registers/inspected_place/records", **{name: value}))["rows"]) == count
    assert taken(call("farhandler").get("/registers/inspected_place/records"))["rows"] == []


@pytest.mark.parametrize("query", [{"state": "lost"}, {"division": "1"}, {"limit": 0}])
def test_a_wrong_question_is_refused(call: Calls, query: dict[str, object]) -> None:
    assert refused(call("chenmin").get("/registers/dog/records", **query), 400)["problem"] == "bad_input"
    assert refused(call("chenmin").get("/registers/cats/records"), 404)["problem"] == "not_found"


def test_a_record_is_told_without_contacts_and_hidden_fields(call: Calls, city: SmallCity) -> None:
    number = dog(city).number
    response = call("chenmin").get(f"/records/{number}")
    fields = {one["key"]: one for one in taken(response)["fields"]}
    assert fields["breed"]["said"] == {"zh": "中华田园犬", "en": "Chinese rural dog"}
    assert not fields.keys() & {"owner_name", "owner_phone"}
    assert "刘娟" not in response.content.decode()
    assert refused(call("farhandler").get(f"/records/{number}"), 404)["problem"] == "not_found"


def test_a_visit_opens_matters_as_on_the_page(call: Calls, city: SmallCity) -> None:
    number, worker = place(city).number, call("zhengjie")
    made = worker.took(f"/records/{number}/visits", answers=FINE | {"exits": "no"}, note="货物堵住后门")
    assert made["opened"].keys() == {"exits"}
    assert Matter.objects.get(number=made["opened"]["exits"]).category.code == "hazard.fire_lane"
    again = worker.took(f"/records/{number}/visits", answers=FINE | {"exits": "no"})
    assert again["opened"] == {}
    told = taken(worker.get(f"/records/{number}"))
    assert (told["open_findings"], [visit["id"] for visit in told["visits"]]) == (
        1,
        [again["id"], made["id"]],
    )
    assert list(verify()) == []


def test_a_visit_is_refused_as_on_the_page(call: Calls, city: SmallCity) -> None:
    number = place(city).number
    problem = refused(call("zhengjie").post(f"/records/{number}/visits", answers={"exits": "perhaps"}), 400)
    assert {one["field"] for one in problem["fields"]} == set(FINE)
    assert refused(call("chenmin").post(f"/records/{number}/visits", answers=FINE), 403)
    assert refused(call("farhandler").post(f"/records/{number}/visits", answers=FINE), 404)
    assert not Visit.objects.filter(state="done").exists()


def test_the_same_key_is_the_same_visit(call: Calls, city: SmallCity) -> None:
    number, worker = place(city).number, call("zhengjie")
    where = f"/api/v1/records/{number}/visits"
    sent = [
        worker.client.post(
            where, {"answers": FINE}, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        for _ in range(2)
    ]
    assert taken(sent[0])["id"] == taken(sent[1])["id"]
    other = worker.client.post(
        where,
        {"answers": FINE | {"exits": "no"}},
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert refused(other, 409)["problem"] == "key_reused"
