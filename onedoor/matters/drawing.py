"""Drawings of procedures, for people and for other tools. Pure.

`mermaid` gives a state diagram as text: one arrow per action; what may be done without leaving a state (urging,
extending, asking for a table) is listed in a note beside the state and not drawn as a loop. `bpmn` gives BPMN 2.0 with
its picture: see `onedoor.matters.bpmn`.
"""

from __future__ import annotations

from collections.abc import Iterator

from onedoor.matters.bpmn import bpmn
from onedoor.matters.graph import edges
from onedoor.matters.language import Action, Procedure, Titled

__all__ = ["bpmn", "mermaid"]

# A colon or semicolon would end the label, a quotation mark the name of a state; full-width ones read the same.
_SAFE = str.maketrans({":": "：", ";": "；", '"': "”", "#": "＃", "\n": " "})


def mermaid(procedure: Procedure) -> str:
    """The procedure as a Mermaid state diagram (`stateDiagram-v2`), titles in both languages."""
    return "\n".join(_lines(procedure)) + "\n"


def _lines(procedure: Procedure) -> Iterator[str]:
    yield "---"
    yield f'title: "{_safe(procedure.title.zh)} · {_safe(procedure.title.en)}"'
    yield "---"
    yield "stateDiagram-v2"
    yield "    direction LR"
    for key, state in procedure.states.items():
        yield f'    state "{_both(state)}" as {key}'
    yield f"    [*] --> {procedure.opens.state}"
    for source, target, action in moves(procedure):
        yield f"    {source} --> {target} : {_both(action)}"
    for key, state in procedure.states.items():
        if state.end:
            yield f"    {key} --> [*]"
        yield from _note(procedure, key)


def _note(procedure: Procedure, key: str) -> Iterator[str]:
    staying = list(remaining(procedure, key))
    if staying:
        yield f"    note right of {key}"
        for action in staying:
            yield f"        {_both(action)}"
        yield "    end note"


def moves(procedure: Procedure) -> Iterator[tuple[str, str, Action]]:
    """Every (from, to, action) that leads into another state."""
    return ((source, target, action) for source, target, _, action in edges(procedure) if source != target)


def remaining(procedure: Procedure, state: str) -> Iterator[Action]:
    """The actions that may be taken in a state without leaving it, but those that every open state has."""
    for source, target, _, action in edges(procedure):
        if source == target == state and "open" not in action.from_:
            yield action


def _both(titled: Titled) -> str:
    return f"{_safe(titled.zh)} {_safe(titled.en)}"


def _safe(text: str) -> str:
    return text.translate(_SAFE)
