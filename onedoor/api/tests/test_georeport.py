"""GeoReport v2: what lies in public places, and nothing that anybody wrote."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from onedoor.api.tests.calling import DEPOSIT, MANHOLE, Calls, taken
from onedoor.city.actions import issue_key
from onedoor.intake.rules import LONGEST
from onedoor.kernel import paging, time
from onedoor.kernel.actor import Actor
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.api.tests.calling"]
V2 = "/api/georeport/v2"
SERVICE = "facility.manhole"


def get(where: str, **query: Any) -> Any:
    return taken(Client().get(f"{V2}/{where}", query))


def wrong(response: Any, status: int) -> dict[str, Any]:
    """The one error of a refusal, in GeoReport's shape."""
    assert response.status_code == status, response.content.decode()
    [error] = json.loads(response.content)
    assert error["code"] == status
    return dict(error)


@pytest.fixture
def manhole(call: Calls) -> str:
    """The number of a manhole that a resident reported."""
    number: str = call().took("/matters", **MANHOLE | {"category": SERVICE})["number"]
    return number


def test_the_city_says_where_it_is_asked_and_in_which_datum(city: SmallCity) -> None:
    found = get("discovery.json")
    assert (found["jurisdiction_id"], found["datum"]) == ("small", "WGS84")
    assert found["endpoints"][0]["url"].endswith(V2)


def test_only_what_somebody_looks_at_on_the_spot_is_a_service(city: SmallCity) -> None:
    codes = {service["service_code"] for service in get("services.json", jurisdiction_id="small")}
    assert SERVICE in codes
    assert not codes & {"property.deposit", "family.marriage"}
    assert get(f"services/{SERVICE}.json") == {"service_code": SERVICE, "attributes": []}
    assert wrong(Client().get(f"{V2}/services/property.deposit.json"), 404)
    assert wrong(Client().get(f"{V2}/services.json?jurisdiction_id=elsewhere"), 404)["problem"] == "not_found"


def test_a_request_is_published_without_a_word_of_its_reporter(manhole: str) -> None:
    [shown] = get("requests.json")
    assert (shown["service_request_id"], shown["status"], shown["service_code"]) == (manhole, "open", SERVICE)
    assert (shown["long"], shown["lat"]) == (114.005, 35.505)
    for secret in (*MANHOLE["detail"].split("，"), MANHOLE["name"], MANHOLE["contact"], MANHOLE["address"]):
        assert secret not in str(shown)
    assert get(f"requests/{manhole}.json") == [shown]


def test_what_is_between_persons_or_confidential_or_nowhere_is_not_published(call: Calls) -> None:
    hidden = (
        DEPOSIT,
        MANHOLE | {"category": SERVICE, "confidential": True},
        MANHOLE | {"category": SERVICE, "lon": None, "lat": None},
    )
    for filed in hidden:
        number = call().took("/matters", **filed)["number"]
        assert wrong(Client().get(f"{V2}/requests/{number}.json"), 404)
    assert get("requests.json") == []


def test_requests_are_found_by_number_service_status_and_day(manhole: str, city: SmallCity) -> None:
    tomorrow = (time.now() + timedelta(days=1)).isoformat()
    for query in (
        {"service_request_id": f"x,{manhole}"}, {"service_code": f"{SERVICE},x"}, {"status": "open"},
        {"status": "open,closed"}, {"end_date": tomorrow}, {"start_date": "2020-01-01T00:00:00"},
    ):  # fmt: skip
        assert [shown["service_request_id"] for shown in get("requests.json", **query)] == [manhole]
    for query in (
        {"service_request_id": "x"}, {"service_code": "x"}, {"status": "closed"}, {"start_date": tomorrow},
        {"end_date": "2020-01-01T00:00:00Z"},
    ):  # fmt: skip
        assert get("requests.json", **query) == []
    assert wrong(Client().get(f"{V2}/requests.json?status=lost"), 400)
    assert wrong(Client().get(f"{V2}/requests.json?start_date=yesterday"), 400)


def test_a_request_older_than_ninety_days_is_asked_for_by_its_days(manhole: str) -> None:
    Matter.objects.update(opened_at=time.now() - timedelta(days=91))
    assert get("requests.json") == []
    assert len(get("requests.json", start_date=(time.now() - timedelta(days=95)).isoformat())) == 1


def test_a_filing_that_was_joined_is_open_as_long_as_its_master(call: Calls, manhole: str) -> None:
    second = call().took("/matters", **MANHOLE | {"category": SERVICE})["number"]
    call("chenmin").took(f"/matters/{second}/join", master=manhole)
    assert get(f"requests/{second}.json")[0]["status"] == "open"
    assert len(get("requests.json", status="open")) == 2


def test_a_long_list_leads_on(call: Calls, manhole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second = call().took("/matters", **MANHOLE | {"category": SERVICE})["number"]
    monkeypatch.setattr(paging, "MOST", 1)
    first = Client().get(f"{V2}/requests.json", {"status": "open"})
    assert [shown["service_request_id"] for shown in json.loads(first.content)] == [second]
    where = first["Link"].partition(">")[0].removeprefix("<http://testserver")
    rest = Client().get(where)
    assert [shown["service_request_id"] for shown in json.loads(rest.content)] == [manhole]
    assert "Link" not in rest


FORM = {
    "service_code": SERVICE, "description": "井盖碎了", "lat": "35.505", "long": "114.005", "first_name": "小明",
    "last_name": "王", "phone": "13800000001",
}  # fmt: skip


def test_a_city_system_files_with_its_key(city: SmallCity) -> None:
    key = issue_key(Actor.system("test"), "chenmin", "Street app")
    [made] = taken(Client().post(f"{V2}/requests.json", FORM | {"api_key": key}))
    matter = Matter.objects.get(number=made["service_request_id"])
    assert (matter.category.code, matter.channel, matter.division.code) == (SERVICE, "api", "419801001001001")
    assert matter.parties.get().name == "王小明"
    again = {"Authorization": f"Bearer {key}", "Idempotency-Key": "1"}
    numbers = {
        taken(Client(headers=again).post(f"{V2}/requests.json", FORM))[0]["service_request_id"]
        for _ in range(2)
    }
    assert len(numbers) == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"api_key": ""}, 401),
        ({"api_key": "od1_x"}, 401),
        ({"service_code": "property.deposit"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"description": "x" * (LONGEST["detail"] + 1)}, 400),
        ({"address_id": "000"}, 400),
        ({"long": "nan"}, 400),
    ],
)
def test_what_cannot_be_filed_is_said_as_geo_report_does(
    city: SmallCity, more: dict[str, str], status: int
) -> None:
    key = issue_key(Actor.system("test"), "chenmin", "Street app")
    assert wrong(Client().post(f"{V2}/requests.json", FORM | {"api_key": key} | more), status)
    assert not Matter.objects.exists()
