"""Duplicates: one master, every reporter keeps number, notices and verdict; and back again."""

from __future__ import annotations

from django.db import transaction

from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed
from onedoor.matters import policies, procedures
from onedoor.matters.events import Joined, Separated, TookIn
from onedoor.matters.models import Matter
from onedoor.matters.steps import Moving

JOINED = "joined"  # the engine's own state: the filing lives on in its master
MAY_JOIN = ["clerk", "coordinator", "unit", "system"]


@transaction.atomic
def join(actor: Actor, number: str, master_number: str, reason: str = "") -> Matter:
    """Joins a filing to a master about the same thing. Raises NotFound, NotAllowed, BadInput, Conflict."""
    if number == master_number:
        raise BadInput.of("master", "不能与自身合并", "a matter cannot be joined to itself")
    first, second = (policies.reach(actor, n, lock=True) for n in sorted((number, master_number)))
    matter, master = (first, second) if first.number == number else (second, first)
    if not policies.performs(matter, MAY_JOIN):
        raise NotAllowed(what=f"合并 / join {number}")
    if not matter.is_open or not master.is_open or master.master_id:
        raise Conflict(zh="只能并入一件在办的主事项", en="join only to a master that is open")
    if matter.joined.exists():
        raise Conflict(
            zh="它自己已是主事项，请反向合并", en="it is a master itself; join the other way round"
        )
    step = Moving(actor, matter, procedures.of(matter))
    matter.master, matter.is_open, matter.answers, matter.closed_at = master, False, "", step.at
    matter.state = JOINED
    for clock in step.clocks:
        step.end(clock, "dropped")
    matter.tasks.filter(state="open").update(state="withdrawn", done_at=step.at)
    step.settle(Joined(master=master.number, changes=step.changes(), reason=reason))
    log.append(master, TookIn(number=matter.number), actor)
    return matter


@transaction.atomic
def separate(actor: Actor, number: str, reason: str) -> Matter:
    """A joined filing stands on its own again, from the opening of its procedure. Raises as `join` does."""
    if not reason.strip():
        raise BadInput.of("reason", "请写明为何分开", "say why they are parted")
    matter = policies.reach(actor, number, lock=True)
    if matter.master is None:
        raise Conflict(zh="此事项没有并入其他事项", en="this matter is not joined to another")
    if not policies.performs(matter, MAY_JOIN):
        raise NotAllowed(what=f"分开 / separate {number}")
    procedure, master = procedures.of(matter), matter.master
    step = Moving(actor, matter, procedure)
    state = procedure.states[procedure.opens.state]
    matter.master, matter.is_open, matter.closed_at = None, True, None
    matter.state, matter.answers = procedure.opens.state, state.answers or ""
    for name in procedure.opens.starts:
        step.start(name)
    step.settle(
        Separated(
            master=master.number, changes=step.changes(), clocks=step.clock_lines(), reason=reason.strip()
        )
    )
    return matter
