"""Visits: planned by cycle, done in the field; what they find becomes matters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Q

from onedoor.city.queries import tree
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, FieldError, KeyReused
from onedoor.kernel.texts import tidy
from onedoor.registers import kinds, policies
from onedoor.registers.door import Found, door
from onedoor.registers.events import VisitDone, VisitPlanned
from onedoor.registers.language import Item, Register, Visits
from onedoor.registers.models import Finding, Record, Visit
from onedoor.registers.writing import changed, check_standing, next_visit, settle, snapshot, today

AHEAD = timedelta(days=30)  # how long before its day a visit is planned
LONGEST_NOTE = 2000
OPEN = Q(matter__is_open=True) | Q(matter__master__is_open=True)


@dataclass(frozen=True)
class Seen:
    """What was seen on a visit."""

    answers: Mapping[str, str]
    note: str = ""
    key: str | None = None  # idempotency key: the same key is the same visit


@transaction.atomic
def plan_visits(actor: Actor, limit: int = 500) -> int:
    """Plans the visits that fall due within the next weeks, `limit` at most; returns how many."""
    due = Record.objects.filter(state="standing", next_visit_on__lte=today() + AHEAD)
    due = due.exclude(visits__state="planned").order_by("next_visit_on", "pk")
    records = list(due[:limit])
    Visit.objects.bulk_create(Visit(record=r, planned_for=r.next_visit_on) for r in records)
    log.append_many([(r, VisitPlanned(planned_for=f"{r.next_visit_on}")) for r in records], actor)
    return len(records)


@transaction.atomic
def do_visit(actor: Actor, number: str, seen: Seen) -> Visit:
    """Makes the visit that is planned, or one out of turn. A finding opens a matter unless one is open for it still.

    The same key gives the same visit. Raises NotFound, NotAllowed, BadInput, Conflict, KeyReused.
    """
    record = policies.reach(actor, number, lock=True)
    policies.check(policies.may_visit(actor, record), "走访检查", "visit")
    if seen.key and (held := Visit.objects.filter(key=seen.key).first()):
        if held.record_id != record.pk or held.answers != dict(seen.answers):
            raise KeyReused
        return held
    check_standing(record)
    register, before = kinds.current(record.kind), snapshot(record)
    assert register.visits is not None  # nobody may visit where nothing is looked at
    answers = _answered(register.visits, seen)
    visit = _made(actor, record, register.visits, answers, seen)
    record.next_visit_on = next_visit(register)
    opened, again = _findings(actor, register, record, visit)
    event = VisitDone(
        changes=changed(record, before), visit=visit.pk, planned_for=str(visit.planned_for or ""), unit=visit.unit_id,
        role=visit.role, answers=answers, opened=opened, again=again, note=visit.note,
    )  # fmt: skip
    settle(record, event, actor)
    return visit


def _answered(visits: Visits, seen: Seen) -> dict[str, str]:
    """Every item with an answer that it has. Raises BadInput naming every one without."""
    errors = [
        FieldError(name, f"请回答「{item.zh}」", f"please answer “{item.en}”")
        for name, item in visits.checklist.items()
        if seen.answers.get(name) not in item.answers
    ]
    if len(tidy(seen.note)) > LONGEST_NOTE:
        errors.append(FieldError("note", f"最多 {LONGEST_NOTE} 字", f"at most {LONGEST_NOTE} characters"))
    if errors:
        raise BadInput(errors)
    return {name: seen.answers[name] for name in visits.checklist}


def _made(actor: Actor, record: Record, visits: Visits, answers: dict[str, str], seen: Seen) -> Visit:
    visit = Visit.objects.filter(record=record, state="planned").first() or Visit(record=record)
    visit.state, visit.done_at, visit.answers = "done", time.now(), answers
    visit.unit_id = actor.unit_id
    visit.role = next((reach.role for reach in actor.reaches if reach.role in visits.by), actor.kind)
    visit.note, visit.key = tidy(seen.note), seen.key
    visit.save()
    return visit


def _findings(
    actor: Actor, register: Register, record: Record, visit: Visit
) -> tuple[dict[str, str], list[str]]:
    """(item → number of the matter opened, items that were found before and are not mended yet)"""
    open_items = set(record.findings.filter(OPEN).values_list("item", flat=True))
    opened: dict[str, str] = {}
    again: list[str] = []
    for name, item in register.visits.checklist.items() if register.visits else ():
        if visit.answers[name] not in item.finding:
            continue
        if name in open_items:
            again.append(name)
            continue
        matter = door().open(actor, _found(register, record, visit, name, item))
        Finding.objects.create(
            visit=visit, record=record, item=name, answer=visit.answers[name], matter=matter
        )
        opened[name] = matter.number
    return opened, again


def _found(register: Register, record: Record, visit: Visit, name: str, item: Item) -> Found:
    says, answer = item.says or item, item.answers[visit.answers[name]]
    lines = [f"{register.title.zh} {record.number} {record.title}:{item.zh}——{answer.zh}", visit.note]
    node = tree().nodes.get(record.division_id)
    return Found(
        category=item.categories[visit.answers[name]], title=f"{record.title}:{says.zh}"[:120],
        detail="\n".join(filter(None, lines)),
        division=node.code if node else "", address=record.address, lon=record.lon, lat=record.lat,
        key=f"finding/{visit.pk}/{name}",
    )  # fmt: skip
