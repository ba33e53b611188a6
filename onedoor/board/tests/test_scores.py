"""Frozen scores as pages: a unit sees its own and no other; whoever follows up sees those of her places."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import expect

from onedoor.appraisal import actions, policies
from onedoor.appraisal.indicators import computing
from onedoor.appraisal.models import Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.scores import appraising
from onedoor.city.models import Account
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.lake import exporting
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter
from tests.support.browser import Visitor
from tests.support.cities import MORNING
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city

SYSTEM = Actor.system("test")
LATER = MORNING + timedelta(days=12)
HOUSING, MARKET, FAR = "419801-housing", "419801-market_regulation", "419802-housing"


def lived(city: SmallCity) -> list[Matter]:
    """A November of twelve matters, of which nine were received in time, scored and frozen in December."""
    published.forget()
    actions.publish(SYSTEM)
    made = [opened(city) for _ in range(12)]
    for matter in made[:9]:
        matters.act(city.actor("liqiang"), matter.number, "accept")
    with time.at(LATER):
        exporting.export()
        with computing.opened() as lake:
            version = published.version("programme")
            gathered = list(appraising.gathered(version, "2026-11", lake.measure))
        actions.freeze_period(SYSTEM, "2026-11", gathered, LATER)
    return made


@pytest.fixture
def november(city: SmallCity) -> Iterator[list[Matter]]:
    made = lived(city)
    with time.at(LATER):
        yield made


def signed_in(city: SmallCity, login: str) -> Client:
    client = Client()
    client.force_login(city.accounts[login])
    return client


def url(group: str, *parts: str) -> str:
    """The address of a page about the snapshot of a group."""
    return "/".join(["/board/scores", str(Snapshot.objects.get(group=group).pk), *parts, ""])


def codes(client: Client, group: str) -> set[str]:
    """Whose scores a page shows."""
    answer = client.get(url(group))
    return {line["code"] for line in answer.context["lines"]} if answer.status_code == 200 else set()


def cell(group: str, indicator: str) -> str:
    scheme = published.of(published.version("programme").pk)
    return next(p.code for p in scheme.places(group) if p.part.indicator == indicator)


def test_a_unit_sees_its_own_score_and_no_other(city: SmallCity, november: list[Matter]) -> None:
    handler = signed_in(city, "liqiang")
    assert codes(handler, "departments") == {HOUSING}
    assert codes(handler, "counties") == set()  # the county's score is its centre's to see
    assert handler.get(url("departments", HOUSING)).status_code == 200
    for other in (MARKET, FAR, "nobody"):
        assert handler.get(url("departments", other)).status_code == 404
        assert (
            handler.get(url("departments", other, cell("departments", "accepted_in_time"))).status_code == 404
        )
    assert [one.group.zh for one in handler.get("/board/scores/").context["snapshots"]] == ["县区部门"]


def test_the_centre_sees_its_county_and_a_supervisor_all(city: SmallCity, november: list[Matter]) -> None:
    assert codes(signed_in(city, "zhaolei"), "counties") == {"419801"}
    supervisor = signed_in(city, "zhoutao")
    assert codes(supervisor, "counties") == {"419801", "419802"}
    assert {HOUSING, MARKET, FAR} <= codes(supervisor, "departments")
    leader = signed_in(city, "wujun")  # of the centre of one county, which oversees it
    assert HOUSING in codes(leader, "departments")
    assert FAR not in codes(leader, "departments")


def test_a_resident_and_a_post_without_a_score_see_none(city: SmallCity, november: list[Matter]) -> None:
    assert Client().get("/board/scores/").status_code in (302, 401)
    account = Account.objects.create(login="nobody", name="无岗")
    client = Client()
    client.force_login(account)
    assert client.get("/board/scores/").context["snapshots"] == []
    assert client.get(url("counties")).status_code == 404
    assert policies.sight(Actor.resident("1")) == policies.Sight()


def test_a_score_says_its_numbers_and_leads_to_its_matters(city: SmallCity, november: list[Matter]) -> None:
    handler, code = signed_in(city, "liqiang"), cell("departments", "accepted_in_time")
    page = handler.get(url("departments", HOUSING))
    cells = {one["code"]: one for item in page.context["items"] for one in item["cells"]}
    assert "9 / 12 = 75%" in cells[code]["numbers"]["zh"]
    assert cells[code]["interval"]
    told = handler.get(cells[code]["url"])
    assert {row["number"] for row in told.context["found"].rows} == {m.number for m in november}
    against = handler.get(cells[code]["url"], {"part": "no"})
    assert {row["number"] for row in against.context["found"].rows} == {m.number for m in november[9:]}
    assert [(one["kind"], one["rows"]) for one in against.context["found"].reasons][-1] == ("against", 3)


def test_evidence_has_no_rows(city: SmallCity, november: list[Matter]) -> None:
    scheme = published.of(published.version("programme").pk)
    judged = next(p.code for p in scheme.places("departments") if p.part.evidence)
    assert signed_in(city, "liqiang").get(url("departments", HOUSING, judged)).status_code == 404


def test_a_matter_that_complains_of_the_unit_is_counted_and_not_shown(
    city: SmallCity, november: list[Matter]
) -> None:
    """Whoever is complained about does not learn of it, here either."""
    complained = city.units[HOUSING]
    about = PartyData("respondent", unit_id=complained.pk)
    matters.add_party(SYSTEM, november[0].number, about)
    handler, code = signed_in(city, "liqiang"), cell("departments", "accepted_in_time")
    found = handler.get(url("departments", HOUSING, code)).context["found"]
    assert november[0].number not in {row["number"] for row in found.rows}
    assert (found.counted, found.unseen) == (12, 1)


def test_a_frozen_score_stands_whatever_happens(city: SmallCity, november: list[Matter]) -> None:
    supervisor = signed_in(city, "zhoutao")
    before = supervisor.get(url("departments")).context["lines"]
    Matter.objects.filter(pk=november[0].pk).update(level=3)
    matters.act(city.actor("liqiang"), november[11].number, "accept")
    exporting.export()
    assert supervisor.get(url("departments")).context["lines"] == before


def test_pages_ask_the_database_little(city: SmallCity, november: list[Matter]) -> None:
    supervisor, code = signed_in(city, "zhoutao"), cell("departments", "accepted_in_time")
    for where in (
        "/board/scores/",
        url("counties"),
        url("departments", HOUSING),
        url("departments", HOUSING, code),
    ):
        supervisor.get(where)  # what a process remembers
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert supervisor.get(where).status_code == 200
        assert len(asked) <= 16, where


@pytest.mark.parametrize(("screen", "language"), [("phone", "zh-CN"), ("desktop", "en")])
def test_the_pages_in_a_browser(
    visitor: Visitor, transactional_db: None, live_server: Any, screen: str, language: str
) -> None:
    with time.at(datetime(2026, 11, 23, 9, tzinfo=time.CITY_ZONE)):
        city = small_city()
        lived(city)
    page = visitor(screen, language)
    client = signed_in(city, "liqiang")
    page.context.add_cookies([
        {"name": "onedoor", "value": client.cookies["onedoor"].value, "url": live_server.url}
    ])  # fmt: skip
    code = cell("departments", "accepted_in_time")
    for where in (
        "/board/scores/",
        url("departments"),
        url("departments", HOUSING),
        url("departments", HOUSING, code),
    ):
        page.goto(where)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0, where
    page.goto(url("departments", HOUSING))
    page.locator(f"#cell-{code.replace('.', chr(92) + '.')} a").first.click()
    expect(page.locator("#behind tr[data-row]")).to_have_count(12)
    page.locator(".tabs a").nth(1).click()
    expect(page.locator("#behind tr[data-row]")).to_have_count(3)
