"""Tasks: the share of a matter that one unit owes."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction

from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotAllowed, NotFound
from onedoor.kernel.statements import Select, ask, update
from onedoor.kernel.texts import written
from onedoor.matters import policies, procedures
from onedoor.matters.events import TaskDone, TaskWithdrawn
from onedoor.matters.models import Matter, Task
from onedoor.matters.moving import Moving

ABOUT = "SELECT number FROM matters_matter WHERE id = (SELECT matter_id FROM matters_task WHERE id = %s)"
STILL_OPEN = Select(Task, "id = %s AND state = 'open'")
MAY_WITHDRAW = ["coordinator", "unit", "system"]


@transaction.atomic
def finish_task(actor: Actor, task_id: int, result: str) -> Task:
    """The unit reports what it did. Raises NotFound, NotAllowed, BadInput."""
    result = written("result", result, "请写明做了什么", "say what was done")
    task, matter = _reach(actor, task_id)
    if actor.kind != "system" and task.unit_id not in actor.unit_ids:
        raise NotAllowed(what=task.title)
    return _end(actor, task, matter, "done", TaskDone(task.pk, task.unit_id, result=result))


@transaction.atomic
def withdraw_task(actor: Actor, task_id: int, reason: str) -> Task:
    """A coordinator or the responsible unit takes a task back. Raises NotFound, NotAllowed, BadInput."""
    reason = written("reason", reason, "请写明理由", "give the reason")
    task, matter = _reach(actor, task_id)
    if not policies.performs(matter, MAY_WITHDRAW):
        raise NotAllowed(what=task.title)
    return _end(actor, task, matter, "withdrawn", TaskWithdrawn(task.pk, reason=reason))


def _reach(actor: Actor, task_id: int) -> tuple[Task, Matter]:
    """An open task, read again once its matter is locked: somebody may just have ended it."""
    found = ask(ABOUT, task_id)
    if not found:
        raise NotFound(what=f"#{task_id}")
    [(number,)] = found
    matter = policies.reach(actor, number, lock=True)
    task = next(iter(STILL_OPEN(task_id)), None)
    if task is None:
        raise NotFound(what=f"#{task_id}")
    return task, matter


def _end(actor: Actor, task: Task, matter: Matter, state: str, event: TaskDone | TaskWithdrawn) -> Task:
    step = Moving(actor, matter, procedures.of(matter))
    task.state, task.done_at = state, step.at
    task.result = event.result if isinstance(event, TaskDone) else ""
    update(task, ["state", "result", "done_at"])
    for clock in step.live:
        if clock.task_id == task.pk:
            step.end(clock, "met" if state == "done" else "dropped")
    step.settle(replace(event, clocks=step.clock_lines()))
    return task
