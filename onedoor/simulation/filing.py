"""Filings of a demo city: when they come, by which channel, what they say, and where.

A day's moments and channels follow `language/rhythm.yaml`; some matters are told by several people (swarms),
so that duplicates are real ones.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from onedoor.city.queries import calendar, tree
from onedoor.intake import actions as door
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import Problem
from onedoor.matters.models import Matter
from onedoor.matters.moving import category_of
from onedoor.simulation.cast import Cast
from onedoor.simulation.geography import Division, Geography
from onedoor.simulation.voices import VOICES, Kind, Trouble, filled, kinds, setting, spoken, trouble

DOOR_CHANNELS = {"web": "web", "hotline": "hotline", "counter": "counter", "grid_worker": "grid"}
RURAL = "rural"
NEARBY = 0.0004  # degrees between two people who tell of the same thing
LONGEST_SWARM = 400  # matters kept in mind for others to tell of


@dataclass(frozen=True)
class Told:
    """One filing before it is filed: what is the matter, where it really lies, and how it is told."""

    trouble: Trouble
    grid: str
    point: tuple[float, float]
    channel: str
    title: str
    detail: str
    address: str
    shows_point: bool
    confidential: bool = False
    repeats: str | None = None  # the number of the matter that somebody told of before
    story: str = ""  # what it is part of, where many tell of one thing

    def same(self, other: Told) -> bool:
        """Whether two people tell of one thing."""
        return self.trouble is other.trouble or bool(self.story and self.story == other.story)


def _crowds(grids: list[Division]) -> tuple[list[str], list[int]]:
    """The codes of grids, and how many people may speak up in each and all before it."""
    return [grid.code for grid in grids], list(accumulate(grid.households + 40 for grid in grids))


class Filer:
    """Makes up filings and brings them to the door."""

    def __init__(self, geography: Geography, shares: Mapping[str, float]) -> None:
        """`shares`: how often filings repeat, have no point, name no place, ask for confidence."""
        self.geography, self.shares = geography, shares
        self.kinds = kinds()
        rows = {row.code: row for row in geography.divisions()}
        grids = [rows[code] for code in geography.grids()]
        self.where = {
            "": _crowds(grids),
            "country": _crowds([grid for grid in grids if grid.kind == RURAL]),
            "town": _crowds([grid for grid in grids if grid.kind != RURAL]),
        }
        self.rows = rows
        self.monthly: dict[tuple[str, int], list[float]] = {}
        self.swarms: deque[tuple[Told, str]] = deque(maxlen=LONGEST_SWARM)

    def day(self, rng: Random, day: date, per_day: int) -> Iterator[tuple[datetime, str]]:
        """The moments and channels of one day's filings, about `per_day` of them on an ordinary day."""
        rhythm = spoken("rhythm")
        weekday = (
            day.weekday()
            if calendar().works(day.toordinal()) == (day.weekday() < 5)
            else 4
            if day.weekday() > 4
            else 6
        )
        channels = {c: w * rhythm["weekdays"][c][weekday] for c, w in rhythm["channels"].items()}
        usual = sum(rhythm["channels"].values())
        expected = per_day * sum(channels.values()) / usual
        for _ in range(max(1, round(rng.gauss(expected, expected**0.5)))):
            channel = rng.choices(list(channels), list(channels.values()))[0]
            hour = rng.choices(range(24), rhythm["hours"][channel])[0]
            seconds = hour * 3600 + rng.randrange(3600)
            yield (
                datetime.combine(day, datetime.min.time(), time.CITY_ZONE) + timedelta(seconds=seconds),
                channel,
            )

    def tell(self, rng: Random, channel: str, cases: Mapping[str, Any]) -> Told:
        """A new filing for a channel: of a new matter, or of one that somebody has told of and that is still open."""
        if rng.random() < self.shares["repeats"] and channel != "grid_worker":
            again = self._again(rng, channel, cases)
            if again is not None:
                return again
        kind = self._kind(rng, channel)
        tellings = rng.choice(
            [group for group in kind.tellings if self.where[setting(group)][0]] or kind.tellings
        )
        grids, crowds = self.where[setting(tellings)] if self.where[setting(tellings)][0] else self.where[""]
        grid = rng.choices(grids, cum_weights=crowds)[0]
        what = trouble(rng, kind, tellings, self.places(rng, grid))
        return self.told(rng, what, grid, self.geography.point_in(grid, rng), channel)

    def _kind(self, rng: Random, channel: str) -> Kind:
        return rng.choices(self.kinds, cum_weights=self._shares(channel, time.now().month))[0]

    def _shares(self, channel: str, month: int) -> list[float]:
        """How often each kind, or one before it, is told of on a channel in a month."""
        held = self.monthly.get((channel, month))
        if held is None:
            months = spoken("rhythm")["months"]
            held = self.monthly[channel, month] = list(accumulate(
                kind.share * float(kind.channels.get(channel, 0))
                * months.get(kind.category, months.get(kind.category.split(".")[0], months["default"]))[month - 1]
                for kind in self.kinds
            ))  # fmt: skip
        return held

    def places(self, rng: Random, grid: str) -> dict[str, str]:
        """What things are called in a grid, for the slots that the city fills."""
        marks, row = self.geography.landmarks(grid), self.rows[grid]
        village = self.rows.get(row.parent_code, row)
        schools = [name for name in marks.places if name.endswith(("学", "园"))] or [f"{village.name}小学"]
        roads = list(marks.roads) or [f"{village.name}主路"]
        return {
            "estate": rng.choice(list(marks.estates) or [village.name]),
            "road": rng.choice(roads),
            "village": village.name,
            "community": village.name,
            "school": rng.choice(schools),
        }

    def _again(self, rng: Random, channel: str, cases: Mapping[str, Any]) -> Told | None:
        still = [(told, number) for told, number in self.swarms if cases[number].matter.is_open]
        if not still:
            return None
        told, number = rng.choice(still)
        near = (
            round(told.point[0] + rng.uniform(-NEARBY, NEARBY), 6),
            round(told.point[1] + rng.uniform(-NEARBY, NEARBY), 6),
        )
        again = self.told(rng, told.trouble, told.grid, near, channel, repeats=number)
        return replace(again, story=told.story)

    def told(
        self,
        rng: Random,
        what: Trouble,
        grid: str,
        point: tuple[float, float],
        channel: str,
        *,
        repeats: str | None = None,
    ) -> Told:
        """What somebody says of a trouble on a channel, and how much of the place she tells."""
        title, detail = what.tell(rng, channel)
        frame = spoken("voices")
        if VOICES[channel] not in {telling.voice for telling in what.tellings}:
            opening, closing = rng.choice(frame["openings"][channel]), rng.choice(frame["closings"][channel])
            detail = filled(opening, {}, rng) + detail + filled(closing, {}, rng)
        shows_point = channel == "grid_worker" or rng.random() > self.shares["no_point"]
        address = "" if rng.random() < self.shares["no_place"] else self._address(rng, what, grid)
        confidential = rng.random() < self.shares["confidential"] and channel != "grid_worker"
        return Told(what, grid, point, channel, title, detail, address, shows_point, confidential, repeats)

    def found(self, rng: Random, matter: Matter) -> Told:
        """What staff found on a visit or opened themselves, as if it had been told."""
        code = category_of(matter).code
        known = next((kind for kind in self.kinds if kind.category == code), None)
        kind = known or replace(rng.choice(self.kinds), category=code)  # of what no resident tells
        near = tree().nodes[matter.division_id].code
        grid = near if near in self.geography.grids() else rng.choice(self.where[""][0])
        what = trouble(rng, kind, rng.choice(kind.tellings), self.places(rng, grid))
        point = (matter.lon or 0.0, matter.lat or 0.0)
        return Told(
            what, grid, point, "grid_worker", matter.title, matter.detail, matter.address, shows_point=True
        )

    def _address(self, rng: Random, what: Trouble, grid: str) -> str:
        """As people write it: from the district or the township down, sometimes with the building."""
        names: list[str] = []
        code = self.rows[grid].parent_code
        while code and self.rows[code].parent_code:
            names.insert(0, self.rows[code].name)
            code = self.rows[code].parent_code
        tail = rng.choice(
            [
                what.slots["road"],
                what.slots["estate"],
                f"{what.slots['estate']}{what.slots['building']}号楼",
                "",
            ]
        )
        return "".join(names[rng.randrange(min(2, len(names) or 1)) :]) + tail

    def receive(self, cast: Cast, rng: Random, told: Told) -> door.Received | None:
        """Brings a filing to the door by its channel; None where nobody sits there."""
        division = self.division_id(told.grid)
        actor: Actor | None = Actor.resident()
        if told.channel in ("hotline", "counter"):
            actor = cast.over_place(rng, "clerk", division)
        elif told.channel == "grid_worker":
            actor = cast.over_place(rng, "grid_worker", division)
        if actor is None:
            return None
        try:
            received = door.receive(actor, self.report(rng, told))
        except Problem:
            return None
        swarm = spoken("rhythm")["swarms"]
        share = swarm.get(told.trouble.kind.category, swarm["default"])["share"]
        if told.repeats is None and rng.random() < 4 * share:
            self.swarms.append((told, received.matter.number))
        return received

    def report(self, rng: Random, told: Told) -> door.Report:
        """What is said at the door."""
        lon, lat = told.point if told.shows_point else (None, None)
        alone = told.channel == "grid_worker" and rng.random() < 0.7
        company = (
            told.trouble.slots["company"]
            if "company" in "".join(t.detail for t in told.trouble.tellings)
            else ""
        )
        return door.Report(
            title=told.title,
            detail=told.detail,
            channel=DOOR_CHANNELS[told.channel],
            address=told.address,
            lon=lon,
            lat=lat,
            name="" if alone else f"{rng.choice('赵钱孙李周吴郑王冯陈')}{rng.choice(['女士', '先生'])}",
            contact="" if alone else f"1390000{rng.randrange(10000):04d}",
            confidential=told.confidential,
            about_person=company,
            staff_only=alone,
        )

    def division_id(self, code: str) -> int:
        """The row of a division of this city."""
        return tree().by_code[code].id

    def place(self, clerk: Actor, number: str, division_id: int) -> None:
        """The clerk finds out where a matter lies, and says so."""
        door.place(clerk, number, division_id, "电话核实地点")

    def settle(self, clerk: Actor, number: str, code: str) -> None:
        """The clerk says which category it is."""
        door.settle(clerk, number, code)
