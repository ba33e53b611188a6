"""The second check of a procedure: its graph. Pure.

Every state is reached, every state can reach an end, every open state has somebody who answers and, on every path into
it, a clock that runs. The last is a forward analysis: for every state and clock the set of ways it
can stand there (idle, running, paused), the union over all ways in, grown to its least fixpoint; a clock surely runs
where `running` is the only way. Clocks that lapse are no guarantee: they end by themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from onedoor.matters.language import Action, Procedure

IDLE, RUNNING, PAUSED = "idle", "running", "paused"
Standing = dict[str, frozenset[str]]  # clock → the ways it can stand


@dataclass(frozen=True)
class GraphFault:
    """A fault at a path of the procedure; `about` is the name that is wrong, where a name is."""

    path: tuple[str | int, ...]
    zh: str
    en: str
    hint_zh: str
    hint_en: str
    about: str = ""


def check(procedure: Procedure) -> Iterator[GraphFault]:
    """All faults of the graph; nothing when it is sound. Names must resolve (see `unknown_names`)."""
    unknown = list(unknown_names(procedure))
    if unknown:
        yield from unknown
        return
    yield from _reachability(procedure)
    yield from dict.fromkeys(_ends(procedure))  # an action from several states is told once
    yield from _due_actions(procedure)
    running = surely_running(procedure)
    for key, state in procedure.states.items():
        if not state.end and not state.answers:
            yield GraphFault(
                ("states", key), f"状态「{state.zh}」没有人负责", f"nobody answers in open state `{key}`",
                "写明 answers:", "say who with `answers:`",
            )  # fmt: skip
        if not state.end and not running.get(key, {"unreached"}):
            yield GraphFault(
                ("states", key), f"状态「{state.zh}」没有时限在走", f"no clock surely runs in open state `{key}`",
                "让进入它的每个动作用 starts: 启动一个不会自行失效的时限",
                "let every action into it start a clock, with `starts:`, that does not lapse",
            )  # fmt: skip


def edges(procedure: Procedure) -> Iterator[tuple[str, str, str, Action]]:
    """Every (from, to, key, action), with `open` and `same` spelled out."""
    for key, action in procedure.actions.items():
        for state in procedure.sources(action):
            yield state, procedure.target(action, state), key, action


def surely_running(procedure: Procedure) -> dict[str, set[str]]:
    """For every reached state, the clocks that run there whatever way was taken, but those that lapse."""
    found = standings(procedure)
    lasting = [key for key, clock in procedure.clocks.items() if not clock.lapses]
    return {state: {clock for clock in lasting if ways[clock] == {RUNNING}} for state, ways in found.items()}


def standings(procedure: Procedure) -> dict[str, Standing]:
    """For every reached state, in which ways every clock can stand there."""
    opening = {
        clock: frozenset([RUNNING if clock in procedure.opens.starts else IDLE]) for clock in procedure.clocks
    }
    found = {procedure.opens.state: opening}
    changed = True
    while changed:
        changed = False
        for source, target, _, action in edges(procedure):
            if source not in found:
                continue
            came = _after(procedure, found[source], action, target)
            held = found.get(target, dict.fromkeys(procedure.clocks, frozenset[str]()))
            joined = {clock: held[clock] | came[clock] for clock in procedure.clocks}
            if found.get(target) != joined:
                found[target], changed = joined, True
    return found


def _after(procedure: Procedure, before: Standing, action: Action, target: str) -> Standing:
    """How clocks can stand after an action: as `steps` turns them."""
    end = procedure.states[target].end
    return {clock: frozenset(_turned(way, clock, action, end) for way in before[clock]) for clock in before}


def _turned(way: str, clock: str, action: Action, end: bool) -> str:
    if clock in action.stops:
        way = IDLE
    if clock in action.pauses and way == RUNNING:
        way = PAUSED
    if clock in action.resumes and way == PAUSED:
        way = RUNNING
    if end:
        return IDLE
    return RUNNING if clock in action.starts else way


def unknown_names(procedure: Procedure) -> Iterator[GraphFault]:
    """References to states, clocks, stages and actions that are not declared in the file."""
    states, clocks = procedure.states, procedure.clocks
    yield from unknown(("opens", "state"), [procedure.opens.state], states, "状态", "state")
    yield from unknown(("opens", "starts"), procedure.opens.starts, clocks, "时限", "clock")
    for key, action in procedure.actions.items():
        sources = [name for name in action.from_ if name != "open"]
        targets = [] if action.to == "same" else [action.to]
        yield from unknown(("actions", key, "from"), sources, states, "状态", "state")
        yield from unknown(("actions", key, "to"), targets, states, "状态", "state")
        for word in ("starts", "stops", "pauses", "resumes"):
            yield from unknown(("actions", key, word), getattr(action, word), clocks, "时限", "clock")
    for key, state in states.items():
        stages = [state.stage] if state.stage else []
        yield from unknown(("states", key, "stage"), stages, procedure.stages, "阶段", "stage")
    for key, clock in clocks.items():
        due = [clock.on_due] if clock.on_due else []
        yield from unknown(("clocks", key, "on_due"), due, procedure.actions, "动作", "action")


def unknown(
    path: tuple[str, ...], names: list[str], known: Collection[str], zh: str, en: str
) -> Iterator[GraphFault]:
    """A fault for every name that is not among the known ones; the hint lists those."""
    for index, name in enumerate(names):
        if name not in known:
            yield GraphFault(
                (*path, index), f"没有{zh}「{name}」", f"there is no {en} `{name}`",
                "可用：" + ("、".join(known) or "（无）"), "there are: " + (", ".join(known) or "none"), name,
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


def _ends(procedure: Procedure) -> Iterator[GraphFault]:
    """No clock starts where a matter ends; only what says so leads back from an end."""
    for source, target, key, action in edges(procedure):
        title = procedure.actions[key].zh
        if procedure.states[target].end and action.starts:
            yield GraphFault(
                ("actions", key, "starts"), f"动作「{title}」办结事项，不能再启动时限",
                f"action `{key}` ends the matter, so it cannot start a clock", "删去 starts:", "remove `starts:`",
            )  # fmt: skip
        if procedure.states[source].end and not procedure.states[target].end and not action.reopens:
            yield GraphFault(
                ("actions", key), f"动作「{title}」从办结状态重新打开事项",
                f"action `{key}` leads from an end back to an open state",
                "如确需如此，写 reopens: true", "if that is meant, write `reopens: true`",
            )  # fmt: skip


def _due_actions(procedure: Procedure) -> Iterator[GraphFault]:
    """What a clock does when it is due must be the system's to do, and ask for nothing."""
    for key, clock in procedure.clocks.items():
        if clock.on_due is None:
            continue
        action = procedure.actions[clock.on_due]
        if "system" not in action.by:
            yield GraphFault(
                ("clocks", key, "on_due"), f"到期动作「{action.zh}」不由系统执行",
                f"action `{clock.on_due}` is not the system's to take",
                "在该动作的 by: 中加 system", "add `system` to its `by:`",
            )  # fmt: skip
        form = procedure.forms.get(action.form or "", {})
        if any(field.required for field in form.values()):
            yield GraphFault(
                ("clocks", key, "on_due"), f"到期动作「{action.zh}」要填表，系统填不了",
                f"action `{clock.on_due}` asks for a form that the system cannot fill in",
                "去掉该动作的必填项", "ask for nothing required in that action",
            )  # fmt: skip
