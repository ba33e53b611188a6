"""What the door adds to the engine's effects."""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import directory
from onedoor.intake.route import route as find
from onedoor.matters.effects import set_level
from onedoor.matters.moving import category_of
from onedoor.matters.registry import effect, needs, takes
from onedoor.matters.steps import Step


@effect
@takes("nothing")
def route(step: Step, _: Any) -> None:
    """Routes the matter anew by its category and place, never to a unit complained of."""
    matter = step.matter
    category = category_of(matter)
    found = find(directory(), category, matter.division_id, placed=matter.placed, complained_of=step.accused)
    step.done["route"] = found.why
    if found.unit.pk != matter.unit_id:
        step.hand_to(found.unit.pk)


@effect
@takes("nothing")
@needs("what", "span")
def give_each_a_task(step: Step, _: Any) -> None:
    """Every unit that was invited gets a task with its own clock; the responsible unit where none was."""
    invited = step.matter.involved.filter(part="invited").exclude(unit_id__in=step.accused)
    for unit_id in invited.order_by("unit_id").values_list("unit_id", flat=True) or [step.matter.unit_id]:
        step.task(unit_id, step.values["what"], step.values["span"], step.key)
    set_level(step, 2)
