"""Indicators from the command line: what they mean, and figures with their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from onedoor.cli.tests.calling import onedoor
from onedoor.kernel import time
from onedoor.matters import actions as matters
from tests.support.cities import MORNING
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


@pytest.fixture
def lived(city: SmallCity) -> Iterator[SmallCity]:
    """Three matters of one unit: one answered in time, one taken up and left, one not even received."""
    answered(city, opened(city))
    matters.act(city.actor("liqiang"), opened(city).number, "accept")
    opened(city)
    with time.at(MORNING + timedelta(days=40)):
        assert onedoor("lake", "export").status == 0
        yield city


def test_a_figure_with_everything_behind_it(lived: SmallCity) -> None:
    said = onedoor("indicator", "compute", "accepted_in_time", "--period", "2026", "--level", "department",
                   "--unit", "419801-housing", "--rows", "--json")  # fmt: skip
    assert said.status == 0
    assert said.data["figures"] == [
        {"subject": "419801-housing", "numerator": 2, "denominator": 3, "value": "66.67", "few": True}
    ]
    assert said.data["not_in_numerator"] == [{"column": "in_time", "value": "false", "rows": 1}]
    assert {(row["column"], row["value"]) for row in said.data["left_out"]} >= {("name", "act")}
    assert [row["counted"] for row in said.data["behind"]] == [False, True, True]


def test_it_is_shown_for_people(lived: SmallCity) -> None:
    said = onedoor("indicator", "compute", "accepted_in_time", "--period", "2026", "--rows",
                   "--with", "category=property.deposit")  # fmt: skip
    assert "419801" in said.out
    assert "66.67" in said.out
    assert "分母中未计入分子 · Not in the numerator: in_time = false: 1" in said.out
    assert said.out.count("\n+ ") == 2


def test_what_it_means_is_said() -> None:
    said = onedoor("indicator", "explain", "escalations_unanswered")
    assert "到期时间" in said.out
    assert "rung >= 2" in said.out
    told = onedoor("indicator", "explain", "overdue_share", "--json").data
    assert (
        told["numerator"]["when"]["en"]
        == "what stands at the period's end: begun (due_at) and not ended (ended_at)"
    )
    assert "solved_rate" in onedoor("indicator", "list").out
    assert len(onedoor("indicator", "list", "--json").data) >= 60


def test_what_cannot_be_asked_is_said_in_both_languages(lived: SmallCity) -> None:
    for words, expected in [
        (("nothing", "--period", "2026"), "Not found: nothing"),
        (("solved_rate", "--period", "2026-13"), "2026-13"),
        (("solved_rate", "--period", "2031"), "还没有开始"),
        (("solved_rate", "--period", "2026", "--level", "grid"), "is not measured for grid"),
        (("solved_rate", "--period", "2026", "--with", "colour=red"), "takes no `colour`"),
        (("solved_rate", "--period", "2026", "--with", "colour"), "名称=值"),
    ]:
        said = onedoor("indicator", "compute", *words)
        assert said.status == 1
        assert expected in said.err
