"""Which earlier request a new one repeats: near in place, near in time, about the same thing. For GeoReport requests.

Candidates lie within 250 m and were filed in the 90 days before (one k-d tree of east, north and time), or up to a day
after: a duplicate is told by somebody who reads both, within a day. Each gets eight figures:

    far      ln(1 + metres / 10)                      apart    ln(1 + days between)
    later    1 if filed after                         open     1 if not yet closed when the new one was filed
    service  1 if of the same service                 address  cosine of the words of the two addresses
    words    cosine of the words of the two texts     first    1 / n if it is the n-th oldest of the open candidates
                                                               of the same service within 100 m, 0 if not among them

Words are weighed by how rare they are (idf, counted over the whole register). The probability that candidate c is the
one, given that one of them is, is the softmax of the weighted sum (conditional logit, McFadden 1974):

    P(c) = exp(w·x_c) / Σ_k exp(w·x_k)

`learn` finds w by maximum likelihood with a small ridge; `WEIGHTS`, set by hand, serve where nothing was learned.
Nothing is used that was not known within the day after filing: of the new request neither its closing nor its status,
of a candidate only whether it was closed before the new one came. Who filed is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WITHIN, DAYS, GRACE = 250.0, 90.0, 1.0  # metres; days before; days after
BESIDE = 100.0  # metres within which open requests of one service are taken for one queue
MOST = 500  # candidates that are looked at, the nearest first: keeps a snow storm as fast as a quiet day
METRES_PER_DEGREE = 111_195.0  # of the meridian, mean Earth radius 6,371 km
FIGURES = ("far", "apart", "later", "open", "service", "address", "words", "first")
WEIGHTS: Floats = np.array([-1.0, -0.5, -2.0, 3.0, 2.0, 1.0, 2.0, 1.0])
RIDGE = 10.0  # so that fifty pairs do no worse than the weights set by hand
FOLDS = 5
_WORD = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")


@dataclass(frozen=True)
class Requests:
    """A register of requests, by column. Times are days since any fixed moment; `closed` is infinite while open."""

    ids: Sequence[str]
    service: Sequence[str]
    text: Sequence[str]
    address: Sequence[str]
    lat: Floats
    lon: Floats
    opened: Floats
    closed: Floats


@dataclass(frozen=True)
class Ranked:
    """A candidate, how probable, and what each figure added to that, in the order of `FIGURES`."""

    row: int
    probability: float
    because: Floats


def words(text: str) -> list[str]:
    """The words of a text: runs of Latin letters and digits, and pairs of neighbouring Han characters."""
    found: list[str] = []
    for run in _WORD.findall(text.lower()):
        found += [run] if run[0] < "\u3400" or len(run) == 1 else map("".join, pairwise(run))
    return found


def weighed(texts: Iterable[str]) -> csr_matrix:
    """One row of unit length for each text: its words, each weighing ln((1 + texts) / (1 + texts with it))."""
    number: dict[str, int] = {}
    ends, columns = [0], []
    for text in texts:
        columns += sorted({number.setdefault(word, len(number)) for word in words(text)})
        ends.append(len(columns))
    of = np.array(columns, np.int64)
    idf = np.log((1 + len(ends) - 1) / (1 + np.bincount(of, minlength=len(number) or 1)))
    weights = idf[of]
    rows = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
    length = np.sqrt(np.bincount(rows, weights**2, minlength=len(ends) - 1))
    weights /= np.maximum(length, 1e-9)[rows]
    return csr_matrix((weights, of, ends), shape=(len(ends) - 1, max(1, len(number))))


class Register:
    """Requests, ready to be searched. Built in seconds for 300,000; then milliseconds for each question."""

    def __init__(self, requests: Requests) -> None:
        """Requests without a usable place or time are in it, but are neither found nor answered."""
        self.requests = requests
        self.row = {name: row for row, name in enumerate(requests.ids)}
        self.plane = _plane(requests.lat, requests.lon)
        self.placed = np.flatnonzero(np.isfinite(self.plane).all(1) & np.isfinite(requests.opened))
        self.tree = cKDTree(self._box(self.placed))
        self.service = np.unique(np.asarray(requests.service, dtype=object).astype(str), return_inverse=True)[
            1
        ]
        self.texts, self.addresses = weighed(requests.text), weighed(requests.address)

    def candidates(self, row: int) -> Ints:
        """The rows that may be the matter of this one, nearest first."""
        here = self._box(np.array([row]))[0]
        if not np.isfinite(here).all():
            return np.empty(0, np.int64)
        middle = here - (0, 0, WITHIN * (DAYS - GRACE) / (DAYS + GRACE))
        found = self.placed[self.tree.query_ball_point(middle, WITHIN * 1.001, p=np.inf)]
        ago = self.requests.opened[row] - self.requests.opened[found]
        metres = self._metres(row, found)
        kept = (metres <= WITHIN) & (ago <= DAYS) & (ago >= -GRACE) & (found != row)
        return found[kept][np.argsort(metres[kept], kind="stable")[:MOST]]

    def figures(self, row: int, found: Ints) -> Floats:
        """The eight figures of each candidate, one row each."""
        opened = self.requests.opened
        metres, ago = self._metres(row, found), opened[row] - opened[found]
        still = self.requests.closed[found] > opened[row]
        same = self.service[found] == self.service[row]
        return np.column_stack(
            [
                np.log1p(metres / 10), np.log1p(np.abs(ago)), ago < 0, still, same,
                _cosine(self.addresses, row, found), _cosine(self.texts, row, found),
                _first(ago, still & same & (metres < BESIDE)),
            ]
        )  # fmt: skip

    def rank(self, row: int, weights: Floats = WEIGHTS, most: int = 10) -> list[Ranked]:
        """The most probable candidates, best first."""
        found = self.candidates(row)
        if not len(found):
            return []
        parts = self.figures(row, found) * weights
        score = parts.sum(1)
        share = np.exp(score - score.max())
        share /= share.sum()
        best = np.argsort(-share, kind="stable")[:most]
        return [Ranked(int(found[i]), float(share[i]), parts[i]) for i in best]

    def _box(self, rows: Ints) -> Floats:
        """Place and time, so stretched that the whole span of days is as wide as the circle."""
        days = self.requests.opened[rows] * 2 * WITHIN / (DAYS + GRACE)
        return np.column_stack([self.plane[rows], days])

    def _metres(self, row: int, found: Ints) -> Floats:
        return np.hypot(*(self.plane[found] - self.plane[row]).T)


def _plane(lat: Floats, lon: Floats) -> Floats:
    """Metres east and north: exact enough within a city (0.1 % at 250 m)."""
    middle = np.nanmedian(lat) if np.isfinite(lat).any() else 0.0
    return np.column_stack([lon * np.cos(np.radians(middle)), lat]) * METRES_PER_DEGREE


def _cosine(rows: csr_matrix, row: int, found: Ints) -> Floats:
    return (rows[found] @ rows[row].T).toarray().ravel()


def _first(ago: Floats, queue: NDArray[np.bool_]) -> Floats:
    place = np.zeros(len(ago))
    waiting = np.flatnonzero(queue)
    place[waiting[np.argsort(-ago[waiting], kind="stable")]] = 1 / np.arange(1, len(waiting) + 1)
    return place


@dataclass(frozen=True)
class Lesson:
    """One question: the figures of its candidates, and which of them were right."""

    figures: Floats
    right: NDArray[np.bool_]


def lessons(register: Register, masters: Mapping[int, set[int]]) -> dict[int, Lesson]:
    """A lesson for each new request (row) whose earlier one (rows) is among its candidates."""
    found = {}
    for row, right in masters.items():
        near = register.candidates(row)
        hit = np.isin(near, list(right))
        if hit.any():
            found[row] = Lesson(register.figures(row, near), hit)
    return found


def learn(taught: Sequence[Lesson]) -> Floats:
    """The weights under which the right candidates are most probable; the ones set by hand if there is no lesson.

    Minimises -Σ ln P(right) + RIDGE/2 · |s·(w - hand)|², s the spread of each figure: convex, one end.
    """
    if not taught:
        return WEIGHTS
    figures = np.vstack([lesson.figures for lesson in taught])
    starts = np.cumsum([0] + [len(lesson.right) for lesson in taught[:-1]])
    sizes = np.array([len(lesson.right) for lesson in taught])
    aim = np.concatenate([lesson.right / lesson.right.sum() for lesson in taught])
    pull = RIDGE * np.maximum(figures.var(0), 1e-6)

    def cost(weights: Floats) -> tuple[float, Floats]:
        score = figures @ weights
        score -= np.repeat(np.maximum.reduceat(score, starts), sizes)
        total = np.repeat(np.add.reduceat(np.exp(score), starts), sizes)
        away = weights - WEIGHTS
        loss = float(aim @ (np.log(total) - score) + pull @ away**2 / 2)
        return loss, figures.T @ (np.exp(score) / total - aim) + pull * away

    return minimize(cost, WEIGHTS, jac=True, method="L-BFGS-B").x


def cross_fitted(register: Register, pairs: Sequence[tuple[str, str]]) -> tuple[Floats, dict[int, Floats]]:
    """Weights learned from all pairs (new, earlier), and for each new request of them weights that never saw its group.

    Pairs that share a request, directly or over others, are one group and lie in one fold. Unknown ids are left out.
    """
    rows = [(register.row[a], register.row[b]) for a, b in pairs if a in register.row and b in register.row]
    group = _groups(rows)
    masters: dict[int, set[int]] = {}
    for new, earlier in rows:
        masters.setdefault(new, set()).add(earlier)
    taught = lessons(register, masters)
    order = np.random.default_rng(0).permutation(len(set(group.values())))
    fold = {row: int(order[number]) % FOLDS for row, number in group.items()}
    by_fold = [learn([taught[row] for row in taught if fold[row] != k]) for k in range(FOLDS)]
    return learn(list(taught.values())), {row: by_fold[fold[row]] for row in masters}


def _groups(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """A number from 0 for each request, equal for requests that pairs join."""
    head: dict[int, int] = {}

    def top(row: int) -> int:
        while head.setdefault(row, row) != row:
            row = head[row]
        return row

    for a, b in pairs:
        head[top(a)] = top(b)
    numbers: dict[int, int] = {}
    return {row: numbers.setdefault(top(row), len(numbers)) for row in list(head)}
