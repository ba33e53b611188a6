"""What stands in the demo city: records entered over the months before, visited by cycle, renewed, withdrawn.

It reads the registers that are published and `standing.yaml`; whatever it does is an action, and what a visit finds
goes on as a matter among all others. The same seed gives the same records.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any, Protocol

from django.db import transaction

from onedoor.city.queries import tree
from onedoor.kernel import packs
from onedoor.kernel.actor import Actor
from onedoor.kernel.time import CITY_ZONE, at, now
from onedoor.matters.models import Matter
from onedoor.registers import actions, kinds
from onedoor.registers.actions.visiting import Seen
from onedoor.registers.language import RecordField, Register
from onedoor.registers.models import Finding, Record, Visit
from onedoor.registers.writing import Draft
from onedoor.simulation.cast import Cast
from onedoor.simulation.geography import Geography

SYSTEM = Actor.system("demo")
BEFORE = 150  # days before the city's life begins over which records were entered
EARLY = 10  # days before the last day on which a visit was made, in those months
SURNAMES = "赵钱孙李周吴郑王冯陈"
CHECK_AT, DAY_BEGINS, DAY_ENDS = time(7), 8, 18


class Lives(Protocol):
    """The life that this is a part of (`life.Life`)."""

    def later(self, moment: datetime, do: Callable[[], None]) -> None:
        """Puts something into the queue."""

    def tries(self, what: str, do: Callable[[], Any]) -> bool:
        """Does it; a refusal is counted."""

    def adopt(self, matter: Matter) -> None:
        """A matter that a visit opened goes on like any other."""


@cache
def habits() -> dict[str, Any]:
    """What stands, by register (`standing.yaml`)."""
    return packs.read(Path(__file__).resolve().parent / "standing.yaml").data


class Standing:
    """The records of one city."""

    def __init__(self, life: Lives, geography: Geography, cast: Cast, seed: int) -> None:
        self.life, self.geography, self.cast = life, geography, cast
        self.rng = Random(f"standing {seed}")
        self.grids = geography.grids()
        self.names = {row.code: row.name for row in geography.divisions()}
        self.arranged: set[int] = set()  # visits whose day is fixed already
        self.decided: set[int] = set()  # records of which it is decided whether they are renewed

    @transaction.atomic
    def begin(self, first: date, per_day: int) -> None:
        """The months before: records are entered, and visited when it was time."""
        waiting = sorted(self._before(first, per_day), key=lambda one: one[0])
        for moment, do in waiting:
            with at(moment):
                do()

    def _before(self, first: date, per_day: int) -> Iterator[tuple[datetime, Callable[[], None]]]:
        for key, how in habits().items():
            register = kinds.current(key)
            for _ in range(how["each"] * per_day):
                moment = self._working_hour(first - timedelta(days=self.rng.randrange(1, BEFORE)))
                yield moment, partial(self._enter, register, how)
        yield datetime.combine(first, CHECK_AT, CITY_ZONE), self._catch_up

    def _catch_up(self) -> None:
        """Visits that fell due before life began were made then, and found nothing that is open still."""
        due = Record.objects.filter(next_visit_on__lt=_day(), state="standing").order_by(
            "next_visit_on", "pk"
        )
        for next_visit, records in groupby(list(due), key=lambda record: record.next_visit_on):
            day = (next_visit or _day()) - timedelta(days=EARLY)
            with at(datetime.combine(day, CHECK_AT, CITY_ZONE)):
                actions.plan_visits(SYSTEM)
            for record in records:
                with at(self._working_hour(day)):
                    self._visit(record.number, {})

    def _enter(self, register: Register, how: dict[str, Any]) -> None:
        grid = self.rng.choice(self.grids)
        lon, lat = self.geography.point_in(grid, self.rng)
        actor = self.cast.over_place(self.rng, how["by"], tree().by_code[grid].id)
        values = self._values(register, how, grid)
        address = self.rng.choice([*self.geography.landmarks(grid).roads, ""])
        if actor:
            draft = Draft(values, address=address, lon=lon, lat=lat)
            self.life.tries("record entered", partial(actions.enter, actor, register.key, draft))

    def _values(self, register: Register, how: dict[str, Any], grid: str) -> dict[str, Any]:
        set_of = self.rng.choice(how.get("together", [{}]))
        found = {name: self._filled(text, grid) for name, text in set_of.items()}
        for name, one in register.fields.items():
            if name not in found and (name in how["values"] or one.required):
                found[name] = self._value(one, how["values"].get(name), grid)
        return found

    def _filled(self, text: str, grid: str) -> str:
        """A text with the names of the place in it."""
        village = self.names[tree().nodes[tree().by_code[grid].parent_id or 0].code]
        return text.format(village=village, surname=self.rng.choice(SURNAMES))

    def _value(self, one: RecordField, how: Any, grid: str) -> Any:
        if isinstance(how, list):
            return self._filled(self.rng.choice(how), grid)
        if isinstance(how, dict):
            [(kind, told)] = how.items()
            return self._made(kind, told)
        return self.rng.choice(list(one.choices) or ["yes", "no"])

    def _made(self, kind: str, told: Any) -> str:
        if kind == "contact":
            phone = f"1390000{self.rng.randrange(10000):04d}"
            return (
                phone
                if told == "phone"
                else f"{self.rng.choice(SURNAMES)}{self.rng.choice(['女士', '先生'])}"
            )
        chosen = self.rng.randrange(told[0], told[1] + 1)
        return str(chosen) if kind == "number" else (_day() - timedelta(days=chosen)).isoformat()

    def morning(self, day: date) -> None:
        """Plans the day: visits are planned and arranged, what expires is renewed, some pass on or leave."""
        self.life.later(datetime.combine(day, CHECK_AT, CITY_ZONE), self._arrange)

    def _arrange(self) -> None:
        actions.plan_visits(SYSTEM)
        planned = Visit.objects.filter(state="planned").exclude(pk__in=self.arranged).select_related("record")
        for visit in planned.order_by("pk"):
            self.arranged.add(visit.pk)
            self._arrange_visit(visit, habits()[visit.record.kind]["visits"])
        for key, how in habits().items():
            self._fates(key, how)

    def _arrange_visit(self, visit: Visit, how: dict[str, float]) -> None:
        chance, last = self.rng.random(), visit.planned_for or _day()
        if chance < how["in_time"]:
            day = _day() + timedelta(days=self.rng.randrange(1, max(2, (last - _day()).days)))
        elif chance < how["in_time"] + how["late"]:
            day = last + timedelta(days=self.rng.randrange(1, 10))
        else:
            return
        self.life.later(self._working_hour(day), partial(self._visit, visit.record.number, how))

    def _visit(self, number: str, how: dict[str, float]) -> None:
        """Somebody of those who go makes the visit; what is found goes on as a matter."""
        record = Record.objects.get(number=number)
        visits = kinds.current(record.kind).visits
        actors = (
            self.cast.over_place(self.rng, role, record.division_id) for role in (visits.by if visits else ())
        )
        actor = next(filter(None, actors), None)
        if actor is None or visits is None:
            return
        answers = {}
        for name, item in visits.checklist.items():
            fine = [answer for answer in item.answers if answer not in item.finding]
            found = item.finding and self.rng.random() < how.get("finding", 0)
            answers[name] = self.rng.choice(item.finding) if found else fine[0]
        if self.life.tries("visit", partial(actions.do_visit, actor, number, Seen(answers))):
            for finding in Finding.objects.filter(record=record, visit__done_at__gte=now()).select_related(
                "matter"
            ):
                self.life.adopt(finding.matter)

    def _fates(self, key: str, how: dict[str, Any]) -> None:
        register, standing = (
            kinds.current(key),
            Record.objects.filter(kind=key, state="standing").order_by("pk"),
        )
        if register.validity:
            soon = standing.filter(valid_until__lte=_day() + timedelta(days=EARLY)).exclude(
                pk__in=self.decided
            )
            for record in soon:
                self.decided.add(record.pk)
                if self.rng.random() < how["ends"]:
                    self._by_clerk(record, "renewed", partial(self._renew, record, register))
        fates = {pk: self.rng.random() for pk in standing.values_list("pk", flat=True)}
        leaving = {pk for pk, chance in fates.items() if chance < how["leaves"]}
        passing = {pk for pk, chance in fates.items() if register.transfer and chance > 1 - how["passes"]}
        for record in standing.filter(pk__in=leaving | passing):
            if record.pk in leaving:
                self._by_clerk(record, "withdrawn", partial(self._withdraw, record, register))
            else:
                self._by_clerk(record, "transferred", partial(self._transfer, record, register))

    def _by_clerk(self, record: Record, what: str, do: Callable[[Actor], Any]) -> None:
        if actor := self.cast.over_place(self.rng, "clerk", record.division_id):
            self.life.later(self._working_hour(_day()), partial(self._try, what, partial(do, actor)))

    def _try(self, what: str, do: Callable[[], Any]) -> None:
        self.life.tries(f"record {what}", do)

    def _renew(self, record: Record, register: Register, actor: Actor) -> None:
        names = register.validity.renews if register.validity else ()
        actions.renew(actor, record.number, dict.fromkeys(names, _day().isoformat()))

    def _withdraw(self, record: Record, register: Register, actor: Actor) -> None:
        why = self.rng.choice(list(register.withdrawal.reasons))
        day = _day() - timedelta(days=self.rng.randrange(40))
        actions.withdraw(actor, record.number, why, day.isoformat())

    def _transfer(self, record: Record, register: Register, actor: Actor) -> None:
        written, asks = habits()[record.kind]["values"], register.transfer.asks if register.transfer else ()
        values = {name: self._made(*next(iter(written[name].items()))) for name in asks}
        actions.transfer(actor, record.number, Draft(values), _day().isoformat())

    def _working_hour(self, day: date) -> datetime:
        hour = time(self.rng.randrange(DAY_BEGINS, DAY_ENDS), self.rng.randrange(60))
        return datetime.combine(day, hour, CITY_ZONE)


def _day() -> date:
    return now().astimezone(CITY_ZONE).date()
