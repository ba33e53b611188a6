"""What happens next in a demonstration city's life never happens before what came first."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

import pytest

from onedoor.kernel.time import CITY_ZONE
from onedoor.simulation.life import awake

EVENING = datetime(2026, 3, 31, 21, 59, 30, tzinfo=CITY_ZONE)


@pytest.mark.parametrize("half_hours", range(48))
def test_a_resident_sleeps_and_time_goes_on(half_hours: int) -> None:
    moment, rng = EVENING + timedelta(minutes=30 * half_hours), Random(half_hours)
    found = awake(moment, rng)
    assert moment <= found < moment + timedelta(days=1)
    assert 7 <= found.hour < 22


def test_who_is_awake_acts_at_once() -> None:
    assert awake(EVENING, Random(1)) == EVENING
