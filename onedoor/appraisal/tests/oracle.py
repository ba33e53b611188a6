"""The weekly sheet again, slowly and in plain Python: one matter after the other, by the words of the definitions."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from onedoor.appraisal.rules import Week
from onedoor.kernel.models import Entry
from onedoor.matters.models import Clock, Matter, Verdict

Figures = dict[tuple[int, str], list[int]]  # (row, column) → [counted, out of]
CLOCKS = {"accept": "accepted_in_time", "act": "answered_in_time"}


def recount(week: Week, level: str, now: datetime) -> Figures:
    """Every figure that is not zero."""
    figures: Figures = defaultdict(lambda: [0, 0])
    for matter in Matter.objects.all():
        own = matter.county_id if level == "county" else matter.unit_id
        if week.begins <= matter.opened_at < week.ends:
            figures[own, "received"][0] += 1
        clocks = list(Clock.objects.filter(matter=matter))
        _limits(figures, week, now, clocks, level, own)
        _verdicts(figures, week, matter, clocks, level, own)
        _again(figures, week, matter, clocks, level, own)
        overdue = [clock for clock in clocks if _overdue(clock, matter, now)]
        late = {own if level == "county" else clock.unit_id or 0 for clock in overdue}
        for row in late:
            figures[row, "overdue"][0] += 1
    return {place: figure for place, figure in figures.items() if any(figure)}


def _limits(figures: Figures, week: Week, now: datetime, clocks: list[Clock], level: str, own: int) -> None:
    for clock in clocks:
        fell_due = week.begins <= clock.due_at < week.ends and clock.due_at < now
        if clock.name in CLOCKS and fell_due and clock.state in ("met", "running") and clock.unit_id:
            figure = figures[own if level == "county" else clock.unit_id, CLOCKS[clock.name]]
            figure[1] += 1
            figure[0] += (
                clock.state == "met" and clock.ended_at is not None and clock.ended_at <= clock.due_at
            )


def _verdicts(
    figures: Figures, week: Week, matter: Matter, clocks: list[Clock], level: str, own: int
) -> None:
    for verdict in Verdict.objects.filter(matter=matter):
        if not week.begins <= verdict.at < week.ends:
            continue
        row = own if level == "county" else _answered(clocks, matter, verdict.at)
        if verdict.solved is None:
            figures[row, "unheard"][0] += 1
        else:
            figures[row, "solved"][1] += 1
            figures[row, "solved"][0] += verdict.solved
        if verdict.satisfied is not None:
            figures[row, "satisfied"][1] += 1
            figures[row, "satisfied"][0] += verdict.satisfied >= 4


def _again(figures: Figures, week: Week, matter: Matter, clocks: list[Clock], level: str, own: int) -> None:
    for entry in Entry.objects.filter(stream=matter.stream):
        again = entry.kind == "acted" and "times_reopened" in entry.body.get("changes", {})
        if again and week.begins <= entry.at < week.ends:
            figures[own if level == "county" else _answered(clocks, matter, entry.at), "reopened"][0] += 1


def _answered(clocks: list[Clock], matter: Matter, at: datetime) -> int:
    met = [
        (clock.ended_at, clock.pk, clock.unit_id or matter.unit_id)
        for clock in clocks
        if clock.name == "act" and clock.state == "met" and clock.ended_at and clock.ended_at <= at
    ]
    return max(met)[2] if met else matter.unit_id


def _overdue(clock: Clock, matter: Matter, now: datetime) -> bool:
    return matter.is_open and clock.state == "running" and clock.unit_id is not None and clock.due_at < now
