"""The only way on: one action of the procedure, taken by somebody who may."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.kernel.texts import tidy
from onedoor.matters import policies, procedures, titles
from onedoor.matters.events import Noted
from onedoor.matters.forms import clean
from onedoor.matters.models import Matter
from onedoor.matters.steps import Step

LONGEST_NOTE = 4000


@transaction.atomic
def act(
    actor: Actor, number: str, key: str, values: dict[str, Any] | None = None, *, seen: int | None = None
) -> Matter:
    """Takes action `key` on matter `number` with the form's `values`; returns the matter as it then is.

    `seen` is the number of entries the actor had seen: if the matter has moved on since, nothing is done.
    Raises NotFound, NotAllowed, Conflict, BadInput (with every field), NotNow (with the guard's reason).
    """
    matter = policies.reach(actor, number, lock=True)
    procedure = procedures.of(matter)
    action = procedure.actions.get(key)
    if action is None:
        raise NotFound(what=key)
    if seen is not None and seen != matter.head_seq:
        raise Conflict(
            zh="此事项刚刚有了新的进展，请查看后再操作",
            en="somebody has just moved this matter on; look again",
        )
    if matter.state not in procedure.sources(action):
        state = titles.state(matter)
        raise Conflict(zh=f"事项现为「{state['zh']}」", en=f"the matter is now “{state['en']}”")
    if not policies.performs(matter, action.by):
        raise NotAllowed(what=f"{action.zh} / {action.en}")
    form = procedure.forms.get(action.form or "", {})
    Step(actor, matter, procedure, key, clean(form, values or {}, matter)).run()
    return matter


@transaction.atomic
def note(actor: Actor, number: str, text: str) -> Matter:
    """Adds a note of staff, or a message of the resident, to the history. Raises NotFound, BadInput."""
    text = tidy(text)
    if not text or len(text) > LONGEST_NOTE:
        raise BadInput.of("text", f"请写 1 至 {LONGEST_NOTE} 字", f"write 1 to {LONGEST_NOTE} characters")
    matter = policies.reach(actor, number, lock=True)
    log.append(matter, Noted(text=text), actor)
    return matter
