"""Statements whose SQL is built once: for the few rows that every action reads and writes.

Django builds the SQL of a query anew each time, which takes many times longer than the database takes to run it
(`benchmarks/receive.py`). Here it is built once per model; values go through the same converters. Signals and
multi-table inheritance, which nothing here uses, are left out. Everything else uses the ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Model
from django.db.models.fields import Field

Row = TypeVar("Row", bound=Model)
Convert = Callable[[Any], Any]
# Fields of exactly these classes prepare nothing: every driver takes their values as they are.
AS_THEY_ARE = frozenset({
    models.AutoField, models.BigAutoField, models.BigIntegerField, models.BooleanField, models.CharField,
    models.FloatField, models.ForeignKey, models.IntegerField, models.PositiveBigIntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.SmallIntegerField, models.TextField,
})  # fmt: skip
MOST_VALUES = 30_000  # SQLite takes 32,766 values in one statement, PostgreSQL 65,535


def insert(rows: Sequence[Model]) -> None:
    """Inserts rows of one model in their order and gives each its id."""
    if not rows:
        return
    model = type(rows[0])
    fields = _fields(model)
    size = MOST_VALUES // len(fields)
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        values = [value for row in chunk for value in _values(row, fields)]
        with connection.cursor() as cursor:
            cursor.execute(_insert_sql(model, len(chunk)), values)
            ids = cursor.fetchall()
        for row, (pk,) in zip(chunk, ids, strict=True):
            row.pk = pk
            row._state.adding = False
            row._state.db = connection.alias


def update(row: Model, names: Sequence[str]) -> None:
    """Writes the named fields of one row that is there already."""
    wanted = set(names)
    fields = tuple(f for f in _fields(type(row)) if f.name in wanted or f.attname in wanted)
    with connection.cursor() as cursor:
        cursor.execute(_update_sql(type(row), fields), [*_values(row, fields), row.pk])


class Select(Generic[Row]):
    """The rows of a model under a fixed condition, with `%s` where values go: `Select(Matter, "number = %s")`."""

    def __init__(self, model: type[Row], where: str, *, order: str = "id") -> None:
        self.model, self.where, self.order = model, where, order

    def __call__(self, *values: Any, lock: bool = False) -> list[Row]:
        """The rows; `lock` keeps them for this transaction where the database can."""
        fields, converters = _read(self.model)
        with connection.cursor() as cursor:
            cursor.execute(self._sql(lock and connection.features.has_select_for_update), values)
            found = cursor.fetchall()
        return [
            self.model.from_db(
                connection.alias, fields, [c(v) if c else v for c, v in zip(converters, row, strict=True)]
            )
            for row in found
        ]

    @cache  # noqa: B019  (one object per statement, made when its module is loaded)
    def _sql(self, lock: bool) -> str:
        columns = ", ".join(_quoted(field.column) for field in self.model._meta.concrete_fields)
        table = _quoted(self.model._meta.db_table)
        end = " FOR UPDATE" if lock else ""
        return f"SELECT {columns} FROM {table} WHERE {self.where} ORDER BY {self.order}{end}"  # noqa: S608


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a fixed statement as they come: for numbers and short texts, which need no converting."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


@cache
def _fields(model: type[Model]) -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not field.primary_key)


def _values(row: Model, fields: Sequence[Field[Any, Any]]) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]  # not its proxy, which every field would look through
    return [
        getattr(row, field.attname)
        if type(field) in AS_THEY_ARE
        else field.get_db_prep_save(getattr(row, field.attname), database)
        for field in fields
    ]


@cache
def _insert_sql(model: type[Model], count: int) -> str:
    fields = _fields(model)
    columns = ", ".join(_quoted(field.column) for field in fields)
    one = f"({', '.join(['%s'] * len(fields))})"
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return f"INSERT INTO {table} ({columns}) VALUES {', '.join([one] * count)} RETURNING {key}"  # noqa: S608


@cache
def _update_sql(model: type[Model], fields: tuple[Field[Any, Any], ...]) -> str:
    sets = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {_quoted(model._meta.pk.column)} = %s"  # noqa: S608


@cache
def _read(model: type[Model]) -> tuple[tuple[str, ...], tuple[Convert | None, ...]]:
    """The attribute names of a model's columns, and what turns a column's value into Python's."""
    fields = model._meta.concrete_fields
    return tuple(field.attname for field in fields), tuple(_converter(field) for field in fields)


def _converter(field: Field[Any, Any]) -> Convert | None:
    column = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(column), *column.get_db_converters(connection)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, connection)
        return value

    return convert
