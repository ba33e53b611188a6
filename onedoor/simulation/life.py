"""Days of life in a demo city: residents file, units work, clocks tick, residents judge. It only calls actions.

Everything waits in one queue ordered by moment; doing one thing puts the next into it (`habits.yaml`: what people do
in which state, how soon, and how often). The same seed lives the same life.
"""

from __future__ import annotations

import gc
import heapq
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from django.db import transaction

from onedoor.city.queries import calendar, directory
from onedoor.intake.actions import Received
from onedoor.kernel import log, packs, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.calendars import due
from onedoor.kernel.problems import Problem
from onedoor.kernel.spans import Span
from onedoor.kernel.statements import Select, ask
from onedoor.matters import actions as matters
from onedoor.matters import procedures
from onedoor.matters.actions import PartyData
from onedoor.matters.models import Matter, Task
from onedoor.notices.actions import send_waiting
from onedoor.simulation.brought import brought
from onedoor.simulation.cast import Cast
from onedoor.simulation.filing import Filer, Told
from onedoor.simulation.opened import Opened
from onedoor.simulation.schooling import School
from onedoor.simulation.standing import Standing
from onedoor.simulation.stories import Stories
from onedoor.simulation.wording import Wording

BY_ID = Select(Matter, "id = %s")
OPEN_TASKS = Select(Task, "matter_id = %s AND state = 'open'")
JOINED = "SELECT number FROM matters_matter WHERE master_id = %s ORDER BY id"
SIDES = "SELECT id, role FROM matters_party WHERE matter_id = %s AND role IN ('reporter', 'respondent') ORDER BY id"
TICKS = timedelta(hours=2)
COMMITTED = timedelta(hours=12)  # what one transaction holds: a page written once counts for all its actions
LOOKED_AT = 3  # filings alike that a clerk looks at


@cache
def habits() -> dict[str, Any]:
    """What people do next, as data: `habits.yaml`, and what packs bring for their own procedures."""
    held: dict[str, Any] = packs.read(Path(__file__).resolve().parent / "habits.yaml").data
    return held | {"states": held["states"] | brought().states}


@dataclass
class Case:
    """A matter as the simulation knows it: what it really is about, and whether the work really solved it."""

    told: Told
    matter: Matter
    solved: bool = True
    steps: list[dict[str, Any]] = field(default_factory=list)

    @property
    def wrong_unit(self) -> bool:
        """The responsible unit is not of a kind that answers for what the matter really is."""
        unit = directory().units[self.matter.unit_id]
        return unit.kind not in directory().categories[self.told.trouble.kind.category].competent


Waiting = tuple[
    datetime, int, Callable[[], None]
]  # when something will happen, the how manieth it is, and what


class Life:
    """One city's life from a day on."""

    def __init__(self, filer: Filer, cast: Cast, *, seed: int, per_day: int) -> None:
        self.rng = Random(f"life {seed}")
        self.filer, self.cast, self.per_day = filer, cast, per_day
        self.wording = Wording(self.rng)
        self.school = School()
        self.queue: list[Waiting] = []
        self.serial = 0
        self.cases: dict[str, Case] = {}
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.diligence: dict[int, float] = {}
        self.standing = Standing(self, filer.geography, cast, seed)
        self.opened = Opened(self, cast, seed)
        self.stories = Stories(filer, cast, seed)

    def run(self, first: date, days: int) -> Iterator[date]:
        """Lives `days` days from `first` on; yields each day when it is over."""
        self.standing.begin(first, self.per_day)
        for moment, told in self.stories.begin(first, days):
            self.later(moment, partial(self._receive, told))
        for number in range(days):
            gc.freeze()  # what lives on, a case for every matter, is not searched for cycles again and again
            day = first + timedelta(days=number)
            self._plan(day)
            self._live_until(midnight(day + timedelta(days=1)))
            self._take_together(day)
            with time.at(midnight(day + timedelta(days=1))):
                self._learn(number + 1, days)
                log.anchor()
            yield day

    def _learn(self, day: int, days: int) -> None:
        """Now and then the door learns from what was closed; what is begun on the last day is nobody's any more."""
        self.school.end()
        how = habits()["learning"]
        if day % how["every"] == 0:
            self.school.compare()
            if day < days:
                self.school.begin(how["newest"])

    def _take_together(self, day: date) -> None:
        """In the evening a coordinator takes together what many told of."""
        for number in self.stories.evening(day):
            self.done["taken together"] += 1
            if number in self.cases:
                self._refresh(self.cases[number])

    def _plan(self, day: date) -> None:
        for moment, channel in self.filer.day(self.rng, day, self.per_day):
            self.later(moment, partial(self._file, channel))
        for number in range(1, 13):
            self.later(midnight(day) + TICKS * number, self._tick)
        self.standing.morning(day)
        self.opened.morning(day)

    def _live_until(self, end: datetime) -> None:
        while self.queue and self.queue[0][0] < end:
            self._live_on(min(end, self.queue[0][0] + COMMITTED))

    @transaction.atomic
    def _live_on(self, end: datetime) -> None:
        """One commit for some hours' worth of actions, each of which keeps its own savepoint."""
        while self.queue and self.queue[0][0] < end:
            moment, _, do = heapq.heappop(self.queue)
            with time.at(moment):
                do()

    def later(self, moment: datetime, do: Callable[[], None]) -> None:
        """Puts something into the queue."""
        self.serial += 1
        heapq.heappush(self.queue, (moment, self.serial, do))

    def _tick(self) -> None:
        while matters.tick():
            pass
        send_waiting()

    def _file(self, channel: str) -> None:
        self._receive(self.filer.tell(self.rng, channel, self.cases))

    def _receive(self, told: Told) -> None:
        received = self.filer.receive(self.cast, self.rng, told)
        if received is None:
            return
        self.done["filed"] += 1
        case = self.cases[received.matter.number] = Case(told, received.matter)
        if told.repeats and told.repeats in {item.number for item in received.alike}:
            self.later(self._working(0.5, 6), partial(self._join, case))
        elif not case.matter.placed:
            self.later(self._working(0.5, 6), partial(self._place, case))
        else:
            self._next(case)
        if not case.matter.category_sure:
            self.later(self._working(0.5, 5), partial(self._confirm, case))
        self._look_beside(case, received)

    def _look_beside(self, case: Case, received: Received) -> None:
        """Now and then a clerk looks at the filings that are most like it, and says which are not about the same."""
        if self.rng.random() >= habits()["filing"]["looked_beside"]:
            return
        for found in received.alike[:LOOKED_AT]:
            other = self.cases.get(found.number)
            if other is not None and not other.told.same(case.told):
                self.later(self._working(0.5, 6), partial(self._tell_apart, case, other))

    def _tell_apart(self, case: Case, other: Case) -> None:
        clerk = self.cast.performer(self.rng, "clerk", case.matter)
        if clerk is not None:
            number, beside = case.matter.number, other.matter.number
            self.tries("tell_apart", lambda: matters.tell_apart(clerk, number, beside))

    def adopt(self, matter: Matter) -> None:
        """A matter that a visit of a register, or a unit, opened goes on like any other."""
        case = self.cases[matter.number] = Case(self.filer.found(self.rng, matter), matter)
        self.done["found"] += 1
        self._next(case)

    def _confirm(self, case: Case) -> None:
        """A clerk looks at what the door was not sure of; now and then she is mistaken herself."""
        self._refresh(case)
        if case.matter.is_open and not case.matter.category_sure:
            right = self.rng.random() < habits()["filing"]["clerk_right"]
            self._do_correct(case, case.told.trouble.kind.category if right else case.matter.category.code)

    def _do_correct(self, case: Case, code: str = "") -> bool:
        """A clerk says what a matter is about: by her list, or told by who has it that it is something else."""
        clerk = self.cast.performer(self.rng, "clerk", case.matter)
        code = code or case.told.trouble.kind.category
        done = clerk is not None and self.tries(
            "settle", partial(self.filer.settle, clerk, case.matter.number, code)
        )
        self._refresh(case)
        return done

    def _join(self, case: Case) -> None:
        master = self.cases[case.told.repeats or ""].matter.number
        clerk = self.cast.performer(self.rng, "clerk", case.matter)
        if clerk is None or not self.tries("join", lambda: matters.join(clerk, case.matter.number, master)):
            self._next(case)

    def _place(self, case: Case) -> None:
        clerk = self.cast.performer(self.rng, "clerk", case.matter)
        place = self.filer.division_id(case.told.grid)
        if clerk and self.tries("place", lambda: self.filer.place(clerk, case.matter.number, place)):
            self._refresh(case)
        self._next(case)

    def _refresh(self, case: Case) -> None:
        [case.matter] = BY_ID(case.matter.pk)

    def _next(self, case: Case) -> None:
        """Decides what happens next to a matter, by the habits of the state it stands in."""
        matter = case.matter
        chosen = self._alternative(case)
        if chosen is None or (matter.master_id and not matter.is_open):
            return
        case.steps = list(chosen["steps"])
        if case.steps:
            self.later(self._when(chosen), partial(self._step, case, matter.state))

    def _alternative(self, case: Case) -> dict[str, Any] | None:
        known, matter = habits()["states"], case.matter
        procedure = procedures.of(matter).procedure
        found = known.get(f"{procedure}/{matter.state}") or known.get(matter.state) or []
        fit = [item for item in found if self._fits(case, item)]
        return self.rng.choices(fit, [item["weight"] for item in fit])[0] if fit else None

    def _fits(self, case: Case, item: dict[str, Any]) -> bool:
        if item.get("category", case.told.trouble.kind.category) != case.told.trouble.kind.category:
            return False
        return "if" not in item or self._holds(case, item["if"])

    def _holds(self, case: Case, condition: str) -> bool:
        if condition == "wrong_unit":
            return case.wrong_unit
        if condition == "wrong_category":
            return directory().categories[case.told.trouble.kind.category].pk != case.matter.category_id
        if condition == "has_tasks":
            return case.matter.level > 1 and bool(OPEN_TASKS(case.matter.pk))
        return not case.solved  # poor_work, unhappy

    def _step(self, case: Case, state: str) -> None:
        """Takes the first of the planned steps, and plans what comes after it."""
        if case.matter.state != state or not case.steps:
            return self._next(case)
        step = case.steps.pop(0)
        before = case.matter.state
        if not self._perform(case, step):
            case.steps = []
            self._refresh(case)
            if (
                case.matter.state == before
            ):  # nobody could take it: the ladder will be climbed, try again tomorrow
                self.later(self._working(8, 16), partial(self._step, case, before))
                return None
        if case.steps:
            self.later(self._when(case.steps[0], "after"), partial(self._step, case, case.matter.state))
            return None
        return self._next(case)

    def _perform(self, case: Case, step: dict[str, Any]) -> bool:
        keys = step["do"] if isinstance(step["do"], list) else [step["do"]]
        special = getattr(self, f"_do_{keys[0]}", None)
        if special is not None:
            return bool(special(case))
        if "each_party" in step:
            return self._each_party(case, keys[0], step["each_party"])
        return any(self._act(case, key) for key in keys)

    def _act(self, case: Case, key: str, values: dict[str, Any] | None = None) -> bool:
        action = procedures.of(case.matter).actions.get(key)
        if action is None:
            return False
        if key == "answer" or key.startswith(("report", "fix", "performed")):
            case.solved = self.rng.random() < self._diligence(case.matter.unit_id)
        for name in action.by:
            actor = self.cast.performer(self.rng, name, case.matter)
            if actor is None:
                continue
            filled = self.wording.fill(case, key, action) if values is None else values
            return self.tries(key, partial(self._take, case, actor, key, filled))
        self.refused[f"{key}: vacant"] += 1
        return False

    def _take(self, case: Case, actor: Actor, key: str, values: dict[str, Any]) -> None:
        case.matter = matters.act(actor, case.matter.number, key, values)

    def _judge(self, case: Case, actor: Actor, solved: bool, values: dict[str, Any]) -> None:
        case.matter = matters.give_verdict(actor, solved, values)

    def _each_party(self, case: Case, key: str, chances: dict[str, float]) -> bool:
        roles = {role for _, role in ask(SIDES, case.matter.pk)}
        if "respondent" not in roles and not self._names_the_other(case):
            return False
        for party, _ in ask(SIDES, case.matter.pk):
            said = self.rng.choices(list(chances), list(chances.values()))[0]
            if not self._act(case, key, {"party": party, "stance": said}):
                return False
        return True

    def _names_the_other(self, case: Case) -> bool:
        """The unit names the other side of a dispute, where who filed did not."""
        actor, other = self.cast.of_unit(self.rng, case.matter.unit_id), PartyData("respondent", "对方当事人")
        return actor is not None and self.tries(
            "add_party", partial(matters.add_party, actor, case.matter.number, other)
        )

    def _do_verdict(self, case: Case) -> bool:
        """The resident says herself whether it is solved; so does everybody who joined."""
        numbers = [case.matter.number, *(number for (number,) in ask(JOINED, case.matter.pk))]
        for number in numbers:
            solved = self._says_solved(case)
            values = self.wording.verdict(case, solved=solved)
            actor = self.cast.performer(self.rng, "resident", Matter(number=number))
            if actor is None or not self.tries(
                "verdict",
                partial(self._judge, case, actor, solved, values),
            ):
                return False
            if case.matter.state != "answered":
                break
        return True

    def _do_called(self, case: Case) -> bool:
        solved = self._says_solved(case)
        if solved and ask(JOINED, case.matter.pk):
            return self._do_verdict(case)
        return self._act(
            case,
            "called_solved" if solved else "called_not_solved",
            self.wording.verdict(case, solved=solved),
        )

    def _do_opinions(self, case: Case) -> bool:
        return self.wording.opinions(case, self.cast)

    def _do_tasks(self, case: Case) -> bool:
        """Every unit with an open task reports it done."""
        for task in OPEN_TASKS(case.matter.pk):
            actor = self.cast.of_unit(self.rng, task.unit_id)
            done = self.wording.done(case)
            if actor is None or not self.tries("task", partial(matters.finish_task, actor, task.pk, done)):
                return False
        self._refresh(case)
        return True

    def _says_solved(self, case: Case) -> bool:
        work = habits()["work"]
        return (
            self.rng.random()
            < work["says_solved_when_it_is" if case.solved else "says_solved_when_it_is_not"]
        )

    def _diligence(self, unit_id: int) -> float:
        """How often the work of a unit solves the matter: it differs between units, and stays the same for one."""
        if unit_id not in self.diligence:
            work = habits()["work"]
            own = Random(f"unit {directory().units[unit_id].code}")
            self.diligence[unit_id] = min(0.99, max(0.4, own.gauss(work["solved"], work["spread"])))
        return self.diligence[unit_id]

    def tries(self, what: str, do: Callable[[], Any]) -> bool:
        """Does it; a refusal by a rule is counted and is part of life."""
        try:
            do()
        except Problem as problem:
            self.refused[f"{what}: {problem.code}"] += 1
            return False
        self.done[what] += 1
        return True

    def _when(self, item: dict[str, Any], key: str = "hours") -> datetime:
        low, high = item.get(key) or (0.1, 0.5)
        if item.get("who") == "resident":
            return awake(time.now() + timedelta(hours=self.rng.uniform(low, high)), self.rng)
        return self._working(low, high)

    def _working(self, low: float, high: float) -> datetime:
        """A moment after so many hours of working time, some minutes early."""
        hours = max(1, round(self.rng.uniform(low, high)))
        moment = due(time.now(), Span.parse(f"{hours} working hours"), calendar()).at
        return max(time.now(), moment - timedelta(minutes=self.rng.randrange(1, 55)))


def awake(moment: datetime, rng: Random) -> datetime:
    """That moment, or one on the day to come where it falls into the night: nobody acts before what she acts on."""
    if 7 <= moment.hour < 22:
        return moment
    morning = moment if moment.hour < 7 else moment + timedelta(days=1)
    return morning.replace(hour=rng.randrange(8, 21))


def midnight(day: date) -> datetime:
    """The first moment of a day in the city's zone."""
    return datetime.combine(day, datetime.min.time(), time.CITY_ZONE)
