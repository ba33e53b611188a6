"""What a text is about: at every node of the city's tree one choice between the options below, from the top down.

    share(category) = the product of P(option | text) over the choices that lead to it (calibrate.py)
    score(option)   = w(option) · row(text) + bias: linear support vectors, one option against the rest, squared hinge
                      (Fan et al. 2008, LIBLINEAR), on the rows of features.py: one model on the runs of characters, one
                      on the words of the tree; mixed, they are one table of weights again, kept in one byte each

Without examples the tree's words decide (tree.py); with each example the learned score weighs more. The model knows
title and body and nothing else: neither who reports, nor from where, nor what she reported before.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from onedoor.triage import calibrate, features
from onedoor.triage.calibrate import Doubles, Mix
from onedoor.triage.features import Features, Looked
from onedoor.triage.text import Floats, Ints, Read
from onedoor.triage.tree import ROOT, Node, Prior, Tree
from onedoor.triage.why import deciding

BYTES = 5_000_000  # of weights, at most
FEWEST = 20  # examples of a choice from which scores are learned
FOLDS = 4
C = (1.0, 1.0)  # of the support vectors on runs, and on words
UNLIKELY = 0.01  # the share below which only the likeliest is suggested
LARGE = 10_000  # examples of a choice from which one fold is enough to calibrate on

Steps = list[tuple[str, int]]  # the choices that lead to a category: at which node, which option


@dataclass(frozen=True)
class Example:
    """A closed matter: its texts, and the category it was rightly filed under."""

    title: str
    detail: str
    code: str


@dataclass(frozen=True)
class Suggestion:
    """A category, how sure (0 to 1), and the words that decided."""

    code: str
    share: float
    words: tuple[str, ...]

    @property
    def why(self) -> dict[str, str]:
        """The reason in both languages."""
        found = "、".join(dict.fromkeys(self.words))
        return {"zh": f"文中提到：{found}", "en": f"the text says: {found}"} if found else {
            "zh": "未找到特征词", "en": "no telling word was found"
        }  # fmt: skip


class Choice:
    """What was learned at one node: a byte per column and option, how much one step of a byte is, and the mix."""

    def __init__(self, mix: Mix, weights: NDArray[np.int8], steps: Floats, bias: Floats) -> None:
        self.mix, self.weights, self.steps, self.bias = mix, weights, steps, bias
        self.average: Floats = (weights @ steps / np.float32(max(1, len(steps)))).astype(np.float32)

    def score(self, looked: Looked) -> Floats:
        """The learned score of every option."""
        if not len(self.weights):
            return self.bias
        return (looked.values @ self.weights[looked.at].astype(np.float32)) * self.steps + self.bias

    def gain(self, columns: Ints, option: int) -> Floats:
        """How much each of these columns speaks for an option rather than for the others."""
        return self.weights[columns, option] * self.steps[option] - self.average[columns]


class Classifier:
    """Suggests categories of one tree. `choices` holds what was learned by node; where nothing was, words decide."""

    def __init__(
        self, tree: Tree, prior: Prior, seen: Features, choices: dict[str, Choice], fallback: str
    ) -> None:
        self.tree, self.prior, self.features, self.choices = tree, prior, seen, choices
        self.fallback = fallback

    @property
    def learned(self) -> bool:
        """Whether any example was learned from."""
        return bool(self.choices)

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """The best categories, best first; never empty: the fallback where nothing tells."""
        looked = self.features.look(title, detail)
        made = []
        for code, share, steps in self._best(looked, most):
            words = deciding(self, looked, steps)
            if words or self.learned:
                made.append(Suggestion(code, round(share, 4), words))
        return made or [Suggestion(self.fallback, 0.0, ())]

    def guess(self, title: str, detail: str) -> tuple[str, float]:
        """The best category and its share, without the reason."""
        [(code, share, _)] = self._best(self.features.look(title, detail), 1)
        return code, share

    def _best(self, looked: Looked, most: int) -> list[tuple[str, float, Steps]]:
        """Categories by share, with the choices that led there: the likeliest branch is always looked into first."""
        waiting: list[tuple[float, str, bool, Steps]] = [(-1.0, ROOT, False, [])]
        made: list[tuple[str, float, Steps]] = []
        while waiting and len(made) < most:
            share, code, done, steps = heapq.heappop(waiting)
            if done:
                made.append((code, -share, steps))
                continue
            options, parts = self.tree.options[code], self._shares(code, looked)
            least = min(UNLIKELY / -share, max(parts, default=0.0))
            for place, part in enumerate(parts):
                if part >= least:
                    option = options[place]
                    last = option == code or not self.tree.options[option]
                    heapq.heappush(waiting, (share * part, option, last, [*steps, (code, place)]))
        return made

    def _shares(self, at: str, looked: Looked) -> list[float]:
        said = looked.said @ self.prior.options[at][looked.ids]
        choice = self.choices.get(at)
        if choice is None:
            return calibrate.untaught(len(said)).shares(said, 0.0).tolist()
        return choice.mix.shares(said, choice.score(looked)).tolist()


def cold(nodes: Iterable[Node], fallback: str = "") -> Classifier:
    """A classifier that has seen no example: the tree's own words, the lexicon's for nodes that have none."""
    tree = Tree(nodes)
    prior = Prior(tree)
    return Classifier(tree, prior, features.nothing(prior), {}, fallback)


def train(nodes: Iterable[Node], examples: Sequence[Example], fallback: str = "") -> Classifier:
    """A classifier that has learned from examples; those of categories that the tree does not hold are left out."""
    start = cold(nodes, fallback)
    tree, prior = start.tree, start.prior
    known = [one for one in examples if one.code in tree.nodes]
    if not known:
        return start
    columns = sum(len(options) for options in tree.options.values() if len(options) > 1)
    seen = features.learn(prior, [Read(one.title, one.detail) for one in known], BYTES // max(1, columns))
    looked = [seen.look(one.title, one.detail) for one in known]
    rows = features.matrix(looked, seen.width)
    whole = np.array([bool(one.detail.strip()) for one in known])
    taken: dict[str, list[tuple[int, int]]] = {}
    for number, one in enumerate(known):
        for at, option in tree.path(one.code):
            taken.setdefault(at, []).append((number, tree.options[at].index(option)))
    choices = {}
    for at, pairs in taken.items():
        if len(tree.options[at]) > 1:
            numbers, truth = np.array(pairs).T
            said = np.stack([looked[n].said @ prior.options[at][looked[n].ids] for n in numbers])
            choices[at] = _choice(rows[numbers], seen.words_at, said, truth, whole[numbers])
    return Classifier(tree, prior, seen, choices, fallback)


def _choice(rows: csr_matrix, split: int, said: Floats, truth: Ints, whole: NDArray[np.bool_]) -> Choice:
    """What these examples teach about one choice.

    Columns below `split` are runs, the others words: the two views. How sure to be is told by texts that are `whole`,
    where most are: titles alone tell less.
    """
    options = said.shape[1]
    if len(truth) < FEWEST or len(set(truth.tolist())) < 2:
        mix, _ = calibrate.fit(said, [], truth)
        return Choice(
            mix, np.zeros((0, options), np.int8), np.zeros(options, np.float32), np.zeros(options, np.float32)
        )
    views = [rows[:, :split], rows[:, split:]]
    tried, scores = _cross_fitted(views, truth, options)
    if whole[tried].mean() > 0.5:
        tried, scores = tried[whole[tried]], [own[whole[tried]] for own in scores]
    mix, trust = calibrate.fit(said[tried], scores, truth[tried])
    fitted = [_support_vectors(view, truth, options, c) for view, c in zip(views, C, strict=True)]
    weights = np.concatenate([a * own for a, (own, _) in zip(trust, fitted, strict=True)])
    bias = sum(a * own for a, (_, own) in zip(trust, fitted, strict=True))
    steps = (np.maximum(np.abs(weights).max(0), 1e-9) / 127).astype(np.float32)
    return Choice(mix, np.round(weights / steps).astype(np.int8), steps, np.asarray(bias, np.float32))


def _cross_fitted(views: Sequence[csr_matrix], truth: Ints, options: int) -> tuple[Ints, list[Doubles]]:
    """Scores of examples by models that have not seen them: (which examples, their scores on each view)."""
    fold = np.random.default_rng(0).permutation(len(truth)) % FOLDS
    tried = fold < (1 if len(truth) >= LARGE else FOLDS)
    scores = []
    for view, c in zip(views, C, strict=True):
        own = np.zeros((len(truth), options))
        for number in range(fold[tried].max() + 1):
            weights, bias = _support_vectors(view[fold != number], truth[fold != number], options, c)
            own[fold == number] = view[fold == number] @ weights + bias
        scores.append(own[tried])
    return np.flatnonzero(tried), scores


def _support_vectors(rows: csr_matrix, truth: Ints, options: int, c: float) -> tuple[Doubles, Doubles]:
    """Weights (columns × options) and biases. An option without an example scores -1: it is none of these."""
    weights, bias = np.zeros((rows.shape[1], options)), np.full(options, -1.0)
    there = np.unique(truth)
    if len(there) < 2:
        return weights, bias
    fitted = LinearSVC(C=c, dual=True, random_state=0).fit(rows, truth)  # the primal takes five times as long
    if len(there) == 2:  # one column tells both
        weights[:, there], bias[there] = fitted.coef_.T * [-1, 1], fitted.intercept_ * [-1, 1]
    else:
        weights[:, there], bias[there] = fitted.coef_.T, fitted.intercept_
    return weights, bias
