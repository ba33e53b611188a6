"""How good a classifier is: what it says of texts whose category is known.

macro_f1  mean over the categories that occur of 2 · right / (filed under it + guessed it)
ece       Σ over ten equal bins of confidence of |share right − mean confidence| · share of texts in the bin
automatic the largest share of texts, the most confident first, of which at least 98 % are right
log_loss  mean of −ln share of the right category, which must be among the three suggested (else −ln 0.001)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from onedoor.triage.classify import Classifier, Example
from onedoor.triage.tree import ROOT, Node

RIGHT = 0.98
UNSEEN = 0.001


@dataclass(frozen=True)
class Figures:
    """What was measured; shares from 0 to 1."""

    n: int
    accuracy: float
    macro_f1: float
    ece: float
    automatic: float
    log_loss: float


def measure(model: Classifier, examples: Sequence[Example]) -> Figures:
    """Asks a classifier about texts it has not learned from. Raises ValueError without any."""
    if not examples:
        raise ValueError("nothing to measure on")
    suggested = [model.suggest(one.title, one.detail) for one in examples]
    shares = [{one.code: one.share for one in found} for found in suggested]
    losses = [-log(max(UNSEEN, said.get(one.code, 0.0))) for said, one in zip(shares, examples, strict=True)]
    guesses = [(found[0].code, found[0].share) for found in suggested]
    return figures([one.code for one in examples], guesses, sum(losses) / len(losses))


def figures(truth: Sequence[str], guesses: Sequence[tuple[str, float]], log_loss: float = 0.0) -> Figures:
    """The figures of guesses: (category, confidence) each."""
    right = np.array([true == code for true, (code, _) in zip(truth, guesses, strict=True)])
    confidence = np.array([share for _, share in guesses])
    return Figures(
        len(truth), float(right.mean()), _macro_f1(truth, guesses), _ece(right, confidence),
        _automatic(right, confidence), log_loss,
    )  # fmt: skip


def _macro_f1(truth: Sequence[str], guesses: Sequence[tuple[str, float]]) -> float:
    filed, guessed = Counter(truth), Counter(code for code, _ in guesses)
    right = Counter(true for true, (code, _) in zip(truth, guesses, strict=True) if true == code)
    return sum(2 * right[code] / (filed[code] + guessed[code]) for code in filed) / len(filed)


def _ece(right: np.ndarray, confidence: np.ndarray) -> float:
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    parts = [
        (right[bins == b].mean() - confidence[bins == b].mean(), (bins == b).mean())
        for b in set(bins.tolist())
    ]
    return float(sum(abs(off) * share for off, share in parts))


def _automatic(right: np.ndarray, confidence: np.ndarray) -> float:
    order = np.lexsort((right, -confidence))  # of equally confident ones, the wrong first
    enough = np.flatnonzero(np.cumsum(right[order]) / np.arange(1, len(right) + 1) >= RIGHT)
    return float((enough[-1] + 1) / len(right)) if len(enough) else 0.0


def nodes(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> list[Node]:
    """The nodes of a tree given as rows of names, the top level first, and what may be filed: the level of the labels.

    A node's code is its name on that level and above it, and its path below. Labels that the tree lacks stand alone.
    """
    wanted = set(labels)
    depth = max((row.index(name) for row in rows for name in row if name in wanted), default=0)
    made: dict[str, Node] = {}
    for row in rows:
        parent = ROOT
        for level, name in enumerate(row):
            if not name:
                break
            code = name if level <= depth else f"{parent}/{name}"
            made.setdefault(code, Node(code, parent, name, filed=level == depth))
            parent = code
    for label in wanted - set(made):
        made[label] = Node(label, ROOT, label)
    return list(made.values())
