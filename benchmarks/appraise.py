"""The yearly appraisal over a generated lake against one plain group-by over the same columns: `--matters 10000000`.

Every sub-item of the shipped scheme that is measured, for all grids and every level above, in one process; memory is
the most that the process ever held. Sub-items that count records, visits or surveys find none in the generated lake.

With 10 million matters and 40 million entries on two busy cores: written in 123 s, the group-by 8.3 s, the year 15.6 s
(1.9 times as long), a month 4.5 s and an explain 780 ms (both over their floors: every file is read, whatever its
month), 0.62 GB.
"""

from __future__ import annotations

import resource
import shutil
import tempfile
from pathlib import Path

from benchmarks import home, lakes
from benchmarks.measuring import option, seconds, tell
from onedoor.appraisal.indicators import computing
from onedoor.appraisal.indicators.catalogue import catalogue as indicators
from onedoor.appraisal.indicators.computing import Asked, Lake
from onedoor.appraisal.schemes import catalogue
from onedoor.appraisal.schemes.language import Scheme
from onedoor.appraisal.scores.gathering import Request
from onedoor.lake.columns import tables

FLOORS = {
    "year_against_one_group_by": ("at most", 3.0),
    "memory_gb": ("at most", 2.0),
    "month_s": ("at most", 1.0),
    "explain_ms": ("at most", 300.0),
}
SMALL = 200_000
LARGE = 1_000_000  # from here on a ratio says more than what a statement costs by itself
MADE = ("matters", "entries", "clocks", "verdicts")


def group_by(lake: Lake) -> None:
    """One plain group-by by grid over all columns but the keys, of the tables that the generated lake has."""
    for table in MADE:
        described = tables()[table]
        wanted = (name for name in described.columns if name not in described.key)
        columns = ", ".join(f'max("{name}")' for name in wanted)
        paths = [str(lake.root / path) for path in lake.manifest.paths(table)]
        text = f"SELECT division, count(*), {columns} FROM read_parquet($files) GROUP BY division"
        lake.lake.execute(f"CREATE OR REPLACE TEMP TABLE plain AS {text}", {"files": paths})


def requests(scheme: Scheme, level: str) -> list[Request]:
    """What the sub-items of all groups ask for that can be measured at a level, each once."""
    asked = (
        (place.part.indicator, tuple(sorted(place.part.parameters.items())))
        for group in scheme.groups for place in scheme.places(group) if place.part.indicator
    )  # fmt: skip
    return [one for one in dict.fromkeys(asked) if level in indicators()[one[0]].subjects]


def appraise(lake: Lake, scheme: Scheme, period: str) -> int:
    """All figures of all grids, villages, townships, counties and departments; how many there are."""
    return sum(1 for level in computing.LEVELS for _ in lake.measure(requests(scheme, level), period, level))


def main() -> None:
    """Writes the lake, measures, and takes it away."""
    root, count = Path(tempfile.mkdtemp(dir=home.HOME)), option("--matters", SMALL)
    figures = {"matters": float(count)}
    figures["write_s"] = seconds(lambda: lakes.write(root, count), 1, warm=0)
    scheme = catalogue.loaded()["programme"]
    with computing.opened(root, lakes.LEVELS) as lake:
        asked = Asked(*_simple(requests(scheme, "county")), "2026", "county", lakes.counties()[0])
        figures["group_by_s"] = seconds(lambda: group_by(lake), 3)
        figures["figures"] = float(appraise(lake, scheme, "2026"))
        figures["year_s"] = seconds(lambda: appraise(lake, scheme, "2026"), 1, warm=0)
        figures["month_s"] = seconds(lambda: appraise(lake, scheme, "2026-11"), 3)
        figures["explain_ms"] = 1000 * seconds(lambda: (lake.trace(asked), lake.behind(asked, most=200)), 3)
    if count >= LARGE:
        figures["year_against_one_group_by"] = figures["year_s"] / figures["group_by_s"]
    figures["memory_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    shutil.rmtree(root)
    tell(figures, FLOORS)


def _simple(asked: list[Request]) -> tuple[str, dict[str, str]]:
    key, parameters = asked[0]
    return key, dict(parameters)


if __name__ == "__main__":
    main()
