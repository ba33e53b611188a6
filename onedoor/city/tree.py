"""The tree of places in memory: some thousand nodes, asked a million times a day.

A snapshot is rebuilt when the city's revision has grown (`actions.touch`); the revision is read at most once a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic

from onedoor.city.models import Division, Profile
from onedoor.city.rules import CityProfile, Role
from onedoor.kernel.problems import Problem

CHECK_EVERY = 1.0  # seconds between two looks at the revision


class NoCity(Problem, LookupError):
    """No city has been loaded yet."""

    code, status = "no_city", 503
    zh = "还没有城市数据，请先运行 onedoor load city 文件，或 onedoor demo"
    en = "no city is loaded; run `onedoor load city FILE` or `onedoor demo`"


@dataclass(frozen=True)
class Node:
    """One division that stands today."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    kind: str
    path: tuple[int, ...]  # ids from the root down to this node


@dataclass
class Tree:
    """All divisions that stand, by id and by code."""

    profile: CityProfile
    revision: int
    nodes: dict[int, Node] = field(default_factory=dict)
    by_code: dict[str, Node] = field(default_factory=dict)
    children: dict[int | None, list[int]] = field(default_factory=dict)
    _counties: dict[int, Node] = field(default_factory=dict, repr=False)  # as they were asked for

    def ancestor(self, division_id: int, role: Role) -> Node | None:
        """The ancestor (or the node itself) at the level that plays `role`."""
        level = self.profile.level(role)
        path = self.nodes[division_id].path if division_id in self.nodes else ()
        found = (self.nodes[i] for i in path if level and self.nodes[i].level == level.key)
        return next(found, None)

    def county(self, division_id: int) -> Node:
        """The node by which writes divide: the county, or the nearest thing to one above or at this node."""
        held = self._counties.get(division_id)
        if held is None:
            held = self.ancestor(division_id, "county") or self.nodes[division_id]
            self._counties[division_id] = held
        return held

    def below(self, division_id: int) -> Iterator[Node]:
        """The node and its whole subtree, parents first."""
        todo = [division_id]
        while todo:
            current = todo.pop()
            yield self.nodes[current]
            todo.extend(reversed(self.children.get(current, [])))

    def full_name(self, division_id: int, *, below: Role = "city") -> str:
        """淇滨区 · 钜桥镇 · 岗坡村: the names from below the city down."""
        top = self.profile.level(below)
        names = [
            self.nodes[i].name
            for i in self.nodes[division_id].path
            if not top or self.nodes[i].level != top.key
        ]
        return " · ".join(names) or self.nodes[division_id].name

    @property
    def root(self) -> Node:
        """The city itself."""
        return self.nodes[self.children[None][0]]


_held: dict[str, tuple[float, Tree]] = {}


def tree() -> Tree:
    """The current snapshot. Raises NoCity when no city has been loaded."""
    checked, held = _held.get("tree", (0.0, None))
    if held is not None and monotonic() - checked < CHECK_EVERY:
        return held
    found = Profile.objects.order_by("pk").values_list("revision", "data").first()
    if found is None:
        raise NoCity
    revision, data = found
    if held is None or held.revision != revision or held.profile.key != data["key"]:
        held = _build(CityProfile.model_validate(data), revision)
    _held["tree"] = (monotonic(), held)
    return held


def forget() -> None:
    """Drops the snapshot: after a change in this process, and between tests."""
    _held.clear()


def _build(profile: CityProfile, revision: int) -> Tree:
    made = Tree(profile, revision)
    rows = Division.objects.filter(valid_to=None).values_list(
        "id", "code", "name", "level", "parent_id", "kind"
    )
    waiting = {row[0]: row for row in rows.order_by("code")}
    for row_id in list(waiting):
        _place(made, row_id, waiting)
    for node in made.nodes.values():
        made.by_code[node.code] = node
        made.children.setdefault(node.parent_id, []).append(node.id)
    return made


def _place(made: Tree, row_id: int, waiting: dict[int, tuple]) -> tuple[int, ...]:
    if row_id in made.nodes:
        return made.nodes[row_id].path
    id_, code, name, level, parent_id, kind = waiting[row_id]
    above = _place(made, parent_id, waiting) if parent_id in waiting else ()
    node = Node(id_, code, name, level, parent_id if above else None, kind, (*above, id_))
    made.nodes[id_] = node
    return node.path
