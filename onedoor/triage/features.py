"""What a text is judged by: one sparse row of four parts, each of a fixed length, so that long and short texts compare.

    runs of 1–3 characters in title and body   (1 + ln n) · idf     length 1
    runs of 1–3 characters in the title        (1 + ln n) · idf     length 0.6
    words of the tree found                    √said                length 1
    groups of words that mean one thing        √Σ said · weight     length 1

idf(run) = ln((1 + texts) / (1 + texts with it)) + 1; runs seen in fewer than three texts are left out. Who reports is
no part of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from onedoor.triage.text import BITS, LONGEST_READ, Floats, Ints, Read, Spotter
from onedoor.triage.tree import Prior

RUNS, TITLE, WORDS, GROUPS = 1.0, 0.6, 1.0, 1.0  # the lengths of the parts
IN_TITLE = 4.0  # what a word in the title counts, against one in the body
LEAST = 3  # texts that a run must be seen in
_SPACE = 1 << BITS
_NONE = np.zeros(0, np.int32)
_OFTEN = 1 + np.log(np.maximum(1, np.arange(LONGEST_READ + 1))).astype(
    np.float32
)  # by how often a run is there


@dataclass(frozen=True)
class Looked:
    """A text as the model sees it: the words found (number, begin, end), how much each is said, and its row."""

    read: Read
    places: list[tuple[int, int, int]]
    ids: Ints  # of the words found, each once
    said: Floats
    columns: NDArray[np.int32]  # of every run, in the order of `read.runs`; -1 where it does not count
    at: Ints  # the row: columns and values
    values: Floats


class Features:
    """Turns texts into rows: `kept` are the buckets that count (title runs shifted by 2^BITS), `idf` their weights."""

    def __init__(self, prior: Prior, kept: Ints, idf: Floats) -> None:
        self.prior, self.kept, self.idf = prior, kept, idf
        self.spotter = Spotter(prior.words)
        self.title_at = int(np.searchsorted(kept, _SPACE))
        self.words_at = len(kept)
        self.groups_at = self.words_at + len(prior.words)
        self.width = self.groups_at + prior.groups.shape[1]

    @cached_property
    def _column(self) -> NDArray[np.int32]:
        column = np.full(2 * _SPACE, -1, np.int32)
        column[self.kept] = np.arange(len(self.kept))
        return column

    def look(self, title: str, detail: str) -> Looked:
        """Reads a text."""
        read = Read(title, detail)
        places = self.spotter.find(read)
        ids, said = _said(places, read.title_end)
        if not self.words_at:  # nothing was learned: the words are all that counts
            return Looked(read, places, ids, said, _NONE, ids, said)
        columns = self._column[read.runs.buckets]
        parts = self._runs(np.concatenate([columns, self._column[read.runs.in_title + _SPACE]]))
        if len(ids):
            groups = said @ self.prior.groups[ids]
            meant = np.flatnonzero(groups)
            parts.append((ids + self.words_at, _long(np.sqrt(said), WORDS)))
            parts.append((meant + self.groups_at, _long(np.sqrt(groups[meant]), GROUPS)))
        at, values = (np.concatenate(part) for part in zip(*parts, strict=True))
        return Looked(read, places, ids, said, columns, at, values)

    def _runs(self, columns: NDArray[np.int32]) -> list[tuple[Ints, Floats]]:
        """The runs of the whole text and of the title: columns of title runs lie above all others."""
        known = np.sort(columns[columns >= 0])
        new = np.ones(len(known) + 1, bool)
        np.not_equal(known[1:], known[:-1], out=new[1:-1])
        first = np.flatnonzero(new)
        at, times = known[first[:-1]].astype(np.int64), np.minimum(first[1:] - first[:-1], len(_OFTEN) - 1)
        values, title = _OFTEN[times] * self.idf[at], int(np.searchsorted(at, self.title_at))
        return [(at[:title], _long(values[:title], RUNS)), (at[title:], _long(values[title:], TITLE))]


def _said(places: list[tuple[int, int, int]], title_end: int) -> tuple[Ints, Floats]:
    """The words found, each once, and how much each is said: (4 in the title, 1 in the body) · (1 + ln times)."""
    times: dict[tuple[int, bool], int] = {}
    for number, begin, _ in places:
        key = (number, begin < title_end)
        times[key] = times.get(key, 0) + 1
    said: dict[int, float] = {}
    for (number, titled), count in times.items():
        said[number] = said.get(number, 0.0) + (IN_TITLE if titled else 1.0) * (1 + log(count))
    return np.array([*said], np.int64), np.array([*said.values()], np.float32)


def _long(values: Floats, length: float) -> Floats:
    """The values stretched to a length."""
    norm = sqrt(float(values @ values))
    return values * np.float32(length / norm if norm else 0.0)


def learn(prior: Prior, reads: Sequence[Read], most: int) -> Features:
    """The runs that count in these texts: those in at least three, at most `most`, the more frequent first."""
    seen = np.zeros(2 * _SPACE, np.int64)
    for read in reads:
        seen[np.unique(read.runs.buckets)] += 1
        seen[np.unique(read.runs.in_title) + _SPACE] += 1
    kept = np.flatnonzero(seen >= LEAST)
    if len(kept) > most:
        kept = np.sort(kept[np.argsort(-seen[kept], kind="stable")[:most]])
    idf = np.log((1 + len(reads)) / (1 + seen[kept])) + 1
    return Features(prior, kept, idf.astype(np.float32))


def nothing(prior: Prior) -> Features:
    """Before the first example: the words of the tree alone."""
    return Features(prior, np.zeros(0, np.int64), np.zeros(0, np.float32))


def matrix(looked: Sequence[Looked], width: int) -> csr_matrix:
    """Rows under each other."""
    ends = np.concatenate([[0], np.cumsum([len(one.at) for one in looked])])
    at = np.concatenate([one.at for one in looked]).astype(np.int32)
    return csr_matrix((np.concatenate([one.values for one in looked]), at, ends), shape=(len(looked), width))
