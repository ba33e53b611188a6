"""One step of a matter along its procedure: guards, effects, clocks, the fold and its entry, in one transaction.

Order: guards look at the matter as it stands; the state changes; effects change rows; clocks are stopped, paused,
resumed and started (they bind the unit that is responsible *after* the effects); the entry is written.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from onedoor.city.queries import directory
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotNow
from onedoor.matters import clocks as clockwork
from onedoor.matters import fold
from onedoor.matters.events import Acted
from onedoor.matters.forms import WORDS
from onedoor.matters.language import Action, ClockRule, Procedure
from onedoor.matters.models import Clock, Involved, Matter, Task
from onedoor.matters.registry import EFFECTS, GUARDS

SAVED = (
    "procedure",
    "category", "title", "detail", "state", "answers", "is_open", "level", "unit", "division", "county", "placed",
    "address", "lon", "lat", "confidential", "master", "facts", "times_reopened", "closed_at", "next_due",
    "head_seq", "head_hash",
)  # fmt: skip


class Moving:
    """A matter while it is being changed: its clocks in hand, its changes watched. `settle` saves it all."""

    def __init__(self, actor: Actor, matter: Matter, procedure: Procedure) -> None:
        self.actor, self.matter, self.procedure = actor, matter, procedure
        self.at: datetime = time.now()
        self.before = fold.snapshot(matter)
        self.clocks: list[Clock] = list(matter.clocks.filter(state__in=("running", "paused")))
        self.moved: dict[int, tuple[str, Clock]] = {}
        self.done: dict[str, Any] = {}  # what effects did, for the entry

    def clock(self, name: str) -> Clock | None:
        """The running or paused clock of that name, if there is one."""
        return next((c for c in self.clocks if c.name == name and c.state in ("running", "paused")), None)

    def rule(self, clock: Clock) -> ClockRule | None:
        """The rule a clock was started by; tasks' clocks have none."""
        return self.procedure.clocks.get(clock.name)

    def ladder(self, clock: Clock) -> str | None:
        """The escalation ladder of a clock."""
        rule = self.rule(clock)
        return rule.ladder if rule else "task" if clock.task_id else None

    def start(self, name: str) -> None:
        """Starts the named clock, unless it runs already; a paused one is resumed."""
        held = self.clock(name)
        if held is None:
            self.add_clock(self._begun(name))
        elif held.state == "paused":
            self.resume(name)

    def _begun(self, name: str) -> Clock:
        rule = self.procedure.clocks[name]
        span, source = clock_span(rule, self.matter)
        return clockwork.begin(
            self.matter, name, span, self.at, source=source, unit_id=self._bound(rule), ladder=rule.ladder
        )

    def _bound(self, rule: ClockRule) -> int | None:
        """The unit whose keeping of time the rule measures."""
        if rule.binds == "arbiter":
            return self.matter.objections.filter(decided_at=None).values_list("arbiter_id", flat=True).first()
        return self.matter.unit_id if rule.binds == "unit" else None

    def add_clock(self, clock: Clock, what: str = "start") -> None:
        """Takes a new clock into the matter."""
        self.clocks.append(clock)
        self._note(what, clock)

    def end(self, clock: Clock, state: str = "met") -> None:
        """Ends a clock."""
        clockwork.end(clock, self.at, state)
        self._note(state, clock)

    def pause(self, name: str) -> None:
        """Pauses the named clock, if it runs."""
        if (clock := self.clock(name)) and clock.state == "running":
            clockwork.pause(clock, self.at)
            self._note("pause", clock)

    def resume(self, name: str) -> None:
        """Resumes the named clock, if it is paused."""
        if (clock := self.clock(name)) and clock.state == "paused":
            clockwork.resume(clock, self.at, self.ladder(clock))
            self._note("resume", clock)

    def extend(self, clock: Clock, span: str, why: str) -> None:
        """Extends a clock by a span, approved by the actor."""
        clockwork.extend(clock, span, self.actor.label, why, self.at, self.ladder(clock))
        self._note("extend", clock)

    def _note(self, what: str, clock: Clock) -> None:
        first = self.moved.get(id(clock), (what, clock))[0]
        self.moved[id(clock)] = (first if first == "start" else what, clock)

    def clock_lines(self) -> list[dict[str, Any]]:
        """What happened to clocks, for the entry."""
        return [
            {"clock": c.name, "did": what, "due": c.due_at.isoformat(), "span": c.span}
            | ({"task": c.task_id} if c.task_id else {})
            for what, c in self.moved.values()
        ]

    def changes(self) -> dict[str, Any]:
        """The tracked fields that are no longer what they were."""
        return fold.difference(self.before, self.matter)

    def involve(self, unit_id: int, part: str) -> None:
        """Gives a unit a part in the matter, and thereby sight of it."""
        Involved.objects.get_or_create(matter=self.matter, unit_id=unit_id, part=part)

    def hand_to(self, unit_id: int) -> None:
        """Makes a unit the one responsible; clocks that bind the responsible unit bind it from now on."""
        for clock in self.clocks:
            if clock.unit_id == self.matter.unit_id and clock.task_id is None:
                clock.unit_id = unit_id
                self._note("bind", clock)
        self.matter.unit_id = unit_id
        self.involve(unit_id, "responsible")

    def task(self, unit_id: int, title: str, span: str, origin: str) -> Task:
        """Gives a unit a share of the matter, with its own clock."""
        task = Task.objects.create(
            matter=self.matter, unit_id=unit_id, title=title, origin=origin, created_at=self.at
        )
        clock = clockwork.begin(
            self.matter, "task", span, self.at, source=origin, unit_id=unit_id, ladder="task", task=task
        )
        self.add_clock(clock)
        self.involve(unit_id, "task")
        return task

    def settle(self, event: Any) -> None:
        """Saves clocks and matter and appends the entry, built last so that it tells everything."""
        self.matter.next_due = clockwork.next_due(self.clocks)
        moved = [clock for _, clock in self.moved.values()]
        for clock in [clock for clock in moved if clock.pk]:
            clock.save()
        Clock.objects.bulk_create([clock for clock in moved if not clock.pk])
        log.write([log.entry(self.matter, event, self.actor)])
        self.matter.save(update_fields=SAVED)


def clock_span(rule: ClockRule, matter: Matter) -> tuple[str, str]:
    """(span, source) of a rule for this matter: the rule's own, a span agreed in it, or the limit its category sets."""
    if rule.span.startswith("fact."):
        return matter.facts[rule.span.removeprefix("fact.")], rule.source
    if not rule.span.startswith("category."):
        return rule.span, rule.source
    category = directory().category_by_id[matter.category_id]
    limit = category.limits[rule.span.removeprefix("category.")]
    return limit["span"], limit["source"]


class Step(Moving):
    """One action of the procedure, taken by an actor with cleaned values."""

    def __init__(
        self, actor: Actor, matter: Matter, procedure: Procedure, key: str, values: dict[str, Any]
    ) -> None:
        super().__init__(actor, matter, procedure)
        self.key, self.values = key, values
        self.action: Action = procedure.actions[key]

    def run(self) -> None:
        """Takes the step. Raises NotNow when a guard refuses; nothing is changed then."""
        self._guards()
        self._move()
        for call in self.action.effect:
            EFFECTS[call.name](self, call.argument)
        self._turn_clocks()
        self.settle(self._event())

    def _guards(self) -> None:
        for call in self.action.guard:
            refusal = GUARDS[call.name](self, call.argument)
            if refusal:
                raise NotNow(zh=refusal[0], en=refusal[1])

    def _move(self) -> None:
        matter, states = self.matter, self.procedure.states
        was_open = matter.is_open
        matter.state = self.procedure.target(self.action, matter.state)
        state = states[matter.state]
        matter.is_open, matter.answers = not state.end, "" if state.end else state.answers or ""
        if was_open != matter.is_open:
            matter.closed_at = None if matter.is_open else self.at
        form = self.procedure.forms.get(self.action.form or "", {})
        kept = {name: value for name, value in self.values.items() if form[name].fact}
        if kept:
            matter.facts = matter.facts | kept

    def _turn_clocks(self) -> None:
        for name in self.action.stops:
            if clock := self.clock(name):
                begun_anew = name in self.action.starts  # handed over, say: nobody did what it waited for
                self.end(clock, "dropped" if begun_anew else "met")
        for name in self.action.pauses:
            self.pause(name)
        for name in self.action.resumes:
            self.resume(name)
        if not self.matter.is_open:
            for clock in self.clocks:
                if clock.state in ("running", "paused"):
                    self.end(clock, "dropped")
        for name in self.action.starts:
            self.start(name)

    def _event(self) -> Acted:
        form = self.procedure.forms.get(self.action.form or "", {})
        text = {n: v for n, v in self.values.items() if form[n].type in WORDS}
        facts = {n: v for n, v in self.values.items() if n not in text and form[n].type != "tasks"}
        return Acted(
            action=self.key,
            changes=self.changes(),
            facts=facts,
            clocks=self.clock_lines(),
            done=self.done,
            text=text,
        )
