"""A record while it is written: where it stands, what is on it, what changed, and its entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from onedoor.city.queries import calendar, directory, tree
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.datum import check_degrees
from onedoor.kernel.events import Event
from onedoor.kernel.problems import BadInput, Conflict
from onedoor.kernel.statements import insert, update
from onedoor.kernel.texts import one_line
from onedoor.registers import kinds, rules
from onedoor.registers.door import door
from onedoor.registers.language import Register
from onedoor.registers.models import Contact, Record
from onedoor.registers.values import Filled

LONGEST_ADDRESS = 200
TRACKED = (
    "kind", "version_id", "division_id", "unit_id", "state", "granted_on", "valid_until", "next_visit_on",
)  # fmt: skip
SAVED = (
    "version", "title", "division", "unit", "address", "lon", "lat", "values", "state", "granted_on", "valid_until",
    "next_visit_on", "withdrawn_at",
)  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """What somebody fills in for a record: values by field, and where it stands."""

    values: Mapping[str, Any] = field(default_factory=dict)
    division: str = ""  # its code; empty: told by the point
    address: str = ""
    lon: float | None = None  # WGS84
    lat: float | None = None
    number: str = ""  # of the record to be corrected; empty: a new one
    key: str | None = None  # idempotency key of the entering


def today() -> date:
    """The day in the city."""
    return time.now().astimezone(time.CITY_ZONE).date()


def snapshot(record: Record) -> dict[str, Any]:
    """The tracked fields as entries tell them."""
    return {name: _plain(getattr(record, name)) for name in TRACKED}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def changed(record: Record, before: Mapping[str, Any]) -> dict[str, Any]:
    """The tracked fields that are another now."""
    return {name: value for name, value in snapshot(record).items() if before.get(name) != value}


def put(record: Record, register: Register, draft: Draft) -> None:
    """Sets where a record stands, and the unit that keeps it there. Raises BadInput."""
    address = one_line(draft.address)
    if len(address) > LONGEST_ADDRESS:
        raise BadInput.of("address", f"最多 {LONGEST_ADDRESS} 字", f"at most {LONGEST_ADDRESS} characters")
    record.division_id = _division(register, draft)
    record.unit_id = _owner(register, record.division_id)
    record.address, record.lon, record.lat = address, draft.lon, draft.lat


def _division(register: Register, draft: Draft) -> int:
    """The division: the one named, else the one around the point. Raises BadInput where they do not agree."""
    around = _around(draft)
    if draft.division:
        node = tree().by_code.get(draft.division)
        if node is None:
            raise BadInput.of("division", "没有这个区划代码", "there is no division with this code")
        if around is not None and node.id not in tree().nodes[around].path:
            raise BadInput.of("lon", f"此点不在{node.name}", f"this point does not lie in {node.name}")
        return around or node.id
    if around is None:
        what = ("请在地图上选点", "set the point on the map") if register.placed == "point" else (
            "请选择所在区划", "choose the division")  # fmt: skip
        raise BadInput.of("division", *what)
    return around


def _around(draft: Draft) -> int | None:
    if draft.lon is None and draft.lat is None:
        return None
    if draft.lon is None or draft.lat is None:
        raise BadInput.of("lon", "经度和纬度须同时填写", "give both longitude and latitude")
    check_degrees(draft.lon, draft.lat, "lon")
    found = door().locate(draft.lon, draft.lat)
    if found is None:
        raise BadInput.of("lon", "此点不在本市范围内", "this point lies outside the city")
    return found


def _owner(register: Register, division_id: int) -> int:
    """The nearest unit of the first kind that there is over a place. Raises BadInput."""
    for kind in register.owner:
        if found := directory().of_kind(kind, division_id):
            return found[0].pk
    raise BadInput.of("division", "此地没有管理此台账的单位", "no unit keeps this register here")


def fill(record: Record, register: Register, given: Filled) -> None:
    """Sets what a record says, and until when it therefore is valid."""
    record.version_id = kinds.version(register.key).pk
    record.values = given.values
    record.title = str(given.values.get(register.called, ""))
    span = register.validity.span if register.validity else None
    lasting = [
        (given.values[name], one.lasts.span) for name, one in register.fields.items()
        if one.lasts and given.values.get(name)
    ]  # fmt: skip
    record.valid_until = rules.valid_until(record.granted_on, span, lasting, calendar())


def next_visit(register: Register) -> date | None:
    """When a record entered or visited today is to be visited next; None where nobody visits."""
    return rules.after(today(), register.visits.every, calendar()) if register.visits else None


def seal(record: Record, contacts: Mapping[str, str]) -> None:
    """Keeps the contacts given; those of the same field before are gone."""
    if record.head_seq:  # one that is only being entered has none
        Contact.objects.filter(record=record, field__in=contacts).delete()
    insert([Contact(record=record, field=name, value=value) for name, value in contacts.items()])


def settle(record: Record, event: Event, actor: Actor) -> Record:
    """Saves a record and appends the entry."""
    update(record, SAVED)
    log.append(record, event, actor)
    return record


def spot(record: Record) -> dict[str, str]:
    """Where it stands, as the erasable part of an entry."""
    point = f"{record.lon}, {record.lat}" if record.lon is not None else ""
    return {"address": record.address, "point": point}


def check_standing(record: Record) -> None:
    """Raises Conflict for a record that was taken off the register."""
    if record.state != "standing":
        raise Conflict(zh="此记录已注销", en="this record was taken off the register")
