"""Clusters in space and time by Kulldorff's scan statistic, with their significance by chance draws. Pure.

A cylinder is a circle around a place, with all places whose centre lies in it, and the last days up to now. Of N
filings in all the days looked at, a cylinder with c where e were to be expected has the logarithm of Poisson's
likelihood ratio

    c · ln(c / e) + (N - c) · ln((N - c) / (N - e))    for c > e, else 0

What is to be expected is what the places and the days have by themselves, e = filings of its places over all days ×
filings of its days in all places / N (Kulldorff and others, "A space-time permutation scan statistic", PLoS Medicine
2005): a place that is always busy is no cluster, nor is a day on which everybody files. The chance of the greatest
ratio comes from dealing out the days anew among the filings, which keeps both; the draws begin at a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DAYS = 14  # the longest cylinder
DRAWS = 999
SEED = 20_260_101
CELLS = 2_000_000  # ratios worked on together, for the sake of memory
WIDEST = 30  # places in a cylinder at most
FEWEST = 3  # filings in a cylinder that can be told
MOST_TOLD = 3  # clusters of one subject

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Cluster:
    """Places, as indexes of rows, whose last days brought more than they and these days have by themselves."""

    places: tuple[int, ...]
    days: int
    seen: int
    expected: float
    ratio: float  # the logarithm of the likelihood ratio
    chance: float  # that draws without any cluster give so great a ratio anywhere


class Cylinders:
    """Every circle around every place, by every length of days; none has more than half of the places or filings."""

    def __init__(self, counts: Counts, points: Floats, days: int = DAYS):
        self.days = min(days, counts.shape[1] - 1)
        apart = ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)
        self.order = np.argsort(apart, axis=1, kind="stable")[:, : max(1, min(len(points) // 2, WIDEST))]
        self.total = int(counts.sum())
        inside = counts.sum(axis=1)[self.order].cumsum(axis=1)
        at_end = counts[:, ::-1].sum(axis=0)[: self.days].cumsum()
        self.expected = inside[:, :, None] * at_end[None, None, :] / max(self.total, 1)
        fits = (inside[:, :, None] <= self.total / 2) & (self.expected > 0)
        held = np.where(fits, self.expected, 1.0)
        self.less = np.where(fits, np.log(held), np.inf)
        self.rest = np.where(fits, np.log(np.maximum(self.total - held, 1e-9)), 0.0)
        whole = np.arange(self.total + 1, dtype=np.float64)
        self.own = whole * np.log(np.maximum(whole, 1.0))

    def ratios(self, recent: Counts) -> tuple[Floats, Counts]:
        """(ratio, filings) of every cylinder; recent: filings by [draw,] place and days back."""
        seen = recent.cumsum(axis=-1)[..., self.order, :].cumsum(axis=-2)
        counted = (seen >= FEWEST) & (seen > self.expected) & np.isfinite(self.less)
        less = np.where(np.isfinite(self.less), self.less, 0.0)
        ratio = self.own[seen] + self.own[self.total - seen] - seen * less - (self.total - seen) * self.rest
        return np.where(counted, ratio, 0.0), seen


def scan(
    counts: Counts, points: Floats, *, days: int = DAYS, draws: int = DRAWS, seed: int = SEED
) -> list[Cluster]:
    """The likeliest clusters that share no place, the likeliest first, each with its chance.

    counts: filings by place and day, the last day last. points: of the places' centres, in metres.
    """
    if counts.shape[0] < 2 or counts.shape[1] < 2 or counts.sum() < 2 * FEWEST:
        return []
    cylinders = Cylinders(counts, points, days)
    ratios, seen = cylinders.ratios(counts[:, ::-1][:, : cylinders.days])
    chosen = _apart(cylinders, ratios)
    if not chosen:
        return []
    greatest = _drawn(counts, cylinders, draws, np.random.default_rng(seed))
    return [
        Cluster(
            tuple(sorted(int(place) for place in cylinders.order[centre, : reach + 1])),
            length + 1, int(seen[centre, reach, length]), float(cylinders.expected[centre, reach, length]),
            float(ratios[centre, reach, length]),
            float(1 + (greatest >= ratios[centre, reach, length] - 1e-9).sum()) / (draws + 1),
        )
        for centre, reach, length in chosen
    ]  # fmt: skip


def _apart(cylinders: Cylinders, ratios: Floats) -> list[tuple[int, int, int]]:
    """(centre, reach, length) of the greatest ratios that share no place."""
    left = ratios.copy()
    found: list[tuple[int, int, int]] = []
    while len(found) < MOST_TOLD and left.max() > 0:
        centre, reach, length = (int(at) for at in np.unravel_index(int(left.argmax()), left.shape))
        found.append((centre, reach, length))
        taken = np.isin(cylinders.order, cylinders.order[centre, : reach + 1]).cumsum(axis=1) > 0
        left[taken] = 0.0
    return found


def _drawn(counts: Counts, cylinders: Cylinders, draws: int, chance: np.random.Generator) -> Floats:
    """The greatest ratio of every draw, the days dealt out anew among the filings."""
    places, days = counts.shape
    where = np.repeat(np.arange(places), counts.sum(axis=1))
    back = np.repeat(np.arange(days - 1, -1, -1), counts.sum(axis=0))
    found = np.empty(draws)
    at_once = max(1, CELLS // cylinders.expected.size)
    for begin in range(0, draws, at_once):
        some = min(at_once, draws - begin)
        dealt = chance.permuted(np.broadcast_to(back, (some, len(back))), axis=1)
        draw, which = np.nonzero(dealt < cylinders.days)
        cell = (draw * places + where[which]) * cylinders.days + dealt[draw, which]
        recent = np.bincount(cell, minlength=some * places * cylinders.days)
        ratios, _ = cylinders.ratios(recent.reshape(some, places, cylinders.days))
        found[begin : begin + some] = ratios.reshape(some, -1).max(axis=1)
    return found
