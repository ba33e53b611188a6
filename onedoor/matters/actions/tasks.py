"""Tasks: the share of a matter that one unit owes."""

from __future__ import annotations

from django.db import transaction

from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, NotAllowed, NotFound
from onedoor.matters import policies, procedures
from onedoor.matters.events import TaskDone, TaskWithdrawn
from onedoor.matters.models import Matter, Task
from onedoor.matters.steps import Moving


@transaction.atomic
def finish_task(actor: Actor, task_id: int, result: str) -> Task:
    """The unit reports what it did. Raises NotFound, NotAllowed, BadInput."""
    if not result.strip():
        raise BadInput.of("result", "请写明做了什么", "say what was done")
    task, matter = _reach(actor, task_id)
    if actor.kind != "system" and task.unit_id not in actor.unit_ids:
        raise NotAllowed(what=task.title)
    return _end(actor, task, matter, "done", result.strip(), TaskDone(task.pk, task.unit_id, result.strip()))


@transaction.atomic
def withdraw_task(actor: Actor, task_id: int, reason: str) -> Task:
    """A coordinator or the responsible unit takes a task back. Raises NotFound, NotAllowed, BadInput."""
    if not reason.strip():
        raise BadInput.of("reason", "请写明理由", "give the reason")
    task, matter = _reach(actor, task_id)
    if not policies.performs(matter, ["coordinator", "unit", "system"]):
        raise NotAllowed(what=task.title)
    return _end(actor, task, matter, "withdrawn", "", TaskWithdrawn(task.pk, reason.strip()))


def _reach(actor: Actor, task_id: int) -> tuple[Task, Matter]:
    task = Task.objects.select_related("matter").filter(pk=task_id, state="open").first()
    if task is None:
        raise NotFound(what=f"#{task_id}")
    return task, policies.reach(actor, task.matter.number, lock=True)


def _end(
    actor: Actor, task: Task, matter: Matter, state: str, result: str, event: TaskDone | TaskWithdrawn
) -> Task:
    step = Moving(actor, matter, procedures.of(matter))
    task.state, task.result, task.done_at = state, result, step.at
    task.save(update_fields=["state", "result", "done_at"])
    for clock in step.clocks:
        if clock.task_id == task.pk:
            step.end(clock, "met" if state == "done" else "dropped")
    step.settle(event)
    return task
