"""Estimating from the answers of a stratified sample: weights, figures, margins, differences. Pure.

Sources: Cochran, Sampling Techniques, 3rd ed. 1977 (stratified estimator with finite population correction, §5.6 and
5.7; ratios, §6); Kish, Survey Sampling, 1965 (design effect of unequal weights); Särndal, Swensson and Wretman, Model
Assisted Survey Sampling, 1992, §7.6 (post-stratification by residuals); Wilson 1927 (interval of a share); Newcombe
1998 (interval of a difference of two shares out of their own intervals). The confidence is 95 % throughout.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # the normal deviate of 95 %


@dataclass(frozen=True, slots=True)
class Case:
    """One answer to one question: its stratum, its weight, its value (1 or 0 for a share), its post-stratum."""

    stratum: str
    weight: float
    value: float = 0.0
    asked: bool = True  # False: a skip rule passed the question over; it still belongs to the sample
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure: from how many answers, its standard error, its interval of 95 %, and Kish's design effect."""

    n: int
    value: float
    error: float
    low: float
    high: float
    effect: float

    @property
    def margin(self) -> float:
        """Half the width of the interval: the ± beside the figure."""
        return (self.high - self.low) / 2


def design_weights(counts: Mapping[str, int], sizes: Mapping[str, int]) -> dict[str, float]:
    """w_h = N_h / n_h, so that the answers of a stratum stand for all its households; Σ n_h·w_h = N.

    Where nobody answered in a stratum, the others stand for it in proportion.
    """
    answered = {key: size for key, size in sizes.items() if counts.get(key)}
    whole = sum(answered.values())
    stretch = sum(sizes.values()) / whole if whole else 0.0
    return {key: stretch * size / counts[key] for key, size in answered.items()}


def balanced(weights: Sequence[float], cells: Sequence[str], shares: Mapping[str, float]) -> list[float]:
    """Post-stratification: w'_i = w_i · N_c / Σ_{j in c} w_j, so that every cell weighs what it does in the population.

    `shares` are the cells' known shares. The share of a cell that nobody answered from goes to the others in
    proportion; their sum stays. ValueError for an answer from a cell whose share is not known.
    """
    held: dict[str, float] = defaultdict(float)
    for weight, cell in zip(weights, cells, strict=True):
        held[cell] += weight
    if unknown := [cell for cell in held if shares.get(cell, 0) <= 0]:
        raise ValueError(f"no share is known of {', '.join(sorted(unknown))}")
    whole, known = sum(weights), sum(shares[cell] for cell in held)
    factor = {cell: whole * shares[cell] / known / weight for cell, weight in held.items()}
    return [weight * factor[cell] for weight, cell in zip(weights, cells, strict=True)]


def design_effect(weights: Iterable[float]) -> float:
    """Kish's deff = n·Σw² / (Σw)²: how much unequal weights widen the margin. At least 1; 1 for no weights."""
    held = list(weights)
    total = sum(held)
    return len(held) * sum(weight * weight for weight in held) / total**2 if total else 1.0


def share(cases: Sequence[Case], sizes: Mapping[str, int]) -> Estimate | None:
    """The weighted share of those asked whose value is 1, with Wilson's interval; None when nobody was asked.

    Wilson's interval is taken at the effective size n* = p(1-p)/V, which carries strata, weights and the finite
    population into it; where all answered alike (V = 0) at n / deff, corrected for the part of the population asked.
    """
    found = _ratio(cases, sizes)
    if found is None:
        return None
    n, p, variance, effect = found
    left = 1 - sum(case.asked for case in cases) / max(1, _size(cases, sizes))
    if left <= 0:
        return Estimate(n, p, 0.0, p, p, effect)
    effective = p * (1 - p) / variance if variance > 0 and 0 < p < 1 else n / effect / left
    return Estimate(n, p, sqrt(variance), *wilson(p, effective), effect)


def mean(cases: Sequence[Case], sizes: Mapping[str, int]) -> Estimate | None:
    """The weighted mean of those asked, ± 1.96 standard errors; None when nobody was asked."""
    found = _ratio(cases, sizes)
    if found is None:
        return None
    n, value, variance, effect = found
    error = sqrt(variance)
    return Estimate(n, value, error, value - Z * error, value + Z * error, effect)


def wilson(p: float, n: float) -> tuple[float, float]:
    """Wilson's interval of a share p of n: (p + z²/2n ± z·√(p(1-p)/n + z²/4n²)) / (1 + z²/n). It stays within 0 … 1."""
    square = Z * Z / n
    middle, reach = p + square / 2, Z * sqrt(p * (1 - p) / n + square / (4 * n))
    return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))


@dataclass(frozen=True, slots=True)
class Difference:
    """How a figure moved from one round to another, with the interval of the difference."""

    value: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        """Whether chance alone would show so much less than once in twenty: 0 lies outside the interval."""
        return not self.low <= 0 <= self.high


def difference(now: Estimate, before: Estimate) -> Difference:
    """now - before, by Newcombe's method 10: d - √((p₁-l₁)² + (u₂-p₂)²) … d + √((u₁-p₁)² + (p₂-l₂)²)."""
    value = now.value - before.value
    below = sqrt((now.value - now.low) ** 2 + (before.high - before.value) ** 2)
    above = sqrt((now.high - now.value) ** 2 + (before.value - before.low) ** 2)
    return Difference(value, value - below, value + above)


def _ratio(cases: Sequence[Case], sizes: Mapping[str, int]) -> tuple[int, float, float, float] | None:
    """(answers, R, variance of R, deff) of R = Σwy / Σw over those asked.

    The variance is that of the linearised R: V = Σ_h (1-f_h) · n_h/(n_h-1) · Σ(z_i - z̄_h)², z_i = w_i·e_i / Σw, with
    e_i = y_i - R where asked, else 0, less its weighted mean within the post-stratum. Without post-strata and skips
    this is Cochran's Σ W_h²(1-f_h)s_h²/n_h. A stratum of one answer is measured from 0, the mean of all.
    """
    asked = [case for case in cases if case.asked]
    total = sum(case.weight for case in asked)
    if not total:
        return None
    value = sum(case.weight * case.value for case in asked) / total
    strata: dict[str, list[float]] = defaultdict(list)
    for case, residual in zip(cases, _residuals(cases, value), strict=True):
        strata[case.stratum].append(case.weight * residual / total)
    variance = sum(_within(found, len(found) / max(sizes[key], len(found))) for key, found in strata.items())
    return len(asked), value, variance, design_effect(case.weight for case in asked)


def _residuals(cases: Sequence[Case], value: float) -> list[float]:
    raw = [case.value - value if case.asked else 0.0 for case in cases]
    if not any(case.cell for case in cases):
        return raw
    weights: dict[str, float] = defaultdict(float)
    sums: dict[str, float] = defaultdict(float)
    for case, residual in zip(cases, raw, strict=True):
        weights[case.cell] += case.weight
        sums[case.cell] += case.weight * residual
    return [
        residual - sums[case.cell] / weights[case.cell] for case, residual in zip(cases, raw, strict=True)
    ]


def _within(found: Sequence[float], fraction: float) -> float:
    if len(found) == 1:
        return (1 - fraction) * found[0] ** 2
    middle = sum(found) / len(found)
    return (1 - fraction) * len(found) / (len(found) - 1) * sum((z - middle) ** 2 for z in found)


def _size(cases: Sequence[Case], sizes: Mapping[str, int]) -> int:
    return sum(sizes[key] for key in {case.stratum for case in cases})
