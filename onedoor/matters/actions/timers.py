"""What the clocks do by themselves: climb the escalation ladder, take the due action, lapse, follow the calendar."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import chunks
from onedoor.kernel.problems import Problem
from onedoor.kernel.statements import Select, update
from onedoor.matters import clocks as clockwork
from onedoor.matters import procedures
from onedoor.matters.events import ClockLapsed, ClockMoved, Escalated
from onedoor.matters.ladders import ladders
from onedoor.matters.models import Clock, Matter
from onedoor.matters.moving import LIVE, Moving
from onedoor.matters.registry import EFFECTS
from onedoor.matters.steps import Step

BATCH = 500
BY_ID = Select(Matter, "id = %s")
TRY_AGAIN = timedelta(days=1)
TIMER = Actor.system("timer")
logger = logging.getLogger(__name__)


def tick(limit: int = BATCH) -> int:
    """Wakes every clock whose moment has come, the earliest first; returns how many were woken.

    Call again while it returns `limit`. Each clock is a transaction of its own; one that cannot be woken is logged and
    tried again the next day, so that one fault stops no other.
    """
    rows = Clock.objects.filter(state="running", wakes_at__lte=time.now(), matter__is_open=True)
    woken = list(rows.order_by("wakes_at", "pk").values_list("pk", "matter_id")[:limit])
    for clock_id, matter_id in woken:
        try:
            _wake(clock_id, matter_id)
        except Exception:  # whatever it is, it must not stand in the way of all others
            logger.exception("clock %s of matter %s could not be woken", clock_id, matter_id)
            Clock.objects.filter(pk=clock_id).update(wakes_at=time.now() + TRY_AGAIN)
    return len(woken)


@transaction.atomic
def _wake(clock_id: int, matter_id: int) -> None:
    [matter] = BY_ID(matter_id, lock=True)
    step = Moving(TIMER, matter, procedures.of(matter))
    clock = _held(step, clock_id)
    if clock is None or clock.wakes_at is None or clock.wakes_at > step.at:
        return
    rule = step.rule(clock)
    if rule and rule.lapses:
        _lapse(step, clock)
    elif not (rule and rule.on_due and clock.due_at <= step.at):
        _not_taken(step, clock)
    elif not _take_due_action(step, rule.on_due):
        again = Moving(TIMER, matter, step.procedure)
        _not_taken(again, _held(again, clock_id))


def _held(step: Moving, clock_id: int) -> Clock | None:
    return next((clock for clock in step.live if clock.pk == clock_id and clock.state == "running"), None)


def _lapse(step: Moving, clock: Clock) -> None:
    step.end(clock, "dropped")
    step.settle(ClockLapsed(clock=clock.name, due=clock.due_at.isoformat(), clocks=step.clock_lines()))


def _take_due_action(step: Moving, key: str) -> bool:
    """Takes the due action, if the matter stands where it may be taken and no guard refuses."""
    matter, procedure = step.matter, step.procedure
    if matter.state not in procedure.sources(procedure.actions[key]):
        return False
    try:
        with transaction.atomic():
            Step(TIMER, matter, procedure, key, {}).run()
    except Problem:  # a guard stands in the way
        matter.refresh_from_db()
        return False
    return True


def _not_taken(step: Moving, clock: Clock | None) -> None:
    """Climbs the ladder; past its last rung a due action is only tried again, without a line each day."""
    if clock is None:
        return
    ladder = step.ladder(clock)
    rungs = ladders().get(ladder or "", [])
    if clock.rung >= max(1, len(rungs)):
        clock.wakes_at = step.at + TRY_AGAIN
        update(clock, ["wakes_at"])
        return
    do = rungs[clock.rung].do if rungs else "remind"
    EFFECTS[do](step, clock)  # type: ignore[arg-type]  # what a ladder names is content with a Moving
    clock.rung += 1
    rule = step.rule(clock)
    due_action = bool(rule and rule.on_due)
    clock.wakes_at = clockwork.wakes_at(clock, ladder) or (step.at + TRY_AGAIN if due_action else None)
    step.moved[id(clock)] = ("rung", clock)
    step.settle(
        Escalated(
            clock=clock.name,
            rung=clock.rung,
            do=do,
            due=clock.due_at.isoformat(),
            clocks=step.clock_lines(),
            changes=step.changes(),
            done=step.done,
        )
    )


def recompute_clocks(actor: Actor) -> int:
    """Recomputes every open clock from what it keeps, after the calendar changed; returns how many moved."""
    moved = 0
    rows = Clock.objects.filter(state__in=LIVE).order_by("pk")
    for chunk in chunks(rows.values_list("pk", flat=True)):
        changed = [clock.pk for clock in rows.filter(pk__in=chunk) if _differs(clock)]
        moved += sum(_recompute(actor, pk) for pk in changed)
    return moved


def _differs(clock: Clock) -> bool:
    found = clockwork.computed(clock)
    return (found.at, found.provisional) != (clock.due_at, clock.provisional)


@transaction.atomic
def _recompute(actor: Actor, clock_id: int) -> bool:
    """Recomputes one clock; True if its date moved, and then an entry says so."""
    matter = Matter.objects.select_for_update().get(clocks__pk=clock_id)
    step = Moving(actor, matter, procedures.of(matter))
    clock = next((clock for clock in step.live if clock.pk == clock_id), None)
    if clock is None:
        return False
    before = clock.due_at
    clockwork.recompute(clock, step.ladder(clock))
    clock.save(update_fields=["due_at", "provisional", "wakes_at"])
    if clock.due_at == before:  # it is only surer now, or less sure
        return False
    matter.next_due = clockwork.next_due(step.clocks)
    matter.save(update_fields=["next_due"])
    moved = ClockMoved(
        clock=clock.name, before=before.isoformat(), after=clock.due_at.isoformat(),
        clocks=[clockwork.line(clock, "move")],
    )  # fmt: skip
    log.append(matter, moved, actor)
    return True
