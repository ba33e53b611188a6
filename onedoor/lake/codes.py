"""Codes for ids: what the lake calls units, places, categories and procedures. Read once for an export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from onedoor.city.models import Category, Division, Unit
from onedoor.city.queries import tree
from onedoor.matters.models import ProcedureVersion


@dataclass(frozen=True)
class Codes:
    """By id; of units and places also those that stand no longer."""

    units: Mapping[int, str]
    divisions: Mapping[int, str]
    counties: Mapping[int, str]  # by the id of any division: the county that it lies in
    categories: Mapping[int, str]
    procedures: Mapping[int, str]

    def unit(self, pk: int | None) -> str | None:
        """The code of a unit; None for none."""
        return self.units.get(pk) if pk is not None else None


def read() -> Codes:
    """As they are now. Raises NoCity."""
    level = tree().profile.level("county")
    places = {
        pk: (code, own, parent)
        for pk, code, own, parent in Division.objects.values_list("pk", "code", "level", "parent_id")
    }
    return Codes(
        units=dict(Unit.objects.values_list("pk", "code")),
        divisions={pk: code for pk, (code, _, _) in places.items()},
        counties={pk: _county(places, pk, level.key if level else "") for pk in places},
        categories=dict(Category.objects.values_list("pk", "code")),
        procedures=dict(ProcedureVersion.objects.values_list("pk", "key")),
    )


def _county(places: Mapping[int, tuple[str, str, int | None]], pk: int, level: str) -> str:
    """The code of the county above a division; its own where it lies in none (`tree().county`)."""
    step: int | None = pk
    while step is not None and step in places:
        code, own, parent = places[step]
        if own == level:
            return code
        step = parent
    return places[pk][0]
