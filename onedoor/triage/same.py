"""Same matter or not, over a whole body of messages, learnt from groups that are known. In two stages.

    first     the figures of `corpus`                   → p of each pair by itself
    second    the figures of `context` over these p     → p of each pair among its neighbours
    P(same)   ln odds = 0.7 · those of the second + 0.3 · those of the first

Each stage is the mean, in ln odds, of a logistic regression (in the first stage with products of the figures) and of
boosted trees (histograms, as LightGBM has them, Ke et al. 2017): one errs where the other does not.

Where fewer than twenty groups are known, each message is held against its nearest by `pairs` with the weights set by
hand.

Labels: two messages of one known group are the same; a message of a known group and any other are not; pairs that touch
no known group say nothing. A group of more than ten counts as ten (45 pairs), or one scandal would teach everything.

No pair is ever scored by a model that saw its labels. The groups are dealt into folds; a pair that touches folds s is
scored by a chain of both stages learnt without any pair that touches s; the second stage learns from probabilities of
the first that were made the same way, folds within folds. Pairs that touch no known group get the chain of all folds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from onedoor.triage.candidates import build
from onedoor.triage.context import context, logit
from onedoor.triage.corpus import Corpus, Message, products
from onedoor.triage.pairs import Filed, Model, Text, compare

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]
Flags = NDArray[np.bool_]

FOLDS = 5
ENOUGH = 20  # groups: four folds of them are left out at once, and the fifth must still teach both answers
OF_FIRST = 0.3  # how much of the first stage stays in the end: it ranks the nearest better
COUNTS_AS = 45  # pairs that one group weighs at most
LOOKED_AT = 0.01  # pairs less probable after the first stage are not looked at again
HARDLY = 1e-5  # a pair that was looked at has at least so much; one that was not, so much times its likeness
NEAREST = 20  # of each message, where nothing was taught
TOGETHER = 0.25  # clusters are cut where the mean probability falls below


@dataclass(frozen=True)
class Found:
    """Pairs of rows worth naming, and how probable it is that each is one matter."""

    pairs: Pairs
    probability: Floats


def judge(messages: Sequence[Message], groups: Sequence[str | None]) -> Found:
    """The pairs worth naming. `groups`: the name of each message's known group, or None; too few teach nothing."""
    enough = len(set(groups) - {None}) >= ENOUGH
    return taught(messages, groups) if enough else untaught(messages)


def untaught(messages: Sequence[Message]) -> Found:
    """Every message with its nearest, by weights set by hand."""
    filed = [Filed(one.title, one.detail, one.day, reporter=one.reporter) for one in messages]
    index = build((str(row), one) for row, one in enumerate(filed))
    texts, model = [Text(one) for one in filed], Model()
    found: dict[tuple[int, int], float] = {}
    for row, one in enumerate(filed):
        for near in index.nearest(one, NEAREST + 1):
            pair = min(row, int(near.number)), max(row, int(near.number))
            if pair[0] != pair[1] and pair not in found:
                compared = compare(texts[pair[0]], texts[pair[1]], index.rarity)
                found[pair] = model.probability(compared)
    rows = sorted(found)
    return Found(np.array(rows, np.int64).reshape(-1, 2), np.array([found[pair] for pair in rows]))


def taught(messages: Sequence[Message], groups: Sequence[str | None]) -> Found:
    """Every pair worth naming, learnt from the known groups: of each message the name of its group, or None."""
    read = body(messages)
    seen = Learner(read, deal(groups)).probabilities()
    pairs = np.vstack([read.pairs, read.others])
    return Found(pairs, np.r_[seen, HARDLY * np.clip(read.likeness, 0, 1)])


@dataclass(frozen=True)
class Known:
    """Of each message the number of its known group, -1 if none, and the fold of that group, -1 if none."""

    group: NDArray[np.int64]
    fold: NDArray[np.int64]


def deal(groups: Sequence[str | None], folds: int = FOLDS) -> Known:
    """Deals the groups into folds, largest first, so that each fold has its share of large ones."""
    sizes = Counter(name for name in groups if name is not None)
    order = sorted(sizes, key=lambda name: (-sizes[name], name))
    number = {name: place for place, name in enumerate(order)}
    group = np.array([-1 if name is None else number[name] for name in groups], np.int64)
    return Known(group, np.where(group < 0, -1, group % folds))


@dataclass(frozen=True)
class Body:
    """The pairs of a body of messages: the figures of those worth a look, the likeness of the others."""

    size: int
    pairs: Pairs
    figures: Floats
    products: Floats
    others: Pairs
    likeness: Floats


def weight_of(size: int) -> float:
    """How much a pair within a group of so many messages weighs."""
    return min(1.0, COUNTS_AS / max(1.0, size * (size - 1) / 2))


def body(messages: Sequence[Message]) -> Body:
    """Reads the messages and measures their pairs."""
    corpus = Corpus(messages)
    pairs, likeness = corpus.candidates()
    worth = corpus.worth_a_look(pairs, likeness)
    columns, table = corpus.figures(pairs[worth])
    return Body(len(messages), pairs[worth], table, products(columns, table), pairs[~worth], likeness[~worth])


@dataclass(frozen=True)
class Stage:
    """How freely a stage may learn: the inverse of its ridge; how many trees of how many leaves, and how fast."""

    strength: float
    trees: int
    leaves: int
    rate: float
    least: int  # pairs in a leaf
    ridge: float

    def models(self) -> tuple[Pipeline, HistGradientBoostingClassifier]:
        """The two models of the stage, nothing learnt yet."""
        lines = make_pipeline(StandardScaler(), LogisticRegression(C=self.strength, max_iter=100, tol=1e-3))
        trees = HistGradientBoostingClassifier(
            max_iter=self.trees, max_leaf_nodes=self.leaves, learning_rate=self.rate, min_samples_leaf=self.least,
            l2_regularization=self.ridge, early_stopping=False, random_state=0,
        )  # fmt: skip
        return lines, trees


FIRST = Stage(strength=0.005, trees=100, leaves=8, rate=0.07, least=20, ridge=5.0)
SECOND = Stage(strength=0.03, trees=60, leaves=5, rate=0.06, least=30, ridge=10.0)


class Learner:
    """The two stages over one body of messages and its known groups."""

    def __init__(self, found: Body, known: Known) -> None:
        self.body = found
        self._firsts: dict[frozenset[int], Floats] = {}
        a, b = found.pairs.T
        self.same = (known.group[a] >= 0) & (known.group[a] == known.group[b])
        self.folds = np.sort(np.stack([known.fold[a], known.fold[b]], 1), 1)
        sizes = np.bincount(known.group[known.group >= 0]).astype(float)
        weight = np.array([weight_of(size) for size in sizes.tolist()])
        self.weight = np.where(self.same, weight[known.group[a]], 1.0)

    def probabilities(self) -> Floats:
        """Of every pair, by a chain that saw none of the labels of the groups it touches."""
        return self._dealt(self._chain, frozenset())

    def _dealt(self, score: Callable[[frozenset[int]], Floats], without: frozenset[int]) -> Floats:
        """`score(s)` of each pair, s being the folds that it touches and those that are left out anyhow."""
        found = score(without)
        kept = sorted(set(np.unique(self.folds).tolist()) - {-1} - without)
        for touched in [(fold,) for fold in kept] + list(combinations(kept, 2)):
            rows = self._touching(touched)
            if rows.any():
                found[rows] = score(without | set(touched))[rows]
        return found

    def _touching(self, touched: tuple[int, ...]) -> Flags:
        low, high = self.folds.T
        if len(touched) == 1:
            return (high == touched[0]) & ((low == -1) | (low == high))
        return (low == touched[0]) & (high == touched[1])

    def _first(self, without: frozenset[int]) -> Floats:
        if without not in self._firsts:
            every = np.ones(len(self.same), bool)
            self._firsts[without] = self._fitted(FIRST, self.body.figures, self.body.products, every, without)
        return self._firsts[without].copy()

    def _chain(self, without: frozenset[int]) -> Floats:
        first = self._dealt(self._first, without)
        kept = first > LOOKED_AT
        around = context(self.body.size, self.body.pairs[kept], first[kept])
        second = self._fitted(SECOND, around, around[:, :0], kept, without)
        found = HARDLY + first / 100
        found[kept] += _odds((1 - OF_FIRST) * logit(second) + OF_FIRST * logit(first[kept]))
        return np.minimum(found, 1)

    def _fitted(
        self, stage: Stage, table: Floats, more: Floats, rows: Flags, without: frozenset[int]
    ) -> Floats:
        """Learns from those of the rows whose labels may be seen, and gives the probability of all of them."""
        folds, same, weight = self.folds[rows], self.same[rows], self.weight[rows]
        seen = (folds[:, 1] >= 0) & ~np.isin(folds, list(without)).any(1)
        if len(set(same[seen].tolist())) < 2:
            return np.zeros(len(table))
        lines, trees = stage.models()
        wide = np.hstack([table, more])
        lines.fit(wide[seen], same[seen], logisticregression__sample_weight=weight[seen])
        trees.fit(table[seen], same[seen], sample_weight=weight[seen])
        told = lines.predict_proba(wide)[:, 1], trees.predict_proba(table)[:, 1]
        return _odds((logit(told[0]) + logit(told[1])) / 2)


def _odds(logits: Floats) -> Floats:
    return 1 / (1 + np.exp(-logits))
