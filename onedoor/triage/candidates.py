"""Filings in memory, found in about a millisecond among 100,000 by the words they share and by where they lie.

Each filing is held as the buckets of the pairs of units (see `grams`) of its title and the beginning of its body, in
an inverted index: for each bucket the slots of the filings that have it. A search looks up the rarest pairs of the new
filing (up to `LOOKED_UP`, and no more than `READ_AT_MOST` entries in all) and adds up

    score = Σ idf² over shared pairs / √(pairs in the new · pairs in the held filing)

Only the best are kept. Where points are known, filings within the distance are found by a grid of cells, whether they
share words or not; of those whose point is not known, the best by words come after them. No text is held, and nothing
of who filed.

A filing that is taken out leaves its slot; entries of gone slots go when a bucket is read in which they are half or
more. One lock guards everything: adding takes about 0.1 ms, a search a millisecond, and threads wait that long for
one another at most.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import ceil, cos, floor, log, nan, radians
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from onedoor.triage.grams import BUCKETS, grams, units
from onedoor.triage.pairs import METRES_PER_DEGREE, PRIOR, Filed

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SHORT = 2  # buckets of the index are those of `grams` with so many bits fewer: a quarter of a million lists
READ_TITLE, READ = 200, 250  # characters of title and body that are indexed
LOOKED_UP, READ_AT_MOST = 100, 20_000
TITLE = 2.0  # how much more a pair in the title of the new filing tells
CELL = 500.0  # metres; the width of a cell of the grid


@dataclass(frozen=True)
class Near:
    """A filing that was found, and how much it shares with the new one; metres where both have a point."""

    number: str
    score: float
    metres: float | None


class Index:
    """Open filings by number. Safe to be used by several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._slots: dict[str, int] = {}
        self._numbers: list[str] = []
        self._live = bytearray()  # 1 by slot while it is held
        self._size = array("f")  # √ of the number of pairs, by slot
        self._points = array("d")  # lon and lat by slot; NaN without
        self._having: dict[int, array[int]] = {}
        self._times = np.zeros(
            BUCKETS >> SHORT, np.int32
        )  # entries by bucket, gone ones among them till it is tidied
        self._cells: defaultdict[tuple[int, int], set[int]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self._slots)

    def __contains__(self, number: str) -> bool:
        return number in self._slots

    def add(self, number: str, filed: Filed) -> None:
        """Takes a filing in; one that is held already is taken out first."""
        buckets = _buckets(filed)
        with self._lock:
            self._remove(number)
            slot = len(self._numbers)
            self._slots[number] = slot
            self._numbers.append(number)
            self._live.append(1)
            self._size.append(max(1, len(buckets)) ** 0.5)
            lon, lat = (nan, nan) if filed.lon is None or filed.lat is None else (filed.lon, filed.lat)
            self._points.extend((lon, lat))
            if lon == lon:
                self._cells[_cell(lon, lat)].add(slot)
            self._times[buckets] += 1
            for bucket in buckets.tolist():
                held = self._having.get(bucket)
                if held is None:
                    held = self._having[bucket] = array("i")
                held.append(slot)

    def remove(self, number: str) -> None:
        """Takes a filing out; nothing happens where it is not held."""
        with self._lock:
            self._remove(number)

    def _remove(self, number: str) -> None:
        slot = self._slots.pop(number, None)
        if slot is not None:
            self._numbers[slot], self._live[slot] = "", 0
            lon, lat = self._points[2 * slot : 2 * slot + 2]
            if lon == lon:
                self._cells[_cell(lon, lat)].discard(slot)
            if len(self._numbers) > 1000 and len(self._slots) < len(self._numbers) / 3:
                self._tidy()

    def _tidy(self) -> None:
        """Gives slots anew, without gaps: when two thirds are gone."""
        kept = np.flatnonzero(np.frombuffer(self._live, np.uint8)).tolist()
        fresh = np.full(len(self._numbers), -1, np.int32)
        fresh[kept] = np.arange(len(kept))
        for bucket, held in list(self._having.items()):
            moved = fresh[np.frombuffer(held, np.int32)]
            self._having[bucket] = array("i", moved[moved >= 0].tobytes())
            self._times[bucket] = len(self._having[bucket])
            if not self._having[bucket]:
                del self._having[bucket]
        self._cells = defaultdict(set, {
            cell: {int(fresh[slot]) for slot in slots} for cell, slots in self._cells.items() if slots
        })  # fmt: skip
        points = np.array(self._points).reshape(-1, 2)[kept]
        self._points = array("d", points.tobytes())
        self._size = array("f", np.array(self._size, np.float32)[kept].tobytes())
        self._numbers = [self._numbers[slot] for slot in kept]
        self._live = bytearray(b"\1" * len(kept))
        self._slots = {number: slot for slot, number in enumerate(self._numbers)}

    def rarity(self, found: Ints) -> Floats:
        """The idf of buckets of `grams` among what is held, as `pairs` takes it."""
        return self._idf(found >> SHORT)

    def _idf(self, buckets: Ints) -> Floats:
        total = log(PRIOR + len(self._slots))
        return np.asarray((total - np.log1p(self._times[buckets])).clip(0))

    def nearest(self, filed: Filed, most: int = 20, within: float | None = None) -> list[Near]:
        """The filings that share most with one, best first.

        With `within`, a distance in metres, those known to lie farther away are left out: at most `most` that lie
        within come first, then at most `most` of which no point is known. Where the new filing has none, or without
        `within`, words alone decide.
        """
        buckets = _buckets(filed)
        title = np.isin(buckets, _buckets(replace(filed, detail="")))
        with self._lock:
            slots, scores = self._scored(buckets, title)
            if within is None or filed.lon is None or filed.lat is None:
                return self._told(slots, scores, None, most)
            beside, far = self._beside(filed.lon, filed.lat, within)
            by_slot = dict(zip(slots.tolist(), scores.tolist(), strict=True))
            there = np.array([by_slot.get(slot, 0.0) for slot in beside.tolist()])
            nowhere = np.isnan(np.frombuffer(self._points, np.float64)[2 * slots])
            near = self._told(beside, there, far, most)
            return near + self._told(slots[nowhere], scores[nowhere], None, most)

    def _scored(self, buckets: Ints, title: Flags) -> tuple[Ints, Floats]:
        """The slots that share a rare pair with the buckets, and their scores."""
        times = self._times[buckets]
        rarest = np.argsort(np.where(title, -1.0, times), kind="stable")
        rarest = rarest[times[rarest] > 0][:LOOKED_UP]
        rarest = rarest[np.argsort(times[rarest], kind="stable")]
        enough = max(1, int(np.searchsorted(np.cumsum(times[rarest]), READ_AT_MOST)))
        looked_up = buckets[rarest[:enough]]
        lists = [np.array(self._having[bucket], np.int32) for bucket in looked_up.tolist()]
        weights = self._idf(looked_up) ** 2 * np.where(title[rarest[:enough]], TITLE, 1.0)
        if not lists:
            return np.empty(0, np.int64), np.empty(0)
        slots = np.concatenate(lists)
        if 2 * np.frombuffer(self._live, np.uint8)[slots].sum() < len(slots):
            self._tidied(looked_up.tolist())
        added = np.bincount(slots, np.repeat(weights, [len(held) for held in lists]), len(self._numbers))
        found = np.flatnonzero(added * np.frombuffer(self._live, np.uint8))
        size = np.frombuffer(self._size, np.float32)[found]
        return found, added[found] / (size * max(1, len(buckets)) ** 0.5)

    def _tidied(self, buckets: Iterable[int]) -> None:
        """Takes the entries of gone slots out of buckets that a search met full of them."""
        live = np.frombuffer(self._live, np.uint8)
        for bucket in buckets:
            held = np.array(self._having[bucket], np.int32)
            held = held[live[held] == 1]
            self._having[bucket] = array("i", held.tobytes())
            self._times[bucket] = len(held)

    def _beside(self, lon: float, lat: float, within: float) -> tuple[Ints, Floats]:
        """The slots within the distance, and their distances."""
        east, north = _cell(lon, lat)
        tall = ceil(within / CELL)
        wide = ceil(within / CELL / max(0.05, cos(radians(lat))))
        slots = [
            slot
            for x in range(east - wide, east + wide + 1)
            for y in range(north - tall, north + tall + 1)
            for slot in self._cells.get((x, y), ())
        ]
        found = np.array(slots, np.int64)
        points = np.frombuffer(self._points, np.float64).reshape(-1, 2)[found]
        far = np.hypot((points[:, 0] - lon) * cos(radians(lat)), points[:, 1] - lat) * METRES_PER_DEGREE
        return found[far <= within], far[far <= within]

    def _told(self, slots: Ints, scores: Floats, far: Floats | None, most: int) -> list[Near]:
        order = np.argsort(-scores, kind="stable") if len(scores) <= most else _largest(scores, most)
        return [
            Near(
                self._numbers[slots[place]], float(scores[place]), None if far is None else float(far[place])
            )
            for place in order.tolist()
        ]


def build(filings: Iterable[tuple[str, Filed]]) -> Index:
    """An index over many filings."""
    index = Index()
    for number, filed in filings:
        index.add(number, filed)
    return index


def _buckets(filed: Filed) -> Ints:
    title, body = filed.title[:READ_TITLE], filed.detail[:READ]
    found = np.concatenate([units(title), np.zeros(1, np.uint64), units(body)])
    buckets, _ = grams(found, (2,))
    return np.unique(buckets >> SHORT)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    """The cell of the grid: square in degrees, so narrower on the ground the farther from the equator."""
    wide = CELL / METRES_PER_DEGREE
    return floor(lon / wide), floor(lat / wide)


def _largest(scores: Floats, most: int) -> Ints:
    """The places of the largest scores, largest first, lower places first where they tie."""
    best = np.argpartition(-scores, most - 1)[:most]
    return best[np.lexsort((best, -scores[best]))]
