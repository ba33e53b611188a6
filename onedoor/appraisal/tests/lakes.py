"""A small lake by chance: rows of every table in a city of two counties, often exactly on the borders of days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from onedoor.lake import files
from onedoor.lake.columns import Column, tables
from onedoor.lake.files import Manifest, Place, Row

SINCE = date(2024, 1, 1)
LEVELS = {level: level for level in ("county", "township", "village", "grid")}
PLACES = (
    ("4198", "city", None), ("41981", "county", "4198"), ("41982", "county", "4198"), ("41981001", "township", "41981"),
    ("41981002", "township", "41981"), ("41982001", "township", "41982"), ("41981001001", "village", "41981001"),
    ("4198100100101", "grid", "41981001001"),
)  # fmt: skip
UNITS = ("a-housing", "b-housing", "a-police")
WORDS: Mapping[str, Sequence[str]] = {
    "category": ("noise", "deposit"), "procedure": ("request", "petition", "grid_event"),
    "channel": ("web", "hotline", "grid"),
    "register": ("dog", "school"), "survey": ("safety",), "name": ("accept", "act", "call_back", "check", "mediate"),
    "state": ("met", "running", "paused", "dropped", "open", "done", "planned", "concluded", "convened", "standing"),
    "outcome": ("solved", "unresolved", "withdrawn", "referred"), "how": ("resident", "callback"),
    "action": ("take_effect", "end_mediation", "performed", "not_performed", "send_back", "confirm", "court_decides",
               "dispatch", "fix_on_the_spot", "apply_confirmation", "refuse_mediation", "begin_mediation"),
    "confirmation": ("valid", "rejected"), "role": ("grid_worker", "inspector"), "kind": ("consultation",),
}  # fmt: skip
MIDDLE = datetime(2026, 10, 31, 16, tzinfo=UTC)  # the first of November begins in the city


def made(chance: Random, count: int) -> dict[str, list[Row]]:
    """So many rows of every table that indicators count, with the city that they lie in."""
    lake: dict[str, list[Row]] = {
        "divisions": [
            {"division": code, "name": code, "level": level, "kind": None, "parent": parent, "successor": None,
             "households": None, "valid_from": SINCE, "valid_to": None}
            for code, level, parent in PLACES
        ],
        "units": [
            {"unit": code, "name": code, "kind": "housing", "division": "41981", "parent": None, "valid_from": SINCE,
             "valid_to": None}
            for code in UNITS
        ],
    }  # fmt: skip
    for name, table in tables().items():
        if name not in lake:
            lake[name] = [_row(chance, name, table.columns, number) for number in range(count)]
    return lake


def _row(chance: Random, table: str, columns: Mapping[str, Column], number: int) -> Row:
    row = {name: _value(chance, name, column) for name, column in columns.items()}
    for key in tables()[table].key:
        row[key] = number if columns[key].kind == "count" else f"{number}"
    return row | ({"division": chance.choice(PLACES)[0]} if "division" in columns else {})


def _value(chance: Random, name: str, column: Column) -> Any:
    if column.empty and chance.random() < 0.3:
        return None
    if name in ("county", "division"):
        return chance.choice(PLACES)[0]
    if column.kind == "text":
        return chance.choice(WORDS[name]) if name in WORDS else chance.choice(UNITS)
    moment = MIDDLE + timedelta(hours=12 * chance.randint(-70, 70), microseconds=chance.choice((-1, 0, 0, 1)))
    return {
        "flag": lambda: chance.random() < 0.5,
        "count": lambda: chance.randint(0, 5),
        "number": chance.random,
        "moment": lambda: moment,
        "day": moment.date,
    }[column.kind]()


def write(root: Path, lake: Mapping[str, Sequence[Row]], as_of: datetime) -> None:
    """Writes it as an export would, in as many files."""
    manifest = Manifest(as_of=as_of.isoformat())
    for table, rows in lake.items():
        places: dict[Place, list[Row]] = {}
        for row in rows:
            places.setdefault(files.place_of(table, row), []).append(row)
        for place, some in places.items():
            held = files.write(root, place, files.arrow(table, some))
            assert held is not None
            manifest.files[place.path] = held
    files.write_manifest(root, manifest)
