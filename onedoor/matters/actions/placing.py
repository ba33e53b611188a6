"""Corrections by those at the door: the place and the category of a matter."""

from __future__ import annotations

from django.db import transaction

from onedoor.city.models import Category
from onedoor.city.queries import tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, NotAllowed
from onedoor.matters import policies, procedures
from onedoor.matters.events import Changed
from onedoor.matters.models import Matter
from onedoor.matters.steps import Moving

MAY_CORRECT = ["clerk", "coordinator", "system"]


@transaction.atomic
def place(
    actor: Actor, number: str, division_id: int, unit_id: int, *, why: dict | None = None, reason: str = "",
) -> Matter:  # fmt: skip
    """Says where a matter lies and which unit answers there there. Raises NotFound, NotAllowed, BadInput."""
    if division_id not in tree().nodes:
        raise BadInput.of("division", "没有这个区划或网格", "there is no such division or grid")
    matter = _may_correct(actor, number)
    step = Moving(actor, matter, procedures.of(matter))
    matter.division_id, matter.placed = division_id, True
    if unit_id != matter.unit_id:
        step.hand_to(unit_id)
    step.done["why"] = why or {}
    step.settle(
        Changed(
            what="place", changes=step.changes(), clocks=step.clock_lines(), done=step.done, reason=reason
        )
    )
    return matter


@transaction.atomic
def correct(
    actor: Actor, number: str, category: Category, unit_id: int, *, why: dict | None = None, reason: str = "",
) -> Matter:  # fmt: skip
    """Corrects the category before anybody has acted, moving the matter to that category's procedure and unit.

    Raises NotFound, NotAllowed, BadInput; once somebody has acted, use the procedure's own action.
    """
    matter = _may_correct(actor, number)
    procedure = procedures.of(matter)
    if matter.state != procedure.opens.state:
        raise BadInput.of(
            "category",
            "已开始办理，请用流程内的改类动作",
            "it is being handled; use the procedure's own action",
        )
    version = procedures.current(category.procedure)
    step = Moving(actor, matter, procedures.compiled(version.pk))
    opening = step.procedure.opens
    matter.category, matter.procedure = category, version
    matter.confidential = matter.confidential or category.confidential
    matter.state, matter.answers = opening.state, step.procedure.states[opening.state].answers or ""
    for clock in step.clocks:
        step.end(clock, "dropped")
    if unit_id != matter.unit_id:
        step.hand_to(unit_id)
    for name in opening.starts:
        _restart(step, name)
    step.done["why"] = why or {}
    step.settle(
        Changed(
            what="category", changes=step.changes(), clocks=step.clock_lines(), done=step.done, reason=reason
        )
    )
    return matter


def _restart(step: Moving, name: str) -> None:
    """The new rule's clock counts from the day the matter came in: a wrong category costs the resident no time."""
    now, step.at = step.at, step.matter.opened_at
    step.start(name)
    step.at = now


def _may_correct(actor: Actor, number: str) -> Matter:
    matter = policies.reach(actor, number, lock=True)
    if not policies.performs(matter, MAY_CORRECT):
        raise NotAllowed(what=f"更正 / correct {number}")
    return matter
