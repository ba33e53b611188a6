"""A procedure as a drawing in the page: where everything stands comes from `matters.picture`, the looks from CSS.

Sizes are of SVG units. Names are broken into lines here, for SVG does not break them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from onedoor.board.plain import span_of
from onedoor.kernel.wording import pick
from onedoor.matters.bpmn import drawn as placed
from onedoor.matters.language import Procedure, Titled
from onedoor.matters.picture import HEADER, LINE, MARGIN, Flow, Node, Point, Ways, tops
from onedoor.matters.registry import PERFORMERS

LETTERS = {"userTask": 17, "label": 23}  # how many letters a line takes; a Chinese character is two wide
UNDER = 16.0  # from a shape to the first line of the name below it


@dataclass(frozen=True)
class Text:
    """Lines of text around a point."""

    x: float
    lines: list[tuple[float, str]]  # (y, what)
    kind: str


@dataclass(frozen=True)
class Shape:
    """One shape with its name. `kind` is that of CSS."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    name: Text
    diamond: str = ""

    @property
    def middle(self) -> Point:
        """Of circles."""
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Lane:
    """A lane with who answers in it."""

    top: float
    height: float
    middle: float
    name: str


@dataclass(frozen=True)
class Arrow:
    """An arrow with its name."""

    points: str
    name: Text


@dataclass(frozen=True)
class Drawing:
    """All that the template draws."""

    left: float
    width: float
    height: float
    lane_width: float
    lanes: list[Lane]
    shapes: list[Shape]
    arrows: list[Arrow]


def drawn(procedure: Procedure, language: str) -> Drawing:
    """The drawing of a procedure with its names in one language."""
    picture = placed(
        procedure, partial(_title, language), lambda text: pick(span_of(procedure, text), language)
    )
    ways = Ways(picture)
    arrows = [_arrow(ways, flow) for flow in picture.flows]
    lanes = [
        Lane(top, picture.lanes[key], top + picture.lanes[key] / 2, _answers(key, language))
        for key, top in tops(picture.lanes).items()
    ]
    width = picture.width + HEADER * 2
    low = max(y for way in arrows for y in _heights(way))
    return Drawing(
        left=MARGIN, width=width + MARGIN, height=low + MARGIN / 2, lane_width=width - MARGIN / 2,
        lanes=lanes, shapes=[_shape(node) for node in picture.nodes.values()], arrows=arrows,
    )  # fmt: skip


def _title(language: str, titled: Titled) -> str:
    return pick(titled.title, language)


def _answers(key: str, language: str) -> str:
    known = PERFORMERS.get(key)
    return pick({"zh": known.zh, "en": known.en}, language) if known else key


def _arrow(ways: Ways, flow: Flow) -> Arrow:
    corners, (x, y), _ = ways.of(flow)
    lines = [
        (y + LINE * (place + 1) - 3.0, text) for place, text in enumerate(broken(flow.name, LETTERS["label"]))
    ]
    return Arrow(" ".join(f"{a:g},{b:g}" for a, b in corners), Text(x, lines, "label"))


def _heights(arrow: Arrow) -> list[float]:
    return [float(point.split(",")[1]) for point in arrow.points.split()]


def _shape(node: Node) -> Shape:
    width, height = node.size
    x, y = node.middle
    diamond = ""
    if node.element == "exclusiveGateway":
        corners: Mapping[str, Point] = {
            "top": (x, node.y), "right": (node.x + width, y), "low": (x, node.y + height), "left": (node.x, y),
        }  # fmt: skip
        diamond = " ".join(f"{a:g},{b:g}" for a, b in corners.values())
    return Shape(node.element, node.x, node.y, width, height, _name(node), diamond)


def _name(node: Node) -> Text:
    x, y = node.middle
    if node.element == "userTask":
        lines = broken(node.name, LETTERS["userTask"])
        first = y - LINE * (len(lines) - 1) / 2 + 4.0
        return Text(x, [(first + LINE * place, text) for place, text in enumerate(lines)], "inside")
    beside = node.element == "boundaryEvent"
    below = node.y + node.size[1] + (UNDER - 2.0)
    lines = broken(node.name, LETTERS["label"] // (1 + beside))
    kind = "timed" if beside else "below"
    return Text(x, [(below + LINE * place, text) for place, text in enumerate(lines)], kind)


def broken(text: str, letters: int) -> list[str]:
    """The text in lines of at most so many letters, Latin words kept whole, Chinese broken anywhere."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and _wide(line + piece.rstrip()) > letters:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """Latin words with the space behind them, and single Chinese characters."""
    pieces: list[str] = []
    for char in text:
        joins = pieces and _wide(char) == 1 and _wide(pieces[-1][-1]) == 1 and pieces[-1][-1] != " "
        if joins or (pieces and char in "，。、；：）"):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _wide(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)
