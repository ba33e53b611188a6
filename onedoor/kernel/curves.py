"""Curves of shares over time, drawn on the server: where each point stands, and what the scale beside it says.

Points stand in the middle of columns of equal width, so that links and labels laid over them in HTML fit at any width.
The scale begins at a round share below the lowest point; it is written beside the curve, so that nobody is misled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

WIDTH, HEIGHT = 100.0, 40.0  # of the drawing, which is stretched to its place
LABELS = 7  # at most so many labels below, so that they fit a telephone


@dataclass(frozen=True)
class Dot:
    """One point, and the column it stands in."""

    label: str
    title: Any  # what is said of it, for whoever points at it or hears it
    url: str
    x: float
    y: float | None  # None where there is no share
    labelled: bool


@dataclass(frozen=True)
class Curve:
    """A curve ready to be drawn."""

    dots: tuple[Dot, ...]
    lines: tuple[str, ...]  # the points of each unbroken piece, as SVG's polyline takes them
    scale: tuple[tuple[int, float], ...]  # (per cent, height), from the top
    width: float = WIDTH
    height: float = HEIGHT


def drawn(points: Sequence[Mapping[str, Any]]) -> Curve:
    """The curve of points with `label`, `share` (0 to 1, or None), and as known `title` and `url`."""
    shares = [point["share"] for point in points if point["share"] is not None]
    tenths = max(0, floor(min(shares, default=0) * 10 - 0.5))
    step = 10 if tenths >= 5 else 20
    low = (tenths if step == 10 else tenths // 2 * 2) / 10
    every = max(1, ceil(len(points) / LABELS))
    dots = []
    for place, point in enumerate(points):
        share = point["share"]
        x = round((place + 0.5) * WIDTH / max(1, len(points)), 3)
        y = None if share is None else round(HEIGHT * (1 - (share - low) / (1 - low)), 3)
        labelled = (len(points) - 1 - place) % every == 0
        dots.append(Dot(point["label"], point.get("title", ""), point.get("url", ""), x, y, labelled))
    scale = tuple(
        (cent, round(HEIGHT * (1 - (cent / 100 - low) / (1 - low)), 3))
        for cent in range(100, round(low * 100) - 1, -step)
    )
    return Curve(tuple(dots), _lines(dots), scale)


def _lines(dots: Sequence[Dot]) -> tuple[str, ...]:
    """The line breaks where a point has no share."""
    pieces: list[list[str]] = [[]]
    for dot in dots:
        if dot.y is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{dot.x},{dot.y}")
    return tuple(" ".join(piece) for piece in pieces if len(piece) > 1)
