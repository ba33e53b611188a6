"""Lists that go on: keyset pagination, for pages and calls alike.

A page ends with a cursor that names its last row; the next page begins behind that row, whatever was added or
removed meanwhile, and costs the same however far one has read. The order always ends with the primary key, so that
it is total; rows without a value come last in either direction.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

from onedoor.kernel.problems import BadInput

MOST = 200
USUAL = 50
LONGEST_CURSOR = 300

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows, and the cursor of the next page; empty where there is none."""

    rows: list[Row]
    next: str = ""


@dataclass(frozen=True)
class _Key:
    """A column of the order."""

    name: str
    down: bool

    @classmethod
    def of(cls, text: str) -> _Key:
        return cls(text.removeprefix("-"), text.startswith("-"))

    def order(self) -> OrderBy:
        column = F(self.name)
        return column.desc(nulls_last=True) if self.down else column.asc(nulls_last=True)

    def behind(self, value: Any, nullable: bool) -> Q:
        """Rows strictly behind one that has `value` here; nothing lies behind a missing value."""
        if value is None:
            return Q(pk__in=())
        further = Q(**{f"{self.name}__{'lt' if self.down else 'gt'}": value})
        return further | Q(**{f"{self.name}__isnull": True}) if nullable else further

    def beside(self, value: Any) -> Q:
        """Rows with the same value here."""
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})


def page(rows: QuerySet[Row], *keys: str, cursor: str = "", limit: int = USUAL) -> Page[Row]:
    """The page of `rows` behind `cursor` (the first one where it is empty), of at most `limit` (1 to MOST) rows.

    `keys` are columns of the model as `order_by` writes them, the primary key is added. Raises BadInput for a cursor
    that is not one of this list.
    """
    order = [_Key.of(key) for key in keys]
    order.append(_Key("pk", order[-1].down if order else False))
    limit = max(1, min(limit, MOST))
    if cursor:
        rows = rows.filter(_behind(rows.model, order, _values(rows.model, order, cursor)))
    found = list(rows.order_by(*(key.order() for key in order))[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], _cursor(found[limit - 1], order) if more else "")


def _behind(model: type[Model], order: Sequence[_Key], values: Sequence[Any]) -> Q:
    """Lexicographically behind: behind in the first column, or beside in it and behind in the rest."""
    condition = Q(pk__in=())
    for key, value in reversed(list(zip(order, values, strict=True))):
        condition = key.behind(value, _field(model, key.name).null) | (key.beside(value) & condition)
    return condition


def _field(model: type[Model], name: str) -> Any:
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _cursor(row: Model, order: Sequence[_Key]) -> str:
    values = [_plain(getattr(row, key.name)) for key in order]
    return base64.urlsafe_b64encode(json.dumps(values, ensure_ascii=False).encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _values(model: type[Model], order: Sequence[_Key], cursor: str) -> list[Any]:
    """The values that a cursor names, by the types of their columns."""
    try:
        if len(cursor) > LONGEST_CURSOR:
            raise ValueError
        held = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [_typed(model, key, value) for key, value in zip(order, held, strict=True)]
    except (ValueError, TypeError, RecursionError, binascii.Error, ValidationError):
        raise BadInput.of(
            "cursor",
            "翻页标记不可用，请从第一页重新开始",
            "this cursor is not one of this list; begin with the first page",
        ) from None


def _typed(model: type[Model], key: _Key, value: Any) -> Any:
    field = _field(model, key.name)
    if value is None and not field.null:
        raise ValueError
    if isinstance(value, list | dict | bool | float) or "\0" in str(value):
        raise TypeError
    typed = field.to_python(value)
    if isinstance(typed, datetime) and typed.tzinfo is None:
        raise ValueError
    return typed
