"""What a resident may read of a matter, written once. Everything that is not named here stays inside. Pure.

She reads that her matter moved on and what she is told: the words of an action reach her where that action tells her
(`effect: tell`), and nowhere else. Notes, objections between units, reminders, tasks and whatever anybody else said or
sent stay inside; so does who of a unit did what.
"""

from __future__ import annotations

from typing import Any

from onedoor.matters.language import Action, ClockRule, FormField, Procedure

VERDICTS = frozenset({"solved", "solved_for_me", "not_solved"})  # given by `matters.actions.give_verdict`
READABLE_FACTS = ("choice", "yes_no", "date", "moment", "span", "money", "number")


def fact_for_her(field: FormField) -> bool:
    """Whether a value that staff chose in such a form says nothing of other people or units."""
    return field.type in READABLE_FACTS


def date_for(rule: ClockRule) -> str:
    """Whose date a time limit is, as a resident reads it: `unit`, `hers`, or nobody's that concerns her (empty).

    A limit that binds the responsible unit is the day by which she may expect something; one after which the system
    acts for want of her word is the day by which she should speak.
    """
    if rule.binds == "unit":
        return "unit"
    return "hers" if rule.on_due else ""


def ends_it(procedure: Procedure, action: Action) -> bool:
    """Whether an action ends the matter. Somebody whose filing was joined may not end it for all the others."""
    state = procedure.states.get(action.to)
    return state is not None and state.end


def asks_her_word(action: Action) -> bool:
    """Whether she says by an action that it is solved."""
    return "resident" in action.by and any(call.name == "say_solved" for call in action.effect)


def stage_of(procedure: Procedure, state: str) -> int:
    """How far a matter is, for procedures that name no stages: 0 taken in, 1 at work, 2 her word, 3 done."""
    found: Any = procedure.states.get(state)
    if found is None or found.end:
        return 3
    if any(asks_her_word(procedure.actions[key]) for key in procedure.actions_from(state)):
        return 2
    return 0 if state == procedure.opens.state else 1
