"""Reads of notices and reminders."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from onedoor.kernel.actor import Actor
from onedoor.kernel.statements import ask
from onedoor.matters import policies
from onedoor.matters.language import Action
from onedoor.matters.models import Clock, Matter, Party
from onedoor.notices.models import Notice, Reminder

REPORTERS = (
    "SELECT filed.number, party.contact_token FROM matters_party party"
    " JOIN matters_matter filed ON filed.id = party.matter_id"
    " WHERE filed.id IN (SELECT %s UNION ALL SELECT id FROM matters_matter WHERE master_id = %s)"
    " AND party.role IN (%s, %s) AND party.erased_at IS NULL"
)
TOLD = ("reporter", "representative")  # the roles of parties who are told


@dataclass(frozen=True)
class Filing:
    """One filing of a matter whose reporter is told, and whether she left a contact."""

    number: str
    reachable: bool


def told_by(action: Action) -> Mapping[str, str] | None:
    """What an action tells the residents, in both languages; None where it tells nothing.

    What staff write into the form of an action that tells is read by the residents; nothing else that they write is.
    """
    return next((call.argument for call in action.effect if call.name == "tell"), None)


def filings(matter: Matter) -> list[Filing]:
    """The matter's own filing and all joined to it that somebody reported."""
    found: dict[str, bool] = {}
    for number, token in ask(REPORTERS, matter.pk, matter.pk, *TOLD):
        found[number] = found.get(number, False) or bool(token)
    return [Filing(number, reachable) for number, reachable in sorted(found.items())]


def contacts(numbers: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """What the reporters of these filings left to be reached by, unsealed; for sending alone."""
    rows = Party.objects.filter(matter__number__in=list(numbers), role__in=TOLD, erased_at=None)
    found: dict[str, list[str]] = {}
    for number, contact in (
        rows.exclude(contact_token="").order_by("pk").values_list("matter__number", "contact")
    ):
        found.setdefault(number, []).append(contact)
    return {number: tuple(dict.fromkeys(held)) for number, held in found.items()}


def notices_of(number: str) -> QuerySet[Notice]:
    """What the reporter of one filing was told, the newest first: for her page."""
    return Notice.objects.filter(number=number).order_by("-created_at", "-pk")


def not_reached(matter: Matter) -> QuerySet[Notice]:
    """Notices of a matter that could not be delivered: for the page of the matter."""
    return matter.notices.filter(state="failed").order_by("created_at")


def reminders(actor: Actor) -> QuerySet[Reminder]:
    """What the actor's units should look at and have not, the newest first: for the first page of the desk.

    A reminder about a clock goes away by itself when the clock no longer runs.
    """
    runs = Clock.objects.filter(matter=OuterRef("matter"), name=OuterRef("clock"), state="running")
    rows = Reminder.objects.filter(_addressed(actor), seen_at=None, matter__is_open=True)
    rows = rows.filter(Q(clock="") | Q(Exists(runs)), matter__in=policies.visible(actor).values("pk"))
    return rows.select_related("matter", "unit").order_by("-created_at", "-pk")


def _addressed(actor: Actor) -> Q:
    """Reminders to a unit of the actor's, for everybody there or for a role that the actor holds there."""
    found = Q(pk__in=())
    for reach in actor.reaches:
        if reach.unit_id:
            found |= Q(unit_id=reach.unit_id, role__in=("", reach.role))
    return found
