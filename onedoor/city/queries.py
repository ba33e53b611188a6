"""Reads of the city: its calendar, its people in posts, its units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Q

from onedoor.city.models import Account, Category, Competence, Division, DivisionClosure, Grant, Post, Unit
from onedoor.city.tree import Tree, tree
from onedoor.kernel import calendars, time
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.packs import SHIPPED, read
from onedoor.kernel.statements import any_of

__all__ = [
    "Directory",
    "above",
    "actor_for",
    "calendar",
    "directory",
    "roles",
    "staff",
    "standing",
    "subtree",
    "tree",
    "unit_kinds",
]


@cache
def roles() -> dict[str, dict[str, Any]]:
    """The roles of posts and grants, with titles and how far each reaches (packs/common/roles.yaml)."""
    return read(SHIPPED / "common" / "roles.yaml").data["roles"]


@cache
def unit_kinds() -> dict[str, dict[str, Any]]:
    """The kinds of units (packs/common/unit_kinds.yaml)."""
    return read(SHIPPED / "common" / "unit_kinds.yaml").data["unit_kinds"]


def kinds_with(duty: str) -> list[str]:
    """The kinds of units that have a duty (`door`, `arbiter`, `oversees`), in the order of the file."""
    return [kind for kind, data in unit_kinds().items() if duty in data.get("duties", ())]


def overseen(actor: Actor) -> frozenset[int]:
    """The divisions in which an actor leads the whole jurisdiction: as leader of a unit that oversees, or by grant."""
    kinds, units = kinds_with("oversees"), directory().units
    return frozenset(
        reach.division_id
        for reach in actor.reaches
        if reach.role == "leader"
        and (reach.unit_id is None or (reach.unit_id in units and units[reach.unit_id].kind in kinds))
    )


def calendar() -> calendars.Calendar:
    """The working calendar of the city."""
    return _calendar(tree().profile.calendar)


@cache
def _calendar(data: Any) -> calendars.Calendar:
    return calendars.Calendar.of(
        hours=data.hours, days_off=data.days_off, days_on=data.days_on, years=data.years
    )


def standing(day: date | None = None) -> Q:
    """Rows with validity dates that stand on `day` (today by default)."""
    day = day or time.now().date()
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def subtree(division_ids: frozenset[int] | set[int]) -> Any:
    """A subquery of the ids of these divisions and everything below them."""
    return DivisionClosure.objects.filter(ancestor_id__in=any_of(division_ids)).values("descendant_id")


def above(division_id: int) -> frozenset[int]:
    """A division and everything above it, whether it still stands or not."""
    node = tree().nodes.get(division_id)
    if node is not None:
        return frozenset(node.path)
    rows = DivisionClosure.objects.filter(descendant_id=division_id)
    return frozenset(rows.values_list("ancestor_id", flat=True))


def actor_for(account: Account) -> Actor:
    """Who an account is today: its posts and grants, those of its own unit first."""
    posts = Post.objects.filter(standing(), account=account).order_by("pk")
    grants = Grant.objects.filter(standing(), account=account).order_by("pk")
    reaches = [Reach(role, division, unit) for role, division, unit in
               posts.values_list("role", "division_id", "unit_id")]  # fmt: skip
    reaches += [Reach(role, division) for role, division in grants.values_list("role", "division_id")]
    return Actor(
        kind="staff",
        label=account.name,
        account_id=account.pk,
        unit_ids=frozenset(reach.unit_id for reach in reaches if reach.unit_id),
        reaches=tuple(reaches),
    )


_staff: dict[str, tuple[Tree, date, tuple[Actor, ...]]] = {}


def staff() -> tuple[Actor, ...]:
    """Everybody who is in service today, as actors; the same tuple until the city's data or the day change."""
    places, day = tree(), time.now().date()
    held = _staff.get("staff")
    if held is None or held[0] is not places or held[1] != day:
        held = _staff["staff"] = (places, day, tuple(_in_service(day)))
    return held[2]


def _in_service(day: date) -> Iterator[Actor]:
    posts = Post.objects.filter(standing(day), account__is_active=True)
    grants = Grant.objects.filter(standing(day), account__is_active=True)
    reaches: dict[int, list[Reach]] = defaultdict(list)
    for account, role, division, unit in posts.values_list("account_id", "role", "division_id", "unit_id"):
        reaches[account].append(Reach(role, division, unit))
    for account, role, division in grants.values_list("account_id", "role", "division_id"):
        reaches[account].append(Reach(role, division))
    for account, held in reaches.items():
        units = frozenset(reach.unit_id for reach in held if reach.unit_id)
        yield Actor("staff", account_id=account, unit_ids=units, reaches=tuple(held))


class Directory:
    """Units and categories in memory: who answers where for what."""

    def __init__(self, places: Tree) -> None:
        self.places = places
        self.units: dict[int, Unit] = {u.pk: u for u in Unit.objects.filter(valid_to=None).order_by("code")}
        self.categories: dict[str, Category] = {c.code: c for c in Category.objects.filter(active=True)}
        self.category_by_id: dict[int, Category] = {c.pk: c for c in self.categories.values()}
        self._at: dict[tuple[int, str], list[int]] = defaultdict(list)
        for unit in self.units.values():
            self._at[unit.division_id, unit.kind].append(unit.pk)
        self._said: dict[tuple[int, int], bool] = {
            (unit, category): answers
            for unit, category, answers in Competence.objects.values_list("unit_id", "category_id", "answers")
        }
        self._competent: dict[tuple[int, int], list[Unit]] = {}  # as they were asked for

    def of_kind(self, kind: str, division_id: int) -> list[Unit]:
        """Units of a kind whose jurisdiction covers a place, the nearest first."""
        node = self.places.nodes.get(division_id)
        path = reversed(node.path) if node else ()
        return [self.units[pk] for place in path for pk in self._at.get((place, kind), ())]

    def competent(self, category: Category, division_id: int) -> list[Unit]:
        """Units that answer for a category at a place, the leading kind and the nearest jurisdiction first."""
        held = self._competent.get((category.pk, division_id))
        if held is None:
            held = self._competent[category.pk, division_id] = self._answering(category, division_id)
        return held

    def _answering(self, category: Category, division_id: int) -> list[Unit]:
        found = [unit for kind in category.competent for unit in self.of_kind(kind, division_id)]
        kept = [unit for unit in found if self._said.get((unit.pk, category.pk), True)]
        path = self.places.nodes[division_id].path if division_id in self.places.nodes else ()
        added = [
            self.units[unit] for (unit, about), answers in self._said.items()
            if answers and about == category.pk and unit in self.units and self.units[unit].division_id in path
        ]  # fmt: skip
        return list(dict.fromkeys([*added, *kept]))


_directories: dict[int, Directory] = {}


def directory() -> Directory:
    """The current directory; rebuilt whenever the tree's snapshot is."""
    places = tree()
    held = _directories.get(0)
    if held is None or held.places is not places:
        held = _directories[0] = Directory(places)
    return held


def unit_named(pk: int) -> Unit:
    """A unit by its id, from memory; from the database where it is abolished. Raises Unit.DoesNotExist."""
    return directory().units.get(pk) or Unit.objects.get(pk=pk)


def division_on(code: str, day: date) -> Division | None:
    """The division that carried a code on a day, whatever became of it since."""
    return Division.objects.filter(standing(day), code=code).first()
