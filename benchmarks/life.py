"""How long a demo city takes to live: 90 days at 400 matters a day, everything by the actions that everybody calls.

    python -m benchmarks.life [--json] [--days N] [--per-day N]

One process on one core, embedded SQLite. The building of the city is told apart.
"""

from __future__ import annotations

from time import perf_counter

from benchmarks.city import tables
from benchmarks.measuring import option, tell
from onedoor.kernel import audit
from onedoor.matters.models import Matter
from onedoor.simulation import demo

FLOORS = {"whole_s": ("at most", 360.0)}


def measure(days: int, per_day: int) -> dict[str, float]:
    """All figures by name; the unit is the last part of the name."""
    tables()
    marks: list[float] = []
    began = perf_counter()
    told = demo.run("yihe", days=days, per_day=per_day, say=lambda zh, en: marks.append(perf_counter()))
    whole = perf_counter() - began
    return {
        "whole_s": whole,
        "last_day_s": marks[-1] - marks[-2],
        "matters": float(told.filed),
        "closed": float(Matter.objects.filter(is_open=False).count()),
        "actions": float(sum(told.done.values())),
        "audit_findings": float(sum(1 for _ in audit.verify())),
    }


def main() -> None:
    """Prints the figures beside their floors."""
    tell(measure(option("--days", 90), option("--per-day", 400)), FLOORS)


if __name__ == "__main__":
    main()
