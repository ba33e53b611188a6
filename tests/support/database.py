"""The option `--database sqlite|postgres` (or ONEDOOR_TEST_DB), and what it does to a run."""

from __future__ import annotations

import os

import pytest

from tests.support.postgres import Cluster, programs
from tests.support.required import REQUIRED

CLUSTER = pytest.StashKey[Cluster]()
MISSING = pytest.StashKey[bool]()
ASKED_BY = {
    "db",
    "transactional_db",
    "django_db_setup",
}  # the fixtures through which a test reaches a database
NO_SERVER = "no PostgreSQL server on this machine: its tests are skipped"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the option."""
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default=os.environ.get("ONEDOOR_TEST_DB", "sqlite"),
        help="the database under test; postgres starts a cluster of its own",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Starts the cluster, once for all workers, before Django reads its settings."""
    config.stash[MISSING] = False
    if config.getoption("database") != "postgres" or hasattr(config, "workerinput"):
        return
    folder = programs()
    if folder is None:
        if REQUIRED:
            raise pytest.UsageError("a PostgreSQL server is missing, and everything is required here")
        config.stash[MISSING] = True
        return
    cluster = Cluster(folder)
    cluster.start()
    config.stash[CLUSTER] = cluster
    os.environ["ONEDOOR_DATABASE_URL"] = cluster.url  # the workers inherit it


def pytest_report_header(config: pytest.Config) -> str:
    """One line on what is under test."""
    if config.stash[MISSING]:
        return NO_SERVER
    cluster = config.stash.get(CLUSTER, None)
    return f"database: PostgreSQL of its own on port {cluster.port}" if cluster else "database: SQLite"


def _tells_more(item: pytest.Item) -> bool:
    """On a second database it may come out otherwise than on the first."""
    asks = item.get_closest_marker("django_db") or ASKED_BY & set(getattr(item, "fixturenames", ()))
    return bool(asks) and item.get_closest_marker("one_database") is None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the structural tests; leaves out of a run on PostgreSQL what asks no database.

    Skips everything where the database asked for is not to be had.
    """
    second = config.getoption("database") == "postgres"
    absent = second and "ONEDOOR_DATABASE_URL" not in os.environ
    if second:
        config.hook.pytest_deselected(items=[item for item in items if not _tells_more(item)])
        items[:] = [item for item in items if _tells_more(item)]
    for item in items:
        if "structure" in item.path.parts:
            item.add_marker(pytest.mark.structure)
        if absent:
            item.add_marker(pytest.mark.skip(reason=NO_SERVER))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stops the cluster."""
    cluster = config.stash.get(CLUSTER, None)
    if cluster:
        cluster.stop()
