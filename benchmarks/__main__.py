"""Every benchmark in turn, every figure beside its floor: `python -m benchmarks [--json]`. Fails if one is missed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pkgutil import iter_modules

import benchmarks

HELPERS = {"__main__", "city", "home", "lakes", "measuring", "picture"}


def figures(name: str) -> dict[str, float]:
    """What one benchmark measured, in a process of its own: each sets up a city for itself."""
    told = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", "--json"], check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(json.loads(told.stdout.splitlines()[-1]))


def holds(figure: float, bound: str, floor: float) -> bool:
    """Whether a figure keeps its floor, `at least` or `at most`."""
    return figure >= floor if bound == "at least" else figure <= floor


def main() -> int:
    """Runs them all; prints a line for every figure with a floor, or everything as JSON."""
    names = sorted(module.name for module in iter_modules(benchmarks.__path__) if module.name not in HELPERS)
    measured, missed = {}, False
    for name in names:
        floors = import_module(f"benchmarks.{name}").FLOORS
        measured[name] = figures(name)
        for key, (bound, floor) in floors.items():
            if key not in measured[name]:  # a benchmark of data that is not here says so itself
                continue
            kept = holds(measured[name][key], bound, floor)
            missed |= not kept
            if "--json" not in sys.argv:
                line = f"{name}.{key:32} {measured[name][key]:12.2f}   ({bound} {floor:g})"
                print(line, "" if kept else "  MISSED", flush=True)
    if "--json" in sys.argv:
        print(json.dumps(measured))
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
