"""Both demo cities, each built once a run. A test module names this one in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from pytest_django import DjangoDbBlocker

from onedoor.simulation.shape import cities
from tests.journeys.databases import copy, using
from tests.journeys.towns import Town, founded


class Towns:
    """The cities built so far in this run, each in a database of its own."""

    def __init__(self, kept: ExitStack) -> None:
        self.kept = kept
        self.built: dict[str, tuple[str, Town]] = {}

    def of(self, key: str) -> tuple[str, Town]:
        """(database, city); built when it is first asked for."""
        if key not in self.built:
            name = self.kept.enter_context(copy(key))
            with using(name):
                self.built[key] = name, founded(key)
        return self.built[key]


@pytest.fixture(scope="session")
def towns(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Towns]:
    """Every city of this run."""
    with django_db_blocker.unblock(), ExitStack() as kept:
        yield Towns(kept)


@pytest.fixture(scope="module", params=cities())
def town(towns: Towns, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> Iterator[Town]:
    """One city after the other; what a test does to it is undone when the test ends."""
    with django_db_blocker.unblock():
        name, built = towns.of(request.param)
        turned = using(name)
        turned.__enter__()
    yield built
    with django_db_blocker.unblock():
        turned.__exit__(None, None, None)


@pytest.fixture(scope="module")
def stage(town: Town, django_db_blocker: DjangoDbBlocker) -> Iterator[Town]:
    """The same for one test that a browser takes part in: a copy of the city, since what a server commits stays."""
    with ExitStack() as kept:
        with django_db_blocker.unblock():
            kept.enter_context(using(kept.enter_context(copy("stage"))))
        yield town
        with django_db_blocker.unblock():
            kept.close()
