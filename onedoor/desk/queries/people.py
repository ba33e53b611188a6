"""Whom to call about a matter: who works on it, and who answers where it lies. One query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Q

from onedoor.city import roster
from onedoor.city.models import Post
from onedoor.city.queries import standing, tree
from onedoor.city.rules import Level
from onedoor.city.tree import Node
from onedoor.matters.models import Matter

IN_UNIT = ("handler", "mediator", "leader", "coordinator", "clerk")
AT_PLACE = (
    "grid_worker",
    "police_officer",
    "legal_adviser",
    "mediator",
)  # those a place must have, nearest first
MOST = 6  # of one role


@dataclass(frozen=True)
class Colleague:
    """Somebody on duty: the post, not the person, is what one calls."""

    name: str
    role: str
    unit_id: int
    division_id: int


@dataclass(frozen=True)
class Duty:
    """A role at a place: who fills it, or nobody; not `known` where the place is not known closely enough to say."""

    role: str
    people: list[Colleague]
    known: bool = True


@dataclass(frozen=True)
class ToCall:
    """The people of the units that work on a matter, by unit, and those who answer where it lies."""

    in_units: dict[int, list[Colleague]]
    at_place: list[Duty]


def to_call(matter: Matter, unit_ids: Iterable[int]) -> ToCall:
    """The people to call about a matter; `unit_ids` are the units that have a part in it, the first one leads."""
    units = list(dict.fromkeys(unit_ids))
    node = tree().nodes.get(matter.division_id)
    path = node.path if node else ()
    rows = Post.objects.filter(standing(), account__is_active=True).filter(
        Q(unit_id__in=units, role__in=IN_UNIT) | Q(division_id__in=path, role__in=AT_PLACE)
    )
    found = [
        Colleague(*row)
        for row in rows.order_by("pk").values_list("account__name", "role", "unit_id", "division_id")
    ]
    return ToCall(_in_units(found, units), list(_at_place(found, node)))


def _in_units(found: list[Colleague], units: list[int]) -> dict[int, list[Colleague]]:
    return {
        unit: sorted(
            (one for one in found if one.unit_id == unit and one.role in IN_UNIT),
            key=lambda one: IN_UNIT.index(one.role),
        )[:MOST]
        for unit in units
    }


def _at_place(found: list[Colleague], node: Node | None) -> Iterator[Duty]:
    """Per role, those of the nearest division that has any; a township's or county's are nobody's in particular.

    A city that has no such places as a role is asked for has no vacancy either.
    """
    path = node.path if node else ()
    near = path[-2:]
    tiers = {ask.role: ask.tier for ask in roster.asked()}
    for role in AT_PLACE:
        held = [one for one in found if one.role == role and one.division_id in near]
        closest = max((path.index(one.division_id) for one in held), default=None)
        people = [one for one in held if path.index(one.division_id) == closest][:MOST]
        if people or role not in tiers:
            yield Duty(role, people)
        elif level := tree().profile.level(tiers[role]):
            yield Duty(role, [], known=node is not None and _as_deep(node, level))


def _as_deep(node: Node, level: Level) -> bool:
    """Whether a place is known as closely as a level of the tree, or more closely."""
    order = [each.key for each in tree().profile.levels]
    return order.index(node.level) >= order.index(level.key)
