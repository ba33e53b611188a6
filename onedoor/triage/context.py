"""What the neighbours of two messages say about whether the two are about one matter: the second stage.

The first stage gives a probability p to each pair by itself. If a is the same as c, and c the same as b, then a is the
same as b: so pairs are looked at once more, together with those of their common neighbours c.

    largest, sum             of min(p(a,c), p(b,c)) and of p(a,c)·p(b,c) over c
    agreement                Σ min / Σ max, and the cosine of the two rows of p
    degree, best             Σ_c p(a,c) and max_c p(a,c): the lower and the higher; p less the best
    expected                 Σ_c p(a,c)·p(c,b) / Σ_c p(a,c)
    against                  the largest p(a,c)·(1 - p(c,b)) with p(a,c) > 0.4: a sure neighbour of one only
    own, average …           ln(p / (1 - p)) of the pair, and of the level at which linkage by average, nearest or
                             farthest pair (Sokal and Michener 1958) brings the two into one cluster (cophenetic)
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import cophenet, linkage
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]

BLOCK = 300_000  # cells that are laid out at once: few enough for the processor's cache
SURE = 0.4
LINKED = 0.01  # pairs below do not bring two clusters together
LARGEST = 6_000  # of a component that is linked at once; a larger one is parted at a higher probability
LEAST = 1e-4


def logit(p: Floats) -> Floats:
    """ln(p / (1 - p)), within ±9.2."""
    held = np.clip(p, LEAST, 1 - LEAST)
    return np.log(held / (1 - held))


def context(size: int, pairs: Pairs, probability: Floats) -> Floats:
    """Twenty figures of each pair, from the probabilities of all pairs among `size` messages."""
    a, b = pairs.T
    both = np.r_[probability, probability].astype(np.float32)
    table = csr_matrix((both, (np.r_[a, b], np.r_[b, a])), shape=(size, size))
    step = max(1, BLOCK // max(1, size))
    parts = [_around(table, a[at : at + step], b[at : at + step], probability[at : at + step])
             for at in range(0, len(pairs), step)]  # fmt: skip
    levels = [logit(level(size, pairs, probability, method)) for method in ("average", "single", "complete")]
    return np.hstack([np.vstack([*parts, np.zeros((0, 16))]), np.stack([logit(probability), *levels], 1)])


def _around(table: csr_matrix, a: Pairs, b: Pairs, p: Floats) -> Floats:
    rows = np.arange(len(a))
    one, other = table[a].toarray(), table[b].toarray()
    one[rows, b] = other[rows, a] = 0
    least, product = np.minimum(one, other), one * other
    most = one + other - least
    degree = one.sum(1), other.sum(1)
    best = one.max(1), other.max(1)
    expected = [product.sum(1) / np.maximum(total, 0.1) for total in degree]
    against = [(x * (1 - y) * (x > SURE)).max(1) for x, y in ((one, other), (other, one))]
    length = np.sqrt((one**2).sum(1) * (other**2).sum(1))
    columns = [least.max(1), least.sum(1), product.sum(1), product.max(1),
               least.sum(1) / np.maximum(most.sum(1), 0.05), product.sum(1) / np.maximum(length, 0.05)]  # fmt: skip
    for x, y in (degree, best, (p - best[0], p - best[1]), expected, against):
        columns += [np.minimum(x, y), np.maximum(x, y)]
    return np.stack(columns, 1)


def level(size: int, pairs: Pairs, probability: Floats, method: str) -> Floats:
    """For each pair, the probability at which linkage brings its two messages into one cluster; 0 if it never does."""
    found = np.zeros(len(pairs))
    for rows, kept, place in _components(size, pairs, probability, LINKED):
        tree = linkage(_distances(len(rows), place, probability[kept]), method)
        found[kept] = 1 - cophenet(tree)[_condensed(len(rows), place)]
    return np.clip(found, 0, 1)


def clusters(size: int, pairs: Pairs, probability: Floats, threshold: float) -> NDArray[np.int64]:
    """For each message the lowest message of its cluster: average linkage, cut where the mean probability is lower."""
    found = np.arange(size)
    for rows, kept, place in _components(size, pairs, probability, LINKED):
        tree = linkage(_distances(len(rows), place, probability[kept]), "average")
        held = {row: {row} for row in range(len(rows))}
        for step, (x, y, distance, _) in enumerate(tree):
            if distance > 1 - threshold:
                break
            held[len(rows) + step] = held.pop(int(x)) | held.pop(int(y))
        for members in held.values():
            found[rows[list(members)]] = rows[min(members)]
    return found


def _components(
    size: int, pairs: Pairs, probability: Floats, least: float
) -> list[tuple[Pairs, Pairs, Pairs]]:
    """(messages, numbers of the pairs among them, these pairs by place among the messages) of what hangs together."""
    strong = np.flatnonzero(probability >= least)
    a, b = pairs[strong].T
    graph = csr_matrix((np.ones(len(strong)), (a, b)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    same = np.flatnonzero(label[pairs[:, 0]] == label[pairs[:, 1]])
    order = same[np.argsort(label[pairs[same, 0]], kind="stable")]
    found = []
    for kept in np.split(order, np.flatnonzero(np.diff(label[pairs[order, 0]])) + 1) if len(order) else []:
        rows = np.unique(pairs[kept])
        if len(rows) > LARGEST and least < 0.5:
            found += [
                (m, kept[k], p) for m, k, p in _components(size, pairs[kept], probability[kept], least * 2)
            ]
        else:
            found.append((rows, kept, np.searchsorted(rows, pairs[kept])))
    return found


def _condensed(size: int, place: Pairs) -> Pairs:
    a, b = place.T
    return a * size - a * (a + 1) // 2 + b - a - 1


def _distances(size: int, place: Pairs, probability: Floats) -> Floats:
    found = np.ones(size * (size - 1) // 2)
    found[_condensed(size, place)] = 1 - np.minimum(probability, 1)
    return found
