"""The house's own papers: lock files, settings, the way in."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

from tests.structure.sources import ROOT, files, short
from tests.support.home import FROM_OUTSIDE

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
NEEDED, FOR_TESTS = PROJECT["dependencies"], PROJECT["optional-dependencies"]["dev"]
LOCKS = {"requirements.lock": NEEDED, "requirements-dev.lock": NEEDED + FOR_TESTS}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name)[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_pins_every_dependency_by_hash_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    pinned = {_plain(name) for name in re.findall(r"^([\w.-]+)==", text, re.M)}
    assert {_plain(name) for name in LOCKS[lock]} - pinned == set()
    assert text.count("==") <= text.count("--hash=sha256:")
    assert "://" not in text
    assert "index-url" not in text


def test_both_locks_agree() -> None:
    versions = [
        dict(re.findall(r"^([\w.-]+)==(\S+)(?: ;.*)? \\$", (ROOT / lock).read_text("utf-8"), re.M))
        for lock in LOCKS
    ]
    assert versions[0].items() <= versions[1].items()


def test_the_version_is_told_once() -> None:
    told = re.search(r'__version__ = "([^"]+)"', (ROOT / "onedoor" / "__init__.py").read_text("utf-8"))
    assert told
    assert told.group(1) == PROJECT["version"]
    assert f"## {PROJECT['version']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("script", [".ci/run", "scripts/setup", "scripts/lock", "scripts/test-services"])
def test_scripts_are_strict(script: str) -> None:
    path = ROOT / script
    assert os.access(path, os.X_OK)
    assert "set -euo pipefail" in path.read_text("utf-8")


def test_nothing_that_a_running_city_keeps_is_in_the_repository() -> None:
    private = re.compile(r"(\.sqlite3|secret\.key|\.pem|\.env)$")
    assert [short(path) for path in files() if private.search(path.name) or _in_var(path)] == []


def test_no_setting_of_the_developers_shell_reaches_the_tests() -> None:
    read = set(re.findall(r"\bONEDOOR_[A-Z_]+\b", (ROOT / "config" / "settings.py").read_text("utf-8")))
    set_for_tests = {"ONEDOOR_HOME", "ONEDOOR_SECRET_KEY"}
    assert read - set_for_tests == set(FROM_OUTSIDE)


def _in_var(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] == "var"
