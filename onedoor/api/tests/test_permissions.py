"""Who may call what, as a table: every call of the API is a row, every one of the cast a column."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from onedoor.api.tests.calling import DEPOSIT, Calls, Receipt
from onedoor.matters.models import Matter, Party
from tests.support.smallcity import SmallCity

pytest_plugins = ["onedoor.api.tests.calling"]

# The cast: a stranger, the door's clerk and coordinator, who answers, another department, another county's, who
# calls back, who reads histories.
CAST = (None, "chenmin", "zhaolei", "liqiang", "qianjun", "farhandler", "sunli", "hean")
# One word each, in the order of the cast: 200 taken, 400 let in and told what is wrong with it, 401 sign in, 403 not
# yours to do, 404 not there for you, 409 let in, but not as it stands.
TABLE = {
    "GET /work": "401 200 200 200 200 200 200 200",
    "GET /work/tasks": "401 200 200 200 200 200 200 200",
    "GET /hot": "401 200 200 200 200 200 200 200",
    "GET /matters": "401 200 200 200 200 200 200 200",
    "GET /matters/{number}": "401 200 200 200 404 404 200 200",
    "GET /matters/{number}/actions": "401 200 200 200 404 404 200 200",
    "GET /matters/{number}/joined": "401 200 200 200 404 404 200 200",
    "GET /matters/{number}/attachments/{attachment}": "401 404 404 404 404 404 404 404",
    "GET /opening": "401 200 200 200 200 200 200 200",
    "POST /opening": "401 403 403 403 403 403 403 403",
    "POST /matters": "200 200 200 200 200 200 200 200",
    "POST /matters/{number}/verdict": "404 404 404 404 404 404 404 404",
    "POST /matters/{number}/withdraw": "404 404 404 404 404 404 404 404",
    "POST /matters/{number}/supplement": "404 404 404 404 404 404 404 404",
    "POST /matters/{number}/appeal": "404 404 404 404 404 404 404 404",
    "POST /matters/{number}/attachments": "400 400 400 400 400 400 400 400",
    "POST /matters/{number}/actions/{key}": "401 403 403 200 404 404 403 403",
    "POST /matters/{number}/notes": "401 200 200 200 404 404 200 200",
    "POST /matters/{number}/join": "401 409 409 409 404 404 403 403",
    "POST /matters/{number}/separate": "401 409 409 409 404 404 409 409",
    "POST /matters/{number}/place": "401 200 200 403 404 404 403 403",
    "POST /matters/{number}/category": "401 200 200 403 404 404 403 403",
    "POST /matters/{number}/parties": "401 200 200 200 404 404 403 403",
    "POST /parties/{party}/contact": "401 200 200 200 404 404 200 403",
    "POST /tasks/{task}/done": "401 404 404 404 404 404 404 404",
    "POST /tasks/{task}/withdraw": "401 404 404 404 404 404 404 404",
    "POST /suggest": "401 200 200 200 200 200 200 200",
    "GET /registers": "401 200 200 200 200 200 200 200",
    "GET /registers/{kind}/records": "401 200 200 200 200 200 200 200",
    "GET /records/{number}": "401 404 404 404 404 404 404 404",
    "POST /records/{number}/visits": "401 404 404 404 404 404 404 404",
    "GET /categories": "200 200 200 200 200 200 200 200",
    "GET /divisions": "200 200 200 200 200 200 200 200",
    "GET /units": "200 200 200 200 200 200 200 200",
    "GET /locate": "200 200 200 200 200 200 200 200",
    "GET /figures/weekly": "401 200 200 200 200 200 200 200",
    "GET /figures/weekly/matters": "401 200 200 200 200 200 200 200",
    "GET /figures/weekly.xlsx": "401 200 200 200 200 200 200 200",
}
CODE = "23456789"
SENT: dict[str, dict[str, Any]] = {
    "GET /locate": {"lon": 114.005, "lat": 35.505},
    "GET /figures/weekly": {"week": "2026-W46"},
    "GET /figures/weekly/matters": {"week": "2026-W46", "column": "solved"},
    "GET /figures/weekly.xlsx": {"week": "2026-W46"},
    "POST /matters": DEPOSIT,
    "POST /opening": {"category": "letters.court", "title": "x"},
    "POST /matters/{number}/verdict": {"code": CODE, "solved": True},
    "POST /matters/{number}/withdraw": {"code": CODE},
    "POST /matters/{number}/supplement": {"code": CODE, "text": "x"},
    "POST /matters/{number}/appeal": {"code": CODE, "reason": "x"},
    "POST /matters/{number}/notes": {"text": "x"},
    "POST /matters/{number}/join": {"master": "{closed}"},
    "POST /matters/{number}/separate": {"reason": "x"},
    "POST /matters/{number}/place": {"division": "419801001002001"},
    "POST /matters/{number}/category": {"category": "property.fees"},
    "POST /matters/{number}/parties": {"role": "other", "name": "x"},
    "POST /parties/{party}/contact": {"purpose": "call back"},
    "POST /tasks/{task}/done": {"result": "x"},
    "POST /tasks/{task}/withdraw": {"reason": "x"},
    "POST /records/{number}/visits": {"answers": {}},
    "POST /suggest": {"detail": "x"},
}


def test_every_call_is_in_the_table() -> None:
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    calls = {
        f"{method.upper()} {path.removeprefix('/api/v1')}"
        for path, methods in paths.items()
        for method in methods
    }
    assert calls == TABLE.keys()


@pytest.mark.parametrize("row", TABLE)
def test_who_may(row: str, call: Calls, receipt: Receipt, city: SmallCity) -> None:
    method, path = row.split()
    closed = call().took("/matters", **DEPOSIT)
    call().took(f"/matters/{closed['number']}/withdraw", code=closed["code"])
    party = Party.objects.filter(matter__number=receipt["number"]).get()
    where = path.format(
        number=receipt["number"], key="accept", party=party.pk, attachment=1, task=1, kind="dog"
    )
    body = {k: closed["number"] if v == "{closed}" else v for k, v in SENT.get(row, {}).items()}
    start = Matter.objects.get(number=receipt["number"])
    found = []
    for login in CAST:
        caller = call(login)
        found.append((caller.get if method == "GET" else caller.post)(where, **body).status_code)
        _as_it_was(start)
    assert " ".join(map(str, found)) == TABLE[row]


def _as_it_was(matter: Matter) -> None:
    """The row as it stood, so that everybody meets the same; what was logged stays logged."""
    now = Matter.objects.get(pk=matter.pk)
    for name in ("state", "answers", "category_id", "division_id", "procedure_id", "unit_id"):
        setattr(now, name, getattr(matter, name))
    now.save()


@pytest.mark.parametrize("login", CAST)
def test_a_confidential_matter_is_there_only_for_those_trusted_with_it(
    call: Calls, login: str | None
) -> None:
    number = call().took("/matters", **DEPOSIT | {"confidential": True})["number"]
    trusted = {"zhaolei", "liqiang", "sunli", "hean"}  # coordinator, who answers, who calls back, auditor
    status = call(login).get(f"/matters/{number}").status_code
    assert status == (401 if login is None else 200 if login in trusted else 404)
    if login:
        listed = [row["number"] for row in call(login).get("/matters").json()["rows"]]
        assert (number in listed) == (login in trusted)
