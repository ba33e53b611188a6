"""The picture of a procedure: shapes, arrows and lanes, and where each of them stands.

Layout: columns by the fewest actions from the beginning (breadth first), ends in the last one; lanes by who answers,
rows by order within a lane's column. A flow to the next column goes through the gap between the two; every other flow
leaves its column downwards, runs below the lanes in the channel of its target, and comes up in the gap before it.
Pure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from onedoor.matters.graph import edges
from onedoor.matters.language import Procedure

MARGIN, HEADER = 60.0, 30.0
COLUMN, ROW, LEFT = 450.0, 180.0, 110.0  # the room of one task with its gateway and the gap behind it
TASK, GATEWAY, EVENT = (120.0, 80.0), (50.0, 50.0), (36.0, 36.0)
CHANNEL, LABEL, LINE, LETTER = 16.0, 150.0, 14.0, 6.0  # a Chinese character is two letters wide

Point = tuple[float, float]


@dataclass
class Node:
    """One shape: its id, BPMN element, name, and where it stands."""

    id: str
    element: str
    name: str
    lane: str
    size: Point
    x: float = 0.0
    y: float = 0.0
    documentation: str = ""
    attached_to: str = ""

    @property
    def middle(self) -> Point:
        """The middle of the shape."""
        return self.x + self.size[0] / 2, self.y + self.size[1] / 2


@dataclass(frozen=True)
class Flow:
    """One arrow between two shapes."""

    id: str
    source: str
    target: str
    name: str


@dataclass
class Picture:
    """All that is drawn: shapes, arrows, and the lanes from top to bottom with their heights."""

    nodes: dict[str, Node] = field(default_factory=dict)
    flows: list[Flow] = field(default_factory=list)
    column: dict[str, int] = field(default_factory=dict)  # of every shape
    lanes: dict[str, float] = field(default_factory=dict)
    width: float = 0.0

    def add(self, node: Node) -> Node:
        """Takes a shape in."""
        self.nodes[node.id] = node
        return node

    def connect(self, source: str, target: str, name: str = "") -> None:
        """Takes an arrow in."""
        self.flows.append(Flow(f"flow_{len(self.flows) + 1}", source, target, name))


def place(procedure: Procedure, picture: Picture) -> None:
    """Gives every shape its place, every lane its height."""
    column = _columns(procedure)
    slots: dict[tuple[str, int], list[str]] = defaultdict(list)
    for key in procedure.states:
        slots[picture.nodes[key].lane, column[key]].append(key)
    for (lane, _), keys in sorted(slots.items(), key=lambda item: item[0][1]):
        picture.lanes[lane] = max(picture.lanes.get(lane, 0.0), len(keys) * ROW)
    top_of = tops(picture.lanes)
    for (lane, at), keys in slots.items():
        for row, key in enumerate(keys):
            _set(picture, key, at, top_of[lane] + ROW * (row + 0.5))
    first, start = picture.nodes[procedure.opens.state], picture.nodes["start"]
    start.x, start.y = first.x - 80.0, first.middle[1] - EVENT[1] / 2
    picture.column["start"] = -1
    picture.width = LEFT + COLUMN * max(column.values()) + TASK[0] + 60.0


def _columns(procedure: Procedure) -> dict[str, int]:
    """For every state the fewest actions that lead to it from the beginning; ends stand behind everything else."""
    column = {procedure.opens.state: 0}
    ahead = [procedure.opens.state]
    while ahead:
        reached = [target for state in ahead for source, target, _, _ in edges(procedure) if source == state]
        depth = column[ahead[0]] + 1
        ahead = [state for state in dict.fromkeys(reached) if state not in column]
        column |= dict.fromkeys(ahead, depth)
    going_on = [key for key, state in procedure.states.items() if not state.end]
    last = max(column.get(key, 0) for key in going_on)
    return {key: column.get(key, last) if key in going_on else last + 1 for key in procedure.states}


def tops(lanes: dict[str, float]) -> dict[str, float]:
    """Where each lane begins, from the top."""
    found, top = {}, MARGIN
    for lane, height in lanes.items():
        found[lane] = top
        top += height
    return found


def _set(picture: Picture, key: str, column: int, middle: float) -> None:
    """Puts a state at its place, its gateway to the right of it and its timers on its lower border."""
    node = picture.nodes[key]
    node.x, node.y = MARGIN + HEADER * 2 + LEFT + COLUMN * column, middle - node.size[1] / 2
    gateway = picture.nodes.get(f"{key}_which")
    if gateway is not None:
        gateway.x, gateway.y = node.x + node.size[0] + 40.0, middle - gateway.size[1] / 2
        picture.column[gateway.id] = column
    timers = [other for other in picture.nodes.values() if other.attached_to == key]
    for number, timer in enumerate(timers):
        timer.x = node.x + 20.0 + number * 44.0
        timer.y = node.y + node.size[1] - timer.size[1] / 2
        picture.column[timer.id] = column
    picture.column[key] = column


class Ways:
    """Finds the corners of every arrow and a place for its name, so that few of them lie on each other."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.low = MARGIN + sum(picture.lanes.values()) + 24.0
        self.channel: dict[str, int] = {}  # target → number of its channel below the lanes
        self.taken: dict[tuple[str, str], float] = defaultdict(float)  # height of the names beside a shape

    def of(self, flow: Flow) -> tuple[list[Point], Point, Point]:
        """(corners, upper left of the name, its size)"""
        source, target = self.picture.nodes[flow.source], self.picture.nodes[flow.target]
        step = self.picture.column[flow.target] - self.picture.column[flow.source]
        (_, from_y), (_, to_y) = source.middle, target.middle
        right, left = source.x + source.size[0], target.x
        size = (LABEL, LINE * _lines(flow.name))
        if source.attached_to or step not in (0, 1) or right > left:
            return self._below(flow, source, target, size)
        self.taken[flow.target, "into"] += size[1]
        name = (left - LABEL - 10.0, to_y - 4.0 - self.taken[flow.target, "into"])
        if from_y == to_y:
            return [(right, from_y), (left, to_y)], name, size
        gap = left - LABEL - 18.0
        return [(right, from_y), (gap, from_y), (gap, to_y), (left, to_y)], name, size

    def _below(self, flow: Flow, source: Node, target: Node, size: Point) -> tuple[list[Point], Point, Point]:
        number = self.channel.setdefault(flow.target, len(self.channel))
        low, shift = self.low + CHANNEL * number, 5.0 * number
        from_x, bottom = source.middle[0], source.y + source.size[1]
        turn = bottom + 10.0
        down = MARGIN + HEADER * 2 + LEFT + COLUMN * self.picture.column[flow.source] + 220.0 + shift
        up, into = target.x - 14.0 - shift, target.middle[1] + 10.0
        aside = 60.0 if source.attached_to else 6.0  # beside a timer stands its own name
        name = (from_x + aside, turn + 2.0 + self.taken[flow.source, "out of"])
        self.taken[flow.source, "out of"] += size[1]
        way = [
            (from_x, bottom),
            (from_x, turn),
            (down, turn),
            (down, low),
            (up, low),
            (up, into),
            (target.x, into),
        ]
        return way, name, size


def _lines(name: str) -> int:
    """How many lines a name fills in the width of a label."""
    letters = sum(2 if ord(char) > 0x2E80 else 1 for char in name)
    return int(letters * LETTER / LABEL) + 1
