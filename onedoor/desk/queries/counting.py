"""Several counts in one statement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from onedoor.kernel.statements import ask

Part = tuple[str, tuple[Any, ...]]
NONE: Part = ("0", ())  # a query that can find nothing is not even asked


def counts(rows: Mapping[str, QuerySet[Any]], most: int) -> dict[str, int]:
    """How many rows each query has, at most one more than `most`; one statement for all of them.

    The SQL of each query is laid beside that of the others as it is: nested in one another by the ORM they would be
    copied and resolved anew, which takes longer than counting.
    """
    parts = [_part(query, most) for query in rows.values()]
    sql = "SELECT " + ", ".join(text for text, _ in parts)
    values = [value for _, given in parts for value in given]
    return dict(zip(rows, ask(sql, *values)[0], strict=True))


def _part(query: QuerySet[Any], most: int) -> Part:
    wanted = query.order_by().values("pk")[: most + 1]
    try:
        sql, values = wanted.query.sql_with_params()
    except EmptyResultSet:
        return NONE
    return f"(SELECT COUNT(*) FROM ({sql}) counted)", values  # noqa: S608  # made by the ORM
