"""How fast places are found: point to grid, a million points, words to division, and a whole city grown.

    python -m benchmarks.locate [--json]

Medians of several rounds on the demonstration city of 2,309 grids, on one core, beside the stated floors.
"""

from __future__ import annotations

from random import Random
from time import perf_counter

import numpy as np

from benchmarks.measuring import seconds, tell
from onedoor.intake.locate import Gazetteer, GridIndex, Place
from onedoor.simulation.geography import Geography

FLOORS = {
    "locate_one_us": ("at most", 20.0),
    "locate_million_s": ("at most", 3.0),
    "gazetteer_addresses_per_s": ("at least", 20_000.0),
    "grow_city_s": ("at most", 20.0),
}
ROUNDS = 5


def measure() -> dict[str, float]:
    """All figures by name; the unit is the last part of the name."""
    start = perf_counter()
    city = Geography.of("yihe")
    grown = perf_counter() - start
    polygons, codes = city.polygons(), city.grids()
    index = GridIndex({code: polygons[code] for code in codes})
    rng = Random(1)
    points = [city.point_in(rng.choice(codes), rng) for _ in range(20_000)]
    lons, lats = np.array([points[i % len(points)] for i in range(1_000_000)]).T
    gazetteer, addresses = _words(city, rng)
    return {
        "locate_one_us": seconds(lambda: [index.locate(lon, lat) for lon, lat in points], ROUNDS)
        / len(points)
        * 1e6,
        "locate_million_s": seconds(lambda: index.locate_many(lons, lats), ROUNDS),
        "gazetteer_addresses_per_s": len(addresses)
        / seconds(lambda: [gazetteer.find(a) for a in addresses], ROUNDS),
        "grow_city_s": grown,
    }


def _words(city: Geography, rng: Random) -> tuple[Gazetteer, list[str]]:
    rows = {row.code: row for row in city.divisions() if row.level != "grid"}
    villages = [row for row in rows.values() if row.level == "village"]
    addresses = []
    for village in rng.choices(villages, k=20_000):
        township = rows[village.parent_code]
        county = rows[township.parent_code]
        addresses.append(f"{county.name}{township.name}{village.name}3组路灯不亮已经一个星期，请派人来修")
    return Gazetteer(Place(r.code, r.name, r.parent_code or None) for r in rows.values()), addresses


def main() -> None:
    """Prints the figures beside their floors."""
    tell(measure(), FLOORS)


if __name__ == "__main__":
    main()
