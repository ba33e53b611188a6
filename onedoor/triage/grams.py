"""A text as buckets of short runs, for comparing texts: what is the same must fall together, what differs must not.

A unit is one Han character, or one whole word of any other script, or one number: "A3区" and "A7区" share no run of two
units, and English is compared word by word. A gram is a run of units with nothing but themselves between them.

    bucket(gram) = the top 20 bits of a 64-bit mix of its units
    weight       = 1 + ln(times it occurs)

Unlike `text`, which classification reads, digits are kept as they are: in "58车贷" and "地铁3号线" they are the name.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BITS = 20
BUCKETS = 1 << BITS
_HAN = "\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[^\W_{_HAN}]+")
_WORDS_FROM, _WORDS = 0xF0000, 65_000  # words of other scripts become one private character each
_MIX = tuple(np.uint64(x) for x in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


def units(text: str) -> NDArray[np.uint64]:
    """The units of a text as numbers, one for each place; 0 for what separates them."""
    text = _WORD.sub(lambda word: chr(_WORDS_FROM + zlib.crc32(word[0].encode()) % _WORDS), text.lower())
    found = np.frombuffer(text.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    han = ((found >= 0x3400) & (found <= 0x9FFF)) | ((found >= 0xF900) & (found <= 0xFAFF))
    return np.where(han | (found >= _WORDS_FROM), found, np.uint64(0))


def runs(found: NDArray[np.uint64], length: int) -> Ints:
    """The buckets of all runs of so many units, as often as they occur, in the order of the text."""
    count = max(0, len(found) - length + 1)
    mixed, whole = np.full(count, length, np.uint64), np.ones(count, bool)
    for shift in range(length):
        part = found[shift : shift + count]
        mixed = (mixed * _MIX[0]) ^ (part * _MIX[1])
        whole &= part != 0
    mixed = mixed[whole] * _MIX[2]
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def grams(found: NDArray[np.uint64], lengths: Iterable[int]) -> tuple[Ints, Floats]:
    """The different buckets of the runs of these lengths, sorted, and their weights. Single words count as well."""
    parts = [runs(found, length) for length in lengths]
    parts.append(runs(found[found >= _WORDS_FROM], 1))
    buckets, times = np.unique(np.concatenate(parts), return_counts=True)
    return buckets, 1 + np.log(times)
