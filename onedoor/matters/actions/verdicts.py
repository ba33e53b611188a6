"""The resident's last word, whichever action of the procedure carries it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.matters import policies
from onedoor.matters.actions.acting import act
from onedoor.matters.guards import unheard
from onedoor.matters.models import Matter


@transaction.atomic
def give_verdict(actor: Actor, solved: bool, values: dict[str, Any]) -> Matter:
    """A resident who proved number and code says whether it is solved; the last of several reporters closes it.

    Raises NotFound, Conflict (nothing is asked now), BadInput.
    """
    filing = Matter.objects.filter(number=actor.number).select_related("master").first()
    if filing is None:
        raise NotFound(what=actor.number)
    asked = policies.reach(actor, (filing.master or filing).number, lock=True)
    if not solved:
        return act(actor, asked.number, "not_solved", values)
    waiting = unheard(asked) - {filing.number}
    return act(actor, asked.number, "solved_for_me" if waiting else "solved", values)
