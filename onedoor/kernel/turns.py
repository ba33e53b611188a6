"""Long work that writes in many small transactions gives others their turn.

SQLite has one writer and no queue: who waits looks again every tenth of a second, and would find the lock taken
each time by somebody who writes without a pause.
"""

from __future__ import annotations

from time import sleep

from django.db import connection

PAUSE = 0.15  # seconds: longer than the longest time between two looks of a waiting connection


def let_others() -> None:
    """Pauses for a moment where the database has one writer at a time; does nothing elsewhere."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        sleep(PAUSE)
