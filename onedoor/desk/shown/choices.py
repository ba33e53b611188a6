"""What can be chosen in a form: units, categories, parties, places, in an order that helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from onedoor.city.queries import Directory, directory, tree
from onedoor.city.tree import Node
from onedoor.desk.shown import parties, words
from onedoor.matters import procedures, tables
from onedoor.matters.language import FormField
from onedoor.matters.models import Matter, Party
from onedoor.matters.queries import at_the_door

Option = Mapping[str, Any]
COMPETENT = {"zh": "负责此类事项", "en": "answers for this"}
UNIT_TYPES = ("unit", "units", "tasks")


def fields(form: Mapping[str, FormField], matter: Matter) -> list[dict[str, Any]]:
    """A procedure's form as the `field` tag takes it, with what can be chosen in it."""
    filings = _filings(matter) if any(field.type == "filing" for field in form.values()) else []
    return [
        _field(name, field, matter, filings)
        for name, field in form.items()
        if field.type != "filing" or len(filings) > 1
    ]


def _filings(matter: Matter) -> list[str]:
    """The numbers of the matter itself and of what was joined to it."""
    return [matter.number, *matter.joined.order_by("opened_at").values_list("number", flat=True)]


def _field(name: str, field: FormField, matter: Matter, filings: list[str]) -> dict[str, Any]:
    declared: dict[str, Any] = {
        "name": name, "kind": field.type, "label": field.title, "required": field.required, "most": field.most,
        "help": {"zh": field.help.zh, "en": field.help.en} if field.help else None, "rows": 4,
    }  # fmt: skip
    if field.type == "rows":
        declared |= _rows(field, matter)
    elif field.choices:
        declared["options"] = {key: {"zh": c.zh, "en": c.en} for key, c in field.choices.items()}
    elif field.type in UNIT_TYPES:
        own = () if field.type == "tasks" else (matter.unit_id,)
        declared["options"] = units(matter, but=own)
    elif field.type == "party":
        declared["options"] = [(party.pk, parties.title(matter, party)) for party in _parties(matter)]
    elif field.type == "filing":
        declared["options"] = filings
    elif field.type == "category":
        declared["options"] = categories(procedures.of(matter).procedure)
    return declared


def _rows(field: FormField, matter: Matter) -> dict[str, Any]:
    """The cells of a field of rows, and above each line what it answers."""
    asked: dict[str, Any] = {
        name: {"kind": column.type, "label": column.title, "most": column.most,
               "options": {key: one.model_dump() for key, one in column.choices.items()} if column.choices
               else units(matter) if column.type == "unit" else None}
        for name, column in field.columns.items()
    }  # fmt: skip
    if not field.answers:
        return {"columns": asked}
    fields = procedures.of(matter).fields()
    cells = tables.columns(fields, field.answers)
    above = [
        [(cells[name].title, tables.cell(cells[name], value)) for name, value in row.items() if name in cells]
        for row in tables.filled(matter, fields, field.answers)
    ]
    return {"columns": asked, "above": above}


def _parties(matter: Matter) -> Iterable[Party]:
    return matter.parties.order_by("pk")


def units(matter: Matter, *, but: Iterable[int] = ()) -> list[Option]:
    """The units over the place of a matter and those of its county: first who answers for it, then from near to far.

    Units complained of are left out, for nothing may be given to them; so are those in `but`.
    """
    held, places = directory(), tree()
    accused = set(matter.parties.filter(role="respondent").values_list("unit_id", flat=True))
    category = held.category_by_id.get(matter.category_id)
    competent = held.competent(category, matter.division_id) if category else []
    path = places.nodes[matter.division_id].path if matter.division_id in places.nodes else ()
    at = _by_place(held)
    near = [unit for node in reversed(path) for unit in at.get(node, ())]
    county = places.county(matter.division_id) if path else places.root
    others = [unit for child in places.children.get(county.id, ()) for unit in at.get(child, ())]
    listed = dict.fromkeys([unit.pk for unit in competent] + near + others)
    first = {unit.pk for unit in competent}
    return [_unit(pk, pk in first) for pk in listed if pk not in accused and pk not in but]


def offices(chosen: int | None = None) -> list[int]:
    """The units of the city and its counties, and the one chosen: thousands below them are found by their place."""
    held, places = directory(), tree()
    wide = {places.root.id, *places.children.get(places.root.id, ())}
    return [unit.pk for unit in held.units.values() if unit.division_id in wide or unit.pk == chosen]


def all_units() -> list[Option]:
    """Every unit of the city, for a complaint about one of them."""
    return [_unit(pk, competent=False) for pk in directory().units]


@lru_cache(maxsize=2)
def _by_place(held: Directory) -> dict[int, list[int]]:
    """The units of each division."""
    found: dict[int, list[int]] = defaultdict(list)
    for unit in held.units.values():
        found[unit.division_id].append(unit.pk)
    return dict(found)


def _unit(pk: int, competent: bool) -> Option:
    return {"value": pk, "label": words.unit(pk), "hint": COMPETENT if competent else None}


def categories(procedure: str | None = None) -> list[Option]:
    """The categories a matter can have (of one procedure; else those of the door), each after its family."""
    held = directory()
    leaves = [
        c for c in held.categories.values()
        if (at_the_door(c) if procedure is None else c.procedure == procedure)
    ]  # fmt: skip
    return [{"value": c.code, "label": _category(held, c.pk)} for c in sorted(leaves, key=lambda c: c.code)]


def _category(held: Directory, pk: int) -> dict[str, str]:
    own = held.category_by_id[pk]
    above = held.category_by_id.get(own.parent_id or 0)
    if above is None:
        return dict(own.title)
    return {lang: f"{above.title[lang]} · {own.title[lang]}" for lang in ("zh", "en")}


def families() -> list[Option]:
    """Families and categories, for narrowing a list."""
    held = directory()
    heads = sorted((c for c in held.categories.values() if c.parent_id is None), key=lambda c: c.code)
    return [{"value": c.code, "label": c.title} for c in heads] + [
        option for option in categories() if "." in str(option["value"])
    ]


def place(node: Node) -> dict[str, Any]:
    """A division as something to choose: the names from below the city down."""
    return {"value": node.code, "id": node.id, "label": tree().full_name(node.id), "code": node.code}
