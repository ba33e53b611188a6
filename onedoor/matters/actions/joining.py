"""Duplicates: one master, every reporter keeps number, notices and verdict; and back again."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed
from onedoor.kernel.texts import tidy
from onedoor.matters import policies, procedures
from onedoor.matters.effects import keep_away
from onedoor.matters.events import Joined, LetGo, Separated, ToldApart, TookIn
from onedoor.matters.models import Matter, Party
from onedoor.matters.moving import Moving
from onedoor.matters.queries import apart_from
from onedoor.matters.registry import JOINERS
from onedoor.matters.rows import Seen

JOINED = "joined"  # the engine's own state: the filing lives on in its master
MAY_JOIN = ["clerk", "coordinator", "unit", "system"]


@transaction.atomic
def join(actor: Actor, number: str, master_number: str, reason: str = "") -> Matter:
    """Joins a filing to a master about the same thing. Raises NotFound, NotAllowed, BadInput, Conflict."""
    if number == master_number:
        raise BadInput.of("master", "不能与自身合并", "a matter cannot be joined to itself")
    matter, master = _both(actor, number, master_number)
    if not policies.performs(matter, MAY_JOIN):
        raise NotAllowed(what=f"合并 / join {number}")
    _check_joinable(matter, master)
    step = Moving(actor, matter, procedures.of(matter))
    other = Moving(actor, master, procedures.of(master))
    _share_complaints(step, other)
    matter.master, matter.is_open, matter.answers, matter.closed_at = master, False, "", step.at
    matter.state = JOINED
    step.wind_up()
    for tell in JOINERS.values():
        tell(step, other)
    changes, clocks = step.changes(), step.clock_lines()
    step.settle(
        Joined(master=master.number, changes=changes, clocks=clocks, done=step.done, reason=tidy(reason))
    )
    other.settle(TookIn(number=matter.number, clocks=other.clock_lines()))
    return matter


def _both(actor: Actor, number: str, other: str) -> tuple[Matter, Matter]:
    """Two matters, locked by the order of their numbers whichever is named first, so that nobody waits in a circle."""
    reached = {n: policies.reach(actor, n, lock=True) for n in sorted((number, other))}
    return reached[number], reached[other]


def _check_joinable(matter: Matter, master: Matter) -> None:
    if not matter.is_open or not master.is_open or master.master_id:
        raise Conflict(zh="只能并入一件在办的主事项", en="join only to a master that is open")
    if not all(procedures.has_resident(procedures.of(one)) for one in (matter, master)):
        raise Conflict(
            zh="专项行动不并入反映，也不能被并入",
            en="what staff open, such as a campaign, takes in no filings",
        )
    if matter.joined.exists():
        raise Conflict(
            zh="它自己已是主事项，请反向合并", en="it is a master itself; join the other way round"
        )


def _share_complaints(step: Moving, master: Moving) -> None:
    """Whom the filing complains of has no part in the master either. Raises Conflict where such a unit has it."""
    if master.matter.unit_id in step.accused:
        raise Conflict(
            zh="主事项由此件所投诉的单位承办，不能并入",
            en="the unit that this filing complains of has the master, so it cannot be joined",
        )
    if not any(unit or account for unit, account in (step.matter.seen or Seen(step.matter)).accused):
        return
    for complained in step.matter.parties.filter(role="respondent").exclude(unit=None, account=None):
        same = {"unit": complained.unit, "account": complained.account}
        if not master.matter.parties.filter(role="respondent", **same).exists():
            Party.objects.create(matter=master.matter, role="respondent", **same)
        if complained.unit_id:
            keep_away(master, complained.unit_id)


@transaction.atomic
def tell_apart(actor: Actor, number: str, other_number: str, reason: str = "") -> None:
    """Two filings that look alike are not about the same thing: said in both histories, and offered no more.

    Raises NotFound, NotAllowed, BadInput, Conflict where they are joined. Said twice, it is written once.
    """
    if number == other_number:
        raise BadInput.of("number", "不能与自身比较", "a matter cannot be told apart from itself")
    matter, other = _both(actor, number, other_number)
    if not policies.performs(matter, MAY_JOIN):
        raise NotAllowed(what=f"分辨 / tell apart {number}")
    if other.pk == matter.master_id or matter.pk == other.master_id:
        raise Conflict(zh="两件已合并，请先分开", en="they are joined; part them first")
    if other.number not in apart_from(matter):
        log.append(matter, ToldApart(number=other.number, reason=tidy(reason)), actor)
        log.append(other, ToldApart(number=matter.number), actor)


@transaction.atomic
def separate(actor: Actor, number: str, reason: str) -> Matter:
    """A joined filing stands on its own again, from the opening of its procedure. Raises as `join` does."""
    if not tidy(reason):
        raise BadInput.of("reason", "请写明为何分开", "say why they are parted")
    locked = _lock_with_master(number)
    matter = policies.reach(actor, number, lock=True)
    if matter.master_id is None:
        raise Conflict(zh="此事项没有并入其他事项", en="this matter is not joined to another")
    if not policies.performs(matter, MAY_JOIN):
        raise NotAllowed(what=f"分开 / separate {number}")
    if matter.master_id not in locked:  # it was joined to another while this waited for its turn
        raise Conflict(
            zh="此事项刚刚有了新的进展，请查看后再操作",
            en="somebody has just moved this matter on; look again",
        )
    master = locked[matter.master_id]
    procedure = procedures.of(matter)
    step = Moving(actor, matter, procedure)
    state = procedure.states[procedure.opens.state]
    matter.master, matter.is_open, matter.closed_at = None, True, None
    matter.state, matter.answers = procedure.opens.state, state.answers or ""
    for name in procedure.opens.starts:
        step.start(name)
    step.settle(
        Separated(
            master=master.number, changes=step.changes(), clocks=step.clock_lines(), reason=tidy(reason)
        )
    )
    log.append(master, LetGo(number=matter.number), actor)
    return matter


def _lock_with_master(number: str) -> dict[int, Matter]:
    """A filing and its master, locked by the order of their numbers, as `join` locks them."""
    both = Matter.objects.filter(
        Q(number=number) | Q(pk__in=Matter.objects.filter(number=number).values("master"))
    )
    return {matter.pk: matter for matter in both.select_for_update().order_by("number")}
