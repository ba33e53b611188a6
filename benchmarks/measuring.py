"""What every benchmark needs: medians of a call's time, options of the command line, figures beside their floors."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

Floors = Mapping[str, tuple[str, float]]


def seconds(work: Callable[[], object], rounds: int, *, warm: int = 1) -> float:
    """Median time of one call over some rounds, after `warm` calls that do not count."""
    for _ in range(warm):
        work()
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def option(name: str, default: int) -> int:
    """A number given on the command line."""
    return int(sys.argv[sys.argv.index(name) + 1]) if name in sys.argv else default


def tell(figures: Mapping[str, float], floors: Floors) -> None:
    """Prints the figures, each beside its floor where it has one; with --json as JSON."""
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        bound, floor = floors.get(name, ("", 0.0))
        print(f"{name:30} {figure:12.2f}   {f'({bound} {floor:g})' if bound else ''}")
