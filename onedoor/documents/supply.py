"""What templates may show beyond the fields of forms. Packages above register their own (`meetings`: the meeting)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from onedoor.city.queries import directory, tree, unit_named
from onedoor.documents import rules
from onedoor.documents.catalogue import Template
from onedoor.documents.models import Document
from onedoor.kernel.actor import Actor
from onedoor.kernel.sealing import query_code
from onedoor.kernel.statements import Select
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.language import Procedure
from onedoor.matters.models import OPENER, Clock, Matter, Party

ROLES = {"reporter": "申请人", "respondent": "被申请人", "representative": "代表人"}
PARTIES = Select(Party, "matter_id = %s AND role IN ('reporter', 'respondent')", order="role, id")


@dataclass
class Subject:
    """What a document is made about, and by whom."""

    actor: Actor
    matter: Matter
    procedure: Procedure
    template: Template
    at: datetime
    begun: Sequence[Clock] = ()  # clocks that the same action has begun, which are saved after it
    unsealed: list[Party] = field(default_factory=list)  # whose sealed data was looked at, for the log


Supply = Callable[[Subject], Any]
SUPPLIES: dict[str, Supply] = {}
ALWAYS = ("matter", "unit", "date", "number", "title", "raw")


def supply(gives: Supply) -> Supply:
    """Registers what templates may name under `uses:`, by the function's name."""
    if gives.__name__ in SUPPLIES:
        raise TypeError(f"{gives.__name__} is registered twice")
    SUPPLIES[gives.__name__] = gives
    return gives


def matter(subject: Subject) -> dict[str, str]:
    """The matter as every document may show it; it names nobody but what the reporter wrote herself."""
    held = subject.matter
    category = directory().category_by_id.get(held.category_id)
    places = tree()
    return {
        "number": held.number,
        "title": rules.as_text(held.title),
        "detail": rules.as_text(held.detail),
        "category": category.title["zh"] if category else "",
        "address": rules.as_text(held.address),
        "place": places.full_name(held.division_id) if held.division_id in places.nodes else "",
        "opened": rules.day(held.opened_at.astimezone(CITY_ZONE).date()),
    }


def unit(subject: Subject) -> dict[str, str]:
    """The responsible unit."""
    held = directory().units.get(subject.matter.unit_id)
    return {"name": held.name if held else "", "phone": held.phone if held else ""}


@supply
def opener(subject: Subject) -> dict[str, str]:
    """The unit that opened the matter itself, where one did: name and telephone."""
    opened = subject.matter.involved.filter(part=OPENER).values_list("unit_id", flat=True).first()
    held = directory().units.get(opened or 0)
    return {"name": held.name if held else "", "phone": held.phone if held else ""}


@supply
def parties(subject: Subject) -> list[dict[str, str]]:
    """The parties in dispute. Of a confidential one everything stays blank; the rest as far as the template unseals."""
    return [_party(subject, party) for party in PARTIES(subject.matter.pk)]


def _party(subject: Subject, party: Party) -> dict[str, str]:
    shown = {"role": ROLES[party.role], "name": rules.BLANK, "contact": rules.BLANK}
    if party.unit_id:
        held = unit_named(party.unit_id)
        return shown | {"name": held.name, "contact": held.phone or rules.BLANK}
    wanted = subject.template.unseals
    if party.confidential or not wanted:
        return shown
    subject.unsealed.append(party)
    told = {"name": party.name, "contact": party.contact}
    return shown | {name: rules.as_text(told[name]) for name in wanted if told[name]}


@supply
def reporter(subject: Subject) -> str:
    """The name of who reported it; blank where she is confidential or gave none."""
    rows = subject.matter.parties.filter(role="reporter").order_by("pk")
    held = rows.first()
    return _party(subject, held)["name"] if held else rules.BLANK


@supply
def code(subject: Subject) -> str:
    """The query code: whoever has it speaks for the reporter, so only papers that are handed to her show it."""
    plain = query_code(subject.matter.number)
    return f"{plain[:4]}-{plain[4:]}"


@supply
def clocks(subject: Subject) -> list[dict[str, str]]:
    """The running time limits that bind a unit: what each is for and when it ends."""
    rows = subject.matter.clocks.filter(state="running", task=None).exclude(unit=None).order_by("due_at")
    rules_of = subject.procedure.clocks
    return [
        {"title": rules_of[c.name].zh if c.name in rules_of else c.name,
         "due": rules.day(c.due_at.astimezone(CITY_ZONE).date())}
        for c in rows
    ]  # fmt: skip


@supply
def earlier(subject: Subject) -> dict[str, dict[str, str]]:
    """The latest document of each template made before: its number and day."""
    rows = Document.objects.filter(matter=subject.matter).order_by("pk")
    return {
        d.template: {"number": d.number, "date": rules.day(d.made_at.astimezone(CITY_ZONE).date())}
        for d in rows
    }
