"""Who does something: the value that every action takes, so that no action ever sees a request."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reach:
    """One role on one node of the division tree; it reaches the node's whole subtree."""

    role: str
    division_id: int
    unit_id: int | None = None


@dataclass(frozen=True)
class Actor:
    """Somebody who acts: staff in a post, a resident who proved a number and code, or the system."""

    kind: str
    label: str = ""
    account_id: int | None = None
    unit_ids: frozenset[int] = frozenset()
    reaches: tuple[Reach, ...] = ()
    number: str | None = None  # the matter whose query code a resident has proved

    @classmethod
    def system(cls, label: str = "system") -> Actor:
        """The engine itself: timers, imports, the simulation's clockwork."""
        return cls(kind="system", label=label)

    @classmethod
    def resident(cls, number: str | None = None) -> Actor:
        """A resident: anybody may file; with `number` proved, also speak on that matter."""
        return cls(kind="resident", label="resident", number=number)

    @property
    def unit_id(self) -> int | None:
        """The unit this actor speaks for: that of the first post."""
        return next((reach.unit_id for reach in self.reaches if reach.unit_id), None)

    @property
    def roles(self) -> frozenset[str]:
        """All roles held anywhere."""
        return frozenset(reach.role for reach in self.reaches)

    def holds(self, *roles: str) -> bool:
        """True when any of `roles` is held somewhere."""
        return any(reach.role in roles for reach in self.reaches)

    def divisions(self, *roles: str) -> frozenset[int]:
        """The nodes on which any of `roles` is held."""
        return frozenset(reach.division_id for reach in self.reaches if reach.role in roles)
