"""Curves: where points stand, where the line breaks, what the scale says."""

from __future__ import annotations

from typing import Any

import pytest

from onedoor.kernel.curves import HEIGHT, LABELS, Curve, drawn


def of(*shares: float | None) -> Curve:
    points: list[dict[str, Any]] = [{"label": f"W{n}", "share": share} for n, share in enumerate(shares)]
    return drawn(points)


@pytest.mark.parametrize(
    ("shares", "lowest"),
    [([0.95, 0.99], 90), ([0.81, 0.9], 70), ([0.5], 40), ([0.37, 0.9], 20), ([0.0], 0), ([1.0], 90)],
)
def test_the_scale_begins_at_a_round_share_below_the_lowest_point(shares: list[float], lowest: int) -> None:
    curve = of(*shares)
    assert curve.scale[0] == (100, 0.0)
    assert curve.scale[-1] == (lowest, HEIGHT)
    assert all(dot.y is not None and 0 <= dot.y <= HEIGHT for dot in curve.dots)


def test_scale_and_points_say_the_same() -> None:
    curve = of(0.7, 0.8, 0.9, 1.0)
    heights = dict(curve.scale)
    assert [dot.y for dot in curve.dots] == pytest.approx([heights[cent] for cent in (70, 80, 90, 100)])


def test_the_line_breaks_where_there_is_no_share() -> None:
    curve = of(0.8, 0.9, None, 0.9, 0.95, None, 0.9)
    assert [line.count(",") for line in curve.lines] == [2, 2]
    assert [dot.y is None for dot in curve.dots] == [False, False, True, False, False, True, False]


@pytest.mark.parametrize("count", [1, 7, 8, 14, 60])
def test_labels_fit_and_the_last_point_has_one(count: int) -> None:
    dots = of(*[0.9] * count).dots
    assert dots[-1].labelled
    assert 0 < sum(dot.labelled for dot in dots) <= LABELS


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn([]).dots == ()
