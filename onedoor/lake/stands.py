"""Rows of records and their visits. Of a visit there is the role of the post that made it, never who held it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef

from onedoor.kernel.time import CITY_ZONE
from onedoor.lake.codes import Codes
from onedoor.lake.files import Row
from onedoor.registers.models import Record, Visit


def read(numbers: Sequence[str], codes: Codes) -> Iterator[tuple[str, Row]]:
    """(table, row) of everything about these records."""
    made = Visit.objects.filter(record=OuterRef("pk"), state="done")
    records = Record.objects.filter(number__in=numbers).annotate(visited=Exists(made))
    shared: dict[int, Row] = {}
    for record in records.defer("values", "address"):
        shared[record.pk] = own = {
            "county": codes.counties[record.division_id],
            "unit": codes.unit(record.unit_id),
            "division": codes.divisions[record.division_id],
            "register": record.kind,
        }
        yield "records", own | _record(record)
    visits = (
        Visit.objects.filter(record__in=shared).annotate(found=Count("findings")).select_related("record")
    )
    for visit in visits.defer("answers", "note", "record__values", "record__address"):
        day = visit.planned_for or _day(visit.done_at)
        if day is not None:  # one without a day was never due and never made
            own = shared[visit.record_id]
            yield "visits", own | {"unit": codes.unit(visit.unit_id) or own["unit"]} | _visit(visit, day)


def _record(record: Any) -> Row:
    return {
        "record": record.number,
        "entered_at": record.entered_at,
        "withdrawn_at": record.withdrawn_at,
        "valid_until": record.valid_until,
        "next_visit_on": record.next_visit_on,
        "current_until": _current_until(record),
        "state": record.state,
        "located": record.lon is not None,
        "visited": record.visited,
    }


def _current_until(record: Record) -> datetime | None:
    """From when it is no longer current: withdrawn, lapsed, or its visit overdue, whichever came first."""
    ends = [_after(day) for day in (record.valid_until, record.next_visit_on) if day]
    return min([*ends, *([record.withdrawn_at] if record.withdrawn_at else [])], default=None)


def _after(day: date) -> datetime:
    """The first moment after a day, in the city."""
    return datetime.combine(day + timedelta(days=1), time(), CITY_ZONE)


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(CITY_ZONE).date() if moment else None


def _visit(visit: Any, day: date) -> Row:
    done = _day(visit.done_at) if visit.state == "done" else None
    return {
        "visit": visit.pk,
        "record": visit.record.number,
        "day": day,
        "planned": visit.planned_for is not None,
        "done_at": visit.done_at,
        "state": visit.state,
        "in_time": done is not None and visit.planned_for is not None and done <= visit.planned_for,
        "role": visit.role or None,
        "findings": visit.found,
    }
