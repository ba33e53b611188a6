"""What stands: registers, their records, and visits to them."""

from __future__ import annotations

from typing import Any

from ninja import Header, Path, Query, Router

from onedoor.api import shaping
from onedoor.api.schemas.common import VISIBLE, answers
from onedoor.api.schemas.records import (
    RecordFilter,
    RecordFull,
    RecordPage,
    RegisterOut,
    VisitIn,
    VisitOut,
)
from onedoor.api.security import STAFF
from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.kernel.access import access
from onedoor.kernel.actor import Actor
from onedoor.kernel.paging import page
from onedoor.kernel.problems import BadInput
from onedoor.registers import actions, kinds, lists, policies
from onedoor.registers.actions.visiting import OPEN, Seen
from onedoor.registers.language import Register
from onedoor.registers.models import Record, Visit
from onedoor.registers.values import said

router = Router(tags=["Registers · 台账"], auth=STAFF)
LATEST = 20  # visits of one record
KIND = Path(
    ..., max_length=40, pattern=VISIBLE, description="Key of a register.", examples=["inspected_place"]
)
RECORD = Path(
    ..., max_length=40, pattern=VISIBLE, description="The record's number.", examples=["P419801202600001"]
)


@router.get("/registers", response=answers(list[RegisterOut], 401), summary="The registers")
@access("staff")
def registers(request: ActedRequest) -> Any:
    """Every kind of record that the city keeps, with its checklist, and how many records the caller sees."""
    found = kinds.published()
    counted = lists.counts(request.actor, found)
    return [_register(one, *counted[one.key]) for one in found]


@router.get(
    "/registers/{kind}/records", response=answers(RecordPage, 400, 401, 404), summary="Records of a register"
)
@access("staff")
def records(request: ActedRequest, wanted: Query[RecordFilter], kind: str = KIND) -> Any:
    """The records that the caller may see, narrowed; the newest first. Contacts stand in no list."""
    register = kinds.current(kind)
    if wanted.division and wanted.division not in tree().by_code:
        raise BadInput.of("division", "没有这个区划代码", "there is no division with this code")
    sought = lists.Filters(q=wanted.text.strip(), state=wanted.state, place=wanted.division)
    rows = lists.narrowed(request.actor, register, sought)
    held = page(rows, "-entered_at", cursor=wanted.cursor, limit=wanted.limit)
    return {"rows": [_line(record) for record in held.rows], "next": held.next}


@router.get("/records/{number}", response=answers(RecordFull, 401, 404), summary="A record")
@access("staff")
def record(request: ActedRequest, number: str = RECORD) -> Any:
    """What stands on a record, of the fields that the caller sees, and its latest visits."""
    found = policies.reach(request.actor, number)
    visits = (
        found.visits.filter(state="done").order_by("-done_at", "-pk").prefetch_related("findings__matter")
    )
    return _line(found) | {
        "fields": _fields(request.actor, found),
        "visits": [_visit(one) for one in visits[:LATEST]],
        "open_findings": found.findings.filter(OPEN).count(),
    }


@router.post(
    "/records/{number}/visits", response=answers(VisitOut, 400, 401, 403, 404, 409), summary="Record a visit"
)
@access("staff")
def visit(
    request: ActedRequest, seen: VisitIn, number: str = RECORD,
    key: str = Header(
        "", alias="Idempotency-Key", max_length=64,
        description="Any text of your own; the same key gives the same visit, however often it is sent.",
    ),
) -> Any:  # fmt: skip
    """Makes the visit that is planned, or one out of turn; every finding opens a matter unless one is open still."""
    own = f"api/{request.actor.account_id or 0}/{key}" if key else None
    return _visit(actions.do_visit(request.actor, number, Seen(seen.answers, seen.note, own)))


def _register(register: Register, seen: int, due: int) -> dict[str, Any]:
    items = register.visits.checklist.items() if register.visits else ()
    return {
        "key": register.key, "title": register.title, "says": register.says, "about": register.about, "records": seen,
        "to_visit": due,
        "checklist": [
            {"key": name, "title": item.title, "answers": item.answers, "finding": item.finding}
            for name, item in items
        ],
    }  # fmt: skip


def _line(record: Record) -> dict[str, Any]:
    return {
        "number": record.number, "title": record.title, "kind": record.kind, "state": lists.standing(record),
        "unit": shaping.unit_ref(record.unit_id), "place": shaping.place_ref(record.division_id),
        "address": record.address, "point": {"lon": record.lon, "lat": record.lat} if record.lon is not None else None,
        "valid_until": record.valid_until, "next_visit_on": record.next_visit_on,
    }  # fmt: skip


def _fields(actor: Actor, record: Record) -> list[dict[str, Any]]:
    """In the order of the register; what the actor may not see, and what is sealed, is not among them."""
    register, seen = kinds.of(record), policies.fields_seen(actor, record)
    return [
        {"key": name, "title": one.title, "value": record.values[name], "said": _both(said(one, record.values[name]))}
        for name, one in register.fields.items() if name in seen and name in record.values
    ]  # fmt: skip


def _both(shown: Any) -> dict[str, str]:
    return shown if isinstance(shown, dict) else {"zh": str(shown), "en": str(shown)}


def _visit(visit: Visit) -> dict[str, Any]:
    return {
        "id": visit.pk, "planned_for": visit.planned_for, "done_at": visit.done_at, "answers": visit.answers,
        "unit": shaping.unit_ref(visit.unit_id) if visit.unit_id else None, "note": visit.note,
        "opened": {one.item: one.matter.number for one in visit.findings.all()},
    }  # fmt: skip
