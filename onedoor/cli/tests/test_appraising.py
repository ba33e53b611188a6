"""A period appraised from the command line, out of a lake; explained, frozen, and the same again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from onedoor.appraisal import actions
from onedoor.appraisal.models import Snapshot
from onedoor.appraisal.schemes import published
from onedoor.cli.tests.calling import onedoor
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.lake import files
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from tests.support.cities import MORNING
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=12)  # in December
BY = ("--scheme", "programme", "--period", "2026-11")


@pytest.fixture
def lived(city: SmallCity) -> Iterator[list[Matter]]:
    """Twelve matters of November, nine of them received in time; then it is December."""
    published.forget()
    actions.publish(Actor.system("test"))
    made = [opened(city) for _ in range(12)]
    for matter in made[:3]:
        answered(city, matter)
    for matter in made[3:9]:
        matters.act(city.actor("liqiang"), matter.number, "accept")
    with time.at(LATER):
        assert onedoor("lake", "export").status == 0
        yield made


def test_a_month_is_scored_by_the_scheme(lived: list[Matter], tmp_path: Path) -> None:
    said = onedoor("appraise", *BY, "--json")
    assert said.status == 0
    groups = said.data["groups"]
    assert {key: len(group["units"]) for key, group in groups.items()}["counties"] == 2
    [busy] = [one for one in groups["counties"]["units"] if one["unit"] == "419801"]
    assert {cell["why"] for cell in busy["sub_items"].values()} >= {"scored", "not_judged"}
    only = onedoor("appraise", *BY, "--level", "county", "--json").data
    assert only["groups"] == {"counties": groups["counties"]}
    assert "东河区" in onedoor("appraise", *BY).out
    assert onedoor("appraise", *BY, "--xlsx", tmp_path / "a.xlsx").status == 0
    rows = list(load_workbook(tmp_path / "a.xlsx").active.values)  # type: ignore[union-attr]
    assert len(rows) == 1 + sum(len(one["items"]) for group in groups.values() for one in group["units"])


def cell_of(key: str) -> str:
    """The code of the first sub-item of the counties by an indicator that counts in a month."""
    scheme = published.of(published.version("programme").pk)
    return next(
        p.code
        for p in scheme.places("counties")
        if p.part.indicator == key and p.part.every in ("week", "month")
    )


def test_any_cell_explains_itself_down_to_the_matters(lived: list[Matter]) -> None:
    code = cell_of("accepted_in_time")
    said = onedoor("explain", *BY, "--unit", "419801", "--item", code, "--json")
    [cell] = said.data["cells"]
    assert "9 / 12 = 75%" in cell["numbers"]["zh"]
    assert cell["interval"]["of"] == 12
    rows = cell["behind"]["rows"]
    assert {row["number"] for row in rows} == {matter.number for matter in lived}
    assert sum(row["counted"] for row in rows) == 9
    assert [(one["column"], one["rows"]) for one in cell["behind"]["not_in_numerator"]] == [("in_time", 3)]
    text = onedoor("explain", *BY, "--unit", "419801", "--item", code).out
    assert "9 / 12 = 75%" in text
    assert text.count("    - 419801") == 3
    whole = onedoor("explain", *BY, "--unit", "419801", "--item", code.split(".")[0])
    assert code in whole.out


def test_frozen_it_is_told_to_the_log_and_cannot_be_frozen_again(lived: list[Matter]) -> None:
    before = onedoor("appraise", *BY, "--json").data
    said = onedoor("appraise", *BY, "--freeze", "--json")
    assert said.status == 0
    assert said.data == before
    assert Snapshot.objects.count() == len(before["groups"])
    held = Snapshot.objects.get(group="counties")
    assert json.loads(held.body)["scores"] == before["groups"]["counties"]["units"]
    assert list(verify()) == []
    again = onedoor("appraise", *BY, "--freeze")
    assert again.status == 1
    assert "已经冻结" in again.err
    assert Snapshot.objects.count() == len(before["groups"])


def test_a_period_that_runs_is_not_frozen(lived: list[Matter]) -> None:
    said = onedoor("appraise", "--scheme", "programme", "--period", "2026-12", "--freeze")
    assert said.status == 1
    assert "还没有结束" in said.err
    assert not Snapshot.objects.exists()


def test_what_happens_later_changes_nothing_that_was_counted_by_then(
    lived: list[Matter], city: SmallCity
) -> None:
    """A receipt that comes too late was not in time, and matters of the next month belong to the next month."""
    asked = ("indicator", "compute", "accepted_in_time", "--period", "2026-11", "--json")
    received = ("indicator", "compute", "matters_received", "--period", "2026-11", "--json")
    before = [onedoor(*words).data["figures"] for words in (asked, received)]
    matters.act(city.actor("liqiang"), lived[11].number, "accept")
    opened(city)
    onedoor("lake", "export")
    manifest = files.read_manifest(files.folder())
    assert manifest is not None
    assert datetime.fromisoformat(manifest.as_of) == LATER
    assert [onedoor(*words).data["figures"] for words in (asked, received)] == before


def test_what_is_not_there_is_said(lived: list[Matter]) -> None:
    for words, expected in [
        (("explain", *BY, "--unit", "419801", "--item", "C99"), "C99"),
        (("explain", *BY, "--unit", "1", "--item", cell_of("accepted_in_time")), "Not found: 1"),
        (("appraise", "--scheme", "none", "--period", "2026"), "Not found: none"),
    ]:
        said = onedoor(*words)
        assert said.status == 1
        assert expected in said.err


def test_a_bulletin_is_drafted_once_its_scores_are_frozen(lived: list[Matter], tmp_path: Path) -> None:
    words = ("bulletin", "draft", *BY, "--out", tmp_path / "out")
    assert onedoor(*words).status == 1
    onedoor("appraise", *BY, "--freeze")
    assert onedoor(*words).status == 0
    made = sorted((tmp_path / "out").iterdir())
    assert [file.suffix for file in made] == [".docx", ".pdf"]
    assert {file.stem for file in made} == {"关于2026年11月考核情况的通报"}
    again = onedoor(*words)
    assert again.status == 1
    assert "已存在" in again.err
