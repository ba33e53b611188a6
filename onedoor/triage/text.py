"""A text as numbers: every character folded, every run of one to three characters hashed, words found in it.

    fold(c)    = the character in half width and lower case; a digit is 0; what is no letter and no digit is a blank
    bucket(g)  = the top BITS bits of a 64-bit mix of the folded characters of the run g

Characters are folded one to one, so a place in the folded text is the same place in the text as it was written.
Everything runs in numpy over whole texts: there is no loop over characters, and no text is too long for a fixed cost.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

LONGEST_TITLE, LONGEST_READ = (
    200,
    3000,
)  # characters of the title, and of title and body together, that are read
ORDERS = (1, 2, 3)  # lengths of the runs
BITS = 20
BLANK = 32
_BASIC = 0x10000  # characters beyond the basic plane (emoji, rare ideographs) are one and the same
_MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9))  # splitmix64, Steele et al. 2014

Codes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@cache
def _folds() -> NDArray[np.uint64]:
    return np.array([_folded(chr(code)) for code in range(_BASIC)], np.uint64)


def _folded(char: str) -> int:
    if 0xD800 <= ord(char) < 0xE000:
        return BLANK
    plain = unicodedata.normalize("NFKC", char).lower()
    plain = plain if len(plain) == 1 else char
    kind = unicodedata.category(plain)[0]
    return BLANK if kind in "ZPCS" else ord("0") if plain.isdigit() else min(ord(plain), _BASIC - 1)


def codes(text: str) -> Codes:
    """The folded characters of a text as numbers, one for one."""
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    return _folds()[np.minimum(raw, _BASIC - 1)]


def folded(text: str) -> str:
    """The folded text, as long as the text itself."""
    return _string(codes(text))


def _string(found: Codes) -> str:
    return found.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")


def runs(found: Codes) -> list[tuple[Ints, NDArray[np.bool_]]]:
    """By length, one to three: the bucket of the run that begins at each place, and whether no blank is in it."""
    letters = found != BLANK
    state, whole = np.full(len(found), _MIX[0]), np.ones(len(found), bool)
    made = []
    for length in ORDERS:
        count = max(0, len(found) - length + 1)
        state = state[:count] * _MIX[0] ^ found[length - 1 :]
        whole = whole[:count] & letters[length - 1 :]
        mixed = (state ^ (state >> np.uint64(31))) * _MIX[1]
        made.append(((mixed >> np.uint64(64 - BITS)).astype(np.int64), whole))
    return made


class Read:
    """A title and a body as they were written, and folded; `runs` says what they are made of."""

    def __init__(self, title: str, detail: str) -> None:
        title = title[:LONGEST_TITLE]
        self.written = f"{title}\n{detail[: LONGEST_READ - len(title)]}"
        self.title_end = len(title)
        self.codes = codes(self.written)
        self.folded = _string(self.codes)

    @cached_property
    def runs(self) -> Runs:
        """All runs without a blank in them."""
        parts = runs(self.codes)
        places = [np.flatnonzero(whole) for _, whole in parts]
        buckets = [own[at] for (own, _), at in zip(parts, places, strict=True)]
        lengths = np.repeat(ORDERS, [len(at) for at in places])
        return Runs(np.concatenate(places), lengths, np.concatenate(buckets), self.title_end)


@dataclass(frozen=True)
class Runs:
    """The runs of a text, the shorter ones first: where each begins, how long it is, its bucket."""

    at: Ints
    lengths: Ints
    buckets: Ints
    title_end: int

    @property
    def in_title(self) -> Ints:
        """The buckets of those that lie in the title."""
        return self.buckets[self.at + self.lengths <= self.title_end]


class Spotter:
    """Finds words in texts: the longest at every place, none inside another."""

    def __init__(self, words: Iterable[str]) -> None:
        self.ids = {folded(word): number for number, word in enumerate(words)}
        starts: dict[str, set[int]] = defaultdict(set)
        for word in self.ids:
            starts[word[:2]].add(len(word))
        self._lengths = {start: sorted(found, reverse=True) for start, found in starts.items()}
        self._begins = np.zeros(
            _BASIC, bool
        )  # by a hash of two characters: whether a word may begin with them
        self._single = np.zeros(_BASIC, bool)  # by character: whether it is a word alone
        for start in starts:
            (self._begins if len(start) > 1 else self._single)[_pairs(codes(start))[0]] = True

    def find(self, read: Read) -> list[tuple[int, int, int]]:
        """(number of the word, where it begins, where it ends) in the order of the text."""
        begins = self._begins[_pairs(read.codes)] | self._single[read.codes]
        found, end, lengths, ids, text = [], 0, self._lengths, self.ids, read.folded
        for place in np.flatnonzero(begins).tolist():
            if place < end:
                continue
            for length in (*lengths.get(text[place : place + 2], ()), 1):
                number = ids.get(text[place : place + length])
                if number is not None:
                    end = place + length
                    found.append((number, place, end))
                    break
        return found


def _pairs(found: Codes) -> Ints:
    """By place, a hash of the character and the next one; of the last, the character itself."""
    mixed = found.astype(np.int64)
    mixed[:-1] = (mixed[:-1] * 40503 + mixed[1:]) % _BASIC  # Knuth's multiplier for 16 bits
    return mixed
