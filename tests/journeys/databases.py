"""A database and files of its own for every city: copied from the empty one, filled once a run, used by many tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test import override_settings

from onedoor.city import tree as snapshot
from onedoor.matters import procedures


@contextmanager
def copy(suffix: str) -> Iterator[str]:
    """A copy of the database in use, by its name; it is gone when the block ends."""
    if connection.vendor == "sqlite":  # what still stands in the write-ahead log would not be copied
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    connection.creation.clone_test_db(suffix, verbosity=0)
    yield str(connection.creation.get_test_db_clone_settings(suffix)["NAME"])
    connection.creation.destroy_test_db(verbosity=0, suffix=suffix)


@contextmanager
def using(name: str) -> Iterator[None]:
    """Within this block the site works on the database of that name, and keeps that city's files apart from others'."""
    before = str(connection.settings_dict["NAME"])
    _turn_to(name)
    try:
        with override_settings(MEDIA_ROOT=settings.ONEDOOR_HOME / "files of cities" / Path(name).stem):
            yield
    finally:
        _turn_to(before)


def _turn_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    snapshot.forget()
    procedures.forget()
