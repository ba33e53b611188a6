"""Matters that may be the same as another one, among those that may be seen."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.intake import queries as intake
from onedoor.intake.match import Alike, Filed
from onedoor.intake.queries import as_filed, nearby
from onedoor.kernel.actor import Actor
from onedoor.matters import policies
from onedoor.matters import queries as matters
from onedoor.matters.models import Matter
from onedoor.matters.rows import OnItsOwn
from onedoor.triage.pairs import reasons


@dataclass(frozen=True)
class Similar:
    """A matter that may be the same, and why."""

    matter: Matter
    why: Alike


@dataclass(frozen=True)
class Likeness:
    """How alike two filings are."""

    words: float  # 0 to 1
    metres: float | None
    days: float
    share: float  # the probability that they are the same
    why: dict[str, str]


def filed(matter: Matter) -> Filed:
    """A matter as matching looks at it."""
    return as_filed(
        matter.number, matter.title, matter.detail, matter.category_id, matter.division_id, matter.lon, matter.lat,
        matter.opened_at,
    )  # fmt: skip


def similar(actor: Actor, new: Filed) -> list[Similar]:
    """Open matters nearby that may be the same as `new`, best first, with their titles."""
    found = nearby(new, policies.sight(actor) & OnItsOwn(), to_staff=True)
    rows = matters.listed(Matter.objects.filter(number__in=[item.number for item in found]))
    by_number = {matter.number: matter for matter in rows}
    return [Similar(by_number[item.number], item) for item in found if item.number in by_number]


def likeness(one: Matter, other: Matter) -> Likeness:
    """How alike two matters are in words, place and time, and how probable it is that they are the same."""
    found, share = intake.likeness(filed(one), filed(other))
    return Likeness(found["whole"], found.metres, found.days, share, reasons(found))
