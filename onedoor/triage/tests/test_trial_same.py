"""The figures of same matter and hot issues, against cases worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from onedoor.triage.same import Found
from onedoor.triage.trial_same import hot_figures, same_figures

GROUPS = ["x", "x", "x", "y", "y", None]


def _found(**probability: float) -> Found:
    """`_found(p01=0.9)` names the pair of the messages 0 and 1."""
    pairs = [(int(name[1]), int(name[2])) for name in probability]
    return Found(np.array(pairs, np.int64).reshape(-1, 2), np.array([*probability.values()]))


def test_all_pairs_found_before_all_others_is_the_best_there_is() -> None:
    figures = same_figures(_found(p01=0.9, p02=0.8, p12=0.7, p34=0.6, p35=0.1), GROUPS)
    assert figures == {
        "recall_at_1": 1.0, "recall_at_5": 1.0, "recall_at_10": 1.0, "pair_f1": 1.0, "threshold": 0.6,
        "recall_at_precision_95": 1.0,
    }  # fmt: skip


def test_recall_is_the_mean_within_a_group_then_over_groups() -> None:
    figures = same_figures(_found(p01=0.9, p34=0.5, p35=0.6), GROUPS)
    # x: 0 and 1 find each other, 2 finds nobody: 2/3 at one, (1/2 + 1/2 + 0)/3 at five; y: 3 has 5 first, 4 has 3
    assert figures["recall_at_1"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert figures["recall_at_5"] == pytest.approx((1 / 3 + 1) / 2)
    # 0.9 right, 0.6 wrong, 0.5 right: of four pairs one at full precision, two at 2/3
    assert figures["recall_at_precision_95"] == 0.25
    assert figures["pair_f1"] == pytest.approx(2 * (2 / 3) * (2 / 4) / (2 / 3 + 2 / 4))
    assert figures["threshold"] == 0.5


def test_of_equal_probability_the_wrong_one_counts_first() -> None:
    assert same_figures(_found(p34=0.5, p35=0.5), GROUPS)["recall_at_1"] == pytest.approx((0 + 1 / 2) / 2)


def test_pairs_that_touch_no_known_group_do_not_count() -> None:
    groups = ["x", "x", None, None]
    assert same_figures(_found(p01=0.5, p23=0.9), groups)["pair_f1"] == 1.0


def test_a_group_of_more_than_ten_weighs_as_ten() -> None:
    groups = ["x"] * 11 + ["y", "y"]
    pairs = np.array([(a, b) for a in range(11) for b in range(a + 1, 11)])
    figures = same_figures(Found(pairs, np.ones(len(pairs))), groups)
    assert figures["recall_at_precision_95"] == pytest.approx(
        45 / 46
    )  # 55 pairs as 45, and one that is missed


def test_nothing_found_is_nought_and_nothing_known_is_no_figure() -> None:
    nothing = same_figures(_found(), GROUPS)
    assert (nothing["recall_at_1"], nothing["pair_f1"], nothing["recall_at_precision_95"]) == (0, 0, 0)
    assert same_figures(_found(p01=0.5), [None, None]) == {}
    assert hot_figures(np.array([0, 0]), [None, None]) == {}


def test_hot_issues_by_pairs_and_by_overlap() -> None:
    groups = ["x"] * 5 + ["y", "y", None]
    cluster = np.array([0, 0, 0, 0, 4, 5, 4, 0])
    figures = hot_figures(cluster, groups)
    # true: 10 + 1 pairs; ours: 10 of {0 1 2 3 7} and {4 6}; right: 6
    assert figures["pair_f1"] == figures["pair_f1_without_giants"] == pytest.approx(2 * 6 / (11 + 11))
    assert figures["best_match_jaccard"] == pytest.approx(4 / 6)


def test_giants_may_be_left_out() -> None:
    groups = ["x"] * 40 + ["y", "y"]
    apart = np.array([*range(40), 40, 40])
    figures = hot_figures(apart, groups)
    assert figures["pair_f1"] == pytest.approx(2 / (780 + 1 + 1))
    assert figures["pair_f1_without_giants"] == 1.0
    assert figures["best_match_jaccard"] == pytest.approx(1 / 40)
