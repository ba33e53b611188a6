"""How sure a choice is: what the words of the tree say and what was learned, mixed into probabilities.

    P(option | text) = softmax over options of  g · ln(said + 0.3)  +  a · score  +  b

`said` is what the tree's words say (tree.py), `score` the margin learned from examples. g, a and the b of each option
minimise the log loss over examples that the scores were not trained on (stacking: Wolpert 1992), held towards 1.5, 1
and 0 by a squared penalty. So the first examples move little, many replace the words, and shares are probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from onedoor.triage.text import Floats, Ints

UNSAID = 0.3
TRUST_WORDS, TRUST_SCORES = 1.5, 1.0
HOLD = 1.0  # the penalty, in nats per square

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Mix:
    """g, a and b. Before any example: g = 1.5, a = 0, b = 0."""

    words: float
    scores: float
    lean: Doubles

    def shares(self, said: Floats, scores: Floats | float) -> Doubles:
        """Probabilities along the last axis."""
        told = self.words * np.log(said + UNSAID) + self.lean
        return softmax(told + self.scores * scores if self.scores else told)


def softmax(values: Doubles) -> Doubles:
    """e^v over the sum of e^v, along the last axis."""
    raised = np.exp(values - values.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


@cache
def untaught(options: int) -> Mix:
    """What holds before the first example."""
    return Mix(TRUST_WORDS, 0.0, np.zeros(options))


def fit(said: Floats, scores: Doubles, truth: Ints) -> Mix:
    """The mix of least loss. `said`, `scores`: a row per example; `truth`: the option each was filed under."""
    parts = [np.log(said + UNSAID).astype(np.float64), scores]
    aim = np.concatenate([[TRUST_WORDS, TRUST_SCORES], np.zeros(said.shape[1])])
    rows = np.arange(len(truth))

    def loss(at: Doubles) -> tuple[float, Doubles]:
        shares = softmax(at[0] * parts[0] + at[1] * parts[1] + at[2:])
        off = at - aim
        value = -np.log(shares[rows, truth] + 1e-12).sum() + HOLD * (off**2).sum()
        shares[rows, truth] -= 1
        slope = np.concatenate([[(shares * part).sum() for part in parts], shares.sum(0)])
        return float(value), slope + 2 * HOLD * off

    best = minimize(loss, aim, jac=True, method="L-BFGS-B").x
    return Mix(float(best[0]), float(best[1]), best[2:])
