"""Where every test begins: the database asked for, and the fixtures of `tests/support`.

    pytest                          everything, on SQLite
    pytest --database postgres      the same on a PostgreSQL cluster that the run starts and stops itself
    pytest -m "not browser"         without Chromium

Nothing is skipped where ONEDOOR_REQUIRE_ALL or CI is set: a missing server or browser fails there.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.utils import translation
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.support.home import HOME, WORKER

pytest_plugins = [
    "tests.support.required",
    "tests.support.database",
    "tests.support.browser",
    "tests.support.ids",
]

# Named here and not in pyproject.toml, so that Django waits for the database plugin to choose.
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

REMEMBER = {
    "onedoor.city.tree", "onedoor.intake.held", "onedoor.matters.procedures", "onedoor.registers.kinds",
}  # fmt: skip
LOOKED_UP_EVERY = {"onedoor.city.tree": "CHECK_EVERY", "onedoor.intake.queries": "LOOK_EVERY"}

# Nothing fails because the machine was busy.
hypothesis_settings.register_profile(
    "onedoor", deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("onedoor")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Fixtures that speak of models come once Django is set up."""
    session.config.pluginmanager.import_plugin("tests.support.cities")


def pytest_configure(config: pytest.Config) -> None:
    """Sign-ins cost nothing in tests; runs after the database plugin, before pytest-django."""
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """What a process holds in memory of a city, and the language a page was read in, end with the test."""
    yield
    for name in (
        REMEMBER & sys.modules.keys()
    ):  # they need Django, which is not there yet when this file is read
        sys.modules[name].forget()
    cache.clear()
    translation.activate(django_settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is looked up again after a second would cost one statement more in a test that a busy machine holds up."""
    for name, seconds in LOOKED_UP_EVERY.items():
        if name in sys.modules:
            monkeypatch.setattr(sys.modules[name], seconds, 3600.0)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves nothing behind."""
    if not WORKER:
        shutil.rmtree(HOME, ignore_errors=True)
