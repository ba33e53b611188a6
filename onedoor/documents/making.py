"""Makes a document: gathers what the template shows, numbers it, fills it, keeps it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from onedoor.city.queries import directory, tree
from onedoor.documents import catalogue, rendering, rules, storage, supply
from onedoor.documents.models import Document
from onedoor.documents.supply import SUPPLIES, Subject
from onedoor.kernel import log
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import NotNow
from onedoor.kernel.spans import Span
from onedoor.kernel.statements import Columns, insert
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters import tables
from onedoor.matters.events import ContactRead
from onedoor.matters.language import Column, FormField
from onedoor.matters.models import Matter, Reading

MADE = Columns(Document, ("template", "number", "version"), "matter_id = %s")
ACTED = Columns(Entry, ("body", "words"), "stream = %s AND kind = 'acted'", order="seq")


@dataclass(frozen=True)
class Paper:
    """A document just made: its bytes, and its row where a copy stays."""

    name: str
    number: str
    version: int
    content: bytes
    sha256: str
    document: Document | None


def make(subject: Subject, values: dict[str, Any]) -> Paper:
    """Makes the document that the template describes. Call inside the transaction, with the matter locked.

    `values` are those of the form just filled in; earlier ones come from the matter's entries. Raises NotNow (a
    field, or a document that must come first, is missing) and BadTemplate.
    """
    template, key = subject.template, subject.template.document
    _check_needs(subject)
    shown = _fields(subject, said(subject.matter) | values)
    number, version = _number(subject)
    shown |= {
        "number": number, "title": template.title.zh, "date": rules.day(subject.at.astimezone(CITY_ZONE).date()),
        "matter": supply.matter(subject), "unit": supply.unit(subject),
    }  # fmt: skip
    shown |= {name: SUPPLIES[name](subject) for name in template.uses}
    content = rendering.filled(catalogue.paper(catalogue.files()[key]), shown)
    _log_readings(subject)
    sha256 = hashlib.sha256(content).hexdigest()
    name = f"{template.title.zh}-{subject.matter.number}.docx"
    document = _keep(subject, number, version, content, sha256) if template.kept else None
    return Paper(name, number, version, content, sha256, document)


def _check_needs(subject: Subject) -> None:
    made = {template for template, _, _ in MADE(subject.matter.pk)}
    for key in subject.template.needs:
        if key not in made:
            title = catalogue.title(key)
            raise NotNow(zh=f"请先制作《{title['zh']}》", en=f"make the document “{title['en']}” first")


def said(matter: Matter) -> dict[str, Any]:
    """What was filled into the forms of a matter, by field name, the latest last; erased words are not there."""
    found: dict[str, Any] = {}
    for body, words in ACTED(matter.stream):
        found |= body.get("facts", {})
        found |= (words or {}).get("text", {})
    return found


def _fields(subject: Subject, values: dict[str, Any]) -> dict[str, Any]:
    """The declared fields as they are written, and under `raw` as they were filled in, for conditions."""
    forms, shown = subject.procedure.fields(), {}
    for name, field in subject.template.fields.items():
        value = values.get(name)
        if value in (None, "", []):
            if field.required:
                raise NotNow(zh=f"文书还缺：{field.zh}", en=f"the document still lacks: {field.en}")
            shown[name] = ""
        else:
            shown[name] = _shown(subject, forms, name, value)
    return shown | {"raw": {name: values.get(name) for name in subject.template.fields}}


def _shown(subject: Subject, forms: dict[str, FormField], name: str, value: Any) -> Any:
    """A value as it is written; rows as [{n, column: text}], each with what it answers."""
    field = forms.get(name)
    if field is None or field.type != "rows":
        return written(field, value)
    asked = tables.columns(forms, name)
    rows = tables.filled(subject.matter, forms, name, value)
    return [
        {"n": number} | {key: written(one, row[key]) if key in row else "" for key, one in asked.items()}
        for number, row in enumerate(rows, start=1)
    ]


def written(field: FormField | Column | None, value: Any) -> str:
    """A form value as a Chinese document writes it."""
    kind = field.type if field else "text"
    if kind == "choice" and field and value in field.choices:
        return field.choices[value].zh
    if kind == "yes_no":
        return "是" if value else "否"
    if kind == "date":
        return rules.day(date.fromisoformat(value))
    if kind == "money":
        return rules.money(Decimal(value))
    if kind == "span":
        return Span.parse(value).text("zh")
    if kind in ("unit", "units"):
        units = directory().units
        return "、".join(units[pk].name for pk in ([value] if kind == "unit" else value) if pk in units)
    return rules.as_text(str(value))


def _number(subject: Subject) -> tuple[str, int]:
    """(number, version): made again, a document keeps its number, unless each is a paper of its own."""
    template = subject.template
    if not template.kept:
        return subject.matter.number, 1
    held = [(number, version) for key, number, version in MADE(subject.matter.pk) if key == template.document]
    if held and template.again == "version":
        return held[-1][0], held[-1][1] + 1
    county, year = tree().nodes[subject.matter.county_id], subject.at.astimezone(CITY_ZONE).year
    [seq] = log.next_numbers(f"document/{template.document}/{county.code}/{year}")
    place = rules.short_place(county.name)
    return template.number.format(place=place, county=county.code, year=year, seq=seq), 1


def _log_readings(subject: Subject) -> None:
    """Every party whose sealed data entered the document: who had it shown, and what for."""
    purpose = f"制作文书：{subject.template.title.zh}"
    for party in {party.pk: party for party in subject.unsealed}.values():
        if subject.actor.account_id:
            account = subject.actor.account_id
            insert([Reading(party=party, account_id=account, purpose=purpose, at=subject.at)])
        log.append(subject.matter, ContactRead(party.pk, purpose), subject.actor)


def _keep(subject: Subject, number: str, version: int, content: bytes, sha256: str) -> Document:
    matter, key = subject.matter, subject.template.document
    file = f"{len(MADE(matter.pk)) + 1}-{key}"
    document = Document(
        matter=matter, template=key, number=number, version=version, title=subject.template.title.zh, sha256=sha256,
        size=len(content), path=storage.keep(matter.number, file, content), made_at=subject.at,
        made_by_unit_id=subject.actor.unit_id or matter.unit_id,
    )  # fmt: skip
    insert([document])
    return document
