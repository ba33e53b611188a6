"""Statements built once write and read what the ORM does."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from onedoor.kernel import statements
from onedoor.kernel.models import Entry
from onedoor.kernel.time import CITY_ZONE

pytestmark = pytest.mark.django_db
STREAM = statements.Select(Entry, "stream = %s AND seq >= %s", order="seq")


def _entry(seq: int) -> Entry:
    moment = datetime(2026, 11, 23, 10, seq % 60, tzinfo=CITY_ZONE)
    return Entry(
        stream="test/1",
        seq=seq,
        at=moment,
        kind="noted",
        by_kind="system",
        body={"字": [seq, None]},
        hash="h",
    )


def _columns(entry: Entry) -> dict[str, object]:
    return {field.attname: getattr(entry, field.attname) for field in Entry._meta.concrete_fields}


def test_inserts_what_the_orm_reads() -> None:
    made = [_entry(seq) for seq in range(1, 8)]
    statements.insert(made)
    assert [_columns(entry) for entry in Entry.objects.order_by("seq")] == [_columns(entry) for entry in made]


def test_reads_what_the_orm_wrote() -> None:
    Entry.objects.bulk_create([_entry(seq) for seq in range(1, 8)])
    with transaction.atomic():
        found = STREAM("test/1", 3, lock=True)
    assert [_columns(e) for e in found] == [
        _columns(e) for e in Entry.objects.filter(seq__gte=3).order_by("seq")
    ]
    assert STREAM("test/2", 0) == []


def test_more_rows_than_one_statement_takes() -> None:
    made = [_entry(seq) for seq in range(1, 6000)]
    statements.insert(made)
    assert Entry.objects.count() == len({entry.pk for entry in made}) == 5999


def test_updates_only_what_is_named() -> None:
    statements.insert([_entry(1)])
    entry = Entry.objects.get()
    entry.body, entry.kind = {"new": True}, "edited"
    statements.update(entry, ["body", "body"])
    held = Entry.objects.get()
    assert (held.body, held.kind) == ({"new": True}, "noted")


def test_nothing_to_insert_is_no_statement(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        statements.insert([])


def test_asks_for_plain_values() -> None:
    statements.insert([_entry(1)])
    assert statements.ask("SELECT seq, kind FROM kernel_entry WHERE stream = %s", "test/1") == [(1, "noted")]


def test_reads_some_columns_as_the_orm_does() -> None:
    Entry.objects.bulk_create([_entry(seq) for seq in range(1, 8)])
    late = statements.Columns(
        Entry, ("seq", "at", "body"), "at > %s AND stream = %s", order="seq DESC LIMIT 3"
    )
    after = _entry(2).at
    expected = Entry.objects.filter(at__gt=after).order_by("-seq").values_list("seq", "at", "body")[:3]
    assert late(after, "test/1") == list(expected)
    assert late(after, "test/2") == []


@pytest.mark.parametrize("count", [0, 3, statements.FEW, statements.FEW + 1, 40_000])
def test_a_set_of_ids_selects_those_rows_however_many_it_holds(count: int) -> None:
    made = [_entry(seq) for seq in range(1, 6)]
    statements.insert(made)
    ids = frozenset(range(made[0].pk, made[0].pk + count)) - {made[1].pk}
    found = Entry.objects.filter(pk__in=statements.any_of(ids)).values_list("pk", flat=True)
    assert set(found) == {entry.pk for entry in made if entry.pk in ids}


def test_a_new_row_is_what_the_model_makes() -> None:
    values = {"stream": "test/1", "seq": 1, "kind": "noted", "by_kind": "system", "hash": "h"}
    made, other = statements.new(Entry, **values), statements.new(Entry, **values)
    assert _columns(made) == _columns(Entry(**values))
    assert made.body is not other.body
    assert made._state.adding
    with pytest.raises(TypeError, match="no sort"):
        statements.new(Entry, sort="x")
