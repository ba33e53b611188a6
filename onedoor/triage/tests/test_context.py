"""What neighbours say of a pair, and which messages fall into one cluster."""

from __future__ import annotations

import numpy as np
import pytest

from onedoor.triage import context
from onedoor.triage.context import clusters, level, logit

PAIRS = np.array([(0, 1), (0, 2), (1, 2), (2, 3), (4, 5)])
P = np.array([0.9, 0.8, 0.6, 0.3, 0.02])


def test_a_common_neighbour_speaks_for_a_pair() -> None:
    found = context.context(6, PAIRS, P)
    assert found.shape == (5, 20)
    largest, summed, product = found[0, :3]
    assert (largest, summed, product) == pytest.approx((0.6, 0.6, 0.8 * 0.6))  # of 0 and 1, by way of 2
    assert found[4, :4].tolist() == [0, 0, 0, 0]  # 4 and 5 have nobody in common
    assert found[:, 16] == pytest.approx(logit(P))


def test_linkage_says_at_which_probability_two_come_together() -> None:
    assert level(6, PAIRS, P, "single").tolist() == pytest.approx([0.9, 0.8, 0.8, 0.3, 0.02])
    average = [
        0.9,
        0.7,
        0.7,
        0.3 / 3,
        0.02,
    ]  # 2 to {0, 1}: (0.8 + 0.6) / 2; 3 to {0, 1, 2}: (0 + 0 + 0.3) / 3
    assert level(6, PAIRS, P, "average").tolist() == pytest.approx(average)
    assert level(6, PAIRS, P, "complete").tolist() == pytest.approx([0.9, 0.6, 0.6, 0, 0.02])


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [
        (0.95, [0, 1, 2, 3, 4, 5]),
        (0.8, [0, 0, 2, 3, 4, 5]),
        (0.5, [0, 0, 0, 3, 4, 5]),
        (0.05, [0, 0, 0, 0, 4, 5]),
    ],
)
def test_a_cluster_is_named_by_its_first_message(threshold: float, expected: list[int]) -> None:
    assert clusters(6, PAIRS, P, threshold).tolist() == expected


def test_no_pairs_no_clusters() -> None:
    none, nothing = np.zeros((0, 2), np.int64), np.zeros(0)
    assert clusters(3, none, nothing, 0.25).tolist() == [0, 1, 2]
    assert context.context(3, none, nothing).shape == (0, 20)


def test_what_hangs_together_too_widely_is_parted_where_it_is_weakest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(context, "LARGEST", 3)
    pairs = np.array([(0, 1), (1, 2), (2, 3), (3, 4)])
    p = np.array([0.9, 0.9, 0.015, 0.9])
    assert clusters(5, pairs, p, 0.4).tolist() == [0, 0, 0, 3, 3]
