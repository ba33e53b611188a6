"""The pages of registers, all made from their declarations: lists, forms, visits, coverage, tables."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from onedoor.kernel import time
from onedoor.registers import actions
from onedoor.registers.models import Finding, Record, Visit
from onedoor.registers.tests.making import DOG, FINE, HERE, SYSTEM, dog, place, visit
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
WHERE = {"lon": str(HERE[0]), "lat": str(HERE[1]), "address": "东柳路 1 号"}


def at(city: SmallCity, login: str) -> Client:
    """Somebody of the cast, signed in, reading Chinese."""
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(city.accounts[login])
    return client


def test_a_record_is_entered_by_the_form_and_shown(city: SmallCity) -> None:
    clerk = at(city, "chenmin")
    form = clerk.get(reverse("desk:record_new", args=["dog"])).content.decode()
    assert all(f'name="{name}"' in form for name in DOG)
    sent = clerk.post(reverse("desk:record_new", args=["dog"]), DOG | WHERE | {"key": "k1"})
    record = Record.objects.get()
    assert sent["Location"] == reverse("desk:record", args=[record.number])
    page = clerk.get(sent["Location"]).content.decode()
    assert "中华田园犬" in page
    assert "刘娟" not in page
    listed = clerk.get(reverse("desk:register", args=["dog"])).content.decode()
    assert record.number in listed


def test_what_is_wrong_is_said_beside_the_field(city: SmallCity) -> None:
    answer = at(city, "chenmin").post(reverse("desk:record_new", args=["dog"]), {"name": "旺财"} | WHERE)
    assert answer.status_code == 422
    assert "请填写「毛色」" in answer.content.decode()


def test_a_list_is_narrowed(city: SmallCity) -> None:
    one, two = dog(city), dog(city, name="来福", breed="corgi")
    clerk, url = at(city, "chenmin"), reverse("desk:register", args=["dog"])
    for query, shown in (
        ("q=来福", {two}), ("breed=rural", {one}), ("place=419801001", {one, two}), ("place=419801002", set()),
        ("state=valid", {one, two}), ("state=expired", set()), ("state=nonsense&breed=nonsense", {one, two}),
        (f"q={one.number}", {one}),
    ):  # fmt: skip
        page = clerk.get(f"{url}?{query}").content.decode()
        assert {r for r in (one, two) if r.number in page} == shown, query


def test_lists_cost_the_same_for_one_and_for_many(
    city: SmallCity, django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        place(city, name=f"{number} 号")
    worker = at(city, "zhengjie")
    with django_assert_max_num_queries(8):
        worker.get(reverse("desk:register", args=["inspected_place"]))


@pytest.mark.parametrize("login", ["farhandler", "qianjun"])
def test_others_do_not_find_it(city: SmallCity, login: str) -> None:
    record, client = dog(city), at(city, login)
    for name in ("record", "record_point", "record_visit"):
        assert client.get(reverse(f"desk:{name}", args=[record.number])).status_code == 404
    assert client.get(reverse("desk:record_do", args=[record.number, "withdraw"])).status_code == 404
    assert record.number not in client.get(reverse("desk:register", args=["dog"])).content.decode()


def test_a_contact_is_shown_for_a_purpose(city: SmallCity) -> None:
    record = dog(city)
    url = reverse("desk:record_contact", args=[record.number, "owner_phone"])
    shown = at(city, "chenmin").post(url, {"purpose": "通知续期"}).content.decode()
    assert "13800001234" in shown
    assert at(city, "hean").post(url, {"purpose": "通知续期"}).status_code == 403


@pytest.mark.parametrize(
    ("verb", "sent"),
    [
        ("renew", {"vaccinated_on": "2026-11-20"}),
        ("transfer", {"owner_name": "王强", "owner_phone": "13700002222", "happened_on": "2026-11-20"}),
        ("withdraw", {"why": "died", "happened_on": "2026-11-20"}),
        (
            "correct",
            {"name": "旺财", "breed": "corgi", "colour": "黄", "vaccinated_on": "2026-10-08", "seen": "1"},
        ),
    ],
)
def test_what_can_become_of_it(city: SmallCity, verb: str, sent: dict[str, str]) -> None:
    record, clerk = dog(city), at(city, "chenmin")
    url = reverse("desk:record_do", args=[record.number, verb])
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {}).status_code == 422
    assert clerk.post(url, sent).status_code == 302
    assert "刘娟" not in clerk.get(reverse("desk:record", args=[record.number])).content.decode()


def test_a_visit_by_the_form_opens_what_it_finds(city: SmallCity) -> None:
    record, worker = place(city), at(city, "zhengjie")
    url = reverse("desk:record_visit", args=[record.number])
    sent = {f"item-{name}": answer for name, answer in FINE.items()} | {"note": "货物占用", "key": "v1"}
    assert worker.post(url, sent | {"item-exits": ""}).status_code == 422
    for _ in range(2):
        assert worker.post(url, sent | {"item-exits": "no"}).status_code == 302
    assert Visit.objects.count() == 1
    page = worker.get(reverse("desk:record", args=[record.number])).content.decode()
    assert Finding.objects.get().matter.number in page
    assert "疏散通道、安全出口是否畅通" in page


def test_what_is_to_be_visited_and_how_well_it_was(city: SmallCity) -> None:
    record = place(city)
    with time.at(MORNING + timedelta(days=65)):
        actions.plan_visits(SYSTEM)
        worker = at(city, "zhengjie")
        assert (
            record.title
            in worker.get(reverse("desk:register_visits", args=["inspected_place"])).content.decode()
        )
        visit(city, record)
    with time.at(MORNING + timedelta(days=95)):
        url = reverse("desk:register_coverage", args=["inspected_place"])
        page = at(city, "zhoutao").get(url).content.decode()
    assert "东河区" in page
    assert "100%" in page
    assert at(city, "zhoutao").get(reverse("desk:register_coverage", args=["dog"])).status_code == 404


def test_points_are_those_of_the_list(city: SmallCity) -> None:
    record = dog(city)
    url = reverse("desk:register_points", args=["dog"])
    found = at(city, "chenmin").get(url).json()["features"]
    assert [feature["properties"]["title"] for feature in found] == [record.title]
    assert at(city, "chenmin").get(f"{url}?breed=corgi").json()["features"] == []
    assert at(city, "farhandler").get(url).json()["features"] == []
    assert at(city, "chenmin").get(reverse("desk:register_map", args=["dog"])).status_code == 200


def test_a_table_goes_out_and_comes_in(city: SmallCity) -> None:
    dog(city)
    clerk, url = at(city, "chenmin"), reverse("desk:register_load", args=["dog"])
    assert clerk.get(url).status_code == 200
    assert clerk.post(url, {}).status_code == 422
    assert clerk.get(reverse("desk:register_template", args=["dog"])).status_code == 200
    content = clerk.get(reverse("desk:register_export", args=["dog"])).content
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert page.max_row == 2
    for how, kept in (("try", 0), ("keep", 1)):
        sent = {"file": SimpleUploadedFile("dogs.xlsx", content), "how": how}
        assert "更正 1" in clerk.post(url, sent).content.decode()
        assert Record.objects.filter(head_seq=2).count() == kept
    wrong = b"\xe7\x8a\xac\xe5\x90\x8d,\xe5\x93\x81\xe7\xa7\x8d\n\xe6\x97\xba\xe8\xb4\xa2,\xe9\xbe\x99\n"
    told = clerk.post(url, {"file": SimpleUploadedFile("dogs.csv", wrong), "how": "keep"}).content.decode()
    assert "第 2 行" in told
    handed = clerk.post(url, {"file": SimpleUploadedFile("dogs.csv", wrong), "how": "keep", "rejects": "on"})
    assert handed["Content-Type"].endswith("sheet")


def test_the_overview_shows_what_one_sees(city: SmallCity) -> None:
    dog(city)
    url = reverse("desk:registers")
    assert "犬只登记" in at(city, "hean").get(url).content.decode()
    assert "犬只登记" not in at(city, "farhandler").get(url).content.decode()
    assert at(city, "chenmin").get(reverse("desk:register", args=["unicorns"])).status_code == 404
