"""The weekly sheet as a page: the figures of the query, the way to their matters, and nobody else's matters."""

from __future__ import annotations

import io
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from onedoor.appraisal.queries import matters_behind, weekly_sheet
from onedoor.appraisal.rules import COLUMNS, Row, Week
from onedoor.appraisal.tests import chance
from onedoor.board.policies import LEADING
from onedoor.board.sheets import figure
from onedoor.city.models import Account, Post
from onedoor.kernel import time
from onedoor.matters import policies
from onedoor.matters.models import Clock, Matter, Verdict
from tests.support.smallcity import SINCE, SmallCity, small_city

WEEK = Week.parse("2026-W46")
SHEET, FIGURE, XLSX = "/board/sheet/", "/board/sheet/figure/", "/board/sheet.xlsx"
ROSTER = ("/board/roster/", "/board/roster.xlsx")
LED = ("zhoutao", "wujun", "zhaolei", "hean")
OTHERS = ("liqiang", "chenmin", "wangfang", "sunli", "zhengjie")


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


@pytest.fixture
def lived(city: SmallCity) -> SmallCity:
    """The city with some matters by chance, seen when its week is over."""
    chance.fill(city, Random(7), WEEK.begins, 60)
    return city


def reader(city: SmallCity, login: str) -> Client:
    client = Client()
    client.force_login(city.accounts[login])
    return client


def page(client: Client, where: str, **values: str) -> Any:
    with time.at(WEEK.ends):
        return client.get(where, {"week": str(WEEK), **values})


@pytest.mark.parametrize("where", [SHEET, XLSX, f"{FIGURE}?column=received", *ROSTER])
def test_who_leads_comes_in_and_nobody_else(city: SmallCity, where: str) -> None:
    codes = {login: reader(city, login).get(where).status_code for login in (*LED, *OTHERS)}
    assert codes == dict.fromkeys(LED, 200) | dict.fromkeys(OTHERS, 403)
    assert Client().get(where).status_code == 302


def test_every_role_that_leads_opens_the_sheet_and_reads_no_matter_by_it(lived: SmallCity) -> None:
    for role in LEADING:
        account = Account.objects.create(login=f"only-{role}", name=role)
        Post.objects.create(
            account=account, unit=lived.units["419802-court"], role=role, valid_from=SINCE,
            division=lived.divisions["419802001001001"],
        )  # fmt: skip
        client = Client()
        client.force_login(account)
        assert page(client, SHEET).status_code == 200
        found = page(client, FIGURE, column="received").context["found"]
        assert (found.seen, found.unseen) == (0, _received()), role


def _received() -> int:
    return matters_behind(WEEK, "unit", None, "received").count()


@pytest.mark.parametrize("level", ["unit", "county"])
@pytest.mark.parametrize("county", ["", "419801"])
def test_figures_are_those_of_the_query(lived: SmallCity, level: Any, county: str) -> None:
    context = page(reader(lived, "zhoutao"), SHEET, level=level, county=county).context
    with time.at(WEEK.ends):
        sheet = weekly_sheet(WEEK, level, county or None)
    shown = {line["code"]: [cell["text"] for cell in line["cells"]] for line in context["lines"]}
    assert shown == {row.code: _texts(row) for row in sheet.rows}
    assert [cell["text"] for cell in context["total"]["cells"]] == _texts(sheet.total)
    assert [line["code"] for line in context["apart"]] == [row.code for row in sheet.apart]
    assert sheet.rows


def _texts(row: Row) -> list[str]:
    return [figure(row.cells[column.key]) for column in COLUMNS]


def test_a_share_of_few_is_marked_and_nothing_due_is_no_zero(lived: SmallCity) -> None:
    context = page(reader(lived, "zhoutao"), SHEET).context
    with time.at(WEEK.ends):
        rows = {row.code: row for row in weekly_sheet(WEEK, "unit").rows}
    cells = [
        (rows[line["code"]].cells[cell["column"].key], cell)
        for line in context["lines"]
        for cell in line["cells"]
    ]
    assert all(shown["few"] == cell.few for cell, shown in cells)
    empty = [shown for cell, shown in cells if cell.of == 0]
    assert empty
    assert {(shown["text"], shown["url"]) for shown in empty} == {("—", "")}


def test_every_figure_leads_to_its_matters_of_which_only_visible_ones_are_listed(lived: SmallCity) -> None:
    Matter.objects.filter(pk__in=list(Matter.objects.values_list("pk", flat=True)[::3])).update(
        confidential=True
    )
    leader = lived.actor("wujun")
    client = reader(lived, "wujun")
    context = page(client, SHEET, level="county").context
    hidden = 0
    for line in (*context["lines"], context["total"]):
        for cell in filter(lambda cell: cell["url"], line["cells"]):
            asked = {key: values[0] for key, values in parse_qs(urlsplit(cell["url"]).query).items()}
            answer = page(client, FIGURE, **asked)
            with time.at(WEEK.ends):
                behind = matters_behind(WEEK, "county", line["code"] or None, cell["column"].key)
                wanted = set(policies.visible(leader).filter(pk__in=behind).values_list("number", flat=True))
            assert {row["number"] for row in answer.context["rows"]} == wanted
            assert answer.context["found"].seen == len(wanted)
            assert answer.context["found"].unseen == behind.count() - len(wanted)
            hidden += answer.context["found"].unseen
    assert hidden


def test_the_two_sides_of_a_share_make_all_of_it(lived: SmallCity) -> None:
    client = reader(lived, "zhoutao")
    sides = {
        part: {row["number"] for row in page(client, FIGURE, column="solved", part=part).context["rows"]}
        for part in ("all", "yes", "no")
    }
    assert sides["yes"]
    assert sides["no"]
    assert sides["all"] == sides["yes"] | sides["no"]


def test_the_list_goes_on_where_it_ended(city: SmallCity) -> None:
    for _ in range(120):
        made = chance.matter(city, Random(0), WEEK.begins, f"N{Matter.objects.count():03d}")
        Matter.objects.filter(pk=made.pk).update(opened_at=WEEK.begins)
    client = reader(city, "zhoutao")
    seen: list[str] = []
    answer = page(client, FIGURE, column="received")
    while answer.context["more_url"]:
        seen += [row["number"] for row in answer.context["rows"]]
        answer = client.get(answer.context["more_url"])
    seen += [row["number"] for row in answer.context["rows"]]
    assert sorted(seen) == sorted(Matter.objects.values_list("number", flat=True))


@pytest.mark.parametrize(("values", "status"), [
    ({"week": "2026-W60"}, 400), ({"county": "999999"}, 404), ({"level": "nonsense"}, 200), ({"week": ""}, 200),
])  # fmt: skip
def test_an_address_that_makes_no_sense_is_said(city: SmallCity, values: dict[str, str], status: int) -> None:
    assert page(reader(city, "zhoutao"), SHEET, **values).status_code == status


@pytest.mark.parametrize(("values", "status"), [
    ({"column": "height"}, 404), ({"column": "solved", "part": "half"}, 400), ({"column": "solved", "row": "x"}, 404),
    ({"column": "solved", "cursor": "x"}, 400),
])  # fmt: skip
def test_a_figure_that_is_none_is_said(city: SmallCity, values: dict[str, str], status: int) -> None:
    assert page(reader(city, "zhoutao"), FIGURE, **values).status_code == status


def test_a_week_that_has_not_begun_is_not_shown(city: SmallCity) -> None:
    with time.at(WEEK.begins):
        shown = reader(city, "zhoutao").get(SHEET, {"week": "2027-W01"}).context
    assert (str(shown["asked"].week), shown["later"]) == (str(WEEK), "")


@pytest.mark.parametrize(("where", "most"), [(SHEET, 18), (FIGURE, 12)])
def test_more_matters_are_no_more_queries(city: SmallCity, where: str, most: int) -> None:
    client = reader(city, "zhoutao")
    counts = []
    for seed in (1, 2):
        for n in range(30):
            _matter(city, seed, n)
        page(client, where, column="received")
        with CaptureQueriesContext(connection) as queries:
            assert page(client, where, column="received").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= most


def _matter(city: SmallCity, seed: int, n: int) -> None:
    """A matter received in the week, with a limit met and a verdict."""
    made = chance.matter(city, Random(n), WEEK.begins, f"{seed}-{n:03d}")
    Matter.objects.filter(pk=made.pk).update(opened_at=WEEK.begins)
    Clock.objects.create(
        matter=made, name="act", span="1 days", state="met", unit=made.unit, started_at=WEEK.begins,
        due_at=WEEK.begins, ended_at=WEEK.begins,
    )  # fmt: skip
    Verdict.objects.create(
        matter=made, number=made.number, channel="resident", solved=True, satisfied=5, at=WEEK.begins
    )


def test_the_workbook_holds_the_rows_of_the_page(lived: SmallCity) -> None:
    client = reader(lived, "zhoutao")
    answer = page(client, XLSX, level="county")
    assert answer["Content-Disposition"] == f'attachment; filename="weekly-sheet-{WEEK}-county-419800.xlsx"'
    book = load_workbook(io.BytesIO(answer.content))
    codes = [row[0].value for row in book.worksheets[0].iter_rows(min_row=6)]
    lines = page(client, SHEET, level="county").context["lines"]
    assert [code for code in codes if code] == [line["code"] for line in lines]


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", ("周通报", "件少")), ("en", ("Weekly sheet", "few"))]
)
def test_it_speaks_both_languages(lived: SmallCity, language: str, said: tuple[str, ...]) -> None:
    client = reader(lived, "zhoutao")
    client.cookies["onedoor_language"] = language
    text = page(client, SHEET).content.decode()
    assert [words for words in said if words not in text] == []
