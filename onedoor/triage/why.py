"""The words that decided: pieces of the text itself, the most telling first.

Of a learned choice, a run of characters speaks for an option by idf · (its weight − the mean over the options); what
it says is shared out among its characters, and a stretch of characters that say much is a word. What the words of the
tree say needs no such reckoning: they are words already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from onedoor.triage.text import Floats

if TYPE_CHECKING:
    from onedoor.triage.classify import Classifier
    from onedoor.triage.features import Looked

MOST = 5  # words
LONGEST = 10  # characters of a word
TELLING = 0.3  # of what the strongest character says


def deciding(model: Classifier, looked: Looked, steps: list[tuple[str, int]]) -> tuple[str, ...]:
    """The words of the text that decided for the choices made on the way: (at which node, which option)."""
    spoken = [model.prior.options[at][looked.ids, option].tolist() for at, option in steps]
    says = {number: sum(parts) for number, *parts in zip(looked.ids.tolist(), *spoken, strict=True)}
    weight = {(begin, end): says[number] for number, begin, end in looked.places if says[number] > 0}
    taught = [(at, option) for at, option in steps if at in model.choices and len(model.choices[at].weights)]
    if taught:
        telling = _telling(model, looked, taught)
        spans = [*weight, *_stretches(telling, list(weight))]
        weight = {(begin, end): float(telling[begin:end].sum()) for begin, end in spans}
    ranked = sorted(weight, key=lambda span: -weight[span])
    return tuple(dict.fromkeys(looked.read.written[begin:end] for begin, end in ranked))[:MOST]


def _telling(model: Classifier, looked: Looked, steps: list[tuple[str, int]]) -> Floats:
    """How much every character says for the options taken: what each run says, shared out among its characters."""
    there, runs = looked.columns >= 0, looked.read.runs
    columns, at, lengths = looked.columns[there].astype(np.int64), runs.at[there], runs.lengths[there]
    said = np.zeros(len(columns), np.float32)
    for node, option in steps:
        said += model.choices[node].gain(columns, option)
    said *= model.features.idf[columns] / lengths
    telling = np.zeros(len(looked.read.written))
    for shift in range(int(lengths.max(initial=0))):
        inside = slice(int(np.searchsorted(lengths, shift, "right")), None)  # runs are in order of length
        telling += np.bincount(at[inside] + shift, said[inside], len(telling))
    return telling.astype(np.float32)


def _stretches(telling: Floats, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of two to ten characters that say much, outside the words found already."""
    loud = telling > TELLING * max(float(telling.max(initial=0.0)), 1e-6)
    for begin, end in taken:
        loud[begin:end] = False
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8)))
    pairs = edges.reshape(-1, 2).tolist()
    return [(begin, min(end, begin + LONGEST)) for begin, end in pairs if end - begin > 1]
