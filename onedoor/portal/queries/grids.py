"""Who answers for a grid: what the city publishes about it, and nothing else.

滨州市社会治理网格化服务管理条例 (2021) art. 6 has the grid's name, its area, its worker's name and contact and the
supervision line published and kept current. Names of people in posts are shown only for the roles that the city's
profile says are published; the telephones are those of units.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from onedoor.city import shapes
from onedoor.city.models import Post, Unit
from onedoor.city.outlines import square_metres
from onedoor.city.queries import directory, kinds_with, roles, standing, tree, unit_kinds
from onedoor.city.tree import Node
from onedoor.intake.queries import door

MOST_GRIDS = 60


@dataclass(frozen=True)
class Answering:
    """A role that answers for a grid, and the names of who holds it; none where the post is vacant."""

    title: dict[str, str]
    names: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Grid:
    """A grid as it is published."""

    code: str
    name: str
    where: str
    hectares: float | None
    people: list[Answering]
    office: Unit | None  # the nearest unit in whose jurisdiction it lies
    supervision: Unit | None  # where one complains of how it is kept


def at(lon: float, lat: float) -> Grid | None:
    """The grid at a point (WGS84 degrees); None outside the city."""
    found = door().grids.locate(lon, lat)
    return of(tree().by_code[found.code]) if found else None


def named(text: str) -> tuple[Node | None, list[Node]]:
    """The place that an address names, and the grids in it; (None, []) where it names none."""
    found = door().gazetteer.find("", address=text[:200])
    if found is None or found.code is None:
        return None, []
    node = tree().by_code[found.code]
    level = tree().profile.level("grid")
    grids = [below for below in tree().below(node.id) if level and below.level == level.key]
    return node, sorted(grids, key=lambda grid: grid.code)[:MOST_GRIDS]


def by_code(code: str) -> Node | None:
    """The grid with a code."""
    node, level = tree().by_code.get(code), tree().profile.level("grid")
    return node if node and level and node.level == level.key else None


def of(node: Node) -> Grid:
    """What is published of one grid."""
    land = shapes.land(node.id)
    return Grid(
        code=node.code,
        name=node.name,
        where=tree().full_name(node.id),
        hectares=square_metres(land) / 10_000 if land is not None else None,
        people=_people(node),
        office=_nearest(
            node, [key for key, kind in unit_kinds().items() if kind["tier"] in ("village", "township")]
        ),
        supervision=_nearest(node, kinds_with("arbiter")),
    )


def _people(node: Node) -> list[Answering]:
    """Who holds the published roles for the grid, or for the village it lies in."""
    published = [role for role in tree().profile.publishes if role in roles()]
    village = tree().ancestor(node.id, "village")
    places = [node.id, village.id if village else node.id]
    rows = Post.objects.filter(standing(), role__in=published, division_id__in=places)
    held: dict[str, list[str]] = {role: [] for role in published}
    for role, name in rows.order_by("pk").values_list("role", "account__name"):
        held[role].append(name)
    return [Answering(roles()[role]["title"], names) for role, names in held.items()]


def _nearest(node: Node, kinds: list[str]) -> Unit | None:
    """The unit of one of these kinds with the smallest jurisdiction around a place."""
    found = [unit for kind in kinds for unit in directory().of_kind(kind, node.id)]
    depth = {division: number for number, division in enumerate(node.path)}
    return max(found, key=lambda unit: depth[unit.division_id], default=None)
