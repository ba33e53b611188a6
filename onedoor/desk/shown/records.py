"""Records as pages show them, all out of the register's own declarations: forms, rows, values, checklists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.city.queries import tree
from onedoor.desk.shown import choices, words
from onedoor.kernel.actor import Actor
from onedoor.kernel.files import readable
from onedoor.registers import lists, policies
from onedoor.registers.language import RecordField, Register
from onedoor.registers.models import Record, RecordFile
from onedoor.registers.values import said

Field = dict[str, Any]
ITEM = "item-"  # before the name of an item of a checklist, so that none is called as another field is
STATES: Mapping[str, Any] = {
    "valid": _("Valid"),
    "expiring": _("Expires within 30 days"),
    "expired": _("Expired"),
    "withdrawn": _("Off the register"),
    "visit_due": _("Visit due within 30 days"),
    "visit_late": _("Visit overdue"),
    "findings": _("With open findings"),
}
TONES = {"valid": "good", "expiring": "warn", "expired": "late", "withdrawn": "plain"}
HIDDEN = {"zh": "〔无权查看〕", "en": "[not shown to you]"}
SHOWN_COLUMNS = 2  # choices of a record that a list shows
LONGEST = 4000


def form(
    register: Register,
    names: Iterable[str] | None = None,
    *,
    kept: Iterable[str] = (),
    but: Iterable[str] = (),
) -> list[Field]:
    """The fields of a record's form; `kept` contacts stand sealed already, `but` are not asked."""
    asked = register.asked if names is None else {name: register.fields[name] for name in names}
    return [_field(name, one, name in kept) for name, one in asked.items() if name not in but]


def _field(name: str, one: RecordField, kept: bool) -> Field:
    declared: Field = {
        "name": name, "kind": one.type, "label": one.title, "required": one.required and not kept, "most": one.most,
        "help": one.help.model_dump() if one.help else None, "rows": 3,
    }  # fmt: skip
    if one.type == "contact":
        declared |= {"kind": "text", "autocomplete": "off"}
        declared["help"] = (
            _("Kept sealed. Left empty, it stays.") if kept else declared["help"] or _("Kept sealed.")
        )
    elif one.type == "choice":
        declared["options"] = {key: title.model_dump() for key, title in one.choices.items()}
    elif one.type == "yes_no":
        declared["options"] = {"yes": _("Yes"), "no": _("No")}
    elif one.type == "unit":
        declared["options"] = [(pk, words.unit(pk)) for pk in choices.offices()]
    elif one.type == "division":
        declared |= {"kind": "lookup", "url": f"{reverse('desk:places')}?as=codes"}
    return declared


def where(register: Register, actor: Actor) -> list[Field]:
    """The fields that say where a record stands."""
    near = next(
        (reach.division_id for reach in actor.reaches if reach.division_id in tree().nodes), tree().root.id
    )
    code = tree().county(near).code
    land = {"grids": reverse("desk:land", args=[code]), "outline": reverse("desk:outline", args=[code])}
    place: Field = {
        "name": "address",
        "kind": "place",
        "label": _("Where it stands"),
        "map": land,
        "most": 200,
    }
    if register.placed == "point":
        return [place]
    return [{"name": "division", "kind": "lookup", "label": _("Division"), "required": True,
             "url": f"{reverse('desk:places')}?as=codes"}, place]  # fmt: skip


def sent_values(record: Record) -> dict[str, Any]:
    """What stands on a record, as its form takes it."""
    found = {name: _typed(value) for name, value in record.values.items()}
    degrees = {"lon": f"{record.lon:.6f}", "lat": f"{record.lat:.6f}"} if record.lon is not None else {}
    return found | {"address": record.address} | degrees


def _typed(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


def checklist(register: Register) -> list[Field]:
    """The items of a visit as radio buttons."""
    items = register.visits.checklist.items() if register.visits else ()
    return [
        {"name": f"{ITEM}{name}", "kind": "choice", "label": item.title, "required": True,
         "options": {key: answer.model_dump() for key, answer in item.answers.items()}}
        for name, item in items
    ]  # fmt: skip


def facts(actor: Actor, record: Record, register: Register) -> list[tuple[Any, Any]]:
    """What stands on a record, field by field; what the reader may not see is said to be hidden."""
    seen = policies.fields_seen(actor, record)
    return [
        (one.title, said(one, record.values.get(name)) if name in seen else HIDDEN)
        for name, one in register.fields.items()
        if one.type != "contact" and (name in record.values or name not in seen)
    ]


def file(record: Record, kept: RecordFile) -> dict[str, Any]:
    """A file as the attachments component takes it."""
    url = reverse("desk:record_file", args=[record.number, kept.pk])
    image = url if kept.media_type.startswith("image/") else ""
    return {"name": kept.name, "url": url, "image": image, "size_words": readable(kept.size)}


def badge(record: Record) -> dict[str, Any]:
    """How a record stands today."""
    state = lists.standing(record)
    return {"text": STATES[state], "tone": TONES[state]}


def columns(register: Register) -> list[dict[str, Any]]:
    """The columns of a register's list."""
    shown: list[dict[str, Any]] = [{"title": register.fields[register.called].title}]
    shown += [{"title": register.fields[name].title} for name in listed(register)]
    shown += [{"title": _("Place")}, {"title": _("State")}]
    if register.visits:
        shown.append({"title": _("Next visit"), "kind": "clock"})
    return shown


def listed(register: Register) -> list[str]:
    """The choices that a list shows of each record; nothing that is hidden from anybody."""
    found = [
        name for name, one in register.fields.items()
        if one.type in ("choice", "yes_no") and one.required and not one.seen_by
    ]  # fmt: skip
    return found[:SHOWN_COLUMNS]


def rows(records: Iterable[Record], register: Register) -> list[dict[str, Any]]:
    """The records as lines of a list. No query is made."""
    return [
        {
            "record": record,
            "url": reverse("desk:record", args=[record.number]),
            "badge": badge(record),
            "cells": [(register.fields[n].title, said(register.fields[n], record.values.get(n)))
                      for n in listed(register)],
            "place": words.place(record.division_id),
            "visits": bool(register.visits),
        }
        for record in records
    ]  # fmt: skip
