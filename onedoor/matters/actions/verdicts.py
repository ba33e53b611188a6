"""The resident's last word, whichever action of the procedure carries it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.kernel.statements import ask
from onedoor.matters import policies
from onedoor.matters.actions.acting import act
from onedoor.matters.guards import unheard
from onedoor.matters.models import Matter

ASKED = (
    "SELECT coalesce(master.number, filing.number) FROM matters_matter filing"
    " LEFT JOIN matters_matter master ON master.id = filing.master_id WHERE filing.number = %s"
)


@transaction.atomic
def give_verdict(actor: Actor, solved: bool, values: dict[str, Any]) -> Matter:
    """A resident who proved number and code says whether it is solved; the last of several reporters closes it.

    Raises NotFound, Conflict (nothing is asked now), BadInput.
    """
    found = ask(ASKED, actor.number)
    if not found:
        raise NotFound(what=actor.number)
    [(number,)] = found
    asked = policies.reach(actor, number, lock=True)
    if not solved:
        return act(actor, asked.number, "not_solved", values)
    waiting = unheard(asked) - {actor.number}
    return act(actor, asked.number, "solved_for_me" if waiting else "solved", values)
