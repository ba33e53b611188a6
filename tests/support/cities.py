"""The small city on an ordinary morning, for tests that need no other. A plugin, which the root `conftest` loads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from onedoor.kernel import time
from tests.support.smallcity import SmallCity, small_city

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=time.CITY_ZONE)  # a Monday


@pytest.fixture
def city(db: None) -> Iterator[SmallCity]:
    """The small city, and it is Monday morning."""
    with time.at(MORNING):
        yield small_city()
