"""What the clocks do by themselves: climb the escalation ladder, take the due action, follow the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import Problem
from onedoor.matters import clocks as clockwork
from onedoor.matters import procedures
from onedoor.matters.events import ClockMoved, Escalated
from onedoor.matters.models import Clock, Matter
from onedoor.matters.registry import EFFECTS
from onedoor.matters.steps import Moving, Step

BATCH = 500
TRY_AGAIN = timedelta(days=1)
TIMER = Actor.system("timer")


def tick(limit: int = BATCH) -> int:
    """Wakes every clock whose moment has come, the earliest first; returns how many were woken.

    Call again while it returns `limit`. Each clock is a transaction of its own, so that one fault stops no other.
    """
    rows = Clock.objects.filter(state="running", wakes_at__lte=time.now(), matter__is_open=True)
    woken = list(rows.order_by("wakes_at").values_list("pk", "matter_id")[:limit])
    for clock_id, matter_id in woken:
        _wake(clock_id, matter_id)
    return len(woken)


@transaction.atomic
def _wake(clock_id: int, matter_id: int) -> None:
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    step = Moving(TIMER, matter, procedures.of(matter))
    clock = next((c for c in step.clocks if c.pk == clock_id), None)
    if clock is None or clock.wakes_at is None or clock.wakes_at > step.at:
        return
    rule = step.rule(clock)
    if rule and rule.on_due and clock.due_at <= step.at:
        _take_due_action(matter, step, clock, rule.on_due)
    else:
        _climb(step, clock)


def _take_due_action(matter: Matter, step: Moving, clock: Clock, key: str) -> None:
    procedure = step.procedure
    if matter.state in procedure.sources(procedure.actions[key]):
        try:
            with transaction.atomic():
                Step(TIMER, matter, procedure, key, {}).run()
            return
        except Problem:  # a guard stands in the way: the ladder takes over
            matter.refresh_from_db()
    _climb(Moving(TIMER, matter, procedure), next(c for c in step.clocks if c.pk == clock.pk))


def _climb(step: Moving, clock: Clock) -> None:
    clock = next(c for c in step.clocks if c.pk == clock.pk)
    ladder = step.ladder(clock)
    rungs = clockwork.ladders().get(ladder or "", [])
    do = rungs[clock.rung].do if clock.rung < len(rungs) else "remind"
    EFFECTS[do](step, clock)
    clock.rung += 1
    clock.wakes_at = clockwork.wakes_at(clock, ladder) or _again(step, clock)
    step.moved[id(clock)] = ("rung", clock)
    step.settle(
        Escalated(
            clock=clock.name,
            rung=clock.rung,
            do=do,
            due=clock.due_at.isoformat(),
            changes=step.changes(),
            done=step.done,
        )
    )


def _again(step: Moving, clock: Clock) -> datetime | None:
    """A due action that a guard refused is tried again: what stood in its way may be gone by then."""
    rule = step.rule(clock)
    return step.at + TRY_AGAIN if rule and rule.on_due else None


def recompute_clocks(actor: Actor) -> int:
    """Recomputes every open clock from what it keeps, after the calendar changed; returns how many moved."""
    moved = 0
    open_clocks = Clock.objects.filter(state__in=("running", "paused")).order_by("pk")
    for pk in list(open_clocks.values_list("pk", flat=True)):
        moved += _recompute(actor, pk)
    return moved


@transaction.atomic
def _recompute(actor: Actor, clock_id: int) -> bool:
    clock = Clock.objects.select_related("matter").get(pk=clock_id)
    before = clock.due_at
    if clockwork.computed(clock).at == before:
        return False
    matter = Matter.objects.select_for_update().get(pk=clock.matter_id)
    step = Moving(actor, matter, procedures.of(matter))
    held = next((c for c in step.clocks if c.pk == clock_id), None)
    if held is None:
        return False
    clockwork.recompute(held, step.ladder(held))
    held.save()
    matter.next_due = clockwork.next_due(step.clocks)
    matter.save(update_fields=["next_due"])
    log.append(
        matter, ClockMoved(clock=held.name, before=before.isoformat(), after=held.due_at.isoformat()), actor
    )
    return True
