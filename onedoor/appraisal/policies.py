"""Who may judge evidence: a post in the office that the scheme names, which stands over the unit that is judged."""

from __future__ import annotations

from onedoor.appraisal.schemes.language import Group, Office
from onedoor.city.models import Unit
from onedoor.city.queries import directory, tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotAllowed


def judging_unit(actor: Actor, office: Office, place_id: int, subject: str) -> Unit | None:
    """The unit as which she judges; None for the system. Raises NotAllowed for anybody else and for the unit judged."""
    if actor.kind == "system":
        return None
    level = tree().profile.level(office.level)
    nodes = tree().nodes
    for unit in directory().of_kind(office.kind, place_id):
        stands = level is not None and nodes[unit.division_id].level == level.key
        if stands and unit.pk in actor.unit_ids and unit.code != subject:
            return unit
    raise NotAllowed(what=f"评定（{office.zh}）· judge as {office.en}")


def place_of(group: Group, subject: str) -> int | None:
    """The division of one that the group appraises, by its code; None where the group has no such unit or place."""
    if group.level == "department":
        found = next((u for u in directory().units.values() if u.code == subject), None)
        return found.division_id if found is not None and found.kind in group.kinds else None
    node, level = tree().by_code.get(subject), tree().profile.level(group.level)
    return node.id if node is not None and level is not None and node.level == level.key else None
