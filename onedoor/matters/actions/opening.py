"""Opening matters: many at once in a handful of statements; one is many with one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from onedoor.city.models import Category
from onedoor.city.queries import tree
from onedoor.kernel import log, statements, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.sealing import lookup_token
from onedoor.matters import clocks as clockwork
from onedoor.matters import fold, procedures
from onedoor.matters.events import Opened
from onedoor.matters.models import OPENER, Clock, Involved, Matter, Party
from onedoor.matters.moving import clock_span


@dataclass(frozen=True)
class PartyData:
    """A party as somebody names it."""

    role: str  # reporter, respondent, representative, other
    name: str = ""
    contact: str = ""
    unit_id: int | None = None
    account_id: int | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Filing:
    """A matter about to be opened: located, classified and routed."""

    category: Category
    unit_id: int
    division_id: int
    title: str
    detail: str = ""
    channel: str = "web"
    placed: bool = True
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    confidential: bool = False
    category_sure: bool = True  # False: it is routed by the best guess, and a clerk confirms the category
    parties: tuple[PartyData, ...] = ()
    receiver_id: int | None = None  # the unit that took it in, where it is not the one responsible
    key: str | None = None
    key_digest: str = ""
    said_at: datetime | None = None  # when it was said elsewhere, where the channel brought it later
    why: dict[str, Any] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def open_many(actor: Actor, filings: Sequence[Filing]) -> list[Matter]:
    """Opens a matter per filing, in order: rows, first entry, parties, clocks. Call with at most some thousand.

    All are opened at the same moment, so that what is computed from it is computed once.
    """
    with time.at(time.now()):
        matters = _numbered([_matter(filing) for filing in filings])
        clocks = [_first_clocks(matter) for matter in matters]
        entries = []
        for matter, filing, own in zip(matters, filings, clocks, strict=True):
            matter.next_due = clockwork.next_due(own)
            entries.append(log.entry(matter, _event(matter, filing, own), actor))
    statements.insert(matters)
    statements.insert(
        [clock for matter, own in zip(matters, clocks, strict=True) for clock in _of(matter, own)]
    )
    statements.insert(_parties(matters, filings))
    statements.insert(_involved(matters, filings))
    log.write(entries)
    return matters


def _matter(filing: Filing) -> Matter:
    version = procedures.current(filing.category.procedure)
    procedure = procedures.compiled(version.pk)
    state = procedure.states[procedure.opens.state]
    return Matter(
        procedure_id=version.pk,
        category=filing.category,
        title=filing.title,
        detail=filing.detail,
        channel=filing.channel,
        state=procedure.opens.state,
        answers=state.answers or "",
        is_open=not state.end,
        unit_id=filing.unit_id,
        county_id=tree().county(filing.division_id).id,
        division_id=filing.division_id,
        placed=filing.placed,
        address=filing.address,
        lon=filing.lon,
        lat=filing.lat,
        confidential=filing.confidential,
        category_sure=filing.category_sure,
        opened_at=time.now(),
        key=filing.key,
        key_digest=filing.key_digest,
    )


def _numbered(matters: list[Matter]) -> list[Matter]:
    places, year = tree(), time.now().astimezone(time.CITY_ZONE).year
    wanted = Counter(matter.county_id for matter in matters)
    ranges = {
        county: iter(log.next_numbers(f"matter/{places.nodes[county].code}/{year}", count))
        for county, count in sorted(wanted.items())
    }
    for matter in matters:
        county = places.nodes[matter.county_id].code
        matter.number = places.profile.number.format(
            county=county, year=year, seq=next(ranges[matter.county_id])
        )
    return matters


def _first_clocks(matter: Matter) -> list[Clock]:
    procedure = procedures.compiled(matter.procedure_id)
    made = []
    for name in procedure.opens.starts:
        rule = procedure.clocks[name]
        span, source = clock_span(rule, matter)
        unit_id = matter.unit_id if rule.binds == "unit" else None
        made.append(
            clockwork.begin(
                matter, name, span, matter.opened_at, source=source, unit_id=unit_id, ladder=rule.ladder
            )
        )
    return made


def _of(matter: Matter, clocks: list[Clock]) -> list[Clock]:
    """The clocks of a matter, which has its id only since it was inserted."""
    for clock in clocks:
        clock.matter_id = matter.pk
    return clocks


def _event(matter: Matter, filing: Filing, clocks: list[Clock]) -> Opened:
    return Opened(
        channel=matter.channel,
        number=matter.number,
        changes=fold.snapshot(matter),
        clocks=[clockwork.line(clock, "start") for clock in clocks],
        parties=[{"role": p.role, "unit": p.unit_id, "confidential": p.confidential} for p in filing.parties],
        said=log.moment_text(filing.said_at) if filing.said_at else "",
        why=filing.why,
        title=matter.title,
        detail=matter.detail,
        address=matter.address,
    )


def _parties(matters: list[Matter], filings: Sequence[Filing]) -> list[Party]:
    return [
        make_party(matter, data)
        for matter, filing in zip(matters, filings, strict=True)
        for data in filing.parties
    ]


def make_party(matter: Matter, data: PartyData) -> Party:
    """A party row, not yet saved: its contact is sealed, its token tells a repeat without unsealing."""
    return Party(
        matter=matter,
        role=data.role,
        name=data.name,
        contact=data.contact,
        contact_token=lookup_token(data.contact) if data.contact else "",
        unit_id=data.unit_id,
        account_id=data.account_id,
        confidential=data.confidential,
    )


def _involved(matters: list[Matter], filings: Sequence[Filing]) -> list[Involved]:
    rows = [Involved(matter=matter, unit_id=matter.unit_id, part="responsible") for matter in matters]
    rows += [
        Involved(matter=matter, unit_id=filing.receiver_id, part="receiver")
        for matter, filing in zip(matters, filings, strict=True)
        if filing.receiver_id
    ]
    rows += [
        Involved(matter=matter, unit_id=matter.unit_id, part=OPENER)
        for matter in matters
        if procedures.compiled(matter.procedure_id).opens.by
    ]
    return rows
