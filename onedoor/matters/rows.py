"""Sets of matters, described once: `q()` gives the rows for a list, `has()` says whether one matter is among them.

Both come from the same description, so that "which rows" and "may she touch this one?" cannot disagree; a
property-based test holds every kind of set to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Exists, OuterRef, Q

from onedoor.city.queries import above, subtree
from onedoor.kernel.statements import ALWAYS, NEVER, Condition, any_of, ask
from onedoor.matters.models import Involved, Matter, Objection, Party, Task

Ids = frozenset[int]
ACCUSED = "SELECT unit_id, account_id FROM matters_party WHERE matter_id = %s AND role = 'respondent'"
REPORTED = (
    "SELECT number FROM matters_matter filed"
    " WHERE id IN (SELECT %s UNION ALL SELECT id FROM matters_matter WHERE master_id = %s)"
    " AND EXISTS (SELECT 1 FROM matters_party WHERE matter_id = filed.id AND role = 'reporter')"
)


class Seen:
    """One matter as the sets look at it; what belongs to it is read when it is first asked for."""

    def __init__(self, matter: Matter) -> None:
        self.matter = matter

    @cached_property
    def parts(self) -> set[tuple[int, str]]:
        """(unit, part) of every unit involved."""
        return set(ask("SELECT unit_id, part FROM matters_involved WHERE matter_id = %s", self.matter.pk))

    @cached_property
    def accused(self) -> list[tuple[int | None, int | None]]:
        """(unit, account) of everybody complained of."""
        return ask(ACCUSED, self.matter.pk)

    @cached_property
    def above(self) -> Ids:
        """The division of the matter and everything above it, whether it still stands or not."""
        return above(self.matter.division_id)


class Rows:
    """A set of matters."""

    def q(self) -> Q:
        """The set as a condition on Matter."""
        raise NotImplementedError

    def where(self) -> Condition:
        """The set as a condition in a statement on the table of matters that is built once."""
        return _written(self)

    def has(self, seen: Seen) -> bool:
        """Whether one matter is in the set."""
        raise NotImplementedError

    def __or__(self, other: Rows) -> Rows:
        return other if self == NOTHING else self if other == NOTHING else Either(self, other)

    def __and__(self, other: Rows) -> Rows:
        return NOTHING if NOTHING in (self, other) else Both(self, other)

    def __invert__(self) -> Rows:
        return Other(self)


@lru_cache(maxsize=4096)  # what an actor may see stays the same from one request to the next
def _written(rows: Rows) -> Condition:
    """The condition as Django writes it, which takes some milliseconds for what somebody of the staff may see."""
    query = Matter.objects.filter(rows.q()).query
    try:
        text, values = query.get_compiler(connection=connection).compile(query.where)
    except EmptyResultSet:
        return NEVER
    except FullResultSet:
        return ALWAYS
    return Condition(f"({text})", tuple(values))


@dataclass(frozen=True)
class Either(Rows):
    """In one or the other."""

    one: Rows
    two: Rows

    def q(self) -> Q:
        """See `Rows.q`."""
        return self.one.q() | self.two.q()

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return self.one.has(seen) or self.two.has(seen)


@dataclass(frozen=True)
class Both(Rows):
    """In one and the other."""

    one: Rows
    two: Rows

    def q(self) -> Q:
        """See `Rows.q`."""
        return self.one.q() & self.two.q()

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return self.one.has(seen) and self.two.has(seen)


@dataclass(frozen=True)
class Other(Rows):
    """Not in it."""

    one: Rows

    def q(self) -> Q:
        """See `Rows.q`."""
        return ~self.one.q()

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return not self.one.has(seen)


@dataclass(frozen=True)
class Nothing(Rows):
    """No matter at all."""

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(pk__in=())

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return False


@dataclass(frozen=True)
class NotConfidential(Rows):
    """Matters that nobody asked to keep confidential."""

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(confidential=False)

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return not seen.matter.confidential


@dataclass(frozen=True)
class OnItsOwn(Rows):
    """Matters that are not joined to another."""

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(master=None)

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return seen.matter.master_id is None


@dataclass(frozen=True)
class Waiting(Rows):
    """Matters whose state waits for this performer."""

    performer: str

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(answers=self.performer)

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return seen.matter.answers == self.performer


@dataclass(frozen=True)
class Responsible(Rows):
    """Matters for which one of these units is responsible."""

    units: Ids

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(unit_id__in=any_of(self.units))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return seen.matter.unit_id in self.units


@dataclass(frozen=True)
class Partaking(Rows):
    """Matters in which one of these units has a part (of these kinds, where given)."""

    units: Ids
    kinds: tuple[str, ...] = ()

    def q(self) -> Q:
        """See `Rows.q`."""
        rows = Involved.objects.filter(matter=OuterRef("pk"), unit_id__in=any_of(self.units))
        return Q(Exists(rows.filter(part__in=self.kinds) if self.kinds else rows))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return any(unit in self.units and (not self.kinds or part in self.kinds) for unit, part in seen.parts)


@dataclass(frozen=True)
class Under(Rows):
    """Matters that lie in one of these divisions or anywhere below."""

    divisions: Ids

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(division_id__in=subtree(self.divisions))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return not self.divisions.isdisjoint(seen.above)


@dataclass(frozen=True)
class About(Rows):
    """Matters in which one of these units, or this account, is complained of."""

    units: Ids
    account: int | None

    def q(self) -> Q:
        """See `Rows.q`."""
        rows = Party.objects.filter(matter=OuterRef("pk"), role="respondent")
        return Q(Exists(rows.filter(Q(unit_id__in=any_of(self.units)) | Q(account_id=self.account or 0))))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return any(
            unit in self.units or (account and account == self.account) for unit, account in seen.accused
        )


@dataclass(frozen=True)
class Filed(Rows):
    """The matter filed under a number, and the master it was joined to."""

    number: str

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(number=self.number) | Q(
            Exists(Matter.objects.filter(number=self.number, master=OuterRef("pk")))
        )

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        own = seen.matter.number == self.number
        return own or Matter.objects.filter(number=self.number, master=seen.matter).exists()


@dataclass(frozen=True)
class Deciding(Rows):
    """Matters with an objection that one of these units is to decide."""

    units: Ids

    def q(self) -> Q:
        """See `Rows.q`."""
        waiting = Objection.objects.filter(matter=OuterRef("pk"), arbiter_id__in=self.units, decided_at=None)
        return Q(Exists(waiting))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return seen.matter.objections.filter(arbiter_id__in=self.units, decided_at=None).exists()


@dataclass(frozen=True)
class Owing(Rows):
    """Matters in which one of these units has an open task."""

    units: Ids

    def q(self) -> Q:
        """See `Rows.q`."""
        return Q(
            Exists(Task.objects.filter(matter=OuterRef("pk"), unit_id__in=any_of(self.units), state="open"))
        )

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return seen.matter.tasks.filter(unit_id__in=self.units, state="open").exists()


@dataclass(frozen=True)
class AboutSomebody(Rows):
    """Matters in which somebody of the staff is complained of by name."""

    def q(self) -> Q:
        """See `Rows.q`."""
        named = Party.objects.filter(role="respondent", account__isnull=False)
        return Q(pk__in=named.values("matter_id"))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return any(account for _, account in seen.accused)


@dataclass(frozen=True)
class Reported(Rows):
    """Matters that a resident reported, or a filing joined to them."""

    def q(self) -> Q:
        """See `Rows.q`."""
        own = Party.objects.filter(matter=OuterRef("pk"), role="reporter")
        joined = Party.objects.filter(matter__master=OuterRef("pk"), role="reporter")
        return Q(Exists(own)) | Q(Exists(joined))

    def has(self, seen: Seen) -> bool:
        """See `Rows.has`."""
        return bool(ask(REPORTED, seen.matter.pk, seen.matter.pk))


NOTHING, EVERYTHING = Nothing(), Other(Nothing())
