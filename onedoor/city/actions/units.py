"""Changes of units: added, corrected, closed; and what a unit answers for beyond its kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from onedoor.city import policies
from onedoor.city.actions.recording import BATCH, record, touch
from onedoor.city.actions.succession import as_errors
from onedoor.city.events import CompetenceSet, UnitAdded, UnitAmended, UnitClosed
from onedoor.city.models import Category, Competence, Unit
from onedoor.city.plans import units as plans
from onedoor.city.queries import standing
from onedoor.city.rows import Taken, UnitRow
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotFound


@transaction.atomic
def take_units(actor: Actor, rows: Sequence[UnitRow]) -> Taken:
    """Takes in rows of units: new ones are added, known ones corrected or closed; the same again changes nothing.

    A row that cannot be taken is refused with its reasons and keeps no other from being taken. Raises NotAllowed.
    """
    plan = plans.plan(rows)
    places = [plan.divisions[row.division_code].pk for _, row in plan.fresh]
    policies.may_keep(actor, [*places, *(unit.division_id for unit, _ in plan.amended)])
    taken = Taken(added=len(plan.fresh), changed=len(plan.amended), same=plan.same, refused=plan.refused)
    _add(actor, plan)
    _amend(actor, plan)
    for index, unit, day in plan.closing:
        try:
            with transaction.atomic():
                close_unit(actor, unit.code, on=day)
        except (BadInput, Conflict) as problem:
            taken.refused[index] = as_errors(problem)
        else:
            taken.closed += 1
    if taken.added or taken.changed or taken.closed:
        touch()
    return taken


def _add(actor: Actor, plan: plans.UnitPlan) -> None:
    """Inserts in waves: every parent has its id before its children need it."""
    waiting = [row for _, row in plan.fresh]
    while waiting:
        ready = [row for row in waiting if not row.parent_code or row.parent_code in plan.units]
        made = Unit.objects.bulk_create([_unit(row, plan) for row in ready], batch_size=BATCH)
        plan.units |= {unit.code: unit for unit in made}
        record(((unit, _added(unit, row)) for unit, row in zip(made, ready, strict=True)), actor)
        waiting = [row for row in waiting if row.code not in plan.units]


def _unit(row: UnitRow, plan: plans.UnitPlan) -> Unit:
    assert row.valid_from is not None  # the plan has filled it in
    return Unit(
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        division=plan.divisions[row.division_code],
        parent=plan.units[row.parent_code] if row.parent_code else None,
        phone=row.phone,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _added(unit: Unit, row: UnitRow) -> UnitAdded:
    return UnitAdded(
        code=unit.code,
        name=unit.name,
        unit_kind=unit.kind,
        division=row.division_code,
        since=str(unit.valid_from),
        parent=row.parent_code,
    )


def _amend(actor: Actor, plan: plans.UnitPlan) -> None:
    events = []
    for unit, changes in plan.amended:
        if isinstance(changes.get("parent"), str):
            changes["parent"] = plan.units[changes["parent"]]
        told = {name: [_told(getattr(unit, name)), _told(value)] for name, value in changes.items()}
        for name, value in changes.items():
            setattr(unit, name, value)
        events.append((unit, UnitAmended(unit.code, told)))
    fields = ["name", "name_en", "kind", "division", "parent", "phone"]
    Unit.objects.bulk_update([unit for unit, _ in plan.amended], fields, batch_size=100)
    record(events, actor)


def _told(value: Any) -> Any:
    return getattr(value, "code", value)


@transaction.atomic
def close_unit(actor: Actor, code: str, *, on: date | None = None, reason: str = "") -> Unit:
    """Closes a unit from a day on (today by default). Raises NotFound, BadInput, NotAllowed; Conflict while posts are
    held there or units stand below it.
    """
    unit = Unit.objects.filter(code=code, valid_to=None).first()
    if unit is None:
        raise NotFound(what=code)
    policies.may_keep(actor, {unit.division_id})
    day = on or time.now().date()
    if day > time.now().date() or day <= unit.valid_from:
        raise BadInput.of(
            "valid_to",
            f"应晚于 {unit.valid_from}，且不晚于今日",
            f"must be after {unit.valid_from} and not after today",
        )
    posts = unit.posts.filter(standing(day)).count()
    below = unit.children.filter(valid_to=None).count()
    if posts or below:
        raise Conflict(
            zh=f"{unit.name} 还有 {posts} 个岗位、{below} 个下属单位，请先处理",
            en=f"{unit.name} still has {posts} post(s) and {below} unit(s) below it; deal with them first",
        )
    unit.valid_to = day
    unit.save(update_fields=["valid_to"])
    record([(unit, UnitClosed(code, str(day), reason))], actor)
    touch()
    return unit


@transaction.atomic
def set_competence(actor: Actor, unit_code: str, category_code: str, answers: bool | None) -> Unit:
    """Says that a unit answers for a category although its kind does not (True), does not although it does (False),
    or as its kind says (None). Raises NotFound, NotAllowed.
    """
    unit = Unit.objects.filter(code=unit_code, valid_to=None).first()
    category = Category.objects.filter(code=category_code).first()
    if unit is None or category is None:
        raise NotFound(what=f"{unit_code} {category_code}")
    policies.may_keep(actor, {unit.division_id})
    if answers is None:
        Competence.objects.filter(unit=unit, category=category).delete()
    else:
        Competence.objects.update_or_create(unit=unit, category=category, defaults={"answers": answers})
    record(
        [(unit, CompetenceSet(unit_code, category_code, {True: "yes", False: "no", None: "kind"}[answers]))],
        actor,
    )
    touch()
    return unit
