"""Indicators as packs declare them: all sound, none of filings that judges, every slip of the pen said."""

from __future__ import annotations

from pathlib import Path

import pytest

from onedoor.appraisal.indicators import catalogue
from onedoor.kernel.packs import FaultyFile
from onedoor.lake.columns import tables

PERSONAL = (
    "name",
    "phone",
    "contact",
    "address",
    "account",
    "party",
    "reporter",
    "detail",
    "title",
    "reason",
    "lon",
    "lat",
)
GOOD = """indicators:
  kept:
    {zh: 按时率, en: Kept, of: clocks, day: due_at, direction: up, subjects: [county], source: a rule,
    denominator: {zh: 到期的, en: due, where: {name: act}}, numerator: {zh: 按期的, en: kept, where: {in_time: true}}}
"""
FILED = """indicators:
  filed: {zh: 来件, en: Filed, of: matters, day: opened_at, aggregation: count, direction: none, subjects: [grid],
    source: a rule, counts_filings: true, numerator: {zh: 来件, en: filings}}
"""


def test_the_shipped_ones_are_sound_and_enough() -> None:
    assert catalogue.faults() == []
    assert len(catalogue.catalogue()) >= 60


def test_what_counts_filings_is_neither_good_nor_bad() -> None:
    filings = {key: one for key, one in catalogue.catalogue().items() if one.counts_filings}
    assert {
        "matters_received",
        "petitions_received",
        "calls_received",
        "complaints_received",
    } <= filings.keys()
    assert {one.direction for one in filings.values()} == {"none"}


def test_no_table_has_a_column_that_is_called_after_a_person() -> None:
    places = {"units", "divisions"}  # their names are those of offices and places
    for key, table in tables().items():
        if key not in places:
            assert not [
                c for c in table.columns if c.split("_")[0] in PERSONAL and (key, c) != ("clocks", "name")
            ], key


def test_keys_and_months_are_columns() -> None:
    for key, table in tables().items():
        assert {*table.key, *([table.month] if table.month else [])} <= table.columns.keys(), key


def faults(tmp_path: Path, text: str) -> str:
    file = tmp_path / "indicators.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(FaultyFile) as refused:
        catalogue.load(file)
    return str(refused.value)


@pytest.mark.parametrize(
    ("text", "old", "new", "said"),
    [
        (GOOD, "of: clocks", "of: watches", "there is no table `watches`"),
        (GOOD, "{name: act}", "{nam: act}", "there is no column `nam`"),
        (GOOD, "{name: act}", "{name: 3}", "cannot be filtered by that"),
        (GOOD, "{in_time: true}", "{in_time: {least: 1}}", "cannot be filtered by that"),
        (GOOD, "{in_time: true}", "{in_time: {}}", "the filter is empty"),
        (GOOD, "day: due_at", "day: name", "there is no column `name`"),
        (GOOD, "day: due_at,", "", "it needs `day` or `stock`"),
        (GOOD, "direction: up", "direction: up, parameters: {r: register}", "it cannot be a parameter"),
        (GOOD, "direction: up", "direction: up, aggregation: count", "does not go with the aggregation"),
        (GOOD, "direction: up", "direction: up, expression: nothing", "there is no expression `nothing`"),
        (FILED, "direction: none", "direction: down", "neither more nor less of it is better"),
        (FILED, "counts_filings: true", "counts_filings: false", "counts filings and must say so"),
    ],
)
def test_a_slip_of_the_pen_is_said_with_its_line(
    tmp_path: Path, text: str, old: str, new: str, said: str
) -> None:
    assert text.count(old) == 1
    found = faults(tmp_path, text.replace(old, new))
    assert said in found
    assert "indicators.yaml:" in found
