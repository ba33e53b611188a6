"""Who may see and change which records, and which of their fields: each written once, as places and units."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from onedoor.city.queries import above, roles, subtree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotAllowed, NotFound
from onedoor.kernel.statements import Select
from onedoor.matters import policies as matters
from onedoor.registers import kinds
from onedoor.registers.language import Register
from onedoor.registers.models import Record

BY_NUMBER = Select(Record, "number = %s")


@dataclass(frozen=True)
class Over:
    """The records in some places and below, and those of some units: `q` for lists, `has` for one."""

    places: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    everything: bool = False

    def q(self) -> Q:
        """As a condition on Record."""
        if self.everything:
            return Q()
        return Q(division_id__in=subtree(self.places)) | Q(unit_id__in=self.units)

    def has(self, record: Record) -> bool:
        """Whether one record is among them."""
        return (
            self.everything or record.unit_id in self.units or bool(above(record.division_id) & self.places)
        )


def over(actor: Actor, names: Iterable[str]) -> Over:
    """The records that an actor reaches as one of these roles: by place, by grant, or as the unit that keeps them."""
    if actor.kind == "system":
        return Over(everything=True)
    held = tuple(names)
    return Over(matters.places(actor, *held), matters.units(actor, *held))


def seers(register: Register) -> list[str]:
    """The roles that see a register's records, wherever they reach."""
    return register.seen_by or [name for name, role in roles().items() if role["reach"] != "none"]


def visible(actor: Actor, register: Register) -> QuerySet[Record]:
    """The records of a register that an actor may see, for a list."""
    return Record.objects.filter(seen(actor, register))


def seen(actor: Actor, register: Register) -> Q:
    """The same as a condition on Record."""
    return over(actor, seers(register)).q() & Q(kind=register.key)


def reach(actor: Actor, number: str, *, lock: bool = False) -> Record:
    """The record, if the actor may see it. Raises NotFound otherwise."""
    record = next(iter(BY_NUMBER(number, lock=lock)), None)
    if record is None or not over(actor, seers(kinds.current(record.kind))).has(record):
        raise NotFound(what=number)
    return record


def may_keep(actor: Actor, record: Record) -> bool:
    """Whether an actor may correct, renew, transfer and withdraw a record."""
    return over(actor, kinds.current(record.kind).kept_by).has(record)


def may_visit(actor: Actor, record: Record) -> bool:
    """Whether an actor may visit a record."""
    visits = kinds.current(record.kind).visits
    return visits is not None and over(actor, visits.by).has(record)


def check(allowed: bool, zh: str, en: str) -> None:
    """Passes in silence if it is allowed. Raises NotAllowed."""
    if not allowed:
        raise NotAllowed(what=f"{zh} / {en}")


def sees(actor: Actor, record: Record, field: str) -> bool:
    """Whether an actor, for whom the record was reached, sees one of its fields; False for one that it has not."""
    declared = kinds.current(record.kind).fields.get(field) or kinds.of(record).fields.get(field)
    return declared is not None and (not declared.seen_by or over(actor, declared.seen_by).has(record))


def fields_seen(actor: Actor, record: Record) -> frozenset[str]:
    """The fields of a record that an actor sees; all others are hidden from her, in lists, history and exports.

    Who sees a field is what the register says today, and for a field that it has no more, what it said then.
    """
    now, then = kinds.current(record.kind).fields, kinds.of(record).fields
    return frozenset(
        name for name, declared in then.items()
        if not (by := now.get(name, declared).seen_by) or over(actor, by).has(record)
    )  # fmt: skip
