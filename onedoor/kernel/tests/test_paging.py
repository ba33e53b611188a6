"""Pages meet every row exactly once, in order, whatever changes meanwhile."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from onedoor.kernel import paging, time
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput

ORDERS = [("by_account",), ("-by_account",), ("kind", "-by_account"), ("-at",), ("by_account", "kind"), ()]


def add(accounts: list[int | None]) -> None:
    Entry.objects.bulk_create(
        Entry(
            stream="page",
            seq=n,
            at=time.now(),
            kind="ab"[n % 2],
            by_kind="staff",
            by_account=account,
            hash="",
        )
        for n, account in enumerate(accounts)
    )


def walk(keys: tuple[str, ...], limit: int) -> list[int]:
    found, cursor = [], ""
    while True:
        page = paging.page(Entry.objects.all(), *keys, cursor=cursor, limit=limit)
        assert len(page.rows) <= limit
        found += [row.pk for row in page.rows]
        cursor = page.next
        if not cursor:
            return found


def in_order(keys: tuple[str, ...]) -> list[int]:
    """The same order, by sorting in Python: missing values last."""
    rows = list(Entry.objects.all())
    for key in reversed((*keys, "-pk" if keys and keys[-1].startswith("-") else "pk")):
        name, down = key.removeprefix("-"), key.startswith("-")
        there = [row for row in rows if getattr(row, name) is not None]
        there.sort(key=lambda row: getattr(row, name), reverse=down)
        rows = there + [row for row in rows if getattr(row, name) is None]
    return [row.pk for row in rows]


class Walking(TestCase):
    @settings(max_examples=15)
    @given(
        st.lists(st.none() | st.integers(0, 3), max_size=12),
        st.sampled_from(ORDERS),
        st.integers(min_value=1, max_value=5),
    )
    def test_every_row_once_and_in_order(
        self, accounts: list[int | None], keys: tuple[str, ...], limit: int
    ) -> None:
        add(accounts)
        assert walk(keys, limit) == in_order(keys)

    def test_rows_added_before_do_not_repeat_what_was_read(self) -> None:
        add([5, 6, 7, 8])
        first = paging.page(Entry.objects.all(), "by_account", limit=2)
        Entry.objects.create(
            stream="q", seq=1, at=time.now(), kind="a", by_kind="staff", by_account=1, hash=""
        )
        second = paging.page(Entry.objects.all(), "by_account", cursor=first.next, limit=2)
        assert [row.by_account for row in second.rows] == [7, 8]
        assert second.next == ""

    def test_a_page_has_at_least_one_and_at_most_so_many_rows(self) -> None:
        add([None] * 210)
        assert len(paging.page(Entry.objects.all(), limit=-4).rows) == 1
        assert len(paging.page(Entry.objects.all(), limit=10**9).rows) == paging.MOST


def made(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "====", "A" * 400, made("[]"), made("[1]"), made("[1, 2, 3]"), made('["a", 1]'), made("[1, null]"),
     made("{}"), made("[[1], 2]"), made('["2026-11-23", 2]'), made('["2026-11-23T10:00", 2]'), made("[true, 1]")],
)  # fmt: skip
@pytest.mark.django_db
def test_a_cursor_of_something_else_is_refused(cursor: str) -> None:
    with pytest.raises(BadInput, match="cursor"):
        paging.page(Entry.objects.all(), "-at", cursor=cursor)


@pytest.mark.django_db
def test_a_number_beyond_the_database_finds_nothing() -> None:
    cursor = made(f"[{10**30}, {10**30}]")
    assert paging.page(Entry.objects.all(), "by_account", cursor=cursor).rows == []
