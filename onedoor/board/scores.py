"""Frozen scores as the pages show them: to those who follow up, and to a unit its own with everything behind it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.appraisal import periods, policies
from onedoor.appraisal.indicators import computing
from onedoor.appraisal.indicators.computing import Asked, LeftOut
from onedoor.appraisal.models import Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.schemes.language import Group, Place, Scheme
from onedoor.appraisal.schemes.marking import fixed, percent
from onedoor.appraisal.scores import appraising, explaining
from onedoor.appraisal.scores.rules import ItemScore, UnitScore
from onedoor.board import sheets
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.lake.columns import tables
from onedoor.matters import policies as matters
from onedoor.matters.queries import listed
from onedoor.registers import kinds
from onedoor.registers import policies as registers
from onedoor.registers.models import Record

RECENT = 60  # snapshots on the first page
MOST = 200  # rows listed behind a figure
APART = {
    "little_due": _("Too little was due: listed apart"),
    "veto": _("A veto took the place: listed apart"),
}
TABS = {"": _("All that were due"), "no": _("Not in the numerator"), "yes": _("In the numerator")}


@dataclass(frozen=True)
class Shown:
    """One snapshot with the part of it that somebody may see."""

    snapshot: Snapshot
    codes: frozenset[str]

    @cached_property
    def scheme(self) -> Scheme:
        """As it was when the scores were frozen."""
        return published.of(self.snapshot.scheme_id)

    @property
    def group(self) -> Group:
        """The peer group."""
        return self.scheme.groups[self.snapshot.group]

    @cached_property
    def names(self) -> Mapping[str, dict[str, str]]:
        """Code → name."""
        return appraising.names(self.group)

    def name(self, code: str) -> dict[str, str]:
        """The name of a unit; its code where it no longer stands."""
        return dict(self.names.get(code, {"zh": code, "en": code}))

    @cached_property
    def scores(self) -> dict[str, UnitScore]:
        """Of those who may be seen, in the order of their places."""
        return {
            code: one for code, one in appraising.scores_frozen(self.snapshot).items() if code in self.codes
        }

    @property
    def url(self) -> str:
        """The page of it."""
        return reverse("board:score_group", args=[self.snapshot.pk])

    def unit_url(self, code: str) -> str:
        """The page of one unit's score."""
        return reverse("board:score_unit", args=[self.snapshot.pk, code])


def recent(actor: Actor) -> list[Shown]:
    """The newest snapshots in which the actor may see anything. One query."""
    sight = policies.sight(actor)
    rows = Snapshot.objects.filter(corrected_by=None).order_by("-frozen_at", "-pk").defer("body")
    shown = (
        Shown(one, sight.of(published.of(one.scheme_id).groups[one.group]))
        for one in rows.select_related("scheme")[:RECENT]
    )
    return [one for one in shown if one.codes]


def found(actor: Actor, pk: int) -> Shown:
    """One snapshot. Raises NotFound where there is none, or nothing in it that the actor may see."""
    snapshot = Snapshot.objects.filter(pk=pk).select_related("scheme").first()
    group = published.of(snapshot.scheme_id).groups[snapshot.group] if snapshot else None
    codes = policies.sight(actor).of(group) if group else frozenset()
    if snapshot is None or not codes:
        raise NotFound(what=f"{pk}")
    return Shown(snapshot, codes)


def lines(shown: Shown) -> list[dict[str, Any]]:
    """A line for every unit, by place; those apart after them."""
    return [
        {
            "code": code, "name": shown.name(code), "url": shown.unit_url(code), "place": one.place,
            "total": None if one.total is None else fixed(one.total), "due": percent(one.due),
            "apart": APART.get(one.apart, ""),
        }
        for code, one in shown.scores.items()
    ]  # fmt: skip


def score_of(shown: Shown, code: str) -> UnitScore:
    """One unit's score. Raises NotFound."""
    if code not in shown.scores:
        raise NotFound(what=code)
    return shown.scores[code]


def before(shown: Shown, code: str) -> UnitScore | None:
    """The same unit's score of the period before, where it was frozen under the same scheme."""
    snapshot = shown.snapshot
    earlier = (
        Snapshot.objects.filter(
            scheme=snapshot.scheme_id, group=snapshot.group, period=periods.before(snapshot.period)
        )
        .order_by("-revision")
        .first()
    )
    return appraising.scores_frozen(earlier).get(code) if earlier else None


def items(shown: Shown, code: str) -> list[dict[str, Any]]:
    """Every item of a unit's score with its sub-items, each explained."""
    now, then = score_of(shown, code), before(shown, code)
    places: dict[str, list[Place]] = {}
    for place in shown.scheme.places(shown.snapshot.group):
        if place.code in now.cells:
            places.setdefault(place.item.code, []).append(place)
    return [_item(shown, code, item, places[item.code], now, then) for item in now.items]


def _item(
    shown: Shown, code: str, item: ItemScore, places: Sequence[Place], now: UnitScore, then: UnitScore | None
) -> dict[str, Any]:
    return {
        "code": item.code,
        "title": places[0].item.title,
        "weight": fixed(item.weight),
        "marks": None if item.marks is None else fixed(item.marks),
        "share": 0 if item.marks is None else int(100 * item.marks / item.weight),
        "cells": [_cell(shown, code, place, now, then) for place in places],
    }


def _cell(shown: Shown, code: str, place: Place, now: UnitScore, then: UnitScore | None) -> dict[str, Any]:
    told = explaining.explain(place, now.cells[place.code], then.cells.get(place.code) if then else None)
    url = reverse("board:score_behind", args=[shown.snapshot.pk, code, place.code])
    office = shown.scheme.offices[place.part.office]
    may = reverse("board:score_object", args=[shown.snapshot.pk, code, place.code])
    return told | {
        "object_url": may,
        "url": url if place.part.indicator else "",
        "office": office.title,
        "interval": _interval(told),
    }


def _interval(told: Mapping[str, Any]) -> str:
    held = told["interval"]
    return f"{percent(Fraction(held['low']))} – {percent(Fraction(held['high']))}" if held else ""


def place_of(shown: Shown, code: str) -> Place:
    """A sub-item that is measured. Raises NotFound; also for one that an office judges."""
    places = {p.code: p for p in shown.scheme.places(shown.snapshot.group) if p.part.indicator}
    if code not in places:
        raise NotFound(what=code)
    return places[code]


@dataclass(frozen=True)
class Behind:
    """What stands behind one figure, as the lake has it now."""

    rows: list[dict[str, Any]]  # matters or records that the reader may see
    of_records: bool
    counted: int  # rows of the figure, at most MOST
    unseen: int  # of these, how many she may not open
    reasons: list[dict[str, Any]]
    as_of: str


def behind(actor: Actor, shown: Shown, unit: str, place: Place, part: str) -> Behind:
    """The rows behind a figure, those that tell against the unit first. Raises NotFound where there is no lake."""
    asked = Asked(
        place.part.indicator or "", place.part.parameters, shown.snapshot.period, shown.group.level, unit
    )
    counted = {"yes": True, "no": False}.get(part)
    with computing.opened() as lake:
        rows, trace, as_of = (
            lake.behind(asked, counted=counted, most=MOST),
            lake.trace(asked),
            lake.manifest.as_of,
        )
    indicator = computing.indicator(asked.indicator, asked.parameters)
    table = indicator.rows_of(indicator.denominator or indicator.numerator)[0]
    of_records = "number" not in tables()[table].columns
    numbers = list(dict.fromkeys(row["record" if of_records else "number"] for row in rows
                                 if ("record" if of_records else "number") in row))  # fmt: skip
    seen = list(_records(actor, numbers)) if of_records else list(_matters(actor, numbers))
    reasons = [*_reasons(table, trace.outside, "outside"), *_reasons(table, trace.against, "against")]
    return Behind(seen, of_records, len(numbers), len(numbers) - len(seen), reasons, as_of)


def _matters(actor: Actor, numbers: Sequence[str]) -> Iterator[dict[str, Any]]:
    found = {m.number: m for m in listed(matters.visible(actor).filter(number__in=numbers))}
    yield from sheets.shown([found[number] for number in numbers if number in found])


def _records(actor: Actor, numbers: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Records of whatever kinds; one query a kind."""
    named = Record.objects.filter(number__in=numbers).values_list("kind", flat=True).order_by().distinct()
    for kind in named:
        rows: QuerySet[Record] = registers.visible(actor, kinds.current(kind)).filter(number__in=numbers)
        for record in rows.only("number", "kind", "title"):
            url = reverse("desk:record", args=[record.number])
            yield {"number": record.number, "title": record.title, "url": url}


def _reasons(table: str, rows: Sequence[LeftOut], kind: str) -> Iterator[dict[str, Any]]:
    for row in rows:
        column = tables()[table].columns[row.column]
        yield {"kind": kind, "column": column.title, "value": row.value or "—", "rows": row.rows}


def tabs(shown: Shown, unit: str, code: str, part: str) -> list[dict[str, Any]]:
    """Both sides of a figure, and all of it."""
    url = reverse("board:score_behind", args=[shown.snapshot.pk, unit, code])
    return [
        {"title": title, "url": f"{url}?part={key}" if key else url, "current": key == part}
        for key, title in TABS.items()
    ]


def peers(shown: Shown) -> int:
    """How many of the group were ranked."""
    return sum(one["place"] is not None for one in json.loads(shown.snapshot.body)["scores"])
