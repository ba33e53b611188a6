"""Matters that units of the demo city open themselves (`life.yaml` of packs): letters to regulators, say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from random import Random
from typing import Any, Protocol

from onedoor.city.queries import calendar, directory
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from onedoor.simulation.brought import Opens, brought
from onedoor.simulation.cast import Cast

WORKING_DAYS = 248  # of a year
HOURS = (9, 17)
PARTS = 10  # of a day: what may come in each is at most one


class Lives(Protocol):
    """What a city's life gives to those who open matters."""

    def later(self, moment: datetime, do: Callable[[], None]) -> None:
        """Puts something into the queue."""

    def tries(self, what: str, do: Callable[[], Any]) -> bool:
        """Does it; a refusal is counted."""

    def adopt(self, matter: Matter) -> None:
        """The matter goes on like any other."""


class Opened:
    """The units of one city that open matters."""

    def __init__(self, life: Lives, cast: Cast, seed: int) -> None:
        self.life, self.cast, self.rng = life, cast, Random(f"opened {seed}")

    def morning(self, day: date) -> None:
        """Plans what is opened on a day."""
        if not calendar().works(day.toordinal()):
            return
        for code, how in brought().opens.items():
            count = sum(self.rng.random() < how.a_year / WORKING_DAYS / PARTS for _ in range(PARTS))
            for _ in range(count):
                hour = time(self.rng.randrange(*HOURS), self.rng.randrange(60))
                self.life.later(datetime.combine(day, hour, CITY_ZONE), partial(self._open, code, how))

    def _open(self, code: str, how: Opens) -> None:
        held = directory()
        units = [unit.pk for unit in held.units.values() if unit.kind in held.categories[code].competent]
        people = [person for unit in sorted(units) for person in self.cast.in_unit.get((unit, how.by), [])]
        if not people:
            return
        actor, title, made = self.rng.choice(people), self.rng.choice(how.titles), list[Matter]()
        if self.life.tries("opened", lambda: made.append(matters.begin(actor, code, title))):
            self.life.adopt(made[0])
