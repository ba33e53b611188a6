"""What the door adds to the engine's effects."""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import directory
from onedoor.intake.route import route as find
from onedoor.matters.effects import respondents
from onedoor.matters.moving import category_of
from onedoor.matters.registry import effect, takes
from onedoor.matters.steps import Step


@effect
@takes("nothing")
def route(step: Step, _: Any) -> None:
    """Routes the matter anew by its category and place, never to a unit complained of."""
    matter = step.matter
    accused = frozenset(unit for unit in respondents(step) if unit)
    category = category_of(matter)
    found = find(directory(), category, matter.division_id, placed=matter.placed, complained_of=accused)
    step.done["route"] = found.why
    if found.unit.pk != matter.unit_id:
        step.hand_to(found.unit.pk)
