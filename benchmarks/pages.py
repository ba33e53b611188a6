"""How fast staff pages are among 100,000 matters: my work and search as lists of 50, one matter's page.

    python -m benchmarks.pages [--json] [--matters N]

Server time of whole pages through the WSGI stack (sign-in, permissions, templates), medians, on embedded SQLite.
"""

from __future__ import annotations

from functools import partial

from django.test import Client

from benchmarks.city import build, fill
from benchmarks.measuring import option, seconds, tell
from onedoor.city.models import Account
from onedoor.matters.models import Matter

FLOORS = {
    "work_list_ms": ("at most", 50.0),
    "county_list_ms": ("at most", 50.0),
    "matter_page_ms": ("at most", 50.0),
}
ROUNDS = 15


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
        figures[name] = 1000 * seconds(partial(_page, client, address), ROUNDS, warm=2)
    return figures


def _page(client: Client, address: str) -> None:
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def main() -> None:
    """Prints the figures beside their floors."""
    tell(measure(option("--matters", 100_000)), FLOORS)


if __name__ == "__main__":
    main()
