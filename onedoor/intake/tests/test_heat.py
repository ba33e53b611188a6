"""Filings in groups by average link: a group goes before one that stands alone, and two groups may become one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from hypothesis import given
from hypothesis import strategies as st

from onedoor.intake.heat import TOGETHER, Groups, Held, Item, Same
from onedoor.kernel import time
from onedoor.triage.pairs import Filed, Text

NOON = datetime(2026, 3, 2, 12, tzinfo=time.CITY_ZONE)
TEXT = Text(Filed("", ""))
Pairs = Mapping[tuple[int, int], float]


class Known(Held):
    """Filings of which it is known how probable it is that two are one."""

    def __init__(self, shares: Pairs) -> None:
        super().__init__()
        self.shares = {frozenset(pair): share for pair, share in shares.items()}

    def add(self, item: Item) -> None:
        self.items[item.pk] = item

    def near(self, item: Item) -> list[Same]:
        found = [self.same(item, other) for other in self.items.values() if other.pk != item.pk]
        return sorted(found, key=lambda one: -one.share)

    def same(self, item: Item, other: Item) -> Same:
        return Same(other, self.shares.get(frozenset((item.pk, other.pk)), 0.0), {})


def item(pk: int) -> Item:
    return Item(pk, str(pk), NOON, TEXT)


def grouped(count: int, shares: Pairs, told: Mapping[frozenset[str], bool] | None = None) -> Groups:
    """All of them held, then put one after the other, as by night."""
    groups = Groups(Known(shares), dict(told or {}))
    for pk in range(1, count + 1):
        groups.held.add(item(pk))
    for pk in range(1, count + 1):
        groups.put(item(pk))
    return groups


def together(groups: Groups) -> list[list[int]]:
    return sorted(sorted(pks) for pks in groups.members.values())


def test_a_filing_goes_to_a_group_it_fits_rather_than_to_a_twin_that_stands_alone() -> None:
    shares = {(1, 2): 0.9, (1, 3): 0.6, (2, 3): 0.6, (3, 4): 1.0, (1, 4): 0.6, (2, 4): 0.6}
    assert together(grouped(4, shares)) == [[1, 2, 3, 4]]


def test_groups_that_are_the_same_on_average_become_one_by_night() -> None:
    shares = {(1, 2): 1.0, (3, 4): 1.0, (1, 3): 0.0, (2, 3): 0.3, (1, 4): 0.9, (2, 4): 0.9}
    groups = grouped(4, shares)
    assert together(groups) == [[1, 2], [3, 4]]
    groups.unite()
    assert together(groups) == [[1, 2, 3, 4]]
    assert set(groups.of.values()) == set(groups.members)


def test_groups_that_somebody_told_apart_stay_two() -> None:
    shares = {(1, 2): 1.0, (3, 4): 1.0, (1, 3): 0.0, (2, 3): 0.3, (1, 4): 0.9, (2, 4): 0.9}
    groups = grouped(4, shares, {frozenset(("2", "4")): False})
    groups.unite()
    assert together(groups) == [[1, 2], [3, 4]]


@given(
    st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.sampled_from((0.0, 0.2, 0.4, 1.0)))
)
def test_after_uniting_no_two_groups_are_the_same_on_average(shares: dict[tuple[int, int], float]) -> None:
    groups = grouped(9, {pair: share for pair, share in shares.items() if pair[0] < pair[1]})
    before = {pk for pks in groups.members.values() for pk in pks}
    groups.unite()
    assert {pk for pks in groups.members.values() for pk in pks} == before == set(groups.of)
    keys = sorted(groups.members)
    assert not [
        (one, other) for one in keys for other in keys
        if one < other and groups._between(one, other) >= TOGETHER
    ]  # fmt: skip
