"""A body of messages held against itself: which pairs are worth a look, and what their words and names say.

Everything is counted from the messages alone, without labels. idf(g) = ln((n + 1) / (messages with g + ½)).

    title, body, whole   cosine of grams of two and three units, weighted (1 + ln times)·idf
    cross                the title of one against the whole of the other, the lower and the higher of the two ways
    cover                how much of one's grams (by idf) the other has: of the title; of the whole
    rare … common        the same cosines and sums in four bands: in under 0.14, 0.5, 2 and 7 % of the messages. What is
                         shared in the rare bands is the place or the firm; in the common ones, what is complained of
    passage              runs of six units in common
    topic                cosines in the spaces of the 60 and the 150 leading singular vectors (LSA, Deerwester et al.
                         1990) of grams neither rare nor common; `align` lets each gram of a title find its nearest in
                         the other
    names                of each kind (see `names`): shared, missing in one, missing in both
    beside               how the pair stands among each one's neighbours (local scaling, Zelnik-Manor and Perona 2004):
                         likeness less the mean of each one's five nearest; over the nearest; the ranks
    days, reporter       ln(1 + days between); whether both come from one reporter

`products` has those of every two of the figures named in `JOINED`: a place without the matter, or the matter without
the place, is not enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags_array
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from onedoor.triage import names
from onedoor.triage.grams import BUCKETS, grams, units

Floats = NDArray[np.float64]
Pairs = NDArray[np.int64]  # two columns of rows, the lower first

READ = 1500  # characters of the body
BANDS = ((0, 0.0014), (0.0014, 0.005), (0.005, 0.02), (0.02, 0.07))
TOPICS = (60, 150)  # singular vectors
RARELY, OFTEN = 5, 0.16  # of grams in so many messages at least, and in under this share of them
NEAREST = {"text": 40, "whole": 20, "cross": 10}  # candidates of each message by each likeness
ALIKE, FIRST = 0.25, 4  # what likeness, or which rank, is worth a look
BLOCK, ROWS = 400, 2000  # messages, and pairs, that are laid out at once
DEEP = 60  # ranks beyond are all the same
JOINED = (
    "title", "body", "whole", "cross low", "rare", "rare cross high", "topic title 150 even", "align 150 low",
    "topic 150", "reporter", "days", "passage high", "beside text", "rank low text", "estate missing in both",
    "number missing in both", "short", "cover low",
)  # fmt: skip


@dataclass(frozen=True)
class Message:
    """What is looked at. The reporter is an opaque key, and enters only as 'the same or not'."""

    title: str
    detail: str
    day: float
    reporter: str


class Corpus:
    """The messages as weighted grams, by row."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        read = [_read(message) for message in messages]
        self.size = len(messages)
        title, body, whole, title2, whole2, six = (_matrix(column) for column in zip(*read, strict=True))
        self.idf, self.idf2 = _idf(whole), _idf(whole2)
        self.share = np.bincount(whole2.indices, minlength=BUCKETS) / max(1, self.size)
        self.title, self.body, self.whole = (_unit(found, self.idf) for found in (title, body, whole))
        self.title2, self.whole2, self.six = title2, whole2, _ones(six)
        self.named = [names.read(message.title, message.detail[:READ]) for message in messages]
        self._near: dict[str, Floats] = {}

    def candidates(self) -> tuple[Pairs, Floats]:
        """The pairs worth naming (each message with its nearest by three likenesses), and their likeness."""
        like: dict[tuple[int, int], float] = {}
        near: dict[str, list[Floats]] = {name: [] for name in NEAREST}
        likenesses = self._likenesses()
        for start in range(0, self.size, BLOCK):
            blocks = {name: found(slice(start, start + BLOCK)) for name, found in likenesses.items()}
            for block in blocks.values():
                block[np.arange(len(block)), start + np.arange(len(block))] = -1
            joint = blocks["text"] + blocks["whole"] + blocks["cross"] / 2
            for name, block in blocks.items():
                rows, values = _largest(block, min(DEEP, self.size))
                near[name].append(values)
                for i, row in enumerate(rows[:, : NEAREST[name]].tolist()):
                    for j in row:
                        if j != start + i:
                            like[min(start + i, j), max(start + i, j)] = float(joint[i, j])
        self._near = {name: np.vstack(values) for name, values in near.items() if values}
        pairs = np.array(sorted(like), np.int64).reshape(-1, 2)
        return pairs, np.array([like[i, j] for i, j in pairs.tolist()])

    def _likenesses(self) -> dict[str, Callable[[slice], Floats]]:
        def times(a: csr_matrix, b: csr_matrix) -> Callable[[slice], Floats]:
            turned = b.T.tocsr()
            return lambda rows: (a[rows] @ turned).toarray()

        title, body, whole = (
            times(self.title, self.title),
            times(self.body, self.body),
            times(self.whole, self.whole),
        )
        there, back = times(self.title, self.whole), times(self.whole, self.title)
        return {
            "text": lambda rows: title(rows) + 2 * body(rows),
            "whole": whole,
            "cross": lambda rows: there(rows) + back(rows),
        }

    def worth_a_look(self, pairs: Pairs, likeness: Floats) -> NDArray[np.bool_]:
        """Which of the pairs are likely enough for the dearer figures: alike, or among the nearest of either."""
        kept = likeness > ALIKE
        for name in ("text", "whole"):
            fourth = self._near[name][:, min(FIRST, self.size) - 1]
            value = self._value(name, *pairs.T)
            kept |= value >= np.minimum(fourth[pairs[:, 0]], fourth[pairs[:, 1]]) - 1e-6
        return kept

    def _value(self, name: str, a: Pairs, b: Pairs) -> Floats:
        if name == "whole":
            return _dot(self.whole, self.whole, a, b)
        return _dot(self.title, self.title, a, b) + 2 * _dot(self.body, self.body, a, b)

    def figures(self, pairs: Pairs) -> tuple[list[str], Floats]:
        """The figures of each pair: the names of the columns, and the table. `candidates` comes first."""
        table: dict[str, Floats] = {}
        a, b = pairs.T
        self._words(table, a, b)
        self._bands(table, a, b)
        self._topics(table, a, b)
        self._names(table, pairs)
        self._beside(table, a, b)
        days = np.array([message.day for message in self.messages])
        table["days"] = np.log1p(np.abs(days[a] - days[b]))
        reporters = np.array([message.reporter for message in self.messages])
        table["reporter"] = (reporters[a] == reporters[b]).astype(float)
        columns = list(table)
        return columns, np.stack([np.asarray(table[column], np.float64) for column in columns], 1)

    def _words(self, table: dict[str, Floats], a: Pairs, b: Pairs) -> None:
        for name, found in (("title", self.title), ("body", self.body), ("whole", self.whole)):
            table[name] = _dot(found, found, a, b)
        _both(table, "cross", _dot(self.title, self.whole, a, b), _dot(self.whole, self.title, a, b))
        title, whole = _ones(self.title2), _ones(self.whole2)
        _cover(table, "cover", title, whole, self.idf2**1.5, a, b)
        _cover(table, "cover whole", whole, whole, self.idf2, a, b)
        _cover(table, "passage", self.six, self.six, np.ones(BUCKETS), a, b)
        table["passages"] = np.log1p(_dot(self.six, self.six, a, b))
        for name, found in (("", whole), (" title", title)):
            size = np.log1p(np.asarray(found.sum(1)).ravel())
            _both(table, "", size[a], size[b], ("short" + name, "long" + name))

    def _bands(self, table: dict[str, Floats], a: Pairs, b: Pairs) -> None:
        for (low, high), name in zip(BANDS, ("rare", "seldom", "middling", "common"), strict=True):
            weight = np.where((self.share >= low) & (self.share < high), self.idf2, 0)
            whole, title = _unit(self.whole2, weight), _unit(self.title2, weight)
            table[name], table[f"{name} title"] = _dot(whole, whole, a, b), _dot(title, title, a, b)
            _both(table, f"{name} cross", _dot(whole, title, a, b), _dot(title, whole, a, b))
            summed = _ones(self.whole2) @ diags_array(weight)
            table[f"{name} sum"] = np.log1p(_dot(summed, _ones(self.whole2), a, b))

    def _topics(self, table: dict[str, Floats], a: Pairs, b: Pairs) -> None:
        kept = np.flatnonzero((self.share * self.size >= RARELY) & (self.share < OFTEN))
        idf = self.idf2[kept]
        weighted = {
            "whole": self.whole2[:, kept] @ diags_array(idf),
            "title": self.title2[:, kept] @ diags_array(idf),
        }
        for many in TOPICS:
            if min(len(kept), self.size) <= many:
                continue
            space = TruncatedSVD(many, random_state=0, n_iter=3).fit(normalize(weighted["whole"]))
            plain = space.components_.T
            even = normalize(plain * np.sqrt(space.singular_values_))
            for mark, vectors in ((f"{many}", plain), (f"{many} even", even)):
                at = {part: normalize(found @ vectors) for part, found in weighted.items()}
                table[f"topic {mark}"] = (at["whole"][a] * at["whole"][b]).sum(1)
                table[f"topic title {mark}"] = (at["title"][a] * at["title"][b]).sum(1)
                crossed = (at["title"][a] * at["whole"][b]).sum(1), (at["whole"][a] * at["title"][b]).sum(1)
                _both(table, f"topic cross {mark}", *crossed)
            _both(table, f"align {many}", *_aligned(self.title2[:, kept], even, idf, a, b))

    def _names(self, table: dict[str, Floats], pairs: Pairs) -> None:
        counted = Counter(name for named in self.named for held in named.whole.values() for name in held)
        weight = {name: log((self.size + 1) / times) for name, times in counted.items()}

        def total(found: Iterable[str]) -> float:
            return sum(weight.get(name, 0.0) for name in found)

        for kind in names.ALL_KINDS:
            own = [total(named.title.get(kind, ())) for named in self.named]
            rows = np.zeros((len(pairs), 3))
            for row, (i, j) in enumerate(pairs.tolist()):
                one, other = self.named[i], self.named[j]
                if not (own[i] or own[j]) and (kind not in one.whole or kind not in other.whole):
                    continue
                found = names.compare(one, other, kind)
                shares = [
                    total(lost) / own[k] for k, lost in zip((i, j), found.missing, strict=True) if own[k]
                ]
                rows[row] = total(found.shared), max(shares, default=0), min(shares, default=0)
            table[f"{kind} shared"] = np.log1p(rows[:, 0])
            table[f"{kind} missing"], table[f"{kind} missing in both"] = rows[:, 1], rows[:, 2]

    def _beside(self, table: dict[str, Floats], a: Pairs, b: Pairs) -> None:
        for name in ("text", "whole"):
            near, value = self._near[name], self._value(name, a, b)
            usual, best = near[:, :5].mean(1), np.maximum(near[:, 0], 1e-6)
            table[f"beside {name}"] = value - (usual[a] + usual[b]) / 2
            _both(table, f"of best {name}", value / best[a], value / best[b])
            ranks = [np.array([np.searchsorted(-near[i], -v) for i, v in zip(rows, value - 1e-6, strict=True)])
                     for rows in (a, b)]  # fmt: skip
            low, high = (np.log1p(found.astype(float)) for found in ranks)
            _both(table, "", low, high, (f"rank low {name}", f"rank high {name}"))


def products(columns: Sequence[str], table: Floats) -> Floats:
    """The products of every two of the standardised figures in `JOINED`, squares included."""
    kept = [columns.index(name) for name in JOINED if name in columns]
    found = np.clip((table[:, kept] - table[:, kept].mean(0)) / (table[:, kept].std(0) + 1e-9), -3, 3)
    first, second = np.triu_indices(len(kept))
    return found[:, first] * found[:, second]


def _read(message: Message) -> tuple[tuple[Pairs, Floats], ...]:
    title, body = units(message.title), units(message.detail[:READ])
    whole = np.concatenate([title, np.zeros(1, np.uint64), body])
    return (grams(title, (2, 3)), grams(body, (2, 3)), grams(whole, (2, 3)),
            grams(title, (2,)), grams(whole, (2,)), grams(whole, (6,)))  # fmt: skip


def _matrix(rows: Sequence[tuple[Pairs, Floats]]) -> csr_matrix:
    ends = np.cumsum([0, *(len(buckets) for buckets, _ in rows)])
    weights = np.concatenate([weight for _, weight in rows])
    return csr_matrix(
        (weights, np.concatenate([buckets for buckets, _ in rows]), ends), shape=(len(rows), BUCKETS)
    )


def _idf(found: csr_matrix) -> Floats:
    times = np.bincount(found.indices, minlength=BUCKETS)
    return np.where(times > 1, np.log((found.shape[0] + 1) / (times + 0.5)), 0).clip(0)


def _unit(found: csr_matrix, weight: Floats) -> csr_matrix:
    return normalize(csr_matrix(found @ diags_array(weight)))


def _ones(found: csr_matrix) -> csr_matrix:
    return csr_matrix((np.ones_like(found.data), found.indices, found.indptr), shape=found.shape)


def _largest(block: Floats, most: int) -> tuple[Pairs, Floats]:
    """Of each row the columns of the largest values, largest first, and the values."""
    order = np.argpartition(-block, most - 1, axis=1)[:, :most]
    value = np.take_along_axis(block, order, 1)
    place = np.argsort(-value, axis=1, kind="stable")
    return np.take_along_axis(order, place, 1), np.take_along_axis(value, place, 1)


def _dot(one: csr_matrix, other: csr_matrix, a: Pairs, b: Pairs) -> Floats:
    """The scalar products of rows `a` of the one with rows `b` of the other; a block at a time saves memory."""
    steps = [slice(at, at + ROWS) for at in range(0, len(a), ROWS)]
    parts = [np.asarray(one[a[step]].multiply(other[b[step]]).sum(1)).ravel() for step in steps]
    return np.concatenate([*parts, np.zeros(0)])


def _both(
    table: dict[str, Floats], name: str, x: Floats, y: Floats, ends: tuple[str, str] | None = None
) -> None:
    low, high = ends or (f"{name} low", f"{name} high")
    table[low], table[high] = np.minimum(x, y), np.maximum(x, y)


def _cover(table: dict[str, Floats], name: str, part: csr_matrix, whole: csr_matrix, weight: Floats,
           a: Pairs, b: Pairs) -> None:  # fmt: skip
    weighted = csr_matrix(part @ diags_array(weight))
    total = np.maximum(np.asarray(weighted.sum(1)).ravel(), 1e-6)
    _both(table, name, _dot(weighted, whole, a, b) / total[a], _dot(weighted, whole, b, a) / total[b])


def _aligned(titles: csr_matrix, vectors: Floats, idf: Floats, a: Pairs, b: Pairs) -> tuple[Floats, Floats]:
    rows = [titles.indices[start:end] for start, end in zip(titles.indptr, titles.indptr[1:], strict=False)]
    found = np.zeros((2, len(a)))
    for pair, (i, j) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        x, y = rows[i], rows[j]
        if len(x) and len(y):
            like = np.maximum(vectors[x] @ vectors[y].T, x[:, None] == y[None])
            found[:, pair] = (like.max(1) @ idf[x]) / idf[x].sum(), (like.max(0) @ idf[y]) / idf[y].sum()
    return found[0], found[1]
