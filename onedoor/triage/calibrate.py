"""How sure a choice is: what the words of the tree say and what was learned, mixed into probabilities.

    P(option | text) = softmax over options of  g · ln(1 + said)  +  Σ a · score  +  b

`said` is what the tree's words say (tree.py), a `score` the margin learned from examples on one view of the text.
g, the a of each view and the b of each option minimise the log loss over examples that the scores were not trained
on (stacking: Wolpert 1992), held towards 2, 1 and 0 by a squared penalty. So the first examples move little, many
replace the words, and shares are probabilities. The 2 is a little below what suits real messages to a city best (2.2),
so that the words alone are rather too careful than too sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from onedoor.triage.text import Floats, Ints

TRUST_WORDS, TRUST_SCORES = 2.0, 1.0
HOLD = 2.0  # the penalty, in nats per square

Doubles = NDArray[np.float64]


@dataclass(frozen=True)
class Mix:
    """g and b; the learned score that it is given has its a in it already."""

    words: float
    lean: Doubles

    def shares(self, said: Floats, score: Floats | float) -> Doubles:
        """Probabilities along the last axis."""
        return softmax(self.words * np.log1p(said) + score + self.lean)


def softmax(values: Doubles) -> Doubles:
    """e^v over the sum of e^v, along the last axis."""
    raised = np.exp(values - values.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


@cache
def untaught(options: int) -> Mix:
    """What holds before the first example."""
    return Mix(TRUST_WORDS, np.zeros(options))


def fit(said: Floats, scores: Sequence[Doubles], truth: Ints) -> tuple[Mix, Doubles]:
    """The mix of least loss, and the a of each view.

    `said` and the scores of each view: a row per example; `truth`: the option that each was filed under.
    """
    parts = np.stack([np.log1p(said).astype(np.float64), *scores])
    aim = np.concatenate([[TRUST_WORDS], np.full(len(scores), TRUST_SCORES), np.zeros(said.shape[1])])
    rows, views = np.arange(len(truth)), len(parts)

    def loss(at: Doubles) -> tuple[float, Doubles]:
        shares = softmax(np.tensordot(at[:views], parts, 1) + at[views:])
        off = at - aim
        value = -np.log(shares[rows, truth] + 1e-12).sum() + HOLD * (off**2).sum()
        shares[rows, truth] -= 1
        slope = np.concatenate([(shares * parts).sum((1, 2)), shares.sum(0)])
        return float(value), slope + 2 * HOLD * off

    best = minimize(loss, aim, jac=True, method="L-BFGS-B").x
    return Mix(float(best[0]), best[views:]), best[1:views]
