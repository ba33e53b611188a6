"""What DuckDB counts is what a slow reading of the definitions counts, row by row; and everything has its reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.appraisal import periods
from onedoor.appraisal.indicators import computing
from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.indicators.computing import Asked, Lake
from onedoor.appraisal.indicators.language import Indicator
from onedoor.appraisal.indicators.places import Places
from onedoor.appraisal.tests import lakes, slowly
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.lake.files import Row

AS_OF = datetime(2027, 2, 1, tzinfo=UTC)
VALUES = {
    "procedure": "petition",
    "category": "noise",
    "channel": "web",
    "register": "dog",
    "survey": "safety",
}


@contextmanager
def lake(rows: dict[str, list[Row]], as_of: datetime = AS_OF) -> Iterator[Lake]:
    """A written lake, opened."""
    with TemporaryDirectory() as folder:
        lakes.write(Path(folder), rows, as_of)
        with computing.opened(Path(folder), lakes.LEVELS) as opened:
            yield opened


@settings(max_examples=15)
@given(st.integers(0, 2**32), st.sampled_from(["2026-W45", "2026-11", "2026-Q4", "2026"]), st.booleans())
def test_every_indicator_at_every_level_is_what_a_slow_count_finds(
    seed: int, period: str, running: bool
) -> None:
    chance = Random(seed)
    rows = lakes.made(chance, 40)
    as_of = lakes.MIDDLE + timedelta(days=9, hours=5) if running else AS_OF
    requests = [
        (key, tuple(sorted({name: VALUES[column] for name, column in one.parameters.items()
                            if chance.random() < 0.3}.items())))
        for key, one in catalogue().items()
    ]  # fmt: skip
    with lake(rows, as_of) as opened:
        for level in chance.sample(computing.LEVELS, 2):
            found: dict[str, slowly.Result] = {key: {} for key in catalogue()}
            own = [(key, given_) for key, given_ in requests if level in catalogue()[key].subjects]
            for one in opened.measure(own, period, level):
                found[one.indicator][one.subject] = (one.numerator, one.denominator)
            for key, given_ in own:
                slow = slowly.recount(
                    catalogue()[key], dict(given_), rows, level, periods.days(period), as_of
                )
                assert found[key] == slow, (key, given_, level)


@settings(max_examples=4)
@given(st.integers(0, 2**32))
def test_every_row_of_the_period_is_accounted_for(seed: int) -> None:
    chance = Random(seed)
    rows = lakes.made(chance, 60)
    with lake(rows) as opened:
        for key, one in chance.sample(sorted(catalogue().items()), 25):
            asked = Asked(key, {}, "2026-11", "county")
            totals = list(opened.measure([(key, ())], "2026-11", "county"))
            trace, behind = opened.trace(asked), opened.behind(asked)
            if one.numerator.sums is None and (one.denominator is None or one.denominator.sums is None):
                out_of = sum(row.numerator if row.denominator is None else row.denominator for row in totals)
                assert len(behind) == out_of, key
                everything = slowly.recount(
                    _unfiltered(one), {}, rows, "county", periods.days("2026-11"), AS_OF
                )
                assert out_of + sum(row.rows for row in trace.outside) == sum(
                    n for n, _ in everything.values()
                ), key
            if one.aggregation == "share":
                inside = sum(row.numerator for row in totals)
                assert sum(row["counted"] for row in behind) == inside
                assert inside + sum(row.rows for row in trace.against) == len(behind)


def _unfiltered(one: Indicator) -> Indicator:
    """A count of all rows that fall in the period of an indicator's denominator."""
    table, day, stock = one.rows_of(one.denominator or one.numerator)
    return Indicator.model_validate({
        "zh": "全部", "en": "all", "of": table, "day": day, "stock": stock, "aggregation": "count", "factor": 1,
        "numerator": {"zh": "全部", "en": "all"}, "direction": "none", "subjects": ["county"], "source": "test",
    })  # fmt: skip


def clock(number: str, **more: object) -> Row:
    due = datetime(2026, 11, 20, 4, tzinfo=UTC)
    return {
        "county": "41981", "number": number, "unit": "a-housing", "division": "41981001", "category": "noise",
        "procedure": "request", "channel": "web", "clock": int(number), "name": "act", "state": "met",
        "started_at": due - timedelta(days=5), "due_at": due, "ended_at": due, "in_time": True, "extensions": 0,
        "pauses": 0, "rung": 0, "from_meeting": False, "of_task": False, **more,
    }  # fmt: skip


def test_a_trace_says_what_was_left_out_and_why() -> None:
    rows = lakes.made(Random(1), 0)
    later = datetime(2026, 11, 28, tzinfo=UTC)
    rows["clocks"] = [
        clock("1"), clock("2", in_time=False), clock("3", name="accept"), clock("4", state="dropped"),
        clock("5", division="4198"), clock("6", due_at=later), clock("7", unit=None),
    ]  # fmt: skip
    with lake(rows, datetime(2026, 11, 25, tzinfo=UTC)) as opened:
        asked = Asked("answered_in_time", {}, "2026-11", "county")
        [found] = opened.measure([("answered_in_time", ())], "2026-11", "county")
        assert (found.subject, found.numerator, found.denominator) == ("41981", 2, 3)
        trace = opened.trace(asked)
        assert [(one.column, one.value, one.rows) for one in trace.outside] == [
            ("name", "accept", 1), ("state", "dropped", 1),
        ]  # fmt: skip
        assert [(one.column, one.value, one.rows) for one in trace.against] == [("in_time", "false", 1)]
        assert (trace.not_due, trace.nowhere) == (1, 1)
        behind = opened.behind(Asked("answered_in_time", {}, "2026-11", "department", "a-housing"))
        assert [(row["number"], row["counted"]) for row in behind] == [("2", False), ("1", True), ("5", True)]
        against = opened.behind(asked, counted=False)
        assert [row["number"] for row in against] == ["2"]


def test_whoever_has_none_has_nought() -> None:
    with lake(lakes.made(Random(1), 0)) as opened:
        found = list(opened.measure([("overdue_count", ()), ("answered_in_time", ())], "2026-11", "township"))
    assert [(one.indicator, one.subject, one.numerator, one.denominator) for one in found] == [
        ("overdue_count", code, 0, None) for code in ("41981001", "41981002", "41982001")
    ]


def test_a_place_that_was_merged_falls_to_its_successor() -> None:
    def row(code: str, level: str, parent: str | None, since: int, to: int | None, after: str | None) -> Row:
        ends = date(to, 1, 1) if to else None
        return {"division": code, "level": level, "parent": parent, "successor": after,
                "valid_from": date(since, 1, 1), "valid_to": ends}  # fmt: skip

    rows = [
        row("c", "county", None, 2020, None, None), row("old", "township", "c", 2020, 2026, "new"),
        row("new", "township", "c", 2026, None, None), row("v", "village", "old", 2020, None, None),
    ]  # fmt: skip
    now, then = (Places.of(rows, date(year, 6, 1)) for year in (2026, 2025))
    assert now.at("township") == {"old": "new", "new": "new", "v": "new"}
    assert now.standing("township") == ["new"]
    assert then.at("township")["v"] == "old"
    assert then.standing("township") == ["old"]


def test_a_circle_of_places_ends() -> None:
    rows = [{"division": code, "level": "x", "parent": other, "successor": None, "valid_from": date(2020, 1, 1),
             "valid_to": None} for code, other in (("a", "b"), ("b", "a"))]  # fmt: skip
    assert Places.of(rows, date(2026, 1, 1)).at("county") == {}


@pytest.mark.parametrize(
    ("period", "first", "after", "before"),
    [
        ("2026-W01", "2025-12-29", "2026-01-05", "2025-W52"),
        ("2026-W53", "2026-12-28", "2027-01-04", "2026-W52"),
        ("2026-01", "2026-01-01", "2026-02-01", "2025-12"),
        ("2026-12", "2026-12-01", "2027-01-01", "2026-11"),
        ("2026-Q1", "2026-01-01", "2026-04-01", "2025-Q4"),
        ("2026-Q4", "2026-10-01", "2027-01-01", "2026-Q3"),
        ("2026", "2026-01-01", "2027-01-01", "2025"),
    ],
)
def test_the_days_of_a_period(period: str, first: str, after: str, before: str) -> None:
    assert [day.isoformat() for day in periods.days(period)] == [first, after]
    assert periods.before(period) == before


@pytest.mark.parametrize("period", ["2025-W53", "2026-13", "2026-Q5", "26", "0000"])
def test_what_is_no_period(period: str) -> None:
    with pytest.raises(BadInput):
        periods.days(period)


def test_what_cannot_be_asked_is_said() -> None:
    with lake(lakes.made(Random(1), 1)) as opened:
        with pytest.raises(BadInput, match="has not begun"):
            list(opened.measure([], "2027-06", "county"))
        with pytest.raises(NotFound):
            list(opened.measure([("nothing", ())], "2026-11", "county"))
        with pytest.raises(BadInput, match="takes no `colour`"):
            list(opened.measure([("answered_in_time", (("colour", "red"),))], "2026-11", "county"))
        with pytest.raises(BadInput, match="is not measured for street"):
            list(opened.measure([("answered_in_time", ())], "2026-11", "street"))
    with TemporaryDirectory() as folder, pytest.raises(NotFound, match="onedoor lake export"), \
            computing.opened(Path(folder), {}):  # fmt: skip
        pass


def test_a_quote_in_a_parameter_is_a_quote() -> None:
    with lake(lakes.made(Random(1), 5)) as opened:
        asked = ("answered_in_time", (("category", "' OR ''='"),))
        assert list(opened.measure([asked], "2026", "county")) == []
