"""Lists of matters as staff narrow them. Every list begins with what its reader may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet

from onedoor.city.queries import directory, subtree, tree
from onedoor.desk.queries.places import code_of
from onedoor.kernel import time as clock
from onedoor.kernel.actor import Actor
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters import policies
from onedoor.matters import queries as matters
from onedoor.matters.models import Matter
from onedoor.matters.queries import OPEN

SOON = timedelta(days=1)
MOST = 99  # counted for a tab: beyond it, nobody cares how many more
STATES: Mapping[str, Q] = {
    "open": OPEN,
    "reopened": OPEN & Q(times_reopened__gt=0),
    "unplaced": OPEN & Q(placed=False),
    "unsure": OPEN & Q(category_sure__in=(False,)),
    "closed": Q(is_open__in=(False,)),
}
TIMED = ("overdue", "soon")  # states that depend on the present moment


@dataclass(frozen=True)
class Filters:
    """How somebody narrowed a list; whatever makes no sense narrows nothing."""

    q: str = ""
    state: str = ""
    unit: int | None = None
    category: str = ""
    level: int | None = None
    place: str = ""  # a division's code
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Filters:
        """From the values of a form."""
        state = sent.get("state", "")
        code = sent.get("category", "")
        return cls(
            q=sent.get("q", "").strip()[:60],
            state=state if state in STATES or state in TIMED else "",
            unit=_number(sent.get("unit")),
            category=code if code in directory().categories else "",
            level=_number(sent.get("level")),
            place=code_of(sent.get("place", "")),
            since=_day(sent.get("since")),
            until=_day(sent.get("until")),
        )

    @property
    def by_clock(self) -> bool:
        """Whether the most urgent come first: where only open matters are wanted."""
        return self.state in ("open", "overdue", "soon", "reopened", "unplaced", "unsure") and not self.q

    @property
    def order(self) -> str:
        """The column of the order, as `paging.page` takes it."""
        return "next_due" if self.by_clock else "-opened_at"


def narrowed(actor: Actor, wanted: Filters) -> QuerySet[Matter]:
    """The visible matters that fit, only with the columns that a list shows."""
    rows = matters.search(actor, wanted.q) if wanted.q else matters.listed(policies.visible(actor))
    return rows.filter(_condition(wanted))


def _condition(wanted: Filters) -> Q:
    condition = _in_state(wanted.state) & _at(wanted) & _about(wanted.category)
    if wanted.unit:
        condition &= Q(unit_id=wanted.unit)
    if wanted.level:
        condition &= Q(level=wanted.level)
    return condition


def _in_state(state: str) -> Q:
    if state == "overdue":
        return OPEN & Q(next_due__lt=clock.now())
    if state == "soon":
        return OPEN & Q(next_due__range=(clock.now(), clock.now() + SOON))
    return STATES.get(state, Q())


def _at(wanted: Filters) -> Q:
    condition = Q()
    if wanted.place:
        condition &= Q(division_id__in=subtree({tree().by_code[wanted.place].id}))
    if wanted.since:
        condition &= Q(opened_at__gte=_midnight(wanted.since))
    if wanted.until:
        condition &= Q(opened_at__lt=_midnight(wanted.until + timedelta(days=1)))
    return condition


def _about(code: str) -> Q:
    """A category, or a family of them."""
    if not code:
        return Q()
    held = directory()
    found = held.categories[code].pk
    family = [c.pk for c in held.categories.values() if found in (c.pk, c.parent_id)]
    return Q(category_id__in=family)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2199 else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_ZONE)


def to_call(actor: Actor) -> QuerySet[Matter]:
    """Answered matters whose residents the actor is to call, the most urgent first."""
    rows = policies.visible(actor).filter(OPEN, matters.awaiting(actor).q(), answers="caller")
    return matters.listed(rows).order_by("next_due", "pk")
