"""Random legal paths through every procedure: whoever does whatever may be done, the promises of the engine hold."""

from __future__ import annotations

from random import Random

import pytest

from onedoor.kernel import time
from onedoor.kernel.audit import verify
from onedoor.matters import procedures
from tests.procedures.walking import START, Walk
from tests.support.smallcity import small_city

pytestmark = pytest.mark.django_db
WALKS, STEPS = 8, 3  # steps: for every action of the procedure


@pytest.mark.parametrize("key", sorted(file.stem for file in procedures.files()))
def test_what_is_promised_holds_on_every_path(key: str) -> None:
    with time.at(START):
        city = small_city()
    actions = procedures.loaded()[key].procedure.actions
    taken: set[str] = set()
    for seed in range(WALKS):
        with time.at(START):
            walk = Walk(city, key, Random(f"{key} {seed}"), taken)
        for _ in range(STEPS * len(actions)):
            walk.go()
    with time.at(walk.now):
        assert list(verify()) == []
    by_clocks = {
        key for key, action in actions.items() if action.by == ["system"]
    }  # when their clocks are due
    missed = sorted(actions.keys() - taken - by_clocks)
    assert len(missed) <= len(actions) // 8, (
        missed
    )  # promises are worth what was tried; traces take every action
