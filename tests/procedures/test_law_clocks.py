"""Limits that a law sets, held against dates reckoned by hand over holidays and make-up days, each with its article."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from onedoor.kernel.calendars import CHINA, due
from onedoor.kernel.packs import SHIPPED, read
from onedoor.kernel.spans import Span
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters import procedures

CASES = read(Path(__file__).parent / "law_clocks.yaml").data["clocks"]


def moment(text: str) -> datetime:
    """`2026-03-02 09:00` in the city."""
    return datetime.fromisoformat(text).replace(tzinfo=CITY_ZONE)


@cache
def limits() -> dict[str, Any]:
    """What the categories of all packs give, by code."""
    files = sorted(SHIPPED.glob("*/categories.yaml"))
    return {child["code"]: child["limits"] for file in files for family in read(file).data["categories"]
            for child in family["children"]}  # fmt: skip


def written(case: dict[str, Any]) -> tuple[str, str]:
    """(span, source) as the procedure or the category has it."""
    rule = procedures.loaded()[case["procedure"]].procedure.clocks[case["clock"]]
    if rule.span.startswith("category."):
        limit = limits()[case["category"]][rule.span.removeprefix("category.")]
        return limit["span"], limit["source"]
    return rule.span, rule.source


@pytest.mark.parametrize(
    "case", CASES, ids=lambda case: f"{case['procedure']} {case['clock']} {case['from']}"
)
def test_a_limit_ends_when_the_law_says(case: dict[str, Any]) -> None:
    span, source = written(case)
    pauses = [(moment(a), moment(b)) for a, b in case.get("paused", ())]
    longer = [Span.parse(text) for text in case.get("longer", ())]
    found = due(moment(case["from"]), Span.parse(span), CHINA, pauses, longer, strict=True)
    assert f"{found.at.astimezone(CITY_ZONE):%Y-%m-%d %H:%M}" == case["due"], case["article"]
    assert source


def test_every_limit_of_a_law_has_its_date() -> None:
    told = {(case["procedure"], case["clock"]) for case in CASES}
    for key in {case["procedure"] for case in CASES}:
        clocks = procedures.loaded()[key].procedure.clocks
        lawful = {
            name for name, rule in clocks.items() if rule.sure != "O" and not rule.span.startswith("fact.")
        }
        assert sorted(lawful - {name for procedure, name in told if procedure == key}) == []
