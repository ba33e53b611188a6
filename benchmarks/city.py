"""A city of its own for a benchmark: empty tables, the demonstration city built, and matters in it."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from django.core.management import call_command

from benchmarks.home import HOME  # the first of ours: what follows needs Django set up
from onedoor.intake.actions import Report, receive_many
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.simulation import demo
from onedoor.simulation.filing import Filer
from onedoor.simulation.geography import Geography
from onedoor.simulation.life import habits

__all__ = ["HOME", "build", "fill", "reports", "tables"]

CHUNK = 500


def tables() -> None:
    """Makes the tables in the empty database of this process."""
    call_command("migrate", verbosity=0)


def build(key: str = "yihe") -> Geography:
    """Builds a demonstration city without any life in it; returns its geography."""
    tables()
    geography = Geography.of(key)
    demo.build(geography)
    return geography


def reports(geography: Geography, count: int, seed: int = 1) -> list[Report]:
    """That many filings of residents all over the city, as the demonstration's residents word them."""
    rng, filer = Random(seed), Filer(geography, {**habits()["filing"], "repeats": 0})
    return [filer.report(rng, filer.tell(rng, rng.choice(["web", "hotline"]), {})) for _ in range(count)]


def fill(geography: Geography, count: int) -> None:
    """Takes in `count` matters in bulk, spread over the last ninety days."""
    made, end = reports(geography, min(count, 5000)), time.now()
    for start in range(0, count, CHUNK):
        chunk = [made[(start + i) % len(made)] for i in range(min(CHUNK, count - start))]
        with time.at(end - timedelta(days=90 * (1 - start / count))):
            receive_many(Actor.resident(), chunk)
