"""What registers ask of the door above them: where a point lies, and to open a matter for a finding.

Registers lie below the door (`intake`), which says here who answers (`answers`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from onedoor.kernel.actor import Actor
from onedoor.matters.models import Matter


@dataclass(frozen=True)
class Found:
    """What a visit found, as the door takes it in."""

    category: str
    title: str
    detail: str
    division: str  # code
    address: str
    lon: float | None
    lat: float | None
    key: str


class Door(Protocol):
    """Who answers."""

    def locate(self, lon: float, lat: float) -> int | None:
        """The smallest division around a point; None outside the city."""
        ...

    def open(self, actor: Actor, found: Found) -> Matter:
        """Opens a matter, routed to who answers for it. Raises BadInput, NotNow."""
        ...


_answering: list[Door] = []


def answers(door: Door) -> None:
    """Says who answers; the last word counts."""
    _answering[:] = [door]


def door() -> Door:
    """Who answers."""
    return _answering[0]
