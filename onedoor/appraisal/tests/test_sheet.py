"""The sheet equals a slow recount, says nothing of those with nothing due, and leads back to its matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onedoor.appraisal.queries import matters_behind, weekly_sheet
from onedoor.appraisal.rules import BY_KEY, Level, Row, Sheet, Week
from onedoor.appraisal.tests import chance
from onedoor.appraisal.tests.oracle import recount
from onedoor.kernel import time
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.matters.models import Clock, Matter, Verdict
from tests.support.smallcity import SmallCity, small_city

WEEK = Week.parse("2026-W46")
LATER = WEEK.ends + timedelta(days=1)
LEVELS: tuple[Level, ...] = ("county", "unit")


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def figures(sheet: Sheet) -> dict[tuple[int, str], list[int]]:
    """The sheet as the recount says it."""
    told = {
        (row.id, key): [cell.count, cell.of or 0]
        for row in (*sheet.rows, *sheet.apart)
        for key, cell in row.cells.items()
    }
    return {place: figure for place, figure in told.items() if any(figure)}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(seed=st.integers(), level=st.sampled_from(LEVELS), days=st.integers(0, 9))
def test_every_figure_equals_a_slow_recount(city: SmallCity, seed: int, level: Level, days: int) -> None:
    now = WEEK.begins + timedelta(days=days)
    with transaction.atomic(), time.at(now):
        chance.fill(city, Random(seed), now, 12)
        sheet = weekly_sheet(WEEK, level)
        assert figures(sheet) == recount(WEEK, level, now)
        _lead_back(sheet)
        transaction.set_rollback(True)


def _lead_back(sheet: Sheet) -> None:
    """Behind every figure stand matters: none for nothing, no more than it counts, and yes and no make all."""
    for row in (*sheet.rows, sheet.total):
        for key, cell in row.cells.items():
            counted = {part: _behind(sheet, row, key, part) for part in ("all", "yes", "no")}
            assert len(counted["all"]) <= (cell.of if cell.of is not None else cell.count)
            assert bool(counted["all"]) == bool(cell.of if cell.of is not None else cell.count)
            assert counted["all"] == counted["yes"] | counted["no"]
            if BY_KEY[key].is_share:
                assert bool(counted["yes"]) == bool(cell.count)


def _behind(sheet: Sheet, row: Row, column: str, part: str) -> set[str]:
    rows = matters_behind(sheet.week, sheet.level, row.code or None, column, part)  # type: ignore[arg-type]
    found = list(rows.values_list("number", flat=True))
    assert len(found) == len(set(found))
    return set(found)


def with_matter(city: SmallCity, **more: object) -> Matter:
    """An open matter of the housing department of county 419801, opened as the week began."""
    given = {
        "opened_at": WEEK.begins,
        "unit": city.units["419801-housing"],
        "county": city.divisions["419801"],
    }
    matter = chance.matter(city, Random(0), WEEK.begins, f"N{Matter.objects.count()}")
    for name, value in (given | {"is_open": True} | more).items():
        setattr(matter, name, value)
    matter.save()
    return matter


def limit(matter: Matter, name: str, due: datetime, **more: object) -> None:
    Clock.objects.create(
        matter=matter, name=name, span="1 days", started_at=WEEK.begins, due_at=due, unit=matter.unit, **more
    )


def row(sheet: Sheet, code: str) -> Row:
    return next(row for row in (*sheet.rows, *sheet.apart) if row.code == code)


def test_who_has_nothing_due_is_listed_apart_and_without_a_share(city: SmallCity) -> None:
    matter = with_matter(city)
    limit(matter, "accept", LATER + timedelta(days=3), state="met", ended_at=WEEK.begins)
    with time.at(LATER):
        sheet = weekly_sheet("2026-W46", "unit")
    housing = row(sheet, "419801-housing")
    assert housing in sheet.apart
    assert housing.cells["received"].count == 1
    assert housing.cells["accepted_in_time"].share is None


def test_what_is_not_due_yet_is_not_counted_while_the_week_lasts(city: SmallCity) -> None:
    matter = with_matter(city)
    limit(matter, "act", WEEK.begins + timedelta(days=2))
    limit(matter, "accept", WEEK.begins + timedelta(days=1), state="met", ended_at=WEEK.begins)
    with time.at(WEEK.begins + timedelta(days=1, hours=1)):
        early = weekly_sheet(WEEK, "unit")
    with time.at(LATER):
        late = weekly_sheet(WEEK, "unit")
    assert not early.over
    assert late.over
    assert [row(s, "419801-housing").cells["answered_in_time"].of for s in (early, late)] == [0, 1]
    assert row(early, "419801-housing").cells["accepted_in_time"].share == 1.0
    assert [row(s, "419801-housing").cells["overdue"].count for s in (early, late)] == [0, 1]


def test_a_verdict_counts_for_who_answered_not_for_who_has_the_matter_now(city: SmallCity) -> None:
    matter = with_matter(city)
    limit(matter, "act", WEEK.ends, state="met", ended_at=WEEK.begins + timedelta(days=1))
    Verdict.objects.create(
        matter=matter, number="1", channel="resident", solved=False, at=WEEK.begins + timedelta(days=2)
    )
    Matter.objects.filter(pk=matter.pk).update(unit=city.units["419801-centre"])
    with time.at(LATER):
        sheet = weekly_sheet(WEEK, "unit")
    assert row(sheet, "419801-housing").cells["solved"].of == 1
    assert row(sheet, "419801-centre").cells["solved"].of == 0


def test_a_share_of_few_is_marked(city: SmallCity) -> None:
    for _ in range(4):
        limit(with_matter(city), "accept", WEEK.begins, state="met", ended_at=WEEK.begins)
    with time.at(LATER):
        assert row(weekly_sheet(WEEK), "419801-housing").cells["accepted_in_time"].few
        limit(with_matter(city), "accept", WEEK.begins, state="met", ended_at=WEEK.begins)
        assert not row(weekly_sheet(WEEK), "419801-housing").cells["accepted_in_time"].few


def test_a_place_narrows_the_rows_and_what_stands_behind_the_total(city: SmallCity) -> None:
    with_matter(city)
    with_matter(city, unit=city.units["419802-housing"], county=city.divisions["419802"])
    with time.at(LATER):
        counties = weekly_sheet(WEEK, "county", "419802")
        units = weekly_sheet(WEEK, "unit", "419802")
        behind = matters_behind(WEEK, "unit", None, "received", division="419802")
        assert behind.count() == units.total.cells["received"].count == 1
        assert matters_behind(WEEK, "county", None, "received").count() == 2
    assert [row.code for row in (*counties.rows, *counties.apart)] == ["419802"]
    assert all(row.code.startswith("419802") for row in (*units.rows, *units.apart))


def test_a_unit_that_was_closed_keeps_its_figures(city: SmallCity) -> None:
    limit(with_matter(city), "act", WEEK.begins)
    city.units["419801-housing"].valid_to = WEEK.sunday
    city.units["419801-housing"].save()
    with time.at(LATER):
        assert row(weekly_sheet(WEEK), "419801-housing").cells["answered_in_time"].of == 1


def test_a_handful_of_statements_however_many_units(city: SmallCity) -> None:
    with time.at(LATER):
        chance.fill(city, Random(7), LATER, 30)
        weekly_sheet(WEEK)
        for level in LEVELS:
            with CaptureQueriesContext(
                connection,
            ) as seen:
                weekly_sheet(WEEK, level)
            assert len(seen) <= 8


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: weekly_sheet("2026-W54"), BadInput),
        (lambda: weekly_sheet("2026-46"), BadInput),
        (lambda: weekly_sheet("９９９９-W01"), BadInput),
        (lambda: weekly_sheet(WEEK, "person"), BadInput),  # type: ignore[arg-type]
        (lambda: weekly_sheet(WEEK, "unit", "000000"), NotFound),
        (lambda: matters_behind(WEEK, "unit", None, "height"), BadInput),
        (lambda: matters_behind(WEEK, "unit", None, "solved", "maybe"), BadInput),  # type: ignore[arg-type]
        (lambda: matters_behind(WEEK, "unit", "nobody", "solved"), NotFound),
    ],
)
def test_what_is_none_is_refused(
    city: SmallCity, call: Callable[[], object], problem: type[Exception]
) -> None:
    with pytest.raises(problem):
        call()
