"""Classifiers that learned from lessons, as the door keeps them: trained into bytes, read back from them.

Every category is the mean of what was sorted under it (TF-IDF over pairs and triples of characters, Rocchio 1971); a
text goes where it is most like, the catalogue's words having their say:
share ∝ exp(14 · cosine(text, category) + 3 · share by the catalogue's words).
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from onedoor.intake.classify import Classifier, Suggestion
from onedoor.intake.lessons import Lesson

SIZE = 1 << 15  # columns into which pieces of words are thrown
LIKENESS, WORDS = 14.0, 3.0
READ = 600  # characters of the body


def train(lessons: Sequence[Lesson]) -> bytes:
    """What was learned from these lessons, as bytes that `read` takes."""
    codes = sorted({lesson.code for lesson in lessons})
    rows = {code: row for row, code in enumerate(codes)}
    found = [_pieces(lesson.title, lesson.detail) for lesson in lessons]
    seen = np.zeros(SIZE, np.float32)
    for pieces in found:
        seen[list(pieces)] += 1
    rarity = (np.log((len(found) + 1) / (seen + 1)) + 1).astype(np.float32)
    means = np.zeros((len(codes), SIZE), np.float32)
    for lesson, pieces in zip(lessons, found, strict=True):
        at, values = _weighed(pieces, rarity)
        means[rows[lesson.code], at] += values
    means /= np.linalg.norm(means, axis=1, keepdims=True) + 1e-9
    target = io.BytesIO()
    np.savez_compressed(target, codes=np.array(codes), means=means.astype(np.float16), rarity=rarity)
    return target.getvalue()


def read(body: bytes, words: Classifier) -> Classifier:
    """The classifier out of its bytes; `words` is what the catalogue alone says. Raises ValueError."""
    try:
        held = np.load(io.BytesIO(body), allow_pickle=False)
        return Taught(
            [str(code) for code in held["codes"]], held["means"].astype(np.float32), held["rarity"], words
        )
    except (OSError, KeyError, EOFError) as error:
        raise ValueError(str(error)) from error


class Taught:
    """Suggests by likeness to what was sorted before."""

    def __init__(self, codes: list[str], means: Any, rarity: Any, words: Classifier) -> None:
        self.codes, self.means, self.rarity, self.words = codes, means, rarity, words

    def suggest(self, title: str, detail: str, most: int = 3) -> list[Suggestion]:
        """The best categories, best first; the words are those of the catalogue that spoke for each."""
        at, values = _weighed(_pieces(title, detail), self.rarity)
        scores = dict(zip(self.codes, (LIKENESS * (self.means[:, at] @ values)).tolist(), strict=True))
        said = self.words.suggest(title, detail, 8)
        for one in said:
            scores[one.code] = scores.get(one.code, 0.0) + WORDS * one.share
        why = {one.code: one.words for one in said}
        best = sorted(scores, key=lambda code: (-scores[code], code))
        raised = np.exp(np.array([scores[code] for code in best]) - scores[best[0]])
        shares = (raised / raised.sum()).tolist()
        pairs = list(zip(best, shares, strict=True))[:most]
        return [Suggestion(code, round(share, 4), why.get(code, ())) for code, share in pairs]


def _pieces(title: str, detail: str) -> Counter[int]:
    """How often each pair and triple of characters stands in a text; the title counts twice."""
    text = f"{title}\n{title}\n{detail[:READ]}"
    return Counter(_column(text[at : at + n]) for n in (2, 3) for at in range(len(text) - n + 1))


def _column(piece: str) -> int:
    value = 0
    for letter in piece:
        value = (value * 1_000_003 + ord(letter)) & 0xFFFFFFFF
    return (value ^ (value >> 15)) % SIZE


def _weighed(pieces: Counter[int], rarity: Any) -> tuple[list[int], Any]:
    """The columns of a text and their weights, of length 1 together."""
    at = list(pieces)
    values = (1 + np.log(np.array(list(pieces.values()), np.float32))) * rarity[at]
    return at, values / (np.linalg.norm(values) + 1e-9)
