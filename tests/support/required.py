"""Whether a missing service skips a test or fails it."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

REQUIRED = bool(os.environ.get("ONEDOOR_REQUIRE_ALL") or os.environ.get("CI"))


def absent(service: str) -> NoReturn:
    """Ends the test for want of `service`: as a failure where everything is required, else as a skip."""
    if REQUIRED:
        pytest.fail(f"{service} is missing, and everything is required here", pytrace=False)
    pytest.skip(f"no {service} on this machine")


def _skipped(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return list(reporter.stats.get("skipped", [])) if reporter else []


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A run that skipped anything has not passed where everything is required."""
    if REQUIRED and _skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Says why such a run is red."""
    if REQUIRED and (count := len(_skipped(config))):
        terminalreporter.write_line(f"{count} skipped, but nothing may be skipped here", red=True)
