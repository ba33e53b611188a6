"""The integrity report as the supervisor's office reads it: of the units and places below its posts, with the matters
behind each figure that the reader may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.integrity import reporting
from onedoor.appraisal.integrity.figures import BY_KEY, FIGURES, Counted
from onedoor.appraisal.integrity.reporting import Cell, Report
from onedoor.board import sheets
from onedoor.board.policies import OFFICE
from onedoor.city.models import Unit
from onedoor.city.queries import calendar, directory, tree
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters import policies
from onedoor.matters.queries import listed

MONTHS = 12  # offered to choose from
BESIDE = {
    "channels": _("by the other channels there"),
    "places": _("by this channel elsewhere in the county"),
}


@dataclass(frozen=True)
class Sight:
    """Where somebody supervises: the nodes of the tree below which everything is hers to look at."""

    below: frozenset[int]

    def covers(self, division_id: int) -> bool:
        """Whether a place lies there."""
        node = tree().nodes.get(division_id)
        return node is not None and not self.below.isdisjoint(node.path)

    def unit(self, code: str) -> Unit | None:
        """A unit by its code; None for one elsewhere, or that is gone."""
        unit = next((one for one in directory().units.values() if one.code == code), None)
        return unit if unit is not None and self.covers(unit.division_id) else None


def sight(actor: Actor) -> Sight:
    """Where she supervises or audits."""
    return Sight(actor.divisions(*OFFICE))


def months() -> list[str]:
    """The periods offered: this month and those before it, the newest first."""
    today = time.now().astimezone(CITY_ZONE)
    ahead = (today.year * 12 + today.month - 1 - back for back in range(MONTHS))
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in ahead]


def report(period: str) -> Report:
    """The report of a period. Raises BadInput, NotFound where there is no lake."""
    with computing.opened() as lake:
        return reporting.report(lake, period, calendar())


def rows(found: Report, held: Sight) -> Iterator[dict[str, Any]]:
    """A row for every unit in sight, with its figures; each that counts anything leads to its matters."""
    for code, own in found.cells.items():
        if unit := held.unit(code):
            cells = [_cell(found.period, code, one, own.get(one.key)) for one in FIGURES]
            yield {"title": unit.title, "code": code, "cells": cells}


def _cell(period: str, code: str, one: Counted, cell: Cell | None) -> dict[str, Any]:
    counted = cell is not None and cell.count
    return {
        "title": one.title,
        "count": cell.count if cell else None,
        "of": cell.of if cell else None,
        "share": cell.share if cell else None,
        "url": reverse("board:integrity_behind", args=[period, one.key, code]) if counted else "",
    }


def silences(found: Report, held: Sight) -> Iterator[dict[str, Any]]:
    """What fell silent in places in sight."""
    for drop in found.drops:
        node = tree().by_code.get(drop.place)
        if node is not None and held.covers(node.id):
            yield {
                "place": tree().full_name(node.id), "channel": drop.channel, "seen": drop.seen,
                "expected": f"{drop.expected:.1f}", "beside": BESIDE[drop.beside], "beside_seen": drop.beside_seen,
                "beside_expected": f"{drop.beside_expected:.1f}",
            }  # fmt: skip


@dataclass(frozen=True)
class Behind:
    """One figure of one unit, with its matters."""

    unit: Unit
    figure: Counted
    rows: list[dict[str, Any]]
    unseen: int


def behind(actor: Actor, period: str, key: str, code: str) -> Behind:
    """The matters that a figure counts. Raises NotFound for no figure, or a unit out of sight; BadInput."""
    unit = sight(actor).unit(code)
    if unit is None or key not in BY_KEY:
        raise NotFound(what=code)
    with computing.opened() as lake:
        numbers = reporting.behind(lake, period, key, code)
    seen = list(listed(policies.visible(actor).filter(number__in=numbers)))
    return Behind(unit, BY_KEY[key], list(sheets.shown(seen)), len(numbers) - len(seen))
