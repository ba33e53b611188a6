"""Tables to begin with, for a city that has none yet: its usual units, and the posts that somebody must hold.

They come from what the packs say is usual (`packs/common/unit_kinds.yaml`, `roles.yaml`), and are written to be looked
over and mended before they are loaded; nothing here changes the city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from onedoor.city import roster
from onedoor.city.models import Division, Post, Unit
from onedoor.city.provisional import STATISTICAL, short
from onedoor.city.queries import directory, roles, standing, unit_kinds
from onedoor.city.tree import tree

UNIT_HEADINGS = ("code", "name", "kind", "division_code", "parent_code", "phone")
ROSTER_HEADINGS = ("name", "login", "unit_code", "role", "division_code", "valid_from", "责任地", "岗位名称")
DEPARTMENT = "department"  # in `roles.yaml`: every kind of unit that is a department

Line = tuple[object, ...]
_SEAT = re.compile(r"(街道办事处|街道|办事处|镇|乡)$")
_COMMITTEE = re.compile(r"(委员会|委会|居委)$")


def usual_units() -> list[Line]:
    """A row for every usual unit of every division that has not got it yet; a unit's parent stands before it."""
    places = Division.objects.filter(valid_to=None).exclude(kind=STATISTICAL).order_by("code")
    there = set(Unit.objects.filter(valid_to=None).values_list("division_id", "kind"))
    return [row for place in places for row in _units_of(place, there)]


def _units_of(place: Division, there: set[tuple[int, str]]) -> Iterator[Line]:
    for kind, facts in unit_kinds().items():
        level = tree().profile.level(facts["tier"])
        if level is None or level.key != place.level or (place.pk, kind) in there:
            continue
        parent = f"{place.code}-{facts['parent']}" if facts.get("parent") else ""
        yield f"{place.code}-{kind}", _unit_name(place, facts), kind, place.code, parent, ""


def _unit_name(place: Division, facts: dict) -> str:
    """How the unit is usually called. A village whose name is that of its committee already keeps it."""
    pattern = facts.get("names", {}).get(place.kind, facts["name"])
    if _COMMITTEE.search(place.name) and _COMMITTEE.search(pattern):
        return place.name
    return pattern.format(place=short(place.name), short=_SEAT.sub("", place.name))


def vacant_posts() -> list[Line]:
    """A row without a name for every post that is usual and that nobody holds."""
    return [*_posts_of_places(), *_posts_of_units()]


def _posts_of_places() -> Iterator[Line]:
    """Posts that every village or every grid must have, where it has none."""
    places, found = tree(), directory()
    for gap in roster.gaps().gaps:
        kinds = roles()[gap.role].get("unit", [])
        near = (unit for kind in kinds for unit in found.of_kind(kind, places.by_code[gap.code].id))
        unit = next(near, None)
        yield _line(unit.code if unit else "", gap.role, gap.code, " · ".join(gap.path))


def _posts_of_units() -> Iterator[Line]:
    """Posts that the units of some kinds usually have."""
    asked = {ask.role for ask in roster.asked()}
    held = set(Post.objects.filter(standing()).values_list("unit_id", "role"))
    units = directory().units.values()
    for role, facts in roles().items():
        if role not in asked:
            for unit in units:
                if _sits(unit.kind, facts.get("unit", [])) and (unit.pk, role) not in held:
                    place = tree().nodes[unit.division_id]
                    yield _line(unit.code, role, place.code, unit.name)


def _sits(kind: str, kinds: list[str]) -> bool:
    return kind in kinds or (DEPARTMENT in kinds and bool(unit_kinds().get(kind, {}).get("department")))


def _line(unit: str, role: str, division: str, where: str) -> Line:
    return "", "", unit, role, division, "", where, roles()[role]["title"]["zh"]
