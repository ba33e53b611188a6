"""Lists of records as staff narrow them. Every list begins with what its reader may see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from onedoor.city.queries import subtree, tree
from onedoor.kernel.actor import Actor
from onedoor.registers import policies
from onedoor.registers.actions.visiting import OPEN
from onedoor.registers.language import Register
from onedoor.registers.models import Finding, Record
from onedoor.registers.writing import today

SOON = timedelta(days=30)
STATES = ("valid", "expiring", "expired", "withdrawn", "visit_due", "visit_late", "findings")


@dataclass(frozen=True)
class Filters:
    """How somebody narrowed a list; whatever makes no sense narrows nothing."""

    q: str = ""
    state: str = ""
    place: str = ""  # a division's code
    chosen: Mapping[str, str] = field(default_factory=dict)  # choice field → choice

    @classmethod
    def read(cls, sent: Mapping[str, str], register: Register) -> Filters:
        """From the values of a form."""
        state, place = sent.get("state", ""), sent.get("place", "")
        choices = {n: f.choices for n, f in register.fields.items() if f.type == "choice" and not f.seen_by}
        return cls(
            q=sent.get("q", "").strip()[:60],
            state=state if state in STATES else "",
            place=place if place in tree().by_code else "",
            chosen={n: sent[n] for n, known in choices.items() if sent.get(n) in known},
        )


def narrowed(actor: Actor, register: Register, wanted: Filters) -> QuerySet[Record]:
    """The visible records that fit."""
    rows = policies.visible(actor, register).filter(_in_state(wanted.state))
    if wanted.q:
        rows = rows.filter(Q(number__startswith=wanted.q.upper()) | Q(title__contains=wanted.q)
                           | Q(address__contains=wanted.q))  # fmt: skip
    if wanted.place:
        rows = rows.filter(division_id__in=subtree({tree().by_code[wanted.place].id}))
    for name, choice in wanted.chosen.items():
        rows = rows.filter(**{f"values__{name}": choice})
    return rows


def _in_state(state: str) -> Q:
    day, standing = today(), Q(state="standing")
    return {
        "valid": standing & (Q(valid_until=None) | Q(valid_until__gte=day)),
        "expiring": standing & Q(valid_until__range=(day, day + SOON)),
        "expired": standing & Q(valid_until__lt=day),
        "withdrawn": Q(state="withdrawn"),
        "visit_due": standing & Q(next_visit_on__lte=day + SOON),
        "visit_late": standing & Q(next_visit_on__lt=day),
        "findings": Q(Exists(Finding.objects.filter(OPEN, record=OuterRef("pk")))),
    }.get(state, Q())


def standing(record: Record) -> str:
    """How a record stands today: withdrawn, expired, expiring or valid."""
    if record.state != "standing":
        return record.state
    if record.valid_until is None or record.valid_until > today() + SOON:
        return "valid"
    return "expired" if record.valid_until < today() else "expiring"


def to_visit(actor: Actor, register: Register) -> QuerySet[Record]:
    """The records that an actor's posts are to visit within the next weeks, the most urgent first."""
    return Record.objects.filter(_to_visit(actor, register)).order_by("next_visit_on", "pk")


def _to_visit(actor: Actor, register: Register) -> Q:
    if register.visits is None:
        return Q(pk__in=())
    return policies.over(actor, register.visits.by).q() & _in_state("visit_due") & Q(kind=register.key)


def counts(actor: Actor, registers: Sequence[Register]) -> dict[str, tuple[int, int]]:
    """By register: how many standing records an actor sees, and how many her posts are to visit. One statement."""
    wanted: dict[str, Count] = {}
    for register in registers:
        wanted[f"seen_{register.key}"] = Count("pk", filter=policies.seen(actor, register))
        wanted[f"due_{register.key}"] = Count("pk", filter=_to_visit(actor, register))
    found = Record.objects.filter(state="standing").aggregate(**wanted)
    return {
        register.key: (found[f"seen_{register.key}"], found[f"due_{register.key}"]) for register in registers
    }
