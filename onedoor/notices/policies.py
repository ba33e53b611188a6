"""Who may record that a reporter was told by telephone, letter or in person."""

from __future__ import annotations

from onedoor.kernel.actor import Actor
from onedoor.matters import policies
from onedoor.matters.models import Matter


def may_tell(actor: Actor, matter: Matter) -> bool:
    """Somebody at the door, for whom `matter` was reached; never the unit that handles it."""
    return policies.performs(matter, policies.AT_THE_DOOR) and matter.unit_id not in actor.unit_ids
