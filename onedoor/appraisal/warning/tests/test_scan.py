"""The scan finds planted clusters, and without any it alarms no more often than it says."""

from __future__ import annotations

import numpy as np
import pytest

from onedoor.appraisal.warning import scan
from onedoor.appraisal.warning.scan import Cylinders

PLACES, DAYS, RUNS, LEVEL = 25, 60, 200, 0.05
POINTS = np.array([(x, y) for x in range(5) for y in range(5)], dtype=float) * 3000


def quiet(chance: np.random.Generator) -> np.ndarray:
    """Places of very different size, and Mondays that are busier: no cluster, by any of both."""
    size = np.geomspace(0.02, 0.6, PLACES)
    days = np.where(np.arange(DAYS) % 7 == 0, 1.6, 0.9)
    return chance.poisson(size[:, None] * days[None, :])


def planted(chance: np.random.Generator, more: float) -> np.ndarray:
    """In the first place and its neighbours so many more filings a day in the last five days."""
    counts = quiet(chance)
    counts[[0, 1, 5], -5:] += chance.poisson(more, (3, 5))
    return counts


def test_without_a_cluster_it_alarms_as_often_as_it_says() -> None:
    chance = np.random.default_rng(7)
    found = [scan.scan(quiet(chance), POINTS, draws=99, seed=run) for run in range(RUNS)]
    alarms = sum(bool(one) and one[0].chance <= LEVEL for one in found)
    # of 200 at 5 in 100 ten are to be expected; more than 20 come with a chance of 1 in 1000
    assert alarms <= 20
    assert alarms >= 1  # one that never alarms has no power either


def test_planted_clusters_are_found_where_they_are() -> None:
    chance = np.random.default_rng(11)
    hits = 0
    for run in range(40):
        [first, *_] = scan.scan(planted(chance, 1.0), POINTS, draws=99, seed=run)
        hits += first.chance <= LEVEL and bool({0, 1, 5} & set(first.places))
    assert hits >= 34


def test_a_greater_cluster_is_found_exactly() -> None:
    [first, *_] = scan.scan(planted(np.random.default_rng(3), 6.0), POINTS)
    assert first.places == (0, 1, 5)
    assert (first.days, first.chance) == (5, 1 / 1000)
    assert first.seen > 3 * first.expected


def test_the_same_is_found_twice() -> None:
    counts = planted(np.random.default_rng(5), 1.0)
    assert scan.scan(counts, POINTS) == scan.scan(counts, POINTS)


def test_clusters_share_no_place() -> None:
    counts = planted(np.random.default_rng(3), 6.0)
    counts[[23, 24], -2:] += 9
    found = scan.scan(counts, POINTS)
    told = [place for one in found for place in one.places]
    assert len(told) == len(set(told))
    assert {0, 1, 5} <= set(told)
    assert {23, 24} <= set(told)


def test_the_ratio_is_the_formula() -> None:
    counts = planted(np.random.default_rng(3), 2.0)
    cylinders = Cylinders(counts, POINTS)
    ratios, seen = cylinders.ratios(counts[:, ::-1][:, : cylinders.days])
    total = counts.sum()
    for centre, reach, length in ((0, 2, 4), (7, 3, 0), (12, 11, 13)):
        inside = cylinders.order[centre, : reach + 1]
        observed = int(counts[inside, -(length + 1) :].sum())
        expected = counts[inside].sum() * counts[:, -(length + 1) :].sum() / total
        ratio = observed * np.log(observed / expected) + (total - observed) * np.log(
            (total - observed) / (total - expected)
        ) if observed > expected and observed >= scan.FEWEST and counts[inside].sum() <= total / 2 else 0.0  # fmt: skip
        assert seen[centre, reach, length] == observed
        assert ratios[centre, reach, length] == pytest.approx(ratio)


@pytest.mark.parametrize("shape", [(1, 30), (5, 1), (5, 30)])
def test_where_there_is_little_there_is_no_cluster(shape: tuple[int, int]) -> None:
    assert scan.scan(np.zeros(shape, dtype=np.int64), POINTS[: shape[0]]) == []
