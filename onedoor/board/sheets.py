"""The weekly sheet and the matters behind its figures, as the pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from onedoor.appraisal.queries import matters_behind
from onedoor.appraisal.rules import COLUMNS, Cell, Column, Level, Row, Sheet, Week
from onedoor.city.queries import directory
from onedoor.city.tree import Node, tree
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.wording import percent
from onedoor.matters import policies, titles
from onedoor.matters.models import Matter
from onedoor.matters.queries import listed

WEEKS = 53  # offered to choose from
LEVELS: Mapping[Level, Any] = {"unit": _("By unit"), "county": _("By county")}
PARTS = ("all", "yes", "no")
# column → how what counts for it, and what counts against it, is called
SIDES: Mapping[str, tuple[Any, Any]] = {
    "accepted_in_time": (_("Accepted in time"), _("Not in time")),
    "answered_in_time": (_("Answered in time"), _("Not in time")),
    "solved": (_("Solved"), _("Not solved")),
    "satisfied": (_("Satisfied"), _("Not satisfied")),
}
MATTER_COLUMNS: tuple[dict[str, Any], ...] = (
    {"title": _("Matter")},
    {"title": _("Place")},
    {"title": _("Unit now responsible")},
    {"title": _("State")},
    {"title": pgettext_lazy("time limit", "Due"), "kind": "clock"},
)


@dataclass(frozen=True)
class Asked:
    """Which sheet is wanted: of which week, a row per what, of which county (its code, empty for the city)."""

    week: Week
    level: Level = "unit"
    county: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Asked:
        """From an address; the last whole week where none is named, never one that has not begun. Raises BadInput."""
        this = Week.of(time.now())
        week = min(Week.parse(sent["week"]), this) if sent.get("week") else this.moved(-1)
        level: Level = "county" if sent.get("level") == "county" else "unit"
        return cls(week, level, sent.get("county", ""))

    @property
    def values(self) -> dict[str, str]:
        """As an address carries them."""
        held = {"week": str(self.week), "level": self.level, "county": self.county}
        return {name: value for name, value in held.items() if value}

    def url(self, name: str = "board:sheet", **changed: Any) -> str:
        """The address of a page about this sheet, or about another that differs as said."""
        return f"{reverse(name)}?{urlencode(replace(self, **changed).values)}"

    def behind(self, column: str, row: str = "", part: str = "all") -> str:
        """The address of the matters behind a figure; `row` is empty for all rows together."""
        more = {"column": column, "row": row, "part": part if part != "all" else ""}
        named = {name: value for name, value in more.items() if value}
        return f"{reverse('board:figure')}?{urlencode(self.values | named)}"


def counties() -> list[Node]:
    """The counties of the city, by code; none where it has no such level."""
    places = tree()
    level = places.profile.level("county")
    found = [node for node in places.nodes.values() if level and node.level == level.key]
    return sorted(found, key=lambda node: node.code) if len(found) > 1 else []


def choices(asked: Asked) -> dict[str, Any]:
    """What the controls of the page offer, and what is chosen."""
    this = Week.of(time.now())
    offered = [this.moved(-back) for back in range(WEEKS)]
    return {
        "weeks": offered if asked.week in offered else [*offered, asked.week],
        "counties": counties(),
        "earlier": asked.url(week=asked.week.moved(-1)),
        "later": asked.url(week=asked.week.moved(1)) if asked.week < this else "",
        "tabs": [
            {"title": title, "url": asked.url(level=level), "current": level == asked.level}
            for level, title in LEVELS.items()
        ],
    }


def lines(asked: Asked, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Rows of the sheet, each figure with its text and the address behind it."""
    return [line(asked, row) for row in rows]


def line(asked: Asked, row: Row) -> dict[str, Any]:
    """One row; that of the total has no code."""
    return {
        "code": row.code,
        "name": {"zh": row.name, "en": row.name_en or row.name},
        "place": row.place,
        "cells": [_cell(asked, row, column) for column in COLUMNS],
    }


def _cell(asked: Asked, row: Row, column: Column) -> dict[str, Any]:
    cell = row.cells[column.key]
    counted = cell.count if cell.of is None else cell.of
    return {
        "column": column,
        "text": figure(cell),
        "url": asked.behind(column.key, row.code) if counted else "",
        "out_of": f"{cell.count:,} / {cell.of:,}" if cell.of else "",
        "nothing": cell.of == 0,
        "few": cell.few,
        "tone": "late" if column.key == "overdue" and cell.count else "",
    }


def figure(cell: Cell) -> str:
    """A figure in the page's language: a share where something was due, else a count."""
    if cell.of is None:
        return f"{cell.count:,}"
    return percent(cell.share, get_language() or "en") if cell.of else "—"


def filename(sheet: Sheet) -> str:
    """What the sheet's file is called."""
    return f"weekly-sheet-{sheet.week}-{sheet.level}-{sheet.division}.xlsx"


@dataclass(frozen=True)
class Behind:
    """The matters behind a figure: those that the reader may see, and how many there are besides."""

    rows: QuerySet[Matter]
    seen: int
    unseen: int


def behind(actor: Actor, asked: Asked, column: str, row: str, part: str) -> Behind:
    """Counted in two queries; `rows` is read by the page. Raises BadInput or NotFound as `matters_behind` does."""
    every = matters_behind(
        asked.week, asked.level, row or None, column, part, asked.county or None  # type: ignore[arg-type]
    )  # fmt: skip
    seen = policies.visible(actor).filter(pk__in=every.order_by().values("pk"))
    count = seen.count()
    return Behind(listed(seen), count, every.count() - count)


def tabs(asked: Asked, column: Column, row: str, part: str) -> list[dict[str, Any]]:
    """The two sides of a share and both together; none for a plain count."""
    if column.key not in SIDES:
        return []
    titles = dict(zip(PARTS, (_("All that were due"), *SIDES[column.key]), strict=True))
    return [
        {"title": title, "url": asked.behind(column.key, row, key), "current": key == part}
        for key, title in titles.items()
    ]


def name_of(asked: Asked, row: str) -> dict[str, str]:
    """Whose figure it is: a unit's name or a place's; the place of the sheet where it is that of all together."""
    places = tree()
    if row and asked.level == "unit":
        unit = next((unit for unit in directory().units.values() if unit.code == row), None)
        return unit.title if unit else {"zh": row, "en": row}
    node = places.by_code.get(row or asked.county) or places.root
    return {"zh": node.name, "en": node.name}


def shown(matters: Sequence[Matter]) -> Iterator[dict[str, Any]]:
    """Each matter as the `matter_row` component takes it; no query but for a procedure seen for the first time."""
    held, places, now = directory(), tree(), time.now()
    for matter in matters:
        category, unit = held.category_by_id.get(matter.category_id), held.units.get(matter.unit_id)
        due = matter.next_due if matter.is_open else None
        yield {
            "number": matter.number,
            "url": reverse("desk:matter", args=[matter.number]),
            "title": matter.title,
            "category_title": category.title if category else "",
            "place": places.full_name(matter.division_id) if matter.division_id in places.nodes else "",
            "unit": unit.title if unit else "",
            "state_title": titles.state(matter),
            "clock": {"due_at": due, "state": "running", "title": ""} if due else None,
            "level": matter.level,
            "confidential": matter.confidential,
            "opened_at": matter.opened_at,
            "times_reopened": matter.times_reopened,
            "tone": "late" if due and due < now else "",
        }
