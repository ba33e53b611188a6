"""Who may judge evidence: a post in the office that the scheme names, which stands over the unit that is judged.
Who may see a score: whoever follows up there, and the unit itself, its own alone. Who may object: the unit itself; who
decides on it: another, without an interest.
"""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.appraisal.models import ScoreObjection
from onedoor.appraisal.schemes.language import Group, Office
from onedoor.city.models import Unit
from onedoor.city.queries import directory, kinds_with, overseen, tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotAllowed, NotFound


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


WATCHING = (
    "supervisor",
    "auditor",
)  # who follow up in a whole subtree; leaders do where their unit oversees it


@dataclass(frozen=True)
class Sight:
    """Whose scores somebody may see: of all in some places and below; her own unit's; those of her unit's own place."""

    everything: bool = False
    below: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    places: frozenset[int] = frozenset()

    def of(self, group: Group) -> frozenset[str]:
        """The codes of those whom a group appraises and whose scores may be seen."""
        if group.level == "department":
            kinds = [unit for unit in directory().units.values() if unit.kind in group.kinds]
            return frozenset(u.code for u in kinds if u.pk in self.units or self._over(u.division_id))
        level = tree().profile.level(group.level)
        places = [node for node in tree().nodes.values() if level is not None and node.level == level.key]
        return frozenset(node.code for node in places if node.id in self.places or self._over(node.id))

    def _over(self, division_id: int) -> bool:
        node = tree().nodes.get(division_id)
        return self.everything or (node is not None and not self.below.isdisjoint(node.path))

    def is_own(self, group: Group, subject: str) -> bool:
        """Whether a score is of her own unit, or of her unit's own place."""
        if group.level == "department":
            return any(unit.pk in self.units for unit in directory().units.values() if unit.code == subject)
        return place_of(group, subject) in self.places


def sight(actor: Actor) -> Sight:
    """Whose scores an actor may see. A place is answered for by its centre; where it has none, by all its units."""
    if actor.kind != "staff":
        return Sight(everything=actor.kind == "system")
    centres = kinds_with("oversees")
    units = directory().units
    led = {unit.division_id for unit in units.values() if unit.kind in centres}
    own = [units[pk] for pk in actor.unit_ids if pk in units]
    return Sight(
        below=actor.divisions(*WATCHING) | overseen(actor),
        units=actor.unit_ids,
        places=frozenset(u.division_id for u in own if u.kind in centres or u.division_id not in led),
    )


OBJECTING = ("leader", "coordinator", "supervisor", "handler")  # who may speak for a unit on its score
DECIDING = ("leader", "coordinator", "supervisor")


def objecting_unit(actor: Actor, group: Group, subject: str) -> Unit:
    """The unit as which she objects. Raises NotFound for a score she may not see, NotAllowed for one not her unit's."""
    held = sight(actor)
    if subject not in held.of(group):
        raise NotFound(what=subject)
    posts = {
        reach.unit_id
        for reach in actor.reaches
        if reach.role in OBJECTING and reach.unit_id in directory().units
    }
    own = [directory().units[pk] for pk in sorted(pk for pk in posts if pk is not None)]
    if held.is_own(group, subject):
        where = place_of(group, subject)
        for unit in own:
            if unit.code == subject if group.level == "department" else unit.division_id == where:
                return unit
    raise NotAllowed(what="对得分提出异议 · object to a score")


def decides(actor: Actor, objection: ScoreObjection, group: Group) -> bool:
    """Whether she may decide: a post in the arbiter that leads, and no part in what is judged."""
    leads = any(r.unit_id == objection.arbiter_id and r.role in DECIDING for r in actor.reaches)
    return (
        leads
        and objection.unit_id not in actor.unit_ids
        and not sight(actor).is_own(group, objection.subject)
    )


def check_decides(actor: Actor, objection: ScoreObjection, group: Group) -> None:
    """Raises NotAllowed for whoever may not decide."""
    if not decides(actor, objection, group):
        raise NotAllowed(what="裁定对得分的异议 · decide on an objection to a score")
