"""How fast filings alike are found: candidates among 100,000 open filings in memory, each compared, with its reasons.

    python -m benchmarks.match [--json] [--filings N]

CPU time of one thread. The filings are worded by the demonstration's residents; half of the searches have a point, half
have words alone. A search finds its candidates as the door does, reads their texts afresh and compares each.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from time import process_time, process_time_ns

import numpy as np

from benchmarks.city import reports
from benchmarks.measuring import option, tell
from onedoor.intake.rules import Report
from onedoor.simulation.geography import Geography
from onedoor.triage.candidates import Index
from onedoor.triage.pairs import Filed, Model, Text, compare

FLOORS = {
    "match_p99_ms": ("at most", 15.0),
    "match_by_words_p99_ms": ("at most", 15.0),
    "match_at_a_point_p99_ms": ("at most", 15.0),
    "add_one_us": ("at most", 500.0),
}
FILINGS, SEARCHES, WORDED = 100_000, 1000, 20_000
MOST, WITHIN = 15, 250.0  # candidates of each sort, metres: as the door looks


def told(geography: Geography, count: int) -> list[Filed]:
    """That many filings: 20,000 texts, each told again elsewhere where more are wanted."""
    said = reports(geography, min(count, WORDED))
    rng, grids = Random(2), geography.grids()
    return [_filed(said[n % len(said)], geography.point_in(rng.choice(grids), rng), n) for n in range(count)]


def _filed(report: Report, place: tuple[float, float], serial: int) -> Filed:
    lon, lat = (None, None) if report.lon is None else place
    return Filed(report.title, f"{report.address}，{report.detail}", serial / 3000, lon=lon, lat=lat)


def searched(index: Index, model: Model, filed: Filed, known: Sequence[Filed]) -> float:
    """Milliseconds of CPU for one search and all its comparisons."""
    begun = process_time_ns()
    own = Text(filed)
    for near in index.nearest(filed, MOST, WITHIN):
        compared = compare(own, Text(known[int(near.number)]), index.rarity, WITHIN)
        model.probability(compared)
        model.why(compared)
    return (process_time_ns() - begun) / 1e6


def measure() -> dict[str, float]:
    """All figures by name; the unit is the last part of the name."""
    count = option("--filings", FILINGS)
    filings = told(Geography.of("yihe"), count + SEARCHES)
    index, begun = Index(), process_time()
    for number, filed in enumerate(filings[:count]):
        index.add(str(number), filed)
    added = (process_time() - begun) / count
    took = {placed: [searched(index, Model(), filed, filings) for filed in filings[count:]
                     if (filed.lon is not None) == placed] for placed in (True, False)}  # fmt: skip
    both = took[True] + took[False]
    return {
        "match_median_ms": float(np.median(both)),
        "match_p99_ms": float(np.percentile(both, 99)),
        "match_by_words_p99_ms": float(np.percentile(took[False], 99)),
        "match_at_a_point_p99_ms": float(np.percentile(took[True], 99)),
        "add_one_us": added * 1e6,
        "filings": float(count),
    }


def main() -> None:
    """Prints the figures beside their floors."""
    tell(measure(), FLOORS)


if __name__ == "__main__":
    main()
