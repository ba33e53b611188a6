"""Who looked at a reporter's contact data, and what for (个人信息保护法 art. 45 lets her know). Units, no persons."""

from __future__ import annotations

from typing import Any

from onedoor.matters.models import Party
from onedoor.portal import wording
from onedoor.portal.queries.matters import Filing


def looks(found: Filing) -> list[dict[str, Any]]:
    """Every reading of what she left to be reached by, the newest first: when, which unit, what for."""
    hers = set(Party.objects.filter(matter=found.own, role="reporter").values_list("pk", flat=True))
    return [
        {
            "at": entry.at,
            "unit": wording.unit(entry.by_unit),
            "purpose": (entry.words or {}).get("purpose", ""),
        }
        for entry in found.entries
        if entry.kind == "contact_read"
        and entry.stream == found.own.stream
        and entry.body.get("party") in hers
    ]
