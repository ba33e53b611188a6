"""The second check of a procedure: its graph. Pure.

Every state is reached, every state can reach an end, every open state has somebody who answers and, on every path
into it, a clock that runs. The last is a forward 'must' analysis: the set of clocks surely running in a state is the
intersection, over all ways in, of what ran before, less what the action stops or pauses, plus what it starts or
resumes; iterated from 'all clocks' down to its greatest fixpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from onedoor.matters.language import Action, Procedure


@dataclass(frozen=True)
class GraphFault:
    """A fault of the graph at a path of the procedure."""

    path: tuple[str, ...]
    zh: str
    en: str
    hint_zh: str
    hint_en: str


def check(procedure: Procedure) -> Iterator[GraphFault]:
    """All faults of the graph; nothing when it is sound. Names must resolve (see `unknown_names`)."""
    unknown = list(unknown_names(procedure))
    if unknown:
        yield from unknown
        return
    yield from _reachability(procedure)
    running = surely_running(procedure)
    for key, state in procedure.states.items():
        if state.end:
            continue
        if not state.answers:
            yield GraphFault(
                ("states", key), f"状态「{state.zh}」没有人负责", f"nobody answers in open state `{key}`",
                "写明 answers:", "say who with `answers:`",
            )  # fmt: skip
        if not running.get(key, {"unreached"}):
            yield GraphFault(
                ("states", key), f"状态「{state.zh}」没有时限在走", f"no clock runs in open state `{key}`",
                "让进入它的每个动作用 starts: 启动一个时限", "let every action into it start a clock with `starts:`",
            )  # fmt: skip


def edges(procedure: Procedure) -> Iterator[tuple[str, str, str, Action]]:
    """Every (from, to, key, action), with `open` and `same` spelled out."""
    for key, action in procedure.actions.items():
        for state in procedure.sources(action):
            yield state, procedure.target(action, state), key, action


def surely_running(procedure: Procedure) -> dict[str, set[str]]:
    """For every reached state, the clocks that run there whatever way was taken."""
    everything = set(procedure.clocks)
    running: dict[str, set[str]] = {procedure.opens.state: set(procedure.opens.starts)}
    changed = True
    while changed:
        changed = False
        for source, target, _, action in edges(procedure):
            if source not in running:
                continue
            before = set() if procedure.states[source].end else running[source]
            after = (
                (before - set(action.stops) - set(action.pauses)) | set(action.starts) | set(action.resumes)
            )
            met = running.get(target, everything) & after
            if met != running.get(target):
                running[target], changed = met, True
    return running


def unknown_names(procedure: Procedure) -> Iterator[GraphFault]:
    """References to states, clocks, stages and actions that are not declared in the file."""
    states, clocks = procedure.states, procedure.clocks
    yield from _unknown(("opens",), [procedure.opens.state], states, "状态", "state")
    yield from _unknown(("opens",), procedure.opens.starts, clocks, "时限", "clock")
    for key, action in procedure.actions.items():
        sources = [name for name in action.from_ if name != "open"]
        targets = [] if action.to == "same" else [action.to]
        yield from _unknown(("actions", key), [*sources, *targets], states, "状态", "state")
        for word in ("starts", "stops", "pauses", "resumes"):
            yield from _unknown(("actions", key, word), getattr(action, word), clocks, "时限", "clock")
    for key, state in states.items():
        yield from _unknown(
            ("states", key), [state.stage] if state.stage else [], procedure.stages, "阶段", "stage"
        )
    for key, clock in clocks.items():
        due = [clock.on_due] if clock.on_due else []
        yield from _unknown(("clocks", key), due, procedure.actions, "动作", "action")


def _unknown(path: tuple[str, ...], names: list[str], known: dict, zh: str, en: str) -> Iterator[GraphFault]:
    for name in names:
        if name not in known:
            yield GraphFault(
                path, f"没有{zh}「{name}」", f"there is no {en} `{name}`",
                "可用:" + "、".join(known), "there are: " + ", ".join(known),
            )  # fmt: skip


def _reachability(procedure: Procedure) -> Iterator[GraphFault]:
    forward: dict[str, set[str]] = {}
    backward: dict[str, set[str]] = {}
    for source, target, _, _ in edges(procedure):
        forward.setdefault(source, set()).add(target)
        backward.setdefault(target, set()).add(source)
    reached = _closure({procedure.opens.state}, forward)
    ending = _closure({key for key, state in procedure.states.items() if state.end}, backward)
    for key, state in procedure.states.items():
        if key not in reached:
            yield GraphFault(
                ("states", key), f"没有动作通向状态「{state.zh}」", f"no action leads to state `{key}`",
                "加一个 to: 指向它的动作，或删去它", "add an action with `to:` it, or remove it",
            )  # fmt: skip
        if key not in ending:
            yield GraphFault(
                ("states", key), f"状态「{state.zh}」走不到办结", f"state `{key}` is a dead end: it reaches no end",
                "加一个离开它的动作，或标明 end: true", "add an action that leaves it, or mark it `end: true`",
            )  # fmt: skip


def _closure(start: set[str], neighbours: dict[str, set[str]]) -> set[str]:
    seen, todo = set(start), list(start)
    while todo:
        for target in neighbours.get(todo.pop(), ()):
            if target not in seen:
                seen.add(target)
                todo.append(target)
    return seen
