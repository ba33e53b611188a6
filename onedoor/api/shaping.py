"""Rows as they are answered. Names of units, places and categories come from memory, not from the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from onedoor.city.queries import directory, unit_named
from onedoor.city.tree import tree
from onedoor.intake.classify import Suggestion
from onedoor.intake.hottest import Warm
from onedoor.intake.match import Alike
from onedoor.kernel import time
from onedoor.matters import clocks as clockwork
from onedoor.matters import procedures, queries, titles
from onedoor.matters.forms import MOST_ITEMS
from onedoor.matters.language import Column, FormField
from onedoor.matters.models import Attachment, Clock, Matter, Party, Task

TASK = {"zh": "任务时限", "en": "Task"}
NOWHERE = {"code": "", "name": "", "level": ""}


def unit_ref(unit_id: int) -> dict[str, Any]:
    """A unit, also one that answers no longer."""
    unit = unit_named(unit_id)
    return {"id": unit.pk, "code": unit.code, "name": unit.name}


def place_ref(division_id: int) -> dict[str, str]:
    """A division that stands; nothing where it stands no longer."""
    node = tree().nodes.get(division_id)
    return {"code": node.code, "name": tree().full_name(node.id), "level": node.level} if node else NOWHERE


def category_named(category_id: int) -> dict[str, Any]:
    """A category by its code."""
    category = directory().category_by_id.get(category_id)
    return (
        {"key": category.code, "title": category.title}
        if category
        else {"key": "", "title": {"zh": "", "en": ""}}
    )


def state_named(matter: Matter) -> dict[str, Any]:
    """Where a matter stands, in the words of the procedure it was opened under."""
    return {"key": matter.state, "title": titles.state(matter)}


def line(matter: Matter) -> dict[str, Any]:
    """A matter in a list."""
    return {
        "number": matter.number,
        "title": matter.title,
        "category": category_named(matter.category_id),
        "state": state_named(matter),
        "answers": matter.answers,
        "open": matter.is_open,
        "level": matter.level,
        "channel": matter.channel,
        "confidential": matter.confidential,
        "unit": unit_ref(matter.unit_id),
        "place": place_ref(matter.division_id),
        "placed": matter.placed,
        "joined": matter.master_id is not None,
        "times_reopened": matter.times_reopened,
        "opened_at": matter.opened_at,
        "next_due": matter.next_due,
        "overdue": matter.next_due is not None and matter.next_due < time.now(),
    }


def full(matter: Matter) -> dict[str, Any]:
    """A matter with everything that belongs to it."""
    here = matter.lon is not None and matter.lat is not None
    pinned = matter.procedure
    return line(matter) | {
        "detail": matter.detail,
        "address": matter.address,
        "point": {"lon": matter.lon, "lat": matter.lat} if here else None,
        "procedure": f"{pinned.key} v{pinned.version}",
        "facts": matter.facts,
        "seen": matter.head_seq,
        "master": matter.master.number if matter.master else "",
        "timeline": [history_line(entry) for entry in queries.history(matter)],
        "clocks": [
            clock(matter, held) for held in matter.clocks.select_related("unit").order_by("due_at", "pk")
        ],
        "tasks": tasks(matter.tasks.prefetch_related("clocks").order_by("pk"), matter.number),
        "parties": [
            party(held) for held in matter.parties.select_related("unit").defer("contact").order_by("pk")
        ],
        "attachments": [
            attachment(held) for held in matter.attachments.filter(erased_at=None).order_by("pk")
        ],
    }


def moved(matter: Matter) -> dict[str, Any]:
    """A matter as a change left it."""
    return {
        "number": matter.number,
        "state": state_named(matter),
        "open": matter.is_open,
        "level": matter.level,
        "unit": unit_ref(matter.unit_id),
        "seen": matter.head_seq,
        "next_due": matter.next_due,
    }


def history_line(entry: queries.Line) -> dict[str, Any]:
    """One line of the history."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "kind": entry.kind,
        "title": entry.title,
        "unit": entry.unit,
        "by": entry.by_kind,
        "said": [
            [title["zh"], title["en"], words if isinstance(words, str) else words["zh"]]
            for title, words in (*entry.facts, *entry.words)
        ],
        "erased": entry.erased,
    }


def clock(matter: Matter, held: Clock) -> dict[str, Any]:
    """A time limit; why it is due then, while it runs."""
    rule = procedures.of(matter).clocks.get(held.name)
    runs = held.state in ("running", "paused")
    steps = clockwork.computed(held, steps=True).steps if runs else ()
    return {
        "name": held.name,
        "title": rule.title if rule else TASK,
        "state": held.state,
        "span": held.span,
        "source": held.source,
        "unit": held.unit.name if held.unit else "",
        "task": held.task_id,
        "started_at": held.started_at,
        "due_at": held.due_at,
        "ended_at": held.ended_at,
        "provisional": held.provisional,
        "pauses": held.pauses,
        "extensions": held.extensions,
        "why": [{"day": s.day, "counted": s.counted, "zh": s.zh, "en": s.en} for s in steps],
    }


def tasks(rows: Iterable[Task], number: str | None = None) -> list[dict[str, Any]]:
    """Tasks with their clocks at hand; of one matter, or each with its own."""
    return [
        {
            "id": task.pk,
            "number": number or task.matter.number,
            "title": task.title,
            "unit": unit_ref(task.unit_id),
            "state": task.state,
            "result": task.result,
            "due_at": min((c.due_at for c in task.clocks.all() if c.state == "running"), default=None),
            "done_at": task.done_at,
        }
        for task in rows
    ]


def party(held: Party) -> dict[str, Any]:
    """A party, masked."""
    shown = "" if held.confidential or not held.name else f"{held.name[0]}**"
    return {
        "id": held.pk,
        "role": held.role,
        "name": shown,
        "has_contact": bool(held.contact_token),
        "confidential": held.confidential,
        "unit": held.unit.name if held.unit else "",
        "stances": held.stances,
    }


def attachment(held: Attachment) -> dict[str, Any]:
    """A file as it was kept."""
    return {"id": held.pk, "name": held.name, "media_type": held.media_type, "size": held.size}


def guess(found: Suggestion) -> dict[str, Any]:
    """A category that a text suggests."""
    category = directory().categories[found.code]
    return {"category": {"key": found.code, "title": category.title}, "share": found.share, "why": found.why}


def alike(found: Alike, *, numbered: bool) -> dict[str, Any]:
    """A filing that may be about the same; its number is told to staff only."""
    number = found.number if numbered else None
    return {"number": number, "score": found.score, "metres": found.metres, "why": found.why}


def offer(found: queries.Offer) -> dict[str, Any]:
    """An action that may be taken, with its form as a JSON Schema."""
    helps = found.action.help
    return {
        "key": found.key,
        "title": found.action.title,
        "help": {"zh": helps.zh, "en": helps.en} if helps else None,
        "form": form_schema(found.form),
    }


UNIT = {"type": "integer", "description": "id of a unit; see /units"}
SPAN = {"type": "string", "examples": ["5 working days", "30 days"]}
SHAPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": 200},
    "long_text": {"type": "string", "maxLength": 8000},
    "yes_no": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "number": {"type": "number", "minimum": 0},
    "money": {"type": "number", "minimum": 0, "description": "in yuan"},
    "rating": {"type": "integer", "minimum": 1, "maximum": 5},
    "span": SPAN,
    "unit": UNIT,
    "units": {"type": "array", "items": UNIT, "maxItems": 30},
    "party": {"type": "integer", "description": "id of a party of the matter"},
    "category": {"type": "string", "description": "code of a category; see /categories"},
    "tasks": {
        "type": "array",
        "maxItems": 30,
        "items": {
            "type": "object",
            "properties": {"unit": UNIT, "what": {"type": "string", "maxLength": 200}, "span": SPAN},
            "required": ["unit", "what"],
        },
    },
}


def form_schema(form: dict[str, FormField]) -> dict[str, Any]:
    """The JSON Schema (2020-12) of what a form asks for."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _field_schema(field) for name, field in form.items()},
        "required": [name for name, field in form.items() if field.required],
    }


def _rows_schema(field: FormField) -> dict[str, Any]:
    """Rows: an object each; `x-answers` names the earlier rows that they answer one to one."""
    made: dict[str, Any] = {
        "type": "array", "maxItems": field.most or MOST_ITEMS, "x-title": field.title,
        "items": {
            "type": "object", "additionalProperties": False,
            "properties": {name: _field_schema(column) for name, column in field.columns.items()},
            "required": [name for name, column in field.columns.items() if column.required],
        },
    }  # fmt: skip
    return made | ({"x-answers": field.answers} if field.answers else {})


def _field_schema(field: FormField | Column) -> dict[str, Any]:
    if isinstance(field, FormField) and field.type == "rows":
        return _rows_schema(field)
    made = dict(SHAPES.get(field.type, {"type": "string"})) | {"x-title": field.title}
    if field.type == "choice":
        made["enum"] = list(field.choices)
        made["x-choices"] = {key: {"zh": choice.zh, "en": choice.en} for key, choice in field.choices.items()}
    if field.most is not None:
        made["maxLength" if made["type"] == "string" else "maximum"] = field.most
    if isinstance(field, FormField) and field.help:
        made["x-help"] = {"zh": field.help.zh, "en": field.help.en}
    return made


def hot(warm: Warm) -> dict[str, Any]:
    """A hot group, counted for the caller."""
    return {
        "id": warm.group.pk,
        "headline": warm.group.headline,
        "first": warm.told[0].at,
        "last": warm.told[-1].at,
        "matters": warm.heat.matters,
        "households": warm.heat.households,
        "trend": warm.heat.trend,
        "index": warm.heat.index,
        "why": warm.heat.why,
    }
