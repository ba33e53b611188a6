"""What waits for nobody: the matters whose state waits for a post that is vacant, and on whose list they then stand.

A state names the performer it waits for. Where nobody in service is that performer for a matter, it falls to the next
on `LADDER` who is there, and is marked in her list. The rule is the same for every performer of every procedure: what
is held is worked out from the performers' own rows, asked for everybody in service at once (`city.queries.staff`).

Who holds a post may still have to keep away from a matter: from one that complains of her or of her unit, one that is
confidential, and as a caller one that her unit handled. Which of several colleagues these are is not asked for every
matter of a list: as soon as one of them might be it, the next on the ladder has the matter on her list as well. So a
matter may stand on one list too many, and never on none while the ladder has somebody who may see it.
"""

from __future__ import annotations

from collections.abc import Iterable

from onedoor.city.queries import staff
from onedoor.kernel.actor import Actor, Reach
from onedoor.matters import procedures
from onedoor.matters.models import Matter
from onedoor.matters.policies import SEES_CONFIDENTIAL
from onedoor.matters.registry import PERFORMERS
from onedoor.matters.rows import (
    EVERYTHING,
    NOTHING,
    About,
    AboutSomebody,
    NotConfidential,
    Reported,
    Responsible,
    Rows,
    Seen,
    Waiting,
)

LADDER = ("coordinator", "supervisor", "leader")  # to whom it falls, the first who is there
NOT_STAFF: dict[str, Rows] = {"system": EVERYTHING, "resident": Reported()}
NOWHERE = 0  # a division that there is not

Staff = tuple[Actor, ...]


def left_to(actor: Actor) -> Rows:
    """The matters that wait for nobody and therefore for this actor. Who may see them is not asked here."""
    found: Rows = NOTHING
    if not actor.holds(*LADDER):
        return found
    for name, left in zip(LADDER, _left(staff()), strict=True):
        rows = PERFORMERS[name].rows(actor)
        if rows is not None:
            found |= rows & left
    return found


def is_vacant(matter: Matter) -> bool:
    """Whether the state of an open matter that was reached waits for nobody."""
    seen = matter.seen or Seen(matter)
    return matter.is_open and not held(matter.answers, staff()).has(seen)


_kept: dict[str, tuple[Staff, list[Rows]]] = {}


def _left(everybody: Staff) -> list[Rows]:
    """For every rung of the ladder, what waits for nobody and has nobody on the rungs before; kept while they serve."""
    kept = _kept.get("left")
    if kept is None or kept[0] is not everybody:
        missing: Rows = NOTHING
        found: list[Rows] = []
        for name in sorted(procedures.awaited()):
            missing |= Waiting(name) & ~held(name, everybody)
        for name in LADDER:
            found.append(missing)
            missing &= ~held(name, everybody)
        kept = _kept["left"] = (everybody, found)
    return kept[1]


def held(name: str, everybody: Staff) -> Rows:
    """The matters for which somebody in service is the named performer and surely need not keep away."""
    if name in NOT_STAFF:
        return NOT_STAFF[name]
    rows = PERFORMERS[name].rows
    serving = [somebody for somebody in everybody if rows(somebody) is not None]
    units = frozenset(unit for somebody in serving for unit in somebody.unit_ids)
    elsewhere = frozenset(u for somebody in serving if len(somebody.unit_ids) > 1 for u in somebody.unit_ids)
    reaches = [reach for somebody in serving for reach in somebody.reaches]
    everywhere = _together(name, reaches, units)
    by_part = _together(name, [Reach(reach.role, NOWHERE, reach.unit_id) for reach in reaches])
    trusted = _together(name, [reach for reach in reaches if reach.role in SEES_CONFIDENTIAL], units)
    free = NOTHING if everywhere == by_part else everywhere & (NotConfidential() | trusted) & ~_about(units)
    if by_part != Responsible(units):  # one that is responsible is never complained of
        by_part &= Responsible(units) | ~_about(units)
    return (free | by_part) & ~_about(elsewhere) & ~AboutSomebody()


def _about(units: frozenset[int]) -> Rows:
    return About(units, None) if units else NOTHING


def _together(name: str, reaches: Iterable[Reach], units: frozenset[int] = frozenset()) -> Rows:
    """The matters for which one of those with these reaches is the performer; `units` are those they sit in."""
    return PERFORMERS[name].rows(Actor("staff", unit_ids=units, reaches=tuple(reaches))) or NOTHING
