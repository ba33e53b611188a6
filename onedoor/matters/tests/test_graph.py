"""The analysis of a procedure's graph, held against walking every path there is."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.matters import graph
from onedoor.matters.language import Procedure

STATES, CLOCKS = ("a", "b", "c", "d"), ("x", "y", "z")
TITLED = {"zh": "某", "en": "some"}
Stand = tuple[tuple[str, str], ...]  # how every clock stands

clocks = st.lists(st.sampled_from(CLOCKS), unique=True, max_size=2)
actions = st.fixed_dictionaries(
    {
        "from": st.lists(st.sampled_from((*STATES, "open")), unique=True, min_size=1, max_size=2),
        "to": st.sampled_from((*STATES, "same")),
        "by": st.just("unit"),
        "starts": clocks,
        "stops": clocks,
        "pauses": clocks,
        "resumes": clocks,
        "reopens": st.just(True),
    }
)


@st.composite
def procedures(draw: st.DrawFn) -> Procedure:
    """Small procedures of all kinds, sound ones and others."""
    steps = draw(st.lists(actions, min_size=1, max_size=7))
    ends = draw(st.sets(st.sampled_from(STATES[1:]), min_size=1, max_size=2))
    lapsing = draw(st.sets(st.sampled_from(CLOCKS), max_size=1))
    data: dict[str, Any] = {
        "procedure": "drawn",
        "title": TITLED,
        "opens": {"state": "a", "starts": draw(clocks)},
        "states": {key: {**TITLED, "end": key in ends, "answers": "unit"} for key in STATES},
        "clocks": {
            key: {**TITLED, "for": "1 day", "source": "drawn"}
            | ({"lapses": True} if key in lapsing else {"ladder": "standard"})
            for key in CLOCKS
        },
        "actions": {f"step{number}": {**TITLED, **step} for number, step in enumerate(steps)},
    }
    return Procedure.model_validate(data)


def walked(procedure: Procedure) -> dict[str, list[dict[str, str]]]:
    """Every way to stand in every state, found by walking from the opening until nothing new turns up."""
    opening = {key: "running" if key in procedure.opens.starts else "idle" for key in procedure.clocks}
    todo, seen = [(procedure.opens.state, opening)], set()
    found: dict[str, list[dict[str, str]]] = {}
    while todo:
        state, stand = todo.pop()
        if (state, tuple(stand.items())) in seen:
            continue
        seen.add((state, tuple(stand.items())))
        found.setdefault(state, []).append(stand)
        for action in procedure.actions.values():
            if state in procedure.sources(action):
                target = procedure.target(action, state)
                todo.append((target, stepped(procedure, stand, action, target)))
    return found


def stepped(procedure: Procedure, stand: dict[str, str], action: Any, target: str) -> dict[str, str]:
    """How the clocks stand after one action, written as the engine does it: one after the other."""
    after = dict(stand)
    for key in action.stops:
        after[key] = "idle"
    for key in action.pauses:
        after[key] = "paused" if after[key] == "running" else after[key]
    for key in action.resumes:
        after[key] = "running" if after[key] == "paused" else after[key]
    if procedure.states[target].end:
        return dict.fromkeys(after, "idle")
    for key in action.starts:
        after[key] = "running"
    return after


@given(procedures())
@settings(max_examples=300)
def test_surely_running_is_what_runs_on_every_path(procedure: Procedure) -> None:
    lasting = {key for key, clock in procedure.clocks.items() if not clock.lapses}
    on_every_path = {
        state: {key for key in lasting if all(stand[key] == "running" for stand in stands)}
        for state, stands in walked(procedure).items()
    }
    assert graph.surely_running(procedure) == on_every_path


@given(procedures())
@settings(max_examples=300)
def test_the_check_passes_what_walking_finds_sound_and_nothing_else(procedure: Procedure) -> None:
    found = walked(procedure)
    reached_all = found.keys() == procedure.states.keys()
    every_end = all(ends_somewhere(procedure, state) for state in procedure.states)
    lasting = [key for key, clock in procedure.clocks.items() if not clock.lapses]
    clocked = all(
        procedure.states[state].end or any(all(s[key] == "running" for s in stands) for key in lasting)
        for state, stands in found.items()
    )
    quiet_ends = not any(
        action.starts and procedure.states[procedure.target(action, state)].end
        for action in procedure.actions.values()
        for state in procedure.sources(action)
    )
    sound = reached_all and every_end and clocked and quiet_ends
    assert (list(graph.check(procedure)) == []) == sound


def ends_somewhere(procedure: Procedure, state: str) -> bool:
    """Whether a path leads from a state to an end."""
    todo, seen = [state], {state}
    while todo:
        here = todo.pop()
        if procedure.states[here].end:
            return True
        for action in procedure.actions.values():
            if here in procedure.sources(action) and (there := procedure.target(action, here)) not in seen:
                seen.add(there)
                todo.append(there)
    return False
