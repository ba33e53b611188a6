"""Who does it: from a matter and a performer's name to somebody in a post, as an actor."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from onedoor.city.models import Account, Post
from onedoor.city.queries import standing, tree
from onedoor.kernel.actor import Actor, Reach
from onedoor.kernel.statements import ask
from onedoor.matters.models import Matter

ARBITERS = "SELECT arbiter_id FROM matters_objection WHERE matter_id = %s AND decided_at IS NULL ORDER BY id"
INVOLVED = "SELECT unit_id FROM matters_involved WHERE matter_id = %s ORDER BY id DESC"
OPENED = "SELECT unit_id FROM matters_involved WHERE matter_id = %s AND part = 'opener'"
WORKS = ("handler", "mediator", "coordinator", "leader", "clerk")  # who may speak for a responsible unit


class Cast:
    """The people of the city in their posts, as actors, found by unit or by place."""

    def __init__(self) -> None:
        posts = (
            Post.objects.filter(standing())
            .order_by("pk")
            .values_list("account_id", "role", "division_id", "unit_id")
        )
        names = dict(Account.objects.values_list("pk", "name"))
        reaches: dict[int, list[Reach]] = defaultdict(list)
        for account, role, division, unit in posts:
            reaches[account].append(Reach(role, division, unit))
        self.in_unit: dict[tuple[int | None, str], list[Actor]] = defaultdict(list)
        self.over: dict[tuple[int, str], list[Actor]] = defaultdict(list)
        for account, held in reaches.items():
            units = frozenset(reach.unit_id for reach in held if reach.unit_id)
            actor = Actor("staff", names[account], account, units, tuple(held))
            for reach in held:
                self.in_unit[reach.unit_id, reach.role].append(actor)
                self.over[reach.division_id, reach.role].append(actor)

    def of_unit(self, rng: Random, unit_id: int) -> Actor | None:
        """Somebody who may act for a unit, a handler first."""
        for role in WORKS:
            if found := self.in_unit.get((unit_id, role)):
                return rng.choice(found)
        return None

    def over_place(self, rng: Random, role: str, division_id: int) -> Actor | None:
        """Somebody with a role over a place, the nearest first."""
        for node in reversed(tree().nodes[division_id].path):
            if found := self.over.get((node, role)):
                return rng.choice(found)
        return None

    def performer(self, rng: Random, name: str, matter: Matter) -> Actor | None:
        """Somebody who is the named performer for a matter; None where the post is vacant."""
        if name == "unit":
            return self.of_unit(rng, matter.unit_id)
        if name == "opener":
            return next((self.of_unit(rng, unit_id) for (unit_id,) in ask(OPENED, matter.pk)), None)
        if name == "resident":
            return Actor.resident(matter.number)
        if name == "arbiter":
            roles = ("supervisor", "coordinator", "leader")
            waiting = [unit_id for (unit_id,) in ask(ARBITERS, matter.pk)][:1]
            held = [
                actor for unit in waiting for role in roles for actor in self.in_unit.get((unit, role), [])
            ]
            return rng.choice(held) if held else None
        if name == "mediator":
            parts = [unit_id for (unit_id,) in ask(INVOLVED, matter.pk)]
            rooms = [self.in_unit.get((unit_id, "mediator"), []) for unit_id in (matter.unit_id, *parts)]
            return next((rng.choice(people) for people in rooms if people), None)
        return self.over_place(rng, name, matter.division_id)
