"""Marks out of figures: per sub-item, per item and in all, among peers only. Pure; exact, with fractions.

    share      what a sub-item's rule makes of the figure, 0 … 1
    marks      weight x share
    item       its weight x Σ marks / Σ weights, over its sub-items that were due
    total      the group's full marks x Σ items / Σ weights of the items that were due

A sub-item is not due where nothing was to be done, where there were fewer cases than its least, or where its office has
not judged yet. A unit of whom less than the group's `enough` was due is listed apart, not ranked; so is one that a veto
met. Nobody is compared with anybody outside its group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from onedoor.appraisal.schemes import marking
from onedoor.appraisal.schemes.language import CADENCES, Cadence, Place, Scheme
from onedoor.appraisal.schemes.marking import Deduct, Rank

Why = Literal["scored", "nothing_due", "few", "not_judged"]
Apart = Literal["", "little_due", "veto"]


@dataclass(frozen=True)
class Reading:
    """A figure of a unit: `value`, and the count and what it is out of (None for a plain count or a finding)."""

    value: Fraction | None
    numerator: int | None = None
    denominator: int | None = None

    @classmethod
    def share_of(cls, numerator: int, denominator: int) -> Reading:
        """A count out of a count; without a value where there was nothing to count."""
        return cls(Fraction(numerator, denominator) if denominator else None, numerator, denominator)

    @classmethod
    def count(cls, number: int) -> Reading:
        """A plain count, or the level that an office found."""
        return cls(Fraction(number))


Readings = Mapping[str, Mapping[str, Reading]]  # unit → code of the sub-item → figure


@dataclass(frozen=True)
class Cell:
    """One sub-item of one unit."""

    code: str
    why: Why
    reading: Reading | None = None
    share: Fraction = Fraction(0)
    marks: Fraction = Fraction(0)


@dataclass(frozen=True)
class ItemScore:
    """One item of one unit; without marks where nothing of it was due."""

    code: str
    weight: Fraction
    due: Fraction
    marks: Fraction | None


@dataclass(frozen=True)
class UnitScore:
    """All of one unit: `place` among those ranked (equals share one), or why it is listed apart."""

    unit: str
    cells: Mapping[str, Cell]
    items: Sequence[ItemScore]
    due: Fraction  # the share of the group's marks that was due
    total: Fraction | None
    vetoes: tuple[str, ...] = ()
    apart: Apart = ""
    place: int | None = None


@dataclass(frozen=True)
class Terms:
    """What is reckoned: a group of a scheme over a period of a cadence; what its indicators ask for."""

    scheme: Scheme
    group: str
    cadence: Cadence
    least: Mapping[str, int] = field(default_factory=dict)
    less: frozenset[str] = frozenset()  # the indicators of which less is better

    def places(self) -> list[Place]:
        """The sub-items that count in such a period: all whose own cadence is not longer."""
        longest = CADENCES.index(self.cadence)
        return [p for p in self.scheme.places(self.group) if CADENCES.index(p.part.every) <= longest]


def score(terms: Terms, readings: Readings) -> list[UnitScore]:
    """The scores of all units of the group, by place; then those apart. Units without marks come last, by code."""
    places = terms.places()
    valid = {place.code: _valid(terms, place, readings) for place in places}
    scored = [_unit(terms, places, unit, readings[unit], valid) for unit in sorted(readings)]
    ranked = [one.total for one in scored if not one.apart and one.total is not None]
    placed = [_placed(one, ranked) for one in scored]
    return sorted(placed, key=lambda one: (one.place is None, one.place or 0, one.unit))


def _placed(one: UnitScore, ranked: Sequence[Fraction]) -> UnitScore:
    if one.apart or one.total is None:
        return one
    better = sum(1 for other in ranked if other > one.total)
    return UnitScore(one.unit, one.cells, one.items, one.due, one.total, one.vetoes, "", better + 1)


def _why(terms: Terms, place: Place, reading: Reading | None) -> Why:
    if reading is None or reading.value is None:
        return "not_judged" if place.part.evidence and reading is None else "nothing_due"
    least = place.part.least or terms.least.get(place.part.indicator or "", 1)
    return "few" if reading.denominator is not None and reading.denominator < least else "scored"


def _valid(terms: Terms, place: Place, readings: Readings) -> list[Fraction]:
    """The values of all peers whose figure counts: whom a place is taken among."""
    figures = (held.get(place.code) for held in readings.values())
    return [
        reading.value
        for reading in figures
        if reading is not None and reading.value is not None and _why(terms, place, reading) == "scored"
    ]


def _unit(
    terms: Terms,
    places: Sequence[Place],
    unit: str,
    held: Mapping[str, Reading],
    valid: Mapping[str, list[Fraction]],
) -> UnitScore:
    cells = {place.code: _cell(terms, place, held.get(place.code), valid[place.code]) for place in places}
    items = _items(places, cells)
    asked = sum((item.weight for item in items), Fraction(0))
    due = [item for item in items if item.marks is not None]
    there = sum((item.weight for item in due), Fraction(0))
    full = Fraction(terms.scheme.groups[terms.group].marks)
    earned = sum((item.marks for item in due if item.marks is not None), Fraction(0))
    share = sum((item.due for item in items), Fraction(0)) / asked if asked else Fraction(0)
    vetoes = tuple(
        p.code for p in places if p.part.veto and cells[p.code].why == "scored" and not cells[p.code].share
    )
    little = not there or share < marking.number(terms.scheme.groups[terms.group].enough)
    apart: Apart = "little_due" if little else "veto" if vetoes else ""
    return UnitScore(unit, cells, items, share, full * earned / there if there else None, vetoes, apart)


def _cell(terms: Terms, place: Place, reading: Reading | None, peers: Sequence[Fraction]) -> Cell:
    why = _why(terms, place, reading)
    if why != "scored" or reading is None or reading.value is None:
        return Cell(place.code, why, reading)
    share = share_of(terms, place, reading.value, peers)
    return Cell(place.code, why, reading, share, Fraction(place.part.weight) * share)


def share_of(terms: Terms, place: Place, value: Fraction, peers: Sequence[Fraction]) -> Fraction:
    """What the rule of a sub-item makes of a value, 0 … 1; `peers` are the values of all that it is ranked among."""
    rule = place.part.marking
    if isinstance(rule, Deduct):
        return rule.share(value, Fraction(place.part.weight))
    if isinstance(rule, Rank):
        return rule.share(value, peers, place.part.indicator in terms.less)
    return rule.share(value)


def _items(places: Sequence[Place], cells: Mapping[str, Cell]) -> list[ItemScore]:
    """Every item of which some sub-item counts in the period, at the weight of those sub-items."""
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(place.item.code, []).append(place)
    return [_item(code, parts, cells) for code, parts in found.items()]


def _item(code: str, parts: Sequence[Place], cells: Mapping[str, Cell]) -> ItemScore:
    weight = sum((Fraction(p.part.weight) for p in parts), Fraction(0))
    due = [p for p in parts if cells[p.code].why == "scored"]
    there = sum((Fraction(p.part.weight) for p in due), Fraction(0))
    marks = sum((cells[p.code].marks for p in due), Fraction(0))
    return ItemScore(code, weight, there, weight * marks / there if there else None)


def what_if(
    terms: Terms, readings: Readings, unit: str, changes: Mapping[str, Reading]
) -> tuple[UnitScore, UnitScore]:
    """(as it is, as it would be) of a unit whose figures were these instead. Raises LookupError for an unknown unit."""
    changed = {**readings, unit: {**readings[unit], **changes}}
    now, then = ({one.unit: one for one in score(terms, held)} for held in (readings, changed))
    return now[unit], then[unit]
