"""Out of a written lake: what was planted is told with its matters, and what is confidential is not counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.indicators.computing import Lake
from onedoor.appraisal.tests import lakes
from onedoor.appraisal.warning import alerts, series
from onedoor.kernel.calendars import CHINA
from onedoor.kernel.problems import BadInput
from onedoor.kernel.time import CITY_ZONE
from onedoor.lake.files import Row

LAST = date(2026, 11, 22)
TOWNS = [f"41981{number:03d}" for number in range(1, 10)]
POINTS = {code: (1000.0 * (at % 3), 1000.0 * (at // 3)) for at, code in enumerate(TOWNS)}


def filed(number: int, day: date, town: str, **more: Any) -> Row:
    """One matter of the lake, by noon."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=CITY_ZONE)
    return {
        "county": "41981", "number": f"{number:06d}", "unit": "a-housing", "division": town, "category": "noise",
        "procedure": "request", "channel": "web", "opened_at": at, "closed_at": None, "state": "open", "outcome": None,
        "level": 1, "placed": True, "confidential": False, "category_sure": True, "redirected": 0, "joined": False,
        "reopened": 0, "extended": 0, "objected": False, "dispatched": False, "consulted": False,
    } | more  # fmt: skip


def quiet(days: int = 80) -> list[Row]:
    """Nine townships in which a noise is complained of once in three days each."""
    chance = Random(1)
    rows: list[Row] = []
    for back in range(days):
        for town in TOWNS:
            for _ in range(chance.random() < 0.33):
                rows.append(filed(len(rows), LAST - timedelta(days=back), town))
    return rows


@contextmanager
def lake(folder: Path, matters: list[Row], **tables: list[Row]) -> Iterator[Lake]:
    """A written lake of nine townships, known up to the day after the last."""
    base = lakes.made(Random(0), 0)
    since = {
        "kind": None,
        "successor": None,
        "households": None,
        "valid_from": date(2024, 1, 1),
        "valid_to": None,
    }
    places = [("41981", "county", None), *((town, "township", "41981") for town in TOWNS)]
    base["divisions"] = [
        {"division": code, "name": code, "level": level, "parent": parent} | since
        for code, level, parent in places
    ]
    as_of = datetime(2026, 11, 23, 9, tzinfo=CITY_ZONE)
    lakes.write(folder, base | {"matters": matters} | tables, as_of)
    with computing.opened(folder, lakes.LEVELS) as opened:
        yield opened


def burst(rows: list[Row], towns: list[str], days: int, **more: Any) -> list[Row]:
    """Three filings a day more in some townships in the last days."""
    return [
        filed(len(rows) + 1000 + 100 * back + 10 * TOWNS.index(town) + again, LAST - timedelta(days=back), town, **more)
        for back in range(days) for town in towns for again in range(3)
    ]  # fmt: skip


def test_a_burst_is_told_by_its_volume_and_as_a_cluster(tmp_path: Path) -> None:
    rows = quiet()
    planted = burst(rows, TOWNS[:2], 4)
    with lake(tmp_path, [*rows, *planted]) as opened:
        found = alerts.report(opened, LAST, "township", POINTS, CHINA)
        again = alerts.report(opened, LAST, "township", POINTS, CHINA)
    assert found == again
    volumes = {one.places[0]: one for one in found.alerts if one.kind == "volume"}
    assert set(volumes) == set(TOWNS[:2])
    assert all(one.seen > (one.high or 0) for one in volumes.values())
    [cluster] = [one for one in found.alerts if one.kind == "cluster"]
    assert set(cluster.places) == set(TOWNS[:2])
    assert cluster.chance <= 0.05
    assert {row["number"] for row in planted} <= set(cluster.matters)
    assert len(cluster.matters) == cluster.seen


def test_an_ordinary_week_is_no_news(tmp_path: Path) -> None:
    with lake(tmp_path, quiet()) as opened:
        found = alerts.report(opened, LAST, "township", POINTS, CHINA)
    assert found.alerts == ()
    assert found.quality
    assert found.quality.error < found.quality.naive
    assert {row["place"] for row in found.coming} == set(TOWNS)


def test_confidential_matters_are_not_counted(tmp_path: Path) -> None:
    rows = quiet()
    with lake(tmp_path, [*rows, *burst(rows, TOWNS[:2], 4, confidential=True)]) as opened:
        assert alerts.report(opened, LAST, "township", POINTS, CHINA).alerts == ()


def test_the_day_that_is_not_over_is_not_counted(tmp_path: Path) -> None:
    rows = quiet()
    today = [filed(9000 + n, LAST + timedelta(days=1), TOWNS[0]) for n in range(40)]
    with lake(tmp_path, [*rows, *today]) as opened:
        found = alerts.report(opened, LAST + timedelta(days=5), "township", POINTS, CHINA)
    assert found.last == LAST
    assert found.alerts == ()


def test_a_city_of_a_few_days_says_so(tmp_path: Path) -> None:
    with lake(tmp_path, quiet(9)) as opened, pytest.raises(BadInput):
        alerts.report(opened, LAST, "township", POINTS, CHINA)


def test_days_are_the_city_s(tmp_path: Path) -> None:
    late = datetime(2026, 11, 22, 23, 59, 59, tzinfo=CITY_ZONE)
    early = datetime(2026, 11, 22, 0, 0, tzinfo=CITY_ZONE)
    rows = [filed(at, LAST, TOWNS[0], opened_at=moment) for at, moment in enumerate((late, early))]
    with lake(tmp_path, rows) as opened:
        held = series.read(opened, "township", date(2026, 11, 21), date(2026, 11, 23))
    assert held.counts["noise"][0].tolist() == [0, 2]


def test_weekdays_know_holidays() -> None:
    told = series.weekdays(date(2026, 10, 1), 7, CHINA)
    assert told.tolist() == [6, 6, 5, 6, 6, 6, 6]  # the national holiday; a Saturday is one all the same
    assert series.weekdays(date(2026, 11, 16), 7, CHINA).tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert not CHINA.knows(2099)
    assert series.weekdays(date(2099, 1, 5), 7, CHINA).tolist() == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("units", "seen_to", "advice"),
    [(["a", "b", "b"], True, "consultation"), (["a"] * 5 + ["b"], True, "repair"), (["a"], False, "visit"),
     ([], False, "visit"), ([None, "a"], False, "consultation")],
)  # fmt: skip
def test_what_is_suggested(units: list[str | None], seen_to: bool, advice: str) -> None:
    assert alerts.suggestion(units, seen_to=seen_to) == advice
