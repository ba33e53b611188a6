"""Sent to the right unit first time (首派准确率), by the week in which matters came in; no person is in it.

right first time of a week = matters never corrected / matters whose first dispatch has shown itself

A matter's dispatch has shown itself when the unit has received it (its receipt clock `accept` was met), when it has
ended, or when it was corrected. It was corrected (`Matter.redirected`, a fold of its entries) when somebody changed its
category, handed it to another unit, an objection to its dispatch was upheld, or its place was found to be another and
with it the unit. Left out are filings joined to another, which are not dispatched themselves, and those that still wait
for a place: finding the place is their first dispatch. Matters of the last days are few, and those corrected quickly
show first; the share of a week settles as its matters are received.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncWeek

from onedoor.appraisal.rules import Cell, Week
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.models import Clock, Matter

RECEIPT = "accept"  # the clock that ends when the unit has received the matter
RIGHT = Q(redirected=0)


@dataclass(frozen=True)
class Point:
    """One week of the curve."""

    week: Week
    right: Cell  # never corrected, of those whose dispatch has shown itself
    corrections: int  # of matters that came in that week, whenever they were made


def curve(last: Week, weeks: int) -> list[Point]:
    """The weeks up to and including `last`, the oldest first; those before the first matter are left out."""
    first = last.moved(1 - weeks)
    rows = shown(first, last).annotate(monday=TruncWeek("opened_at", tzinfo=CITY_ZONE)).values("monday")
    counted = rows.annotate(of=Count("pk"), right=Count("pk", filter=RIGHT), corrections=Sum("redirected"))
    found = {
        Week.of(row["monday"]): Point(
            Week.of(row["monday"]), Cell(row["right"], row["of"]), row["corrections"]
        )
        for row in counted.order_by("monday")
    }
    since = min(found, default=last)
    all_weeks = (first.moved(n) for n in range(weeks))
    return [found.get(week, Point(week, Cell(0, 0), 0)) for week in all_weeks if week >= since]


def shown(first: Week, last: Week) -> QuerySet[Matter]:
    """Matters of these weeks whose first dispatch has shown itself; all of them, whoever may see them.

    What a visit found is left out: its checklist says what it is, and nobody had to guess.
    """
    received = Exists(Clock.objects.filter(matter=OuterRef("pk"), name=RECEIPT, state="met"))
    rows = Matter.objects.filter(
        opened_at__gte=first.begins, opened_at__lt=last.ends, master=None, placed=True, finding=None
    )
    return rows.filter(Q(is_open=False) | Q(redirected__gt=0) | received)


def behind(week: Week, part: str = "all") -> QuerySet[Matter]:
    """The matters behind a week's point: `yes` those right first time, `no` those corrected, `all` both."""
    rows = shown(week, week)
    return {"yes": rows.filter(RIGHT), "no": rows.exclude(RIGHT)}.get(part, rows)
