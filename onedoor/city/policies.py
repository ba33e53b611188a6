"""Who may change the city's data: administrators, below the divisions on which they hold that role."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from onedoor.city.models import Division
from onedoor.city.queries import subtree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotAllowed

KEEPER = "admin"


def kept_by(actor: Actor) -> QuerySet[Division]:
    """The divisions whose data an actor may change; all of them for the system."""
    if actor.kind == "system":
        return Division.objects.all()
    return Division.objects.filter(pk__in=subtree(actor.divisions(KEEPER)))


def may_keep(actor: Actor, division_ids: Iterable[int]) -> None:
    """Passes in silence if the actor may change the data of all these divisions. Raises NotAllowed."""
    wanted = set(division_ids)
    if actor.kind != "system" and kept_by(actor).filter(pk__in=wanted).count() < len(wanted):
        raise NotAllowed(what="维护区划、单位和岗位 · keep divisions, units and posts")


def may_found(actor: Actor) -> None:
    """Passes in silence if the actor may change what holds for the whole city. Raises NotAllowed."""
    roots = Division.objects.filter(parent=None, valid_to=None).values_list("pk", flat=True)
    if actor.kind != "system":
        may_keep(actor, roots or {0})
