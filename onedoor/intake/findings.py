"""The door as registers ask it: where a point lies, and what a visit found comes in like any other filing."""

from __future__ import annotations

from onedoor.intake.actions import receive
from onedoor.intake.queries import door
from onedoor.intake.rules import LONGEST_ADDRESS, Report
from onedoor.kernel.actor import Actor
from onedoor.matters.models import Matter
from onedoor.registers.door import Found, answers


class AtTheDoor:
    """See `registers.door.Door`."""

    def locate(self, lon: float, lat: float) -> int | None:
        """The smallest division around a point."""
        found = door().at(lon, lat)
        return found[0].id if found else None

    def open(self, actor: Actor, found: Found) -> Matter:
        """Taken in as found on the round: staff found it, nobody reported it."""
        report = Report(
            title=found.title, detail=found.detail, channel="grid", address=found.address[:LONGEST_ADDRESS],
            lon=found.lon, lat=found.lat, division_code=found.division, category=found.category, staff_only=True,
            key=found.key,
        )  # fmt: skip
        return receive(actor, report).matter


answers(AtTheDoor())
