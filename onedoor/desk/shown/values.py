"""What was filled into forms, in words of both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.timezone import localtime

from onedoor.city.queries import directory
from onedoor.desk.shown import parties, words
from onedoor.desk.shown.words import Both
from onedoor.matters import procedures
from onedoor.matters.clocks import moment
from onedoor.matters.language import FormField
from onedoor.matters.models import Matter

YES, NO = {"zh": "是", "en": "yes"}, {"zh": "否", "en": "no"}


def facts(matter: Matter) -> Iterator[tuple[Both, Both]]:
    """The facts that the matter's forms have left, in the words of its procedure: (label, value)."""
    fields = procedures.of(matter).fields()
    for name, value in matter.facts.items():
        if field := fields.get(name):
            yield field.title, shown(matter, field, value)


def shown(matter: Matter, field: FormField, value: Any) -> Both:
    """A value of a form, by its kind, in both languages."""
    if field.type == "choice" and value in field.choices:
        return field.choices[value].model_dump()
    if field.type in ("unit", "units"):
        return joined(map(pair, map(words.unit, value if isinstance(value, list) else [value])))
    if field.type == "span":
        return words.span(str(value))
    if field.type == "moment":
        text = localtime(moment(str(value))).strftime("%Y-%m-%d %H:%M")
    elif field.type == "yes_no":
        return YES if value else NO
    elif field.type == "category":
        known = directory().categories.get(str(value))
        return known.title if known else {"zh": str(value), "en": str(value)}
    elif field.type == "party":
        party = next((p for p in matter.parties.all() if p.pk == value), None)
        return parties.title(matter, party) if party else {}
    else:
        text = str(value)
    return {"zh": text, "en": text}


def pair(both: Both) -> tuple[str, str]:
    """(Chinese, English), which can stand in a set."""
    return both.get("zh", ""), both.get("en", "")


def joined(parts: Iterable[Both | tuple[str, str]]) -> Both:
    """Several values as one."""
    pairs = [part if isinstance(part, tuple) else pair(part) for part in parts]
    return {"zh": "；".join(zh for zh, _ in pairs), "en": "; ".join(en for _, en in pairs)}
