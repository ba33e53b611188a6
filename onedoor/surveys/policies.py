"""Who may see rounds, steer them, and ask the questions. Whoever is judged by a survey neither steers nor asks it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from onedoor.city.queries import directory, subtree, tree
from onedoor.kernel.access import gate
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotAllowed, NotFound
from onedoor.surveys.language import Questionnaire
from onedoor.surveys.models import OPEN, Round

STEERS = ("supervisor",)
READS = ("supervisor", "coordinator", "leader", "auditor")
ASKS = "interviewer"


@gate("surveys.read", zh="督办员、协调员、领导、审计员、访问员",
      en="supervisors, coordinators, leaders, auditors and interviewers")  # fmt: skip
def _reads(request: object) -> bool:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor.holds(*READS, ASKS)


@gate("surveys.ask", zh="访问员", en="interviewers")
def _asks(request: object) -> bool:
    return bool(request.actor.holds(ASKS))  # type: ignore[attr-defined]


def visible(actor: Actor) -> QuerySet[Round]:
    """The rounds that an actor may see: of the divisions she reads, of those they lie in, of the house she asks for."""
    rows = Round.objects.select_related("questionnaire", "division", "house")
    if actor.kind == "system":
        return rows
    reads, nodes = actor.divisions(*READS), tree().nodes
    above = {place for division in reads & nodes.keys() for place in nodes[division].path}
    return rows.filter(
        Q(division_id__in=subtree(reads)) | Q(division_id__in=above) | Q(house_id__in=_houses(actor))
    )


def reach(actor: Actor, round_id: int, *, lock: bool = False) -> Round:
    """A round that the actor may see. Raises NotFound."""
    rows = visible(actor)
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=round_id).first()
    if found is None:
        raise NotFound(what=f"#{round_id}")
    return found


def may_steer(actor: Actor, division_id: int, asked: Questionnaire) -> bool:
    """Whether she may open, close and publish rounds there: a supervisor over it, of no unit that is judged."""
    if actor.kind == "system":
        return True
    within = subtree(actor.divisions(*STEERS)).filter(descendant_id=division_id).exists()
    return within and not is_judged(actor.unit_ids, asked.judges)


def steers(actor: Actor, division_id: int, asked: Questionnaire) -> None:
    """Passes in silence if she may steer rounds there. Raises NotAllowed."""
    if not may_steer(actor, division_id, asked):
        raise NotAllowed(what="组织调查（督办员，且不在被评单位任职）· steer a survey")


def may_ask(actor: Actor, held: Round, asked: Questionnaire) -> bool:
    """Whether she may enter answers: an interviewer of the round's house who has no post in a unit that is judged."""
    if held.state != OPEN:
        return False
    return actor.kind == "system" or (
        held.house_id in _houses(actor) and not is_judged(actor.unit_ids, asked.judges)
    )


def asks(actor: Actor, held: Round, asked: Questionnaire) -> None:
    """Passes in silence if she may enter answers. Raises NotAllowed."""
    if not may_ask(actor, held, asked):
        raise NotAllowed(what="录入答卷（受托机构的访问员，且不在被评单位任职，调查进行中）· enter answers")


def is_judged(unit_ids: frozenset[int], judges: Sequence[str]) -> bool:
    """Whether one of the units, or one above it, is of a kind that the survey is about."""
    units = directory().units
    for unit_id in unit_ids:
        unit = units.get(unit_id)
        while unit is not None:
            if unit.kind in judges:
                return True
            unit = units.get(unit.parent_id) if unit.parent_id else None
    return False


def _houses(actor: Actor) -> set[int]:
    return {reach.unit_id for reach in actor.reaches if reach.role == ASKS and reach.unit_id}
