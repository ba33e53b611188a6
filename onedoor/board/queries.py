"""What the map counts: matters by place, asked of the database once and summed up the tree of places in memory."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from onedoor.board.rules import last_whole, told
from onedoor.city.models import Post
from onedoor.city.queries import directory, roles, standing, subtree
from onedoor.city.rules import Role
from onedoor.city.tree import Node, tree
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.matters import policies
from onedoor.matters.models import Matter
from onedoor.matters.queries import OPEN

LAYERS: tuple[Role, ...] = ("county", "township", "village", "grid")
WHATS = ("open", "overdue", "received")
DAYS = (7, 30, 90, 365)
MOST_POINTS = 3000
KEPT = 60  # seconds
MOST_BARS = 6


Made = TypeVar("Made")


@dataclass(frozen=True)
class Question:
    """What somebody asks the map. What makes no sense falls back to the first of its kind."""

    layer: Role = "township"
    what: str = "open"
    category: str = ""  # a family of categories
    days: int = 30  # how far back, for what was received
    period: str = ""  # instead: the last whole one of `rules.PERIODS`, and what was open at its end

    @classmethod
    def read(
        cls, sent: Mapping[str, str], *, layers: tuple[Role, ...], whats: tuple[str, ...],
        periods: tuple[str, ...] = ("",),
    ) -> Question:  # fmt: skip
        """From the values of a form."""
        layer = next((role for role in layers if role == sent.get("layer")), layers[0])
        what, family = sent.get("what", ""), sent.get("category", "")
        days = sent.get("days", "")
        return cls(
            layer=layer,
            what=what if what in whats else whats[0],
            category=family if any(family == code for code, _ in families()) else "",
            days=next((known for known in DAYS if str(known) == days), 30),
            period=next((known for known in periods if known == sent.get("period")), periods[0]),
        )

    def rows(self, matters: QuerySet[Matter]) -> QuerySet[Matter]:
        """The matters that are meant, among those given."""
        return matters.filter(self._state() & self._family())

    @property
    def since(self) -> datetime:
        """The first moment of the first of the last `days` days: as the list on the desk counts them."""
        return _midnight(time.now().date() - timedelta(days=self.days))

    def _state(self) -> Q:
        if self.period:
            first, after = map(_midnight, last_whole(self.period, time.now().date()))
            if self.what == "received":
                return Q(opened_at__gte=first, opened_at__lt=after)
            return Q(opened_at__lt=after) & (Q(closed_at=None) | Q(closed_at__gte=after))
        if self.what == "received":
            return Q(opened_at__gte=self.since)
        return OPEN & Q(next_due__lt=time.now()) if self.what == "overdue" else OPEN

    def _family(self) -> Q:
        if not self.category:
            return Q()
        held = directory()
        top = held.categories[self.category].pk
        return Q(category_id__in=[c.pk for c in held.categories.values() if top in (c.pk, c.parent_id)])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), time.CITY_ZONE)


def families() -> list[tuple[str, dict[str, str]]]:
    """The first level of the catalogue: code and title."""
    return [(c.code, c.title) for c in directory().categories.values() if c.parent_id is None]


def layers() -> tuple[Role, ...]:
    """The levels that this city has, each once, from the widest."""
    profile = tree().profile
    found: dict[str, Role] = {}
    for role in LAYERS:
        level = profile.level(role)
        if level is not None:
            found.setdefault(level.key, role)
    return tuple(found.values())


def open_to_all() -> QuerySet[Matter]:
    """The matters that public counts may rest on."""
    return Matter.objects.filter(confidential=False)


@dataclass(frozen=True)
class Counted:
    """Counts by a place's code, and how many matters lie no lower than above the layer that was asked for."""

    of: dict[str, int]
    above: int = 0


def counted(question: Question, matters: QuerySet[Matter]) -> Counted:
    """How many matters lie in each place of the layer. One query."""
    places = tree()
    of: Counter[str] = Counter()
    above = 0
    rows = question.rows(matters).values_list("division_id").annotate(count=Count("pk")).order_by()
    for division, count in rows:
        node = places.ancestor(division, question.layer)
        if node is None:
            above += count
        else:
            of[node.code] += count
    return Counted(dict(of), above)


def counted_for_all(question: Question) -> dict[str, int]:
    """The counts that anybody may read; made at most once a minute, however many look."""
    places = tree()
    name = f"board/{places.profile.key}/{places.revision}/{vars(question)}"
    return kept(name, KEPT, lambda: told(counted(question, open_to_all()).of))


def kept(name: str, seconds: int, make: Callable[[], Made]) -> Made:
    """What `make` gives, kept in the cache under the digest of a name."""
    key = hashlib.sha256(name.encode()).hexdigest()
    held: Made | None = cache.get(key)
    if held is None:
        held = make()
        cache.set(key, held, seconds)
    return held


def above(node: Node) -> str:
    """The name of the place that a place lies in; nothing for what lies in the city itself."""
    held = tree().nodes.get(node.parent_id or 0)
    return held.name if held and held.parent_id is not None else ""


def place(code: str) -> Node:
    """A place that stands today. Raises NotFound."""
    node = tree().by_code.get(code)
    if node is None:
        raise NotFound(what=code)
    return node


def within(matters: QuerySet[Matter], node: Node) -> QuerySet[Matter]:
    """Those of the matters that lie in a place."""
    return matters.filter(division_id__in=subtree({node.id}))


def at_place(actor: Actor, question: Question, node: Node) -> dict[str, int]:
    """What staff read of a place: how many are open, overdue, and were received in the time asked for. One query."""
    rows = within(policies.visible(actor), node)
    return rows.aggregate(
        open=Count("pk", filter=OPEN),
        overdue=Count("pk", filter=OPEN & Q(next_due__lt=time.now())),
        received=Count("pk", filter=Q(opened_at__gte=question.since)),
    )


def by_family(rows: QuerySet[Matter]) -> dict[str, int]:
    """How many of the matters belong to each family of categories, the largest first. One query."""
    held = directory()
    counts: Counter[str] = Counter()
    for category, count in rows.values_list("category_id").annotate(count=Count("pk")).order_by():
        found = held.category_by_id.get(category)
        top = held.category_by_id.get(found.parent_id or 0, found) if found else None
        if top is not None:
            counts[top.code] += count
    return dict(counts.most_common())


def bars(counts: Mapping[str, int], *, public: bool, most: int = MOST_BARS) -> list[dict[str, Any]]:
    """Families as the `bars` component shows them; for the public only those that are told."""
    shown = list((told(counts) if public else counts).items())[:most]
    largest = max((count for _, count in shown), default=1)
    titles = dict(families())
    return [
        {"label": titles[code], "value": f"{count:,}", "share": round(100 * count / largest)}
        for code, count in shown
    ]


def points(actor: Actor, question: Question) -> list[dict[str, Any]]:
    """The newest matters asked for that an actor may see and that have a point: number, title, place, how pressing."""
    rows = question.rows(policies.visible(actor)).filter(lat__isnull=False)
    fields = ("number", "title", "lon", "lat", "is_open", "next_due")
    now = time.now()
    return [
        {"number": number, "title": title, "lon": lon, "lat": lat, "tone": _tone(is_open, due, now)}
        for number, title, lon, lat, is_open, due in rows.order_by("-opened_at").values_list(*fields)[
            :MOST_POINTS
        ]
    ]


def _tone(is_open: bool, due: Any, now: Any) -> str:
    if not is_open:
        return "good"
    if due is None:
        return "plain"
    return "late" if due < now else "warn" if due < now + timedelta(days=1) else "plain"


@dataclass(frozen=True)
class OnDuty:
    """A role that answers at a place, and who holds it there; nobody where the post is vacant."""

    title: dict[str, str]
    names: list[str]


def on_duty(node: Node) -> list[OnDuty]:
    """Who answers where a place lies: the posts named for it or for the places it lies in, by role. One query."""
    wanted = {key: data for key, data in roles().items() if data["reach"] in ("grid", "place")}
    rows = Post.objects.filter(standing(), role__in=wanted, division_id__in=node.path)
    names: dict[str, list[str]] = {key: [] for key in wanted}
    for role, name in rows.order_by("division_id", "pk").values_list("role", "account__name"):
        names[role].append(name)
    return [OnDuty(data["title"], names[key]) for key, data in wanted.items() if names[key]]
