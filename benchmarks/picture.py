"""A curve of shares as an SVG file that stands by itself: the points and the scale are those of the desk's curves.

The desk lays its labels over the drawing in HTML (`components/curve.html`); a picture in a document has them inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from onedoor.kernel.curves import HEIGHT, WIDTH, drawn

ACROSS, DOWN = 6.4, 6.0  # pixels for one unit of the drawing
LEFT, TOP, RIGHT, BELOW = 52, 44, 16, 46  # pixels around it
STYLE = (
    "text{font:13px sans-serif;fill:#333}.name{font-weight:bold}.grid{stroke:#ddd}"
    ".line{fill:none;stroke:#1a5fb4;stroke-width:2.5}.dot{fill:#1a5fb4}.said{text-anchor:middle}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}.line{stroke:#99c1f1}.dot{fill:#99c1f1}}"
)


def picture(title: str, below: str, points: Sequence[Mapping[str, Any]]) -> str:
    """The curve of points with `label` and `share` (0 to 1), each with its share beside it; `below` names the axis."""
    curve = drawn(points)
    width, height = LEFT + WIDTH * ACROSS + RIGHT, TOP + HEIGHT * DOWN + BELOW
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">',
        f"<title>{escape(title)}</title><style>{STYLE}</style>",
        f'<text class="name" x="{LEFT}" y="18">{escape(title)}</text>',
    ]
    for cent, low in curve.scale:
        y = TOP + low * DOWN
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{width - RIGHT:g}" y1="{y:g}" y2="{y:g}"/>')
        parts.append(f'<text x="8" y="{y + 4:g}">{cent}%</text>')
    placed = [(LEFT + dot.x * ACROSS, None if dot.y is None else TOP + dot.y * DOWN) for dot in curve.dots]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed if y is not None)
    parts.append(f'<polyline class="line" points="{line}"/>')
    for (x, at), point in zip(placed, points, strict=True):
        parts.append(f'<text class="said" x="{x:.1f}" y="{height - 26:g}">{escape(point["label"])}</text>')
        if at is not None:
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{at:.1f}" r="4"/>')
            parts.append(
                f'<text class="said" x="{x:.1f}" y="{at - 10:.1f}">{point["share"] * 100:.1f}</text>'
            )
    parts.append(
        f'<text class="said" x="{LEFT + WIDTH * ACROSS / 2:g}" y="{height - 6:g}">{escape(below)}</text>'
    )
    return "\n".join([*parts, "</svg>", ""])


def write(file: Path, title: str, below: str, points: Sequence[Mapping[str, Any]]) -> None:
    """Draws into a file, whose folder is made where it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(picture(title, below, points), "utf-8")
