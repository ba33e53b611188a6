"""A city of its own for a benchmark: a fresh ONEDOOR_HOME, the demonstration city built, and matters in it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

CHUNK = 500


@contextmanager
def fresh_home() -> Iterator[Path]:
    """A temporary ONEDOOR_HOME with an empty SQLite database, Django set up in it; removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="onedoor-bench-"))
    os.environ |= {"ONEDOOR_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    import django  # noqa: PLC0415  (settings read the environment, so it comes first)
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def build(key: str = "yihe") -> Any:
    """Builds a demonstration city without any life in it; returns its geography."""
    from onedoor.simulation import demo  # noqa: PLC0415  (after the set-up)
    from onedoor.simulation.geography import Geography  # noqa: PLC0415

    geography = Geography.of(key)
    demo.build(geography)
    return geography


def reports(geography: Any, count: int, seed: int = 1) -> list[Any]:
    """That many filings of residents all over the city, as the demonstration's residents word them."""
    from onedoor.simulation.filing import Filer  # noqa: PLC0415
    from onedoor.simulation.life import habits  # noqa: PLC0415

    rng, filer = Random(seed), Filer(geography, {**habits()["filing"], "repeats": 0})
    return [filer.report(rng, filer.tell(rng, rng.choice(["web", "hotline"]), {})) for _ in range(count)]


def fill(geography: Any, count: int) -> None:
    """Takes in `count` matters in bulk, spread over the last ninety days."""
    from onedoor.intake.actions import receive_many  # noqa: PLC0415
    from onedoor.kernel import time  # noqa: PLC0415
    from onedoor.kernel.actor import Actor  # noqa: PLC0415

    made, end = reports(geography, min(count, 5000)), time.now()
    for start in range(0, count, CHUNK):
        chunk = [made[(start + i) % len(made)] for i in range(min(CHUNK, count - start))]
        with time.at(end - timedelta(days=90 * (1 - start / count))):
            receive_many(Actor.resident(), chunk)
