"""What is to be expected of a place and a subject, with an interval: a Gamma-Poisson model that forgets. Pure.

A day's filings are Poisson, its mean a rate times the day's exposure: how the weekday, and the season a year before,
usually stand in the whole city. The rate is known as a Gamma(a, b); a day that brings y filings makes it
Gamma(discount·a + y, discount·b + exposure), so that what is long ago counts less (the power-steady model of Smith,
"A generalization of the Bayesian steady forecasting model", 1979). What comes is then negative binomial: the interval
is wide where little is known, and needs no series to be large. A subject's discount is the one that foretold its own
past best.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.special import gammaln

DISCOUNTS = (0.9, 0.95, 0.97, 0.985, 0.995, 1.0)
WEEK, YEAR = 7, 364
WARMING = 28  # days before any forecast is judged
PRIOR = 7.0  # days' worth of what places know of one another before they have days of their own
PROFILE = 26 * WEEK  # days out of which the weekdays' shares are taken
SMOOTHING = 10  # days on both sides out of which the season of a year before is taken
STEADY = 50.0  # filings' worth of doubt whether there is a season or a difference of weekdays at all
LOW, HIGH = 0.025, 0.975

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """Of every place: the mean, and the interval that holds 95 of 100 of what comes."""

    mean: Floats
    low: Counts
    high: Counts
    shape: Floats  # of the Gamma of the rate
    rate: Floats  # exposure that is known of, in days
    exposure: float  # of the days foretold

    @classmethod
    def of(cls, shape: Floats, rate: Floats, exposure: float) -> Expected:
        """Out of what is known of the rate, over days of so much exposure."""
        chance = rate / (rate + exposure)
        low, high = (stats.nbinom.ppf(at, shape, chance).astype(np.int64) for at in (LOW, HIGH))
        return cls(shape / rate * exposure, low, high, shape, rate, exposure)

    def over(self, exposure: float) -> Expected:
        """The same of other days, say of one of them."""
        return Expected.of(self.shape, self.rate, exposure)

    def above(self, seen: Counts) -> Floats:
        """How likely it is that so many or more come."""
        return np.asarray(stats.nbinom.sf(seen - 1, self.shape, self.rate / (self.rate + self.exposure)))

    def below(self, seen: Counts) -> Floats:
        """How likely it is that so few or fewer come."""
        return np.asarray(stats.nbinom.cdf(seen, self.shape, self.rate / (self.rate + self.exposure)))


def exposures(total: Counts, weekdays: Counts, ahead: int) -> Floats:
    """Of every day of a city-wide series and of `ahead` days more: 1.0 for a usual one.

    weekdays: 0 to 6 for all of these days, holidays as Sundays.
    """
    days = len(total)
    recent, own = total[-PROFILE:], weekdays[:days][-PROFILE:]
    usual = max(recent.mean(), 1e-9) if days else 1.0
    factor = np.ones(WEEK)
    for weekday in range(WEEK):
        there = own == weekday
        factor[weekday] = (recent[there].sum() + STEADY) / (usual * there.sum() + STEADY)
    return factor[weekdays] * _season(total, days + ahead)


def _season(total: Counts, length: int) -> Floats:
    """How each day of a year before stood to the half years around it; 1.0 where nothing is known of it."""
    made = np.ones(length)
    sums = np.concatenate([[0], np.cumsum(total)])
    if len(total) < YEAR + WARMING:
        return made
    for day in range(YEAR, length):
        near, wide = (_mean(sums, day - YEAR, reach) for reach in (SMOOTHING, YEAR // 2))
        room = 2 * SMOOTHING + 1
        made[day] = (near * room + STEADY) / (wide * room + STEADY)
    return made


def _mean(sums: Counts, middle: int, reach: int) -> float:
    first, after = max(0, middle - reach), min(len(sums) - 1, middle + reach + 1)
    return float(sums[after] - sums[first]) / max(after - first, 1)


def expect(counts: Counts, exposure: Floats, ahead: int = WEEK) -> Expected:
    """The sum of the next `ahead` days of every place (a row each) of one subject.

    exposure: of the days in `counts` and of those ahead.
    """
    days = counts.shape[1]
    discount = max(DISCOUNTS, key=lambda one: _foretold(counts, exposure[:days], one))
    shape, rate = _known(counts, exposure[:days], discount)[:2]
    return Expected.of(shape, rate, float(exposure[days : days + ahead].sum()))


def _foretold(counts: Counts, exposure: Floats, discount: float) -> float:
    return _known(counts, exposure, discount)[2]


def _known(counts: Counts, exposure: Floats, discount: float) -> tuple[Floats, Floats, float]:
    """(shape, rate, log-likelihood of each day given those before it, once warm)."""
    rows, days = counts.shape
    begun = counts[:, :WARMING]
    usual = (begun.sum() + 0.5) / (max(rows, 1) * max(exposure[:WARMING].sum(), 1.0))
    shape, rate, likely = np.full(rows, usual * PRIOR), np.full(rows, PRIOR), 0.0
    for day in range(days):
        seen, given = counts[:, day], exposure[day]
        if day >= WARMING:
            chance = rate / (rate + given)
            likely += float(
                np.sum(gammaln(shape + seen) - gammaln(shape) - gammaln(seen + 1)
                       + shape * np.log(chance) + seen * np.log1p(-chance))
            )  # fmt: skip
        shape, rate = discount * shape + seen, discount * rate + given
        shape = np.maximum(shape, 1e-3)
    return shape, rate, likely


def naive(counts: Counts, ahead: int = WEEK) -> Counts:
    """The seasonal naive forecast of that sum: the same days a year before; the week before where there is no year."""
    days = counts.shape[1]
    back = YEAR if days >= YEAR else WEEK
    return np.asarray(counts[:, days - back : days - back + ahead].sum(axis=1))


def discoveries(chances: Floats, share: float = 0.05) -> NDArray[np.bool_]:
    """Which of many are news, so that of those told at most this share is chance (Benjamini and Hochberg 1995)."""
    order = np.argsort(chances, kind="stable")
    holds = chances[order] <= share * np.arange(1, len(chances) + 1) / max(len(chances), 1)
    told = np.zeros(len(chances), dtype=bool)
    told[order[: np.flatnonzero(holds).max(initial=-1) + 1]] = True
    return told
