"""How well records are visited, by place and by unit: due, done in time, overdue, never visited. Never by person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from onedoor.city.queries import tree
from onedoor.kernel.actor import Actor
from onedoor.registers import policies
from onedoor.registers.language import Register
from onedoor.registers.models import Record, Visit
from onedoor.registers.writing import today

Places = dict[int, Counter[str]]


@dataclass(frozen=True)
class Covered:
    """The figures of one place or unit over a period."""

    id: int
    records: int  # that stand today
    due: int  # visits whose day lay in the period
    in_time: int  # of these, made by their day
    late: int  # made after it
    overdue: int  # not made, and their day is over
    never: int  # records that stand and were never visited

    @property
    def share(self) -> float | None:
        """Made in time of those due; None where none was due."""
        return self.in_time / self.due if self.due else None


def by_unit(actor: Actor, register: Register, since: date, until: date) -> list[Covered]:
    """The units that keep the records, those with most due first. Two statements."""
    return _ordered(_counted(policies.visible(actor, register), "unit_id", since, until))


def by_place(actor: Actor, register: Register, top: int, since: date, until: date) -> list[Covered]:
    """The divisions right below `top` (itself where none is). Two statements; the rest is added up in memory."""
    places = tree()
    found = _counted(policies.visible(actor, register), "division_id", since, until)
    below = places.children.get(top, ()) or (top,)
    summed: Places = defaultdict(Counter)
    for division, counts in found.items():
        path = places.nodes[division].path if division in places.nodes else ()
        for place in below:
            if place in path:
                summed[place].update(counts)
    return _ordered(summed)


def _counted(rows: QuerySet[Record], by: str, since: date, until: date) -> Places:
    """What is counted, by a column of the record."""
    found: Places = defaultdict(Counter)
    visited = Visit.objects.filter(record=OuterRef("pk"), state="done")
    standing = rows.filter(state="standing").annotate(visited=Exists(visited)).values(by)
    for row in standing.annotate(records=Count("pk"), never=Count("pk", filter=Q(visited=False))):
        found[row[by]].update(records=row["records"], never=row["never"])
    key = f"record__{by}"
    visits = Visit.objects.filter(
        record__in=rows.values("pk"), planned_for__range=(since, min(until, today()))
    )
    done, in_time = Q(state="done"), Q(done_at__date__lte=F("planned_for"))
    for row in (
        visits.exclude(state="dropped")
        .values(key)
        .annotate(
            due=Count("pk", filter=done | Q(planned_for__lt=today())),
            in_time=Count("pk", filter=done & in_time),
            late=Count("pk", filter=done & ~in_time),
            overdue=Count("pk", filter=Q(state="planned", planned_for__lt=today())),
        )
    ):
        found[row.pop(key)].update(row)
    return found


def _ordered(found: Places) -> list[Covered]:
    names = ("records", "due", "in_time", "late", "overdue", "never")
    lines: Iterable[Covered] = (
        Covered(pk, **{name: counts[name] for name in names}) for pk, counts in found.items()
    )
    return sorted(lines, key=lambda line: (-line.due, -line.records, line.id))
