"""The forecast holds what its interval says, and errs less than the naive one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from onedoor.appraisal.warning import forecast
from onedoor.appraisal.warning.forecast import WEEK

WEEKDAYS = np.array([1.3, 1.1, 1.0, 1.0, 1.1, 0.8, 0.7])


def city(seed: int, days: int, *, season: float = 0.0, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """(filings of thirty places, weekdays): rates that wander, weekdays that differ, a season."""
    chance = np.random.default_rng(seed)
    at = np.arange(days)
    rates = np.geomspace(0.05, 4, 30)[:, None] * np.exp(
        np.cumsum(chance.normal(0, drift, (30, days)), axis=1)
    )
    usual = WEEKDAYS[at % 7] * np.exp(season * np.sin(2 * np.pi * at / 364))
    return chance.poisson(rates * usual), at % 7


def judged(counts: np.ndarray, weekdays: np.ndarray, weeks: int) -> tuple[float, float, float]:
    """(error, error of the naive forecast, share in the interval) over the last weeks."""
    errors, naive, inside = [], [], []
    for known in range(counts.shape[1] - weeks * WEEK, counts.shape[1], WEEK):
        before, truth = counts[:, :known], counts[:, known : known + WEEK].sum(axis=1)
        told = forecast.expect(before, forecast.exposures(before.sum(axis=0), weekdays[: known + WEEK], WEEK))
        errors.append(np.abs(told.mean - truth))
        naive.append(np.abs(forecast.naive(before) - truth))
        inside.append((truth >= told.low) & (truth <= told.high))
    return tuple(float(np.concatenate(part).mean()) for part in (errors, naive, inside))  # type: ignore[return-value]


def test_a_city_of_a_season_is_foretold_better_than_by_the_naive_one() -> None:
    error, naive, inside = judged(*city(1, 740, season=0.3, drift=0.01), weeks=8)
    assert error < 0.85 * naive
    assert 0.90 <= inside <= 0.995


def test_a_young_city_too() -> None:
    error, naive, inside = judged(*city(2, 90), weeks=6)
    assert error < 0.85 * naive
    assert 0.90 <= inside <= 0.995


def test_what_is_usual_is_no_news_and_what_is_not_is() -> None:
    counts, weekdays = city(4, 200)
    counts[3, -WEEK:] += 4
    before, week = counts[:, :-WEEK], counts[:, -WEEK:].sum(axis=1)
    told = forecast.expect(before, forecast.exposures(before.sum(axis=0), weekdays, WEEK))
    news = forecast.discoveries(told.above(week))
    assert news[3]
    assert news.sum() <= 2


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), max_size=30))
def test_discoveries_are_the_least_chances(chances: list[float]) -> None:
    told = forecast.discoveries(np.array(chances))
    if told.any():
        worst = max(c for c, new in zip(chances, told, strict=True) if new)
        assert worst <= 0.05 * told.sum() / len(chances)
        assert all(new for c, new in zip(chances, told, strict=True) if c < worst)


def test_a_day_is_a_part_of_its_week() -> None:
    counts, _ = city(5, 100)
    exposure = forecast.exposures(counts.sum(axis=0), np.arange(107) % 7, WEEK)
    week = forecast.expect(counts, exposure)
    days = [week.over(float(exposure[100 + ahead])) for ahead in range(WEEK)]
    assert np.allclose(sum(day.mean for day in days), week.mean)
    assert (days[0].high <= week.high).all()
