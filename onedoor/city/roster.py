"""The roster question (缺岗): which village lacks its police officer, its legal adviser, its mediators, which grid its
worker?

Which roles are asked for, and on which tier of places, stands in `packs/common/roles.yaml` (`roster`). A post counts
where it is named: a village's own, or the grid's; a grid also counts as covered by a post of that role on its village.
A post on a township covers no village: "somebody at the station" is nobody in particular. Divisions that exist for
statistics only are asked for nobody. It is about places that lack somebody, never about persons.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Max

from onedoor.city.models import Division, Post
from onedoor.city.queries import roles, standing
from onedoor.city.rules import CityProfile, Role
from onedoor.city.tree import tree
from onedoor.kernel import time
from onedoor.kernel.problems import BadInput, NotFound

NOT_ASKED = "statistical"  # the kind of divisions that nobody is posted to


@dataclass(frozen=True, slots=True)
class Asked:
    """A role that every place of a tier must have, with its title."""

    role: str
    tier: Role
    title: dict[str, str]


@dataclass(frozen=True, slots=True)
class Gap:
    """A place that lacks somebody in a role, and since when: None where it never had anybody."""

    role: str
    code: str
    name: str
    path: tuple[str, ...]  # names from below the city down
    since: date | None

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "role": self.role,
            "code": self.code,
            "name": self.name,
            "path": list(self.path),
            "vacant_since": self.since.isoformat() if self.since else None,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many places need a role and how many have it."""

    role: str
    title: dict[str, str]
    needed: int
    filled: int

    @property
    def lacking(self) -> int:
        """How many places lack it."""
        return self.needed - self.filled


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to the roster question on a day."""

    day: date
    gaps: list[Gap]
    coverage: list[Coverage]


def asked() -> list[Asked]:
    """The roles that are asked for, in the order of roles.yaml."""
    return [
        Asked(key, facts["roster"], facts["title"]) for key, facts in roles().items() if facts.get("roster")
    ]


def gaps(day: date | None = None, division: str | None = None, role: str | None = None) -> Answer:
    """Which places lacked whom on a day (today by default), below a division, for a role. Three queries.

    Raises NotFound for a division that did not stand then, BadInput for a role that is not asked for.
    """
    day = day or time.now().date()
    wanted = _wanted(role)
    places = _Places(tree().profile, day, division)
    held = _held(day, [ask.role for ask in wanted])
    last = _last(day, [ask.role for ask in wanted])
    found: list[Gap] = []
    coverage = []
    for ask in wanted:
        tier = places.of_tier(ask.tier)
        lacking = [
            place
            for place in tier
            if not any((ask.role, pk) in held for pk in places.counting(place, ask.tier))
        ]
        found += [
            Gap(ask.role, place.code, place.name, places.path(place), last.get((ask.role, place.pk)))
            for place in lacking
        ]
        coverage.append(Coverage(ask.role, ask.title, len(tier), len(tier) - len(lacking)))
    return Answer(day, found, coverage)


def _wanted(role: str | None) -> list[Asked]:
    every = asked()
    wanted = [ask for ask in every if role in (None, ask.role, ask.title["zh"])]
    if not wanted:
        zh = "、".join(f"{ask.role}({ask.title['zh']})" for ask in every)
        raise BadInput.of(
            "role",
            f"没有要求按地配备的岗位「{role}」，可用：{zh}",
            f"no role {role!r} is asked for; there are {', '.join(ask.role for ask in every)}",
        )
    return wanted


def _held(day: date, wanted: Iterable[str]) -> set[tuple[str, int]]:
    return set(Post.objects.filter(standing(day), role__in=list(wanted)).values_list("role", "division_id"))


def _last(day: date, wanted: Iterable[str]) -> dict[tuple[str, int], date]:
    """When the last post of a role in a place ended, on or before a day."""
    ended = Post.objects.filter(valid_to__lte=day, role__in=list(wanted)).values("role", "division_id")
    return {(row["role"], row["division_id"]): row["last"] for row in ended.annotate(last=Max("valid_to"))}


@dataclass(frozen=True, slots=True)
class _Place:
    pk: int
    code: str
    name: str
    level: str
    parent_id: int | None
    kind: str


class _Places:
    """The divisions that stood on a day, those below one of them if so asked."""

    def __init__(self, profile: CityProfile, day: date, below: str | None) -> None:
        fields = ("pk", "code", "name", "level", "parent_id", "kind")
        rows = Division.objects.filter(standing(day)).order_by("code").values_list(*fields)
        self.all = {row[0]: _Place(*row) for row in rows}
        self.level = {role: level.key for role in ("village", "grid") if (level := profile.level(role))}
        self.asked = self._below(below)

    def _below(self, code: str | None) -> list[_Place]:
        if code is None:
            return list(self.all.values())
        top = next((place for place in self.all.values() if place.code == code), None)
        if top is None:
            raise NotFound(what=code)
        children: dict[int | None, list[_Place]] = defaultdict(list)
        for place in self.all.values():
            children[place.parent_id].append(place)
        found, todo = [], [top]
        while todo:
            place = todo.pop()
            found.append(place)
            todo.extend(reversed(children[place.pk]))
        return found

    def of_tier(self, tier: Role) -> list[_Place]:
        """The places of a tier that are asked for somebody."""
        level = self.level.get(tier)
        return [place for place in self.asked if place.level == level and place.kind != NOT_ASKED]

    def counting(self, place: _Place, tier: Role) -> list[int]:
        """The places where a post counts for this one: itself, and for a grid the village it lies in."""
        parent = self.all.get(place.parent_id) if place.parent_id else None
        if tier == "grid" and parent is not None and parent.level == self.level.get("village"):
            return [place.pk, parent.pk]
        return [place.pk]

    def path(self, place: _Place) -> tuple[str, ...]:
        """The names from below the top of the tree down to this place."""
        names, at = [], place
        while at.parent_id in self.all:
            names.append(at.name)
            at = self.all[at.parent_id]
        return tuple(reversed(names)) or (place.name,)
