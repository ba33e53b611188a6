"""Who may make and read which documents."""

from __future__ import annotations

from onedoor.documents.catalogue import Template
from onedoor.kernel.actor import Actor
from onedoor.matters import policies, procedures
from onedoor.matters.models import Matter


def may_make(actor: Actor, matter: Matter, template: Template) -> bool:
    """Whether the actor for whom `matter` was reached may make a document of this template.

    What holds the query code is given out by staff at the door alone: later the unit that handles the matter could
    give the verdict with it.
    """
    if not _one_of(actor, matter, template.by):
        return False
    at_the_door = matter.state == procedures.of(matter).opens.state
    return actor.kind == "resident" or at_the_door or not template.at_the_door


def may_read(actor: Actor, matter: Matter, template: Template) -> bool:
    """Whether the actor for whom `matter` was reached may open its documents of this template."""
    return _one_of(actor, matter, [*template.by, *template.readers])


def _one_of(actor: Actor, matter: Matter, performers: list[str]) -> bool:
    """A resident only of her own filing, because a document may name the other parties."""
    own = actor.kind != "resident" or actor.number == matter.number
    return own and policies.performs(matter, performers)
