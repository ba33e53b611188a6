"""Drawing a stratified sample from anonymous frames, and how many of those drawn answered. Pure.

A frame is a number of households or telephone numbers in a township. Whoever carries out the survey holds the list;
OneDoor only says which places of it are called (“the 17th of this township”), and keeps counts of what came of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction

COMPLETE, PARTIAL, REFUSED, NOT_REACHED, OTHER, UNKNOWN, INELIGIBLE = (
    "complete", "partial", "refused", "not_reached", "other", "unknown", "ineligible",
)  # fmt: skip
OUTCOMES = (COMPLETE, PARTIAL, REFUSED, NOT_REACHED, OTHER, UNKNOWN, INELIGIBLE)
ROUNDS = 4  # of the Feistel network below


def apportioned(sizes: Mapping[str, int | float], total: int) -> dict[str, int]:
    """`total` shared out in proportion to `sizes` by largest remainders (Hamilton): n_h ≈ n·N_h/N, Σ n_h = n.

    Equal remainders go to the larger stratum, then to the first by key. ValueError where there is nothing to share by.
    """
    exact = {key: Fraction(size) for key, size in sizes.items()}
    whole = sum(exact.values())
    if whole <= 0 or min(exact.values()) < 0 or total < 0:
        raise ValueError("shares must not be negative, and not all nothing")
    quotas = {key: total * size / whole for key, size in exact.items()}
    found = {key: int(quota) for key, quota in quotas.items()}
    last = sorted(quotas, key=lambda key: (found[key] - quotas[key], -exact[key], key))
    for key in last[: total - sum(found.values())]:
        found[key] += 1
    return found


def proportional(sizes: Mapping[str, int], total: int, least: int = 2) -> dict[str, int]:
    """Proportional allocation (Cochran 1977, §5.5) with at least `least` a stratum, as far as it has so many.

    Two are what a variance within a stratum needs. ValueError where `total` is too few or more than there are.
    """
    floors = {key: min(least, size) for key, size in sizes.items()}
    if not sum(floors.values()) <= total <= sum(sizes.values()):
        raise ValueError("the sample is smaller than its strata need, or larger than the frame")
    raised: dict[str, int] = {}
    while True:
        rest = {key: size for key, size in sizes.items() if key not in raised}
        found = apportioned(rest, total - sum(raised.values())) if rest else {}
        low = {key: floors[key] for key, count in found.items() if count < floors[key]}
        if not low:
            return {key: {**found, **raised}[key] for key in sizes}
        raised |= low


def place_of(seed: int, stratum: str, size: int, turn: int) -> int:
    """The place (1 … size) in a stratum's list that is drawn `turn`-th (0 …): without replacement, the same by seed.

    A permutation of the list by a Feistel network over the next power of four, walked until it falls inside (Black and
    Rogaway 2002): nothing is kept but how many were drawn. ValueError once the list is used up.
    """
    if not 0 <= turn < size:
        raise ValueError("this list is used up")
    half = max(1, ((size - 1).bit_length() + 1) // 2)
    place = turn
    while True:
        place = _permuted(f"{seed}/{stratum}", place, half)
        if place < size:
            return place + 1


def _permuted(key: str, value: int, half: int) -> int:
    mask = (1 << half) - 1
    left, right = value >> half, value & mask
    for number in range(ROUNDS):
        digest = hashlib.sha256(f"{key}/{number}/{right}".encode()).digest()
        left, right = right, left ^ (int.from_bytes(digest[:8]) & mask)
    return (left << half) | right


def furthest_behind(targets: Mapping[str, int], done: Mapping[str, int]) -> str | None:
    """The stratum whose quota is least filled, the first by key among equals; None when all are full."""
    open_ = [key for key, target in targets.items() if done.get(key, 0) < target]
    return min(open_, key=lambda key: (Fraction(done.get(key, 0), targets[key]), key), default=None)


def response_rate(outcomes: Mapping[str, int]) -> float | None:
    """RR1 = I / ((I + P) + (R + NC + O) + (UH + UO)), AAPOR Standard Definitions: the strictest of its rates.

    Those found not to belong to the frame count nowhere. None where nobody was tried.
    """
    tried = sum(count for outcome, count in outcomes.items() if outcome != INELIGIBLE)
    return outcomes.get(COMPLETE, 0) / tried if tried else None


def withheld(counts: Mapping[str, int], least: int) -> set[str]:
    """The places whose figures are withheld: those with fewer than `least` answers, and never one alone.

    One alone could be had by subtracting the others from the whole; the smallest of the others goes with it.
    """
    hidden = {key for key, count in counts.items() if count < least}
    others = sorted(counts.keys() - hidden, key=lambda key: (counts[key], key))
    return hidden | set(others[:1]) if len(hidden) == 1 else hidden
