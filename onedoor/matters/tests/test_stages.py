"""How far a matter has come through its stages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from onedoor.kernel import time
from onedoor.matters.procedures import loaded
from onedoor.matters.stages import Entered, reached

DISPUTE = loaded()["dispute"].procedure
START = datetime(2026, 11, 23, 9, tzinfo=time.CITY_ZONE)


def entered(*states: str) -> list[Entered]:
    return [(state, START + timedelta(days=day)) for day, state in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "is_open", "complete", "standing"),
    [
        (["registered"], True, True, "current todo todo todo todo"),
        (["registered", "handling", "answered"], True, True, "done done todo todo current"),
        (["registered", "handling", "answered"], True, False, "done done done done current"),
        (["registered", "handling", "answered", "handling"], True, True, "done current todo todo todo"),
        (["registered", "handling", "answered", "closed"], False, True, "done done todo todo done"),
    ],
)
def test_each_stage_says_how_far_it_is(
    states: list[str], is_open: bool, complete: bool, standing: str
) -> None:
    found = reached(DISPUTE, states[-1], entered(*states), is_open=is_open, complete=complete)
    assert [stage.standing for stage in found] == standing.split()


def test_the_last_visit_of_a_stage_counts() -> None:
    found = reached(
        DISPUTE, "handling", entered("registered", "handling", "answered", "handling"), is_open=True
    )
    assert [stage.at for stage in found if stage.standing == "current"] == [START + timedelta(days=3)]


def test_a_state_of_no_stage_has_none() -> None:
    assert reached(DISPUTE, "joined", [], is_open=False) == []
