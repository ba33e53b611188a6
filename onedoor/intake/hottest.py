"""The hottest groups of filings, as far as somebody may see them: what she may not open is not counted for her."""

from __future__ import annotations

from dataclasses import dataclass

from onedoor.intake import hot
from onedoor.intake.heat import Heat, Told, heat
from onedoor.intake.models import HotGroup
from onedoor.intake.together import FEWEST
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.matters import policies

LOOKED_AT = 80  # groups, by their index over the whole city, of which hers are taken


@dataclass(frozen=True)
class Warm:
    """A group with what an actor may see of it, counted."""

    group: HotGroup
    heat: Heat
    told: list[Told]


def hottest(actor: Actor, most: int) -> list[Warm]:
    """The groups of which an actor may see two filings at least, by their index over what she sees."""
    rows = HotGroup.objects.filter(last_at__gte=time.now() - hot.KEPT).order_by("-index", "-last_at", "pk")
    found = [warm for warm in _warmed(actor, list(rows[:LOOKED_AT])) if warm.heat.matters >= FEWEST]
    return sorted(found, key=lambda warm: (-warm.heat.index, -warm.told[-1].at.timestamp()))[:most]


def warmed(actor: Actor, group: HotGroup) -> Warm:
    """One group, counted for an actor."""
    return _warmed(actor, [group])[0]


def _warmed(actor: Actor, groups: list[HotGroup]) -> list[Warm]:
    told = hot.counted([group.pk for group in groups], policies.visible(actor))
    now = time.now()
    return [Warm(g, heat(told.get(g.pk, []), now), told.get(g.pk, [])) for g in groups]
