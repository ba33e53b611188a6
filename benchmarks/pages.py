"""How fast staff pages are among 100,000 matters: my work and search as lists of 50, one matter's page.

    python -m benchmarks.pages [--json] [--matters N]

Server time of whole pages through the WSGI stack (sign-in, permissions, templates), medians, on embedded SQLite.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from functools import partial
from statistics import median
from time import perf_counter
from typing import Any

from django.test import Client

from benchmarks.city import build, fill
from onedoor.city.models import Account
from onedoor.matters.models import Matter

FLOORS = {
    "work_list_ms": ("at most", 50.0),
    "county_list_ms": ("at most", 50.0),
    "matter_page_ms": ("at most", 50.0),
}
ROUNDS = 15


def milliseconds(work: Callable[[], Any]) -> float:
    """Median time of one call, after two to warm up."""
    work()
    work()
    times = []
    for _ in range(ROUNDS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times) * 1000


def measure(matters: int) -> dict[str, float]:
    """All figures by name; the unit is the last part of the name."""
    fill(build(), matters)
    handler = Account.objects.get(login="handler.housing.419902.1")
    coordinator = Account.objects.get(login="coordinator.centre.419902.1")
    own = Matter.objects.filter(unit__posts__account=handler).order_by("pk")[0]
    figures = {}
    for name, account, address in (
        ("work_list_ms", handler, "/desk/"),
        ("county_list_ms", coordinator, "/desk/matters/"),
        ("matter_page_ms", handler, f"/desk/matters/{own.number}/"),
    ):
        client = Client(headers={"host": "localhost"})
        client.force_login(account)
        figures[name] = milliseconds(partial(_page, client, address))
    return figures


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def main() -> None:
    """Prints the figures beside their floors."""
    matters = int(sys.argv[sys.argv.index("--matters") + 1]) if "--matters" in sys.argv else 100_000
    figures = measure(matters)
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        bound, floor = FLOORS[name]
        print(f"{name:30} {figure:12.2f}   ({bound} {floor:g})")


if __name__ == "__main__":
    main()
