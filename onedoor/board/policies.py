"""Who may enter the board's pages for staff; and what the public may read of counts.

No public count is so small, alone or by subtraction, that it points at somebody.
A count below `LEAST` is not told. Where exactly the places that are not told can be worked out from the total of the
place above them (too few matters are hidden together), the smallest told one is kept back as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.http import HttpRequest

from onedoor.kernel.access import gate

LEAST = 5
LEADING = ("supervisor", "coordinator", "leader", "auditor", "admin")


@gate("board.lead", zh="督办员、协调员、领导、审计员、信息管理员",
      en="supervisors, coordinators, leaders, auditors and administrators")  # fmt: skip
def _leads(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*LEADING))  # type: ignore[attr-defined]


def published(counts: Mapping[str, int], above: Mapping[str, str], least: int = LEAST) -> dict[str, int]:
    """The counts that may be told, by place; `above` names the place that each lies in, whose total is told too."""
    told = {place: count for place, count in counts.items() if count >= least}
    for kept_back in _by_parent(counts, above, told).values():
        if 0 < sum(kept_back.values()) < least:
            parent = above.get(next(iter(kept_back)), "")
            siblings = [place for place in told if above.get(place, "") == parent]
            if siblings:
                del told[min(siblings, key=lambda place: (told[place], place))]
    return told


def _by_parent(
    counts: Mapping[str, int], above: Mapping[str, str], told: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """The counts that are not told, by the place above them."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for place, count in counts.items():
        if place not in told and count:
            found[above.get(place, "")][place] = count
    return found


def enough(counts: Mapping[str, int], least: int = LEAST) -> dict[str, int]:
    """The counts that stand alone and are large enough to be told; no total is told beside them."""
    return {name: count for name, count in counts.items() if count >= least}
