"""Which units a reminder goes to: whom the clock binds, who supervises the place, whose leader must know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from onedoor.city.queries import directory, kinds_with, roles, tree
from onedoor.kernel import time
from onedoor.kernel.statements import ask, insert, new
from onedoor.matters.models import Clock, Matter
from onedoor.matters.moving import Moving
from onedoor.matters.rows import Seen
from onedoor.notices.models import Reminder

UNSEEN = (
    "SELECT unit_id, role FROM notices_reminder"
    " WHERE matter_id = %s AND kind = %s AND clock = %s AND seen_at IS NULL"
)
POSTED = (
    "SELECT DISTINCT division_id, unit_id FROM city_post"
    " WHERE role = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to > %s)"
    " AND division_id IN (SELECT ancestor_id FROM city_divisionclosure WHERE descendant_id = %s)"
)
Addressee = tuple[int, str]  # a unit, and the role there; empty: whoever works there


def remind_units(
    step: Moving, kind: str, addressees: Iterable[Addressee], clock: Clock | None = None
) -> None:
    """Puts a reminder before every addressee, and says so in the step's entry."""
    kept = place(step.matter, kind, addressees, step.at, clock.name if clock else "")
    lines = [{"unit": unit, "kind": kind, "role": role} for unit, role in kept]
    step.done["reminded"] = [*step.done.get("reminded", []), *lines]


def place(
    matter: Matter, kind: str, addressees: Iterable[Addressee], at: datetime, clock: str = ""
) -> list[Addressee]:
    """Puts a reminder before every addressee but the units complained of; returns who was addressed.

    Where the same one still stands unseen it is not repeated.
    """
    barred = {unit for unit, _ in (matter.seen or Seen(matter)).accused}
    held = set(ask(UNSEEN, matter.pk, kind, clock))
    kept = [pair for pair in dict.fromkeys(addressees) if pair[0] not in barred and pair not in held]
    insert(
        [
            new(
                Reminder,
                unit_id=unit,
                matter_id=matter.pk,
                kind=kind,
                role=role,
                created_at=at,
                clock=clock,
            )
            for unit, role in kept
        ]
    )
    return kept


def bound(step: Moving, clock: Clock | None) -> list[Addressee]:
    """Whom a clock binds: its unit; where it binds none, those whom the state waits for, else the responsible unit."""
    if clock is not None and clock.unit_id:
        return [(clock.unit_id, "")]
    awaited = step.matter.answers
    found = posted(step.matter, awaited) if clock is not None and awaited in roles() else []
    return [(unit, awaited) for unit in found] or [(step.matter.unit_id, "")]


def supervisors(matter: Matter) -> list[Addressee]:
    """Who follows up on a matter. Of a confidential one the coordinators, for supervisors do not see it."""
    role = "coordinator" if matter.confidential else "supervisor"
    return [(unit, role) for unit in posted(matter, role)]


def independents(matter: Matter) -> list[Addressee]:
    """Who can tell a reporter what the handling unit may not tell her itself: the callers, else the coordinators."""
    callers = [(unit, "caller") for unit in posted(matter, "caller")]
    return (
        callers or [(unit, "coordinator") for unit in posted(matter, "coordinator")] or [(matter.unit_id, "")]
    )


def leaders(step: Moving, clock: Clock | None) -> list[Addressee]:
    """The leaders of the unit bound, of its superior, and of the nearest unit that oversees the place."""
    held = directory()
    units = [unit for unit, _ in bound(step, clock)]
    above = [parent for unit in units if unit in held.units and (parent := held.units[unit].parent_id)]
    overseers = [
        unit.pk for kind in kinds_with("oversees") for unit in held.of_kind(kind, step.matter.division_id)
    ]
    nearest = [unit for unit in overseers if unit not in units][:1]
    return [(unit, "leader") for unit in dict.fromkeys([*units, *above, *nearest])]


def posted(matter: Matter, role: str) -> list[int]:
    """The units with somebody in `role` over the matter's place: those of the nearest division that has any."""
    node = tree().nodes.get(matter.division_id) or tree().nodes[matter.county_id]
    day = time.now().date()
    found = sorted(ask(POSTED, role, day, day, node.id))
    for division_id in reversed(node.path):
        if here := [unit for division, unit in found if division == division_id]:
            return here
    return []
