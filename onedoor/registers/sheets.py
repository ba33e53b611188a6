"""Records out of tables and into them: one layout for the template, the export and the file that is loaded again.

A row with a number corrects that record, one without enters a new one. Contacts never leave in an export: their
columns are empty, and left empty they stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from onedoor.city.loaders import Loaded, Options
from onedoor.city.loaders.columns import Column, Columns
from onedoor.city.loaders.reading import load_table, text
from onedoor.city.queries import directory, tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables import write_xlsx
from onedoor.kernel.tables.writing import Target
from onedoor.registers import actions, kinds, lists, policies
from onedoor.registers.language import RecordField, Register
from onedoor.registers.lists import Filters
from onedoor.registers.models import Record
from onedoor.registers.values import YES_NO
from onedoor.registers.writing import Draft

NUMBER = Column("number", ("编号", "登记编号"))
PLACE = (
    Column("division", ("区划代码", "所在区划", "网格编码")),
    Column("address", ("地址", "详细地址")),
    Column("lon", ("经度", "longitude")),
    Column("lat", ("纬度", "latitude")),
)
OWN = ("number", "division", "address", "lon", "lat")
MOST = 100_000  # records of one export


def columns(register: Register) -> Columns:
    """The columns of a register's table: by the Chinese and English titles of its fields, and by their names."""
    fields = (
        Column(name, (field.zh, field.en), date=field.type == "date")
        for name, field in register.asked.items()
    )
    return Columns((NUMBER, *fields, *PLACE), left=("状态", "有效期至", "管理单位"))


def headings(register: Register) -> list[str]:
    """The header row that OneDoor writes."""
    return ["编号", *(field.zh for field in register.asked.values()), *(place.also[0] for place in PLACE)]


def template(target: Target, register: Register) -> None:
    """Writes an empty table to be filled in."""
    write_xlsx(target, headings(register), [], register.title.zh)


def export(target: Target, actor: Actor, register: Register, wanted: Filters | None = None) -> int:
    """Writes the visible records that fit; fields that the actor may not see, and contacts, are empty. How many."""
    rows = lists.narrowed(actor, register, wanted or Filters()).select_related("unit").order_by("pk")[:MOST]
    heads = [*headings(register), "状态", "有效期至", "管理单位"]
    return write_xlsx(target, heads, _rows(actor, register, rows.iterator(chunk_size=500)), register.title.zh)


def _rows(actor: Actor, register: Register, rows: Iterator[Record]) -> Iterator[list[Any]]:
    states = {"valid": "有效", "expiring": "即将到期", "expired": "已过期", "withdrawn": "已注销"}
    for record in rows:
        seen = policies.fields_seen(actor, record)
        shown = [
            _cell(field, record.values.get(name)) if name in seen else None
            for name, field in register.asked.items()
        ]
        node = tree().nodes.get(record.division_id)
        yield [
            record.number, *shown, node.code if node else None, record.address, record.lon, record.lat,
            states[lists.standing(record)], record.valid_until, record.unit.name,
        ]  # fmt: skip


def _cell(field: RecordField, value: Any) -> Any:
    """A value as it stands in a cell, and is read again from it."""
    if value is None or field.type == "contact":
        return None
    if field.type == "choice" and value in field.choices:
        return field.choices[value].zh
    if field.type == "yes_no":
        return YES_NO[value]["zh"]
    if field.type == "unit":
        unit = directory().units.get(value)
        return unit.code if unit else None
    return value


def load(file: Path, kind: str, options: Options) -> Loaded:
    """Takes records in. Rows that cannot be taken are refused and may be written to a file, to be mended and loaded.

    Raises NotFound for a register that there is not, BadInput and TooLarge for a file that is useless.
    """
    register = kinds.current(kind)
    taking = partial(_take, kind)
    return load_table(file, columns(register), options, partial(_draft, register), taking)


def _take(kind: str, actor: Actor, drafts: Any) -> Any:
    return actions.take(actor, kind, drafts)


def _draft(register: Register, row: Mapping[str, str]) -> Draft | None:
    """What a row says; None of one that says nothing. Raises BadInput for coordinates that are no numbers."""
    if not any(row.values()):
        return None
    values = {name: _read(field, row[name]) for name, field in register.asked.items() if row.get(name)}
    return Draft(
        values, text(row, "division"), text(row, "address"), _degrees(row, "lon"), _degrees(row, "lat"),
        text(row, "number"),
    )  # fmt: skip


def _read(field: RecordField, cell: str) -> Any:
    """The value that a cell means: choices and yes or no may be written in words, units by name or code."""
    plain = cell.strip()
    if field.type == "choice":
        meant = {
            word: key for key, title in field.choices.items() for word in (title.zh, title.en.casefold())
        }
        return meant.get(plain) or meant.get(plain.casefold()) or plain
    if field.type == "yes_no":
        return {"是": "yes", "有": "yes", "否": "no", "无": "no"}.get(plain, plain)
    if field.type == "unit":
        named = (pk for pk, unit in directory().units.items() if plain in (unit.code, unit.name))
        return next(named, plain)
    return plain


def _degrees(row: Mapping[str, str], name: str) -> float | None:
    written = text(row, name)
    try:
        return float(written) if written else None
    except ValueError:
        raise BadInput(
            [FieldError(name, "经纬度应为数字，如 114.29541", "write degrees as a number, e.g. 114.29541")]
        ) from None
