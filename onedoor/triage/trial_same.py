"""How well same matters are found, measured on groups that are known. Only pairs that touch a known message count.

recall at k   for each known message, partners among its k most probable / min(k, partners); mean within a group, then
              over groups; ties are broken against us
pair F1       of all pairs above the best threshold; a group of more than ten weighs as ten
recall …      at 95 % precision: the largest share of the pairs found while 95 % of those above the threshold are right
hot issues    F1 over pairs in one cluster, with and without groups of forty and more; overlap: over groups of five and
              more, the best |g ∩ c| / |g ∪ c| with a cluster c
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from onedoor.triage.same import COUNTS_AS, Found, weight_of

GIANT = 40
FIVE = 5
SURE = 0.95
AMONG = (1, 5, 10)

Groups = Sequence[str | None]  # of each message the name of its known group
Pair = tuple[int, int]


def same_figures(found: Found, groups: Groups) -> dict[str, float]:
    """Recall at 1, 5 and 10, the best F1 over pairs and its threshold, recall where 95 % are right; {} of no group."""
    members = _members(groups)
    if not members:
        return {}
    judged = sorted(
        (-p, groups[a] == groups[b], a, b)  # of equal probability, the wrong one first
        for (a, b), p in zip(found.pairs.tolist(), found.probability.tolist(), strict=True)
        if groups[a] is not None or groups[b] is not None
    )
    near: dict[int, list[bool]] = defaultdict(list)
    for _, hit, a, b in judged:
        near[a].append(hit)
        near[b].append(hit)
    figures = {f"recall_at_{k}": _recall(members.values(), near, k) for k in AMONG}
    return figures | _over_thresholds(judged, groups, members)


def _over_thresholds(
    judged: list[tuple[float, bool, int, int]], groups: Groups, members: dict[str, list[int]]
) -> dict[str, float]:
    weight = {name: weight_of(len(group)) for name, group in members.items()}
    right = np.array([hit for _, hit, _, _ in judged], bool)
    worth = np.array([weight[groups[a] or ""] if hit else 0.0 for _, hit, a, _ in judged])
    total = sum(min(COUNTS_AS, _pairs_in(len(group))) for group in members.values())
    true, false = np.r_[0, worth.cumsum()], np.r_[0, (~right).cumsum()]  # before the first pair as well: none
    precision, recall = true / np.maximum(1e-9, true + false), true / max(1e-9, total)
    f1 = 2 * precision * recall / np.maximum(1e-9, precision + recall)
    best, sure = int(f1.argmax()), np.flatnonzero(precision >= SURE)
    return {
        "pair_f1": float(f1[best]),
        "threshold": -judged[best - 1][0] if best else 1.0,
        "recall_at_precision_95": float(recall[sure[-1]]) if len(sure) else 0.0,
    }


def _recall(members: Iterable[list[int]], near: dict[int, list[bool]], k: int) -> float:
    found = [
        np.mean([sum(near[row][:k]) / min(k, len(group) - 1) for row in group])
        for group in members
        if len(group) > 1
    ]
    return float(np.mean(found)) if found else 0.0


def hot_figures(cluster: NDArray[np.int64], groups: Groups) -> dict[str, float]:
    """F1 over pairs, with and without giant groups, and the overlap of groups of five and more; {} of no group."""
    members = _members(groups)
    if not members:
        return {}
    together: dict[int, set[int]] = defaultdict(set)
    for row, number in enumerate(cluster.tolist()):
        together[number].add(row)
    beside = [together[number] for number in cluster.tolist()]  # of each message the cluster that it is in
    known = [set(group) for group in members.values()]
    giants = set().union(*(group for group in known if len(group) >= GIANT))
    overlaps = [
        max(len(group & beside[row]) / len(group | beside[row]) for row in group)
        for group in known
        if len(group) >= FIVE
    ]
    return {
        "pair_f1": _f1(known, beside, set()),
        "pair_f1_without_giants": _f1(known, beside, giants),
        "best_match_jaccard": float(np.mean(overlaps)) if overlaps else 0.0,
    }


def _f1(known: list[set[int]], beside: list[set[int]], out: set[int]) -> float:
    left = [group - out for group in known]
    true = {pair for group in left for row in group for pair in _with(row, group)}
    ours = {pair for group in left for row in group for pair in _with(row, beside[row] - out)}
    return 2 * len(true & ours) / max(1, len(true) + len(ours))


def _with(row: int, others: set[int]) -> Iterable[Pair]:
    return ((min(row, other), max(row, other)) for other in others if other != row)


def _members(groups: Groups) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for row, name in enumerate(groups):
        if name is not None:
            found[name].append(row)
    return found


def _pairs_in(size: int) -> float:
    return size * (size - 1) / 2
