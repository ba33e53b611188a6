"""A matter while it is being changed: its clocks in hand, its changes watched, its entry written last."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from onedoor.city.models import Category
from onedoor.city.queries import directory, tree
from onedoor.kernel import log, statements, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.events import Event
from onedoor.kernel.problems import BadInput
from onedoor.matters import clocks as clockwork
from onedoor.matters import fold
from onedoor.matters.language import ClockRule, Procedure
from onedoor.matters.models import Clock, Matter, Task
from onedoor.matters.registry import ENDERS
from onedoor.matters.rows import Seen

INVOLVE = (
    "INSERT INTO matters_involved (matter_id, unit_id, part) VALUES (%s, %s, %s)"
    " ON CONFLICT DO NOTHING RETURNING id"
)
MOOT = "UPDATE matters_objection SET decided_at = %s WHERE matter_id = %s AND decided_at IS NULL RETURNING id"
WITHDRAW = (
    "UPDATE matters_task SET state = 'withdrawn', done_at = %s"
    " WHERE matter_id = %s AND state = 'open' RETURNING id"
)
ALWAYS_SAVED = ("next_due", "head_seq", "head_hash")
CLOCK_SAVED = (
    "unit", "span", "source", "state", "due_at", "provisional", "pauses", "extensions", "ended_at", "rung", "wakes_at",
)  # fmt: skip
LIVE = ("running", "paused")
LIVE_CLOCKS = statements.Select(Clock, "matter_id = %s AND state IN ('running', 'paused')")


class Moving:
    """A matter while it is being changed: its clocks in hand, its changes watched. `settle` saves it all."""

    def __init__(self, actor: Actor, matter: Matter, procedure: Procedure) -> None:
        self.actor, self.matter, self.procedure = actor, matter, procedure
        self.at: datetime = time.now()
        self.before = fold.held(matter)
        self.clocks = LIVE_CLOCKS(matter.pk)
        self.moved: dict[int, tuple[str, Clock]] = {}
        self.done: dict[str, Any] = {}  # what effects did, for the entry

    @property
    def live(self) -> list[Clock]:
        """The clocks that run or are paused."""
        return [clock for clock in self.clocks if clock.state in LIVE]

    def clock(self, name: str) -> Clock | None:
        """The running or paused clock of that name, if there is one."""
        return next((clock for clock in self.live if clock.name == name), None)

    @cached_property
    def accused(self) -> frozenset[int]:
        """The units complained of: none of them gets a part in the matter."""
        seen = self.matter.seen or Seen(self.matter)
        return frozenset(unit for unit, _ in seen.accused if unit)

    def forget_accused(self) -> None:
        """Somebody more is complained of: what was read before no longer holds."""
        self.__dict__.pop("accused", None)
        if self.matter.seen is not None:
            self.matter.seen.__dict__.pop("accused", None)

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

    def change(self, clock: Clock, span: str, source: str) -> None:
        """Another limit now holds: the clock counts it from the same beginning."""
        clock.span, clock.source = span, source
        clockwork.recompute(clock, self.ladder(clock))
        self._note("change", clock)

    def _note(self, what: str, clock: Clock) -> None:
        first = self.moved.get(id(clock), (what, clock))[0]
        self.moved[id(clock)] = (first if first == "start" else what, clock)

    def clock_lines(self) -> list[dict[str, Any]]:
        """What happened to clocks, for the entry."""
        return [clockwork.line(clock, what) for what, clock in self.moved.values()]

    def changes(self) -> dict[str, Any]:
        """The tracked fields that are no longer what they were."""
        return fold.difference(self.before, self.matter)

    def involve(self, unit_id: int, part: str) -> None:
        """Gives a unit a part in the matter, and thereby sight of it. Raises BadInput for one complained of."""
        if unit_id in self.accused:
            raise BadInput.of("unit", "被投诉单位不能参与办理", "a unit complained of may have no part in it")
        statements.ask(INVOLVE, self.matter.pk, unit_id, part)

    def hand_to(self, unit_id: int) -> None:
        """Makes a unit the one responsible; clocks that bind the responsible unit bind it from now on.

        An objection of the unit that had it is no longer to be decided. Raises BadInput for a unit complained of.
        """
        self.involve(unit_id, "responsible")
        if unit_id == self.matter.unit_id:
            return
        for clock in self.live:
            if clock.unit_id == self.matter.unit_id and clock.task_id is None:
                clock.unit_id = unit_id
                self._note("bind", clock)
        self.matter.unit_id = unit_id
        self.settle_objections()

    def pass_on(self, unit_id: int) -> None:
        """Hands the matter to another unit outside the procedure's own actions, which may come late.

        Before anybody has acted, what that unit owes begins anew; the limit that the category sets does not, for it is
        the resident's.
        """
        if unit_id == self.matter.unit_id:
            return
        untouched = self.matter.state == self.procedure.opens.state
        opening = self.procedure.opens.starts if untouched else []
        anew = [name for name in opening if not of_category(self.procedure.clocks[name])]
        for name in anew:
            if clock := self.clock(name):
                self.end(clock, "dropped")
        self.hand_to(unit_id)
        for name in anew:
            self.start(name)

    def settle_objections(self) -> None:
        """Objections still open are moot, and so are the clocks of their arbiters."""
        if statements.ask(MOOT, self.at, self.matter.pk):
            for clock in self.live:
                rule = self.rule(clock)
                if rule and rule.binds == "arbiter":
                    self.end(clock, "dropped")

    def wind_up(self) -> None:
        """What ends with the matter: its clocks, its open tasks, objections not yet decided, what packages add."""
        for clock in self.live:
            self.end(clock, "dropped")
        self.withdraw_tasks()
        self.settle_objections()
        for end in ENDERS.values():
            end(self)

    def withdraw_tasks(self) -> None:
        """Open tasks are no longer owed."""
        statements.ask(WITHDRAW, self.at, self.matter.pk)

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
        self.done.setdefault("tasks", []).append({"task": task.pk, "unit": unit_id, "span": span})
        return task

    def settle(self, event: Event) -> None:
        """Saves clocks and matter and appends the entry, built last so that it tells everything."""
        self.matter.next_due = clockwork.next_due(self.clocks)
        moved = [clock for _, clock in self.moved.values()]
        for clock in moved:
            if clock.pk:
                statements.update(clock, CLOCK_SAVED)
        statements.insert([clock for clock in moved if not clock.pk])
        log.write([log.entry(self.matter, event, self.actor)])
        statements.update(self.matter, [*self.changes(), *ALWAYS_SAVED])


def of_category(rule: ClockRule) -> bool:
    """True for a limit that the category sets: how long the resident has to wait for her answer."""
    return rule.span.startswith("category.")


def category_of(matter: Matter) -> Category:
    """The category of a matter, from memory; from the database where it is out of use now."""
    return directory().category_by_id.get(matter.category_id) or matter.category


def clock_span(rule: ClockRule, matter: Matter) -> tuple[str, str]:
    """(span, source) of a rule for this matter: the rule's own, one agreed in it, the city's, or its category's."""
    if rule.span.startswith("fact."):
        return matter.facts[rule.span.removeprefix("fact.")], rule.source
    if rule.span.startswith("city."):
        return getattr(tree().profile, rule.span.removeprefix("city.")), rule.source
    if not of_category(rule):
        return rule.span, rule.source
    limit = category_of(matter).limits[rule.span.removeprefix("category.")]
    return limit["span"], limit["source"]
