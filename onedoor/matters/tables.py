"""Rows that were filled into forms: the latest of each field, joined to those they answer, and as people read them.

Rows hold what people wrote, so they lie beside the hashed body like every text and are erased on time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from onedoor.city.queries import directory
from onedoor.kernel.models import Entry
from onedoor.kernel.statements import Columns
from onedoor.matters.language import Column, FormField
from onedoor.matters.models import Matter

Row = dict[str, Any]
Fields = Mapping[str, FormField]
SAID = Columns(Entry, ("words",), "stream = %s AND kind = 'acted'", order="seq DESC")
YES_NO = {True: {"zh": "是", "en": "yes"}, False: {"zh": "否", "en": "no"}}


def latest(matter: Matter, name: str) -> list[Row]:
    """The rows last filled into a field of this name; none where nobody has, or they were erased on time."""
    for (words,) in SAID(matter.stream):
        held = (words or {}).get("text")
        if isinstance(held, dict) and isinstance(held.get(name), list):
            return list(held[name])
    return []


def columns(fields: Fields, name: str) -> dict[str, Column]:
    """The cells of a field's rows, after those of the rows that they answer."""
    field = fields[name]
    above = columns(fields, field.answers) if field.answers else {}
    return above | field.columns


def filled(matter: Matter, fields: Fields, name: str, own: list[Row] | None = None) -> list[Row]:
    """The rows of a field (`own`, else the latest), each with the cells of the row that it answers before its own."""
    rows = latest(matter, name) if own is None else own
    answered = fields[name].answers
    if not answered:
        return rows
    return [{**above, **row} for above, row in zip(filled(matter, fields, answered), rows, strict=False)]


def cell(column: Column, value: Any) -> dict[str, str]:
    """A cell in both languages."""
    if column.type == "choice" and value in column.choices:
        return column.choices[value].model_dump()
    if column.type == "yes_no":
        return YES_NO[bool(value)]
    if column.type == "unit":
        unit = directory().units.get(value)
        value = unit.name if unit else value
    return {"zh": str(value), "en": str(value)}


def text(field: FormField, rows: list[Row]) -> dict[str, str]:
    """Rows as lines of text in both languages: `1. Problem: …; Proposal: …`."""
    return {
        language: "\n".join(
            f"{number}. " + _joined(field, row, language) for number, row in enumerate(rows, start=1)
        )
        for language in ("zh", "en")
    }


def _joined(field: FormField, row: Row, language: str) -> str:
    colon, between = ("：", "；") if language == "zh" else (": ", "; ")
    return between.join(
        f"{column.title[language]}{colon}{cell(column, row[name])[language]}"
        for name, column in field.columns.items()
        if name in row
    )
