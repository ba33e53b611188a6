"""Units and posts of a synthetic city, with the gaps and changes that real rosters have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from onedoor.kernel import packs
from onedoor.simulation.growing import SUFFIXES, Plot
from onedoor.simulation.names import numeral, person, stem
from onedoor.simulation.shape import CityShape, Posts

KINDS_FILE = packs.SHIPPED / "common" / "unit_kinds.yaml"
FIRST_POSTS = (500, 1200)  # days after the city's first day on which the present holders began
EARLIER = (100, 450)  # days that their predecessors had been there


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One row of units.csv."""

    code: str
    name: str
    kind: str
    division_code: str
    parent_code: str


@dataclass(frozen=True, slots=True)
class PostRow:
    """One row of roster.csv; `valid_to` is the first day on which the post was no longer held."""

    login: str
    name: str
    unit_code: str
    role: str
    division_code: str
    valid_from: date
    valid_to: date | None


def units(shape: CityShape, top: Plot) -> list[UnitRow]:
    """Every unit the shape file asks for; a unit's parent stands before it."""
    return [
        _unit(plot, kind, number if count > 1 else 0, shape.unit_names)
        for plot in top.walk()
        for kind, count in shape.units.get(plot.level, {}).items()
        for number in range(1, count + 1)
    ]


def _unit(plot: Plot, kind: str, number: int, own_names: dict[str, str]) -> UnitRow:
    facts = unit_kinds()[kind]
    ordinal = f"第{numeral(number)}" if number else ""
    pattern = own_names.get(kind) or facts.get("names", {}).get(plot.kind, facts["name"])
    name = pattern.format(place=plot.name, short=stem(plot.name, SUFFIXES) + ordinal)
    parent = facts.get("parent")
    return UnitRow(
        code=f"{plot.code}-{kind}{number or ''}",
        name=name,
        kind=kind,
        division_code=plot.code,
        parent_code=f"{plot.code}-{parent}" if parent else "",
    )


@cache
def unit_kinds() -> dict[str, dict]:
    """The kinds of units by key, as `packs/common/unit_kinds.yaml` has them."""
    return dict(packs.read(KINDS_FILE).data["unit_kinds"])


def roster(shape: CityShape, top: Plot, rows: list[UnitRow]) -> list[PostRow]:
    """Every post the shape file asks for, in the file's order; people's names are invented."""
    office = _Office(shape, top, rows)
    posts = [post for wanted in shape.posts for post in office.fill(wanted)]
    return office.with_predecessors(posts)


class _Office:
    """Where people are appointed: knows the places, the units and the day the city began."""

    def __init__(self, shape: CityShape, top: Plot, rows: list[UnitRow]) -> None:
        self.shape = shape
        self.rng = Random(f"roster {shape.seed}")
        self.plots = {plot.code: plot for plot in top.walk()}
        self.rows = rows

    def fill(self, wanted: Posts) -> Iterator[PostRow]:
        """All posts of one line of the shape file."""
        places = [plot.code for plot in self.plots.values() if plot.level == wanted.each]
        empty = set(self.rng.sample(places, round(wanted.gap * len(places))))
        for kind in _kinds(wanted.unit):
            for row in (row for row in self.rows if row.kind == kind):
                yield from self._for_places(wanted, row, empty) if wanted.each else self._in_unit(wanted, row)

    def _in_unit(self, wanted: Posts, row: UnitRow) -> Iterator[PostRow]:
        desk = row.code.removeprefix(f"{row.division_code}-")
        for number in range(1, wanted.count + 1):
            yield self._appoint(f"{wanted.role}.{desk}.{row.division_code}.{number}", wanted.role, row)

    def _for_places(self, wanted: Posts, row: UnitRow, empty: set[str]) -> Iterator[PostRow]:
        """People for every division of a level; one person covers a run of neighbours of the same unit."""
        below = self._beat(row, wanted.each)
        for start in range(0, len(below), wanted.covers):
            for number in range(1, wanted.count + 1):
                holder = self._appoint(f"{wanted.role}.{below[start]}.{number}", wanted.role, row)
                covered = below[start : start + wanted.covers]
                yield from (replace(holder, division_code=code) for code in covered if code not in empty)

    def _beat(self, row: UnitRow, level: str | None) -> list[str]:
        """Codes of the level's divisions that a unit looks after; two stations of one place share them."""
        below = [plot.code for plot in self.plots[row.division_code].walk() if plot.level == level]
        sisters = [r.code for r in self.rows if (r.division_code, r.kind) == (row.division_code, row.kind)]
        mine, parts = sisters.index(row.code), len(sisters)
        return below[mine * len(below) // parts : (mine + 1) * len(below) // parts]

    def _appoint(self, login: str, role: str, row: UnitRow) -> PostRow:
        began = self.shape.city.valid_from + timedelta(days=self.rng.randrange(*FIRST_POSTS))
        return PostRow(login.lower(), person(self.rng), row.code, role, row.division_code, began, None)

    def with_predecessors(self, posts: list[PostRow]) -> list[PostRow]:
        """The posts, and before some of them the one who held it earlier."""
        rows: list[PostRow] = []
        for post in posts:
            if self.rng.random() < self.shape.turnover:
                rows.append(self._predecessor(post))
            rows.append(post)
        return rows

    def _predecessor(self, post: PostRow) -> PostRow:
        began = post.valid_from - timedelta(days=self.rng.randrange(*EARLIER))
        login = f"{post.login}.{post.division_code}.former".lower()
        return replace(post, login=login, name=person(self.rng), valid_from=began, valid_to=post.valid_from)


def _kinds(unit: str) -> list[str]:
    if unit == "departments":
        return [key for key, facts in unit_kinds().items() if facts.get("department")]
    return [unit]
