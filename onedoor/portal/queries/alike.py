"""Matters nearby that may be the same, as a stranger may read them: a title without names and numbers, place and day.

Whatever is confidential is never among them. Where a title names a party, or is only the beginning of what somebody
told, what the matter is about is told instead.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from onedoor.city.queries import tree
from onedoor.city.tree import Node
from onedoor.intake import queries as intake
from onedoor.intake.match import Alike, Filed
from onedoor.intake.rules import headline
from onedoor.kernel.redaction import redact
from onedoor.matters.models import Matter, Party
from onedoor.portal import wording

MOST = 3
COARSE = 50  # metres to which a distance is told


def alike(filed: Filed) -> list[dict[str, Any]]:
    """The open matters near a filing that may be the same, best first: number, title, place, metres, opened_at."""
    found = intake.nearby(filed)[:MOST]
    rows = Matter.objects.filter(number__in=[item.number for item in found], confidential=False)
    matters = {matter.number: matter for matter in rows}
    names = _names(matters.values())
    return [
        _told(matters[item.number], item, names[matters[item.number].pk])
        for item in found
        if item.number in matters
    ]


def filed(matter: Matter) -> Filed:
    """A matter as matching looks at it."""
    return intake.as_filed(*(getattr(matter, name) for name in intake.FILED))


def _names(matters: Iterable[Matter]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for party in Party.objects.filter(matter__in=list(matters)).only("matter_id", "name"):
        if len(party.name) > 1:
            found[party.matter_id].append(party.name)
    return found


def _told(matter: Matter, item: Alike, names: Sequence[str]) -> dict[str, Any]:
    told = (
        matter.title
        and matter.title != headline(matter.detail)
        and not any(name in matter.title for name in names)
    )
    return {
        "number": matter.number,
        "title": redact(matter.title) if told else wording.category(matter.category_id),
        "place": _coarse(matter.division_id),
        "metres": None if item.metres is None else max(COARSE, round(item.metres / COARSE) * COARSE),
        "opened_at": matter.opened_at,
    }


def _coarse(division_id: int) -> str:
    """The village or township, never the grid."""
    places = tree()
    held: Node | None = places.ancestor(division_id, "village") or places.ancestor(division_id, "township")
    return held.name if held else ""
