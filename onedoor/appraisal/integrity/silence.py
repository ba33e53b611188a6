"""Silence is a signal, never a success: places where less is filed by one channel than was to be expected, while more
comes by the others there, or by the same one in the rest of the county.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from onedoor.appraisal.indicators.computing import Lake
from onedoor.appraisal.warning import forecast, series
from onedoor.appraisal.warning.forecast import YEAR, Expected
from onedoor.kernel.calendars import Calendar

SHARE = 0.05  # of the drops told, at most so many are chance
LONGEST = 92  # days looked back on: what a year let expect is too vague


@dataclass(frozen=True)
class Drop:
    """One channel that fell silent in one place."""

    place: str
    channel: str
    seen: int
    expected: float
    low: int
    beside: str  # `channels`: the others here rose; `places`: the same channel rose elsewhere in the county
    beside_seen: int
    beside_expected: float
    chance: float


def drops(lake: Lake, first: date, after: date, calendar: Calendar, level: str = "township") -> list[Drop]:
    """Those of a period, the least likely first; none where there is less of a past than the period is long."""
    first = max(first, after - timedelta(days=LONGEST))
    length = (after - first).days
    held = series.begun(series.read(lake, level, first - timedelta(days=2 * YEAR), after, "channel"))
    if held.days < 2 * length or held.days - length < forecast.WARMING:
        return []
    weekdays = series.weekdays(held.first, held.days, calendar)
    told: dict[str, Expected] = {}
    seen: dict[str, series.Counts] = {}
    for channel, counts in held.counts.items():
        before = counts[:, :-length]
        told[channel] = forecast.expect(
            before, forecast.exposures(before.sum(axis=0), weekdays, length), length
        )
        seen[channel] = counts[:, -length:].sum(axis=1)
    counties = series.above(lake, "county", first, after)
    cells = [(channel, row) for channel in told for row in range(len(held.places))]
    chances = np.array([float(told[c].below(seen[c])[row]) for c, row in cells])
    news = forecast.discoveries(chances, SHARE)
    found = []
    for (channel, row), chance, new in zip(cells, chances, news, strict=True):
        if new and (risen := next(_risen(told, seen, channel, row, held.places, counties), None)):
            one = told[channel]
            found.append(
                Drop(held.places[row], channel, int(seen[channel][row]), float(one.mean[row]), int(one.low[row]),
                     *risen, float(chance))
            )  # fmt: skip
    return sorted(found, key=lambda drop: (drop.chance, drop.place, drop.channel))


def _risen(
    told: dict[str, Expected],
    seen: dict[str, series.Counts],
    channel: str,
    row: int,
    places: Sequence[str],
    counties: Mapping[str, str],
) -> Iterator[tuple[str, int, float]]:
    """(what rose, how much came, how much was to be expected) beside a place's channel."""
    others = [other for other in told if other != channel]
    came = sum(int(seen[other][row]) for other in others)
    usual = sum(float(told[other].mean[row]) for other in others)
    if came > usual:
        yield "channels", came, usual
    county = counties.get(places[row])
    near = [at for at, place in enumerate(places) if at != row and counties.get(place) == county]
    came, usual = int(seen[channel][near].sum()), float(told[channel].mean[near].sum())
    if came > usual:
        yield "places", came, usual
