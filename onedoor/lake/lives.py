"""Rows of matters and of all that belongs to their lives: entries, tasks, clocks, verdicts, objections, meetings.

Nothing in a row depends on when it is read: whether a limit was kept is so or not, whatever day it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Model, Q

from onedoor.kernel.models import Entry
from onedoor.lake.codes import Codes
from onedoor.lake.files import Row
from onedoor.matters import procedures
from onedoor.matters.models import Clock, Matter, Objection, Task, Verdict
from onedoor.meetings.models import Meeting
from onedoor.registers.models import Finding

STREAM = "matter/"
RECEIPT, HANDLING = "accept", "act"  # the clocks of the unit's receipt and of its answer
CONSULTATION = "consultation"
UNREACHED, SILENT = "unreached", "silence"  # why a verdict does not count


@dataclass(frozen=True)
class Life:
    """One matter with all that belongs to it."""

    matter: Matter
    entries: Sequence[Entry]
    tasks: Sequence[Task]
    clocks: Sequence[Clock]
    verdicts: Sequence[Verdict]
    objections: Sequence[Objection]
    meetings: Sequence[Any]
    finding: Finding | None


def read(numbers: Sequence[str], codes: Codes) -> Iterator[tuple[str, Row]]:
    """(table, row) of everything about these matters; of those that are gone there is nothing."""
    for life in _lives(numbers):
        yield from _rows(life, codes)


def _lives(numbers: Sequence[str]) -> Iterator[Life]:
    matters = list(Matter.objects.filter(number__in=numbers).defer("title", "detail", "address", "facts"))
    ids = [matter.pk for matter in matters]
    streams = [f"{STREAM}{matter.number}" for matter in matters]
    entries = Entry.objects.filter(stream__in=streams).order_by("stream", "seq").defer("words")
    told: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        told[entry.stream].append(entry)
    meetings = Meeting.objects.filter(matter__in=ids).order_by("pk").defer("place", "agenda", "minutes")
    counted = meetings.annotate(
        invited=Count("invitations"),
        attended=Count("invitations", filter=Q(invitations__attended=True)),
        opinions=Count("invitations", filter=Q(invitations__opinion_at__isnull=False)),
    )
    own = {
        model: _by_matter(model, ids) for model in (Task, Clock, Verdict, Objection)
    }  # fmt: skip
    met = _grouped(counted)
    found = {f.matter_id: f for f in Finding.objects.filter(matter__in=ids).select_related("visit", "record")}
    for matter in matters:
        pk = matter.pk
        yield Life(
            matter, told[matter.stream], own[Task][pk], own[Clock][pk], own[Verdict][pk], own[Objection][pk],
            met[pk], found.get(pk),
        )  # fmt: skip


def _by_matter(model: type[Model], ids: Sequence[int]) -> dict[int, list[Any]]:
    return _grouped(model._default_manager.filter(matter__in=ids).order_by("pk"))


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.matter_id].append(row)
    return found


def _rows(life: Life, codes: Codes) -> Iterator[tuple[str, Row]]:
    matter = life.matter
    shared = {
        "county": codes.divisions[matter.county_id],
        "number": matter.number,
        "unit": codes.unit(matter.unit_id),
        "division": codes.divisions[matter.division_id],
        "category": codes.categories[matter.category_id],
        "procedure": codes.procedures[matter.procedure_id],
        "channel": matter.channel,
    }
    yield "matters", shared | _matter(life)
    yield from (("entries", shared | row) for row in _entries(life, codes))
    given = {meeting.concluded_at for meeting in life.meetings if meeting.concluded_at}
    resolved = {task.pk for task in life.tasks if task.created_at in given}  # `meetings.queries.resolutions`
    yield from (("tasks", shared | _task(task, codes)) for task in life.tasks)
    yield from (("clocks", shared | _clock(clock, resolved, codes)) for clock in life.clocks)
    yield from (("verdicts", shared | _verdict(life, verdict, codes)) for verdict in life.verdicts)
    yield from (("objections", shared | _objection(one, codes)) for one in life.objections)
    yield from (("meetings", shared | _meeting(meeting, codes)) for meeting in life.meetings)
    if life.finding is not None and life.finding.visit.done_at is not None:
        yield "findings", _finding(life.finding, shared)


def _matter(life: Life) -> Row:
    matter = life.matter
    joined, ended = matter.master_id is not None, not matter.is_open
    received = any(clock.name == RECEIPT and clock.state == "met" for clock in life.clocks)
    shown = ended or received or matter.redirected > 0  # as `appraisal.dispatch` counts it
    return {
        "opened_at": matter.opened_at,
        "closed_at": matter.closed_at,
        "state": matter.state,
        "outcome": "joined" if joined else outcome(matter) if ended else None,
        "level": matter.level,
        "placed": matter.placed,
        "confidential": matter.confidential,
        "category_sure": matter.category_sure,
        "redirected": matter.redirected,
        "joined": joined,
        "reopened": matter.times_reopened,
        "extended": sum(len(clock.extensions) for clock in life.clocks),
        "objected": bool(life.objections),
        "dispatched": shown and not joined and matter.placed and life.finding is None,
        "consulted": any(m.kind == CONSULTATION and m.state == "concluded" for m in life.meetings),
    }


def outcome(matter: Matter) -> str | None:
    """What the state in which a matter ended says came of it."""
    state = procedures.of(matter).states.get(matter.state)
    return state.outcome if state else None


def _entries(life: Life, codes: Codes) -> Iterator[Row]:
    """One row per entry; its unit is the one that answered for the matter until then, so that what was sent back
    falls to whoever did it."""
    unit: int | None = None
    for entry in life.entries:
        changes: Mapping[str, Any] = entry.body.get("changes") or {}
        unit = changes.get("unit_id", unit) if unit is None else unit
        yield {
            "unit": codes.unit(unit),
            "seq": entry.seq,
            "at": entry.at,
            "kind": entry.kind,
            "action": entry.body.get("action") or None,
            "state": changes.get("state"),
            "by_kind": entry.by_kind,
            "by_unit": codes.unit(entry.by_unit),
            "confirmation": _word((entry.body.get("facts") or {}).get("confirmation")),
        }
        unit = changes.get("unit_id", unit)


def _word(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _task(task: Task, codes: Codes) -> Row:
    return {
        "unit": codes.unit(task.unit_id),
        "task": task.pk,
        "created_at": task.created_at,
        "done_at": task.done_at,
        "state": task.state,
        "origin": task.origin or None,
    }


def _clock(clock: Clock, resolved: set[int], codes: Codes) -> Row:
    return {
        "unit": codes.unit(clock.unit_id),
        "clock": clock.pk,
        "name": clock.name,
        "state": clock.state,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        "ended_at": clock.ended_at,
        "in_time": clock.state == "met" and clock.ended_at is not None and clock.ended_at <= clock.due_at,
        "extensions": len(clock.extensions),
        "pauses": len(clock.pauses),
        "rung": clock.rung,
        "from_meeting": clock.task_id in resolved,
        "of_task": clock.task_id is not None,
    }


def _verdict(life: Life, verdict: Verdict, codes: Codes) -> Row:
    heard = verdict.solved is not None
    excluded = None if heard else SILENT if verdict.channel == "silence" else UNREACHED
    answered = _answered(life, verdict.at)
    return {
        "unit": codes.unit(answered or life.matter.unit_id),
        "verdict": verdict.pk,
        "at": verdict.at,
        "how": verdict.channel,
        "valid": excluded is None,
        "excluded": excluded,
        "contacted": _contacted(life, verdict.at),
        "heard": heard,
        "solved": verdict.solved,
        "rated": verdict.satisfied is not None,
        "satisfied": verdict.satisfied,
        "round": verdict.round,
    }


def _answered(life: Life, at: datetime) -> int | None:
    """The unit whose answer is judged: the one that the last handling limit met by then had bound."""
    met = [
        (clock.ended_at, clock.pk, clock.unit_id)
        for clock in life.clocks
        if clock.name == HANDLING and clock.state == "met" and clock.ended_at and clock.ended_at <= at
    ]
    return max(met)[2] if met else None


def _contacted(life: Life, at: datetime) -> bool:
    """Whether staff had told the resident of the handling before: a step of theirs that sent a notice."""
    return any(entry.by_kind == "staff" and entry.at <= at and entry.body.get("done", {}).get("told")
               for entry in life.entries)  # fmt: skip


def _objection(objection: Objection, codes: Codes) -> Row:
    return {
        "unit": codes.unit(objection.unit_id),
        "objection": objection.pk,
        "raised_at": objection.raised_at,
        "decided_at": objection.decided_at,
        "upheld": objection.upheld,
        "arbiter": codes.units[objection.arbiter_id],
    }


def _meeting(meeting: Any, codes: Codes) -> Row:
    return {
        "unit": codes.unit(meeting.convened_by_id),
        "meeting": meeting.pk,
        "kind": meeting.kind,
        "state": meeting.state,
        "convened_at": meeting.convened_at,
        "at": meeting.at,
        "concluded_at": meeting.concluded_at,
        "invited": meeting.invited,
        "attended": meeting.attended,
        "opinions": meeting.opinions,
    }


def _finding(finding: Finding, shared: Row) -> Row:
    kept = {name: shared[name] for name in ("county", "number", "unit", "division", "category")}
    return kept | {
        "register": finding.record.kind,
        "finding": finding.pk,
        "record": finding.record.number,
        "item": finding.item,
        "found_at": finding.visit.done_at,
        "closed_at": finding.closed_at,
        "outcome": finding.outcome or None,
        "cleared": finding.outcome == "solved",
    }
