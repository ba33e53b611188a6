"""How fast filings come in and actions are taken: the whole pipeline, with a commit each, on embedded SQLite.

    python -m benchmarks.receive [--json]

On the demonstration city of 2,309 grids, one process on one core. Filings are worded by the demonstration's residents
and spread over the city; every one is located, classified, matched, routed, numbered, sealed and logged. Medians of
several rounds; what was taken in before is there to be matched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from benchmarks.city import build, reports
from benchmarks.measuring import tell
from onedoor.intake.actions import receive, receive_many
from onedoor.kernel.actor import Actor, Reach
from onedoor.matters.actions import act
from onedoor.matters.models import Matter

FLOORS = {
    "receive_per_s": ("at least", 400.0),
    "receive_many_per_s": ("at least", 2000.0),
    "act_per_s": ("at least", 400.0),
}
ROUNDS, ONE_BY_ONE, IN_BULK, BATCH = 5, 400, 4000, 500


def per_second(work: Callable[[Sequence[Any]], object], rounds: Sequence[Sequence[Any]]) -> float:
    """Median over the rounds of how many items a second; the first round warms up."""
    rates = []
    for items in rounds:
        start = perf_counter()
        work(items)
        rates.append(len(items) / (perf_counter() - start))
    return median(rates[1:])


def slices(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    """The items in runs of `size`."""
    return [items[start : start + size] for start in range(0, len(items), size)]


def measure() -> dict[str, float]:
    """All figures by name; the unit is the last part of the name."""
    said = reports(build(), (ROUNDS + 1) * (ONE_BY_ONE + IN_BULK))

    resident, cut = Actor.resident(), (ROUNDS + 1) * ONE_BY_ONE
    one_by_one = per_second(
        lambda items: [receive(resident, one) for one in items], slices(said[:cut], ONE_BY_ONE)
    )
    in_bulk = per_second(
        lambda items: [receive_many(resident, batch) for batch in slices(items, BATCH)],
        slices(said[cut:], IN_BULK),
    )

    def take_up(rows: Sequence[Any]) -> None:
        for number, unit_id, division_id in rows:
            act(
                Actor("staff", "", 1, frozenset({unit_id}), (Reach("handler", division_id, unit_id),)),
                number,
                "accept",
            )

    waiting = Matter.objects.filter(state="registered").order_by("pk")
    rows = list(waiting.values_list("number", "unit_id", "unit__division_id")[:cut])
    return {
        "receive_per_s": one_by_one,
        "receive_many_per_s": in_bulk,
        "act_per_s": per_second(take_up, slices(rows, ONE_BY_ONE)),
    }


def main() -> None:
    """Prints the figures beside their floors."""
    tell(measure(), FLOORS)


if __name__ == "__main__":
    main()
