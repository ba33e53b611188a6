"""How far a check agrees with people's labels: precision, recall, Cohen's kappa (1960), and the area under the ROC.

kappa = (agreed - by chance) / (1 - by chance)     0 for no better than chance, 1 for the same everywhere
auc   = the chance that one labelled yes has more of it than one labelled no (ties count half); 0.5 says nothing
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Agreement:
    """Of how many, and how far. None where a figure has no meaning: nothing found, or only one answer given."""

    rows: int
    labelled_yes: int
    precision: float | None
    recall: float | None
    recall_of_no: float | None
    kappa: float | None
    auc: float | None


def agreement(found: Flags, amounts: ArrayLike, label: Flags) -> Agreement:
    """Holds what a check found, and how much of it, against a label of the same rows."""
    return Agreement(
        rows=len(label),
        labelled_yes=int(label.sum()),
        precision=_share(found & label, found),
        recall=_share(found & label, label),
        recall_of_no=_share(~found & ~label, ~label),
        kappa=kappa(found, label),
        auc=auc(amounts, label),
    )


def kappa(a: Flags, b: Flags) -> float | None:
    """Cohen's kappa of two yes-or-no judgements of the same rows."""
    if not len(a):
        return None
    chance = a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean())
    return None if chance == 1 else _rounded(((a == b).mean() - chance) / (1 - chance))


def auc(amounts: ArrayLike, label: Flags) -> float | None:
    """The area under the ROC, by ranks (Mann and Whitney 1947)."""
    yes, no = int(label.sum()), int((~label).sum())
    if not yes or not no:
        return None
    _, place, counts = np.unique(np.asarray(amounts, float), return_inverse=True, return_counts=True)
    rank = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return _rounded((rank[label].sum() - yes * (yes + 1) / 2) / (yes * no))


def _share(part: Flags, whole: Flags) -> float | None:
    return _rounded(part.sum() / whole.sum()) if whole.any() else None


def _rounded(value: float) -> float:
    return round(float(value), 4)
