"""Statements whose SQL is built once: for the few rows that every action reads and writes.

Django builds the SQL of a query anew each time, which takes many times longer than the database takes to run it
(`benchmarks/receive.py`). Here it is built once per model; values go through the same converters. Signals and
multi-table inheritance, which nothing here uses, are left out. Everything else uses the ORM.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from functools import cache, cached_property, lru_cache, partial
from typing import Any, Generic, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from django.db.models import Model
from django.db.models.base import ModelState
from django.db.models.expressions import RawSQL
from django.db.models.fields import NOT_PROVIDED, Field

Row = TypeVar("Row", bound=Model)
Convert = Callable[[Any], Any]
# Fields of exactly these classes prepare nothing: every driver takes their values as they are.
AS_THEY_ARE = frozenset({
    models.AutoField, models.BigAutoField, models.BigIntegerField, models.BooleanField, models.CharField,
    models.FloatField, models.ForeignKey, models.IntegerField, models.PositiveBigIntegerField,
    models.PositiveIntegerField, models.PositiveSmallIntegerField, models.SmallIntegerField, models.TextField,
})  # fmt: skip
FEW = 40  # ids that a condition lists one by one, so that the database may look them up in an index
MOST_VALUES = 30_000  # SQLite takes 32,766 values in one statement, PostgreSQL 65,535


def any_of(ids: Collection[int]) -> Any:
    """What a condition `…__in` takes for a set of ids: many of them travel as one value.

    A thousand ids as a thousand values take Django and the driver longer than the database needs to look them up.
    """
    if len(ids) <= FEW:
        return ids
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::bigint[])", [sorted(ids)])
    return RawSQL("SELECT value FROM json_each(%s)", [str(sorted(ids))])


def new(model: type[Row], **values: Any) -> Row:
    """A row not saved yet, from the values of its columns by attribute (`unit_id`, not `unit`); others by default.

    For the rows that every action makes: `Model.__init__` takes several times as long. Raises TypeError for a value
    that is none of the model's.
    """
    names, fixed, made = _defaults(model)
    if not values.keys() <= names:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - names))}")
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(fixed)
    row.__dict__.update({name: default() for name, default in made if name not in values})
    row.__dict__.update(values)
    return row


def insert(rows: Sequence[Model]) -> None:
    """Inserts rows of one model in their order and gives each its id."""
    if not rows:
        return
    model = type(rows[0])
    columns, database = _columns(model), connections[DEFAULT_DB_ALIAS]
    size = MOST_VALUES // len(columns)
    for start in range(0, len(rows), size):
        chunk = rows[start : start + size]
        values = [value for row in chunk for value in _values(row, columns)]
        with database.cursor() as cursor:
            cursor.execute(_insert_sql(model, len(chunk)), values)
            ids = cursor.fetchall()
        key, alias = model._meta.pk.attname, database.alias
        for row, (pk,) in zip(chunk, ids, strict=True):
            setattr(row, key, pk)
            row._state.adding, row._state.db = False, alias


def update(row: Model, names: Sequence[str]) -> None:
    """Writes the named fields of one row that is there already."""
    sql, columns = _update(type(row), tuple(names))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*_values(row, columns), row.pk])


class Condition(NamedTuple):
    """A condition as text, with `%s` where its values go."""

    text: str
    values: tuple[Any, ...] = ()


ALWAYS, NEVER = Condition("TRUE"), Condition("FALSE")


class Columns:
    """Some columns of the rows under a fixed condition, as tuples: for lists of which nothing else is looked at."""

    def __init__(self, model: type[Model], names: Sequence[str], where: str, *, order: str = "id") -> None:
        self.model, self.names, self.where, self.order = model, tuple(names), where, order

    def __call__(self, *values: Any, also: Condition = ALWAYS) -> list[tuple[Any, ...]]:
        """The rows, of those alone for which `also` holds; days and moments among the values are given as such."""
        sql, converters = self._built
        given = [_plain(value) for value in (*values, *also.values)]
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} AND {also.text} ORDER BY {self.order}", given)
            found = cursor.fetchall()
        return [tuple(c(v) if c else v for c, v in zip(converters, row, strict=True)) for row in found]

    @cached_property
    def _built(self) -> tuple[str, list[Convert | None]]:
        by_name = {field.attname: field for field in self.model._meta.concrete_fields}
        fields = [by_name[name] for name in self.names]
        columns = ", ".join(_quoted(field.column) for field in fields)
        table = _quoted(self.model._meta.db_table)
        sql = f"SELECT {columns} FROM {table} WHERE ({self.where})"  # noqa: S608
        return sql, [_converter(field) for field in fields]


def moment(value: datetime) -> Any:
    """A moment as the database takes it."""
    return connection.ops.adapt_datetimefield_value(value)


def _plain(value: Any) -> Any:
    """A day or a moment as the database takes it; everything else as it is."""
    if isinstance(value, datetime):
        return moment(value)
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


class Select(Generic[Row]):
    """The rows of a model under a fixed condition, with `%s` where values go: `Select(Matter, "number = %s")`."""

    def __init__(self, model: type[Row], where: str, *, order: str = "id") -> None:
        self.model, self.where, self.order = model, where, order

    def __call__(self, *values: Any, lock: bool = False) -> list[Row]:
        """The rows; `lock` keeps them for this transaction where the database can."""
        fields, converters = _read(self.model)
        database = connections[DEFAULT_DB_ALIAS]  # not its proxy, which looks it up at every use
        with database.cursor() as cursor:
            cursor.execute(self._sql(lock and database.features.has_select_for_update), values)
            found = cursor.fetchall()
        model, alias = self.model, database.alias
        return [
            _made(model, alias, fields, [c(v) if c else v for c, v in zip(converters, row, strict=True)])
            for row in found
        ]

    @cache  # noqa: B019  (one object per statement, made when its module is loaded)
    def _sql(self, lock: bool) -> str:
        columns = ", ".join(_quoted(field.column) for field in self.model._meta.concrete_fields)
        table = _quoted(self.model._meta.db_table)
        end = " FOR UPDATE" if lock else ""
        return f"SELECT {columns} FROM {table} WHERE {self.where} ORDER BY {self.order}{end}"  # noqa: S608


def _made(model: type[Row], alias: str, fields: Sequence[str], values: Sequence[Any]) -> Row:
    """A row as it was read. Filled directly: `Model.__init__` takes ten times as long, and here sends no signals."""
    row = model.__new__(model)
    row.__dict__.update(zip(fields, values, strict=True))
    row._state = ModelState()
    row._state.adding, row._state.db = False, alias
    return row


def ask(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows of a fixed statement as they come: for numbers and short texts, which need no converting.

    Days and moments among the values are given as such.
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [_plain(value) for value in values])
        return list(cursor.fetchall())


@cache
def _defaults(
    model: type[Model],
) -> tuple[frozenset[str], dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """The attributes of a model's columns; the defaults that are the same for all rows; those made for each."""
    fields = model._meta.concrete_fields
    made = [field for field in fields if callable(field.default) and field.default is not NOT_PROVIDED]
    fixed = {field.attname: field.get_default() for field in fields if field not in made}
    return frozenset(f.attname for f in fields), fixed, [(f.attname, f.default) for f in made]


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")


class _Column(NamedTuple):
    """A column that is written: its attribute, its quoted name, and what turns a value into the database's."""

    attribute: str
    name: str
    prepare: Convert | None


@cache
def _columns(model: type[Model], names: tuple[str, ...] | None = None) -> tuple[_Column, ...]:
    """The columns of a model but its key; only those named, where names are given."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    if names is not None:
        fields = [field for field in fields if field.name in names or field.attname in names]
    return tuple(_Column(field.attname, _quoted(field.column), _preparation(field)) for field in fields)


def _values(row: Model, columns: Sequence[_Column]) -> list[Any]:
    values = row.__dict__
    return [values[name] if prepare is None else prepare(values[name]) for name, _, prepare in columns]


def _preparation(field: Field[Any, Any]) -> Convert | None:
    """What turns a value of a field into the database's; None where it is the same, as for texts and whole numbers."""
    if type(field) in AS_THEY_ARE:
        return None
    database = connections[DEFAULT_DB_ALIAS]  # not its proxy, which every value would look through
    if type(field) is models.DateTimeField:  # the rows of one action have few moments between them
        return lru_cache(maxsize=256)(database.ops.adapt_datetimefield_value)
    prepare = partial(field.get_db_prep_save, connection=database)
    return _but_the_empty(prepare) if type(field) is models.JSONField else prepare


def _but_the_empty(encode: Convert) -> Convert:
    """Encodes JSON; an empty list or mapping, which most rows have, once for all."""
    empty: dict[Any, Any] = {list: encode([]), dict: encode({})}

    def prepare(value: Any) -> Any:
        known = None if value else empty.get(type(value))
        return encode(value) if known is None else known

    return prepare


@lru_cache(maxsize=64)  # of a few hundred rows each is some ten thousand characters long
def _insert_sql(model: type[Model], count: int) -> str:
    columns = _columns(model)
    names = ", ".join(column.name for column in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return f"INSERT INTO {table} ({names}) VALUES {', '.join([one] * count)} RETURNING {key}"  # noqa: S608


@cache
def _update(model: type[Model], names: tuple[str, ...]) -> tuple[str, tuple[_Column, ...]]:
    columns = _columns(model, names)
    sets = ", ".join(f"{column.name} = %s" for column in columns)
    table, key = _quoted(model._meta.db_table), _quoted(model._meta.pk.column)
    return f"UPDATE {table} SET {sets} WHERE {key} = %s", columns  # noqa: S608


@cache
def _read(model: type[Model]) -> tuple[tuple[str, ...], tuple[Convert | None, ...]]:
    """The attribute names of a model's columns, and what turns a column's value into Python's."""
    fields = model._meta.concrete_fields
    return tuple(field.attname for field in fields), tuple(_converter(field) for field in fields)


def _converter(field: Field[Any, Any]) -> Convert | None:
    database, column = connections[DEFAULT_DB_ALIAS], field.get_col(field.model._meta.db_table)
    steps = [*database.ops.get_db_converters(column), *column.get_db_converters(database)]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, column, database)
        return value

    if type(field) is models.DateTimeField:  # the rows of one matter are read again and again
        return lru_cache(maxsize=4096)(convert)
    return _but_the_empty_text(convert) if type(field) is models.JSONField else convert


def _but_the_empty_text(decode: Convert) -> Convert:
    """Decodes JSON; an empty list or mapping, which most rows have, is only made."""
    empty: dict[Any, Callable[[], Any]] = {"[]": list, "{}": dict}

    def read(value: Any) -> Any:
        made = empty.get(value) if type(value) is str else None
        return decode(value) if made is None else made()

    return read
