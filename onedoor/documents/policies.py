"""Who may make and read which documents."""

from __future__ import annotations

from onedoor.documents.catalogue import Template
from onedoor.kernel.actor import Actor
from onedoor.matters import policies, procedures
from onedoor.matters.models import Matter


def may(actor: Actor, matter: Matter, template: Template) -> bool:
    """Whether the actor for whom `matter` was reached may make and read documents of this template.

    A resident only of her own filing, because a document may name the other parties. What holds the query code is
    given out by staff at the door alone: later the unit that handles the matter could give the verdict with it.
    """
    if not policies.performs(matter, template.by):
        return False
    if actor.kind == "resident":
        return actor.number == matter.number
    return not template.at_the_door or matter.state == procedures.of(matter).opens.state
