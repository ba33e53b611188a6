"""Samples come out as asked for: the right number, the same by seed, every place of a list once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.surveys.rules import sampling

SIZES = st.dictionaries(
    st.text("abc123", min_size=1, max_size=4), st.integers(1, 50_000), min_size=1, max_size=30
)


@given(SIZES, st.integers(0, 5000))
def test_an_allocation_sums_to_what_was_asked_and_keeps_to_its_quotas(
    sizes: dict[str, int], total: int
) -> None:
    found = sampling.apportioned(sizes, total)
    assert sum(found.values()) == total
    whole = sum(sizes.values())
    assert all(abs(found[key] - total * size / whole) < 1 for key, size in sizes.items())


@given(SIZES, st.floats(0, 1))
def test_no_stratum_gives_more_than_it_has_and_each_gives_two(sizes: dict[str, int], part: float) -> None:
    few = sum(min(2, size) for size in sizes.values())
    total = few + int(part * (sum(sizes.values()) - few))
    found = sampling.proportional(sizes, total)
    assert sum(found.values()) == total
    assert all(min(2, size) <= found[key] <= size for key, size in sizes.items())


def test_hand_computed_largest_remainders() -> None:
    # quotas 4.7, 1.6, 1.59, 1.2, 0.61, 0.3: the floors sum to 7, the largest remainders are those of a, e and b
    assert sampling.apportioned({"a": 470, "b": 160, "c": 159, "d": 120, "e": 61, "f": 30}, 10) == {
        "a": 5, "b": 2, "c": 1, "d": 1, "e": 1, "f": 0,
    }  # fmt: skip


@pytest.mark.parametrize("total", [1, 401])
def test_too_few_or_too_many_are_refused(total: int) -> None:
    with pytest.raises(ValueError, match="sample"):
        sampling.proportional({"a": 100, "b": 300}, total)


@given(st.integers(1, 400), st.integers(0, 99))
def test_every_place_of_a_list_is_drawn_once(size: int, seed: int) -> None:
    assert sorted(sampling.place_of(seed, "419801001", size, turn) for turn in range(size)) == list(
        range(1, size + 1)
    )


def test_a_draw_is_the_same_by_seed_and_another_by_another() -> None:
    drawn = [[sampling.place_of(seed, "t", 5000, turn) for turn in range(50)] for seed in (7, 7, 8)]
    assert drawn[0] == drawn[1] != drawn[2]
    with pytest.raises(ValueError, match="used up"):
        sampling.place_of(7, "t", 50, 50)


def test_who_is_furthest_behind_comes_next() -> None:
    targets = {"a": 10, "b": 20, "c": 5}
    assert sampling.furthest_behind(targets, {"a": 5, "b": 9, "c": 3}) == "b"
    assert sampling.furthest_behind(targets, {}) == "a"
    assert sampling.furthest_behind(targets, targets) is None


def test_the_response_rate_is_the_strictest() -> None:
    outcomes = {
        "complete": 40,
        "partial": 4,
        "refused": 20,
        "not_reached": 25,
        "other": 1,
        "unknown": 10,
        "ineligible": 50,
    }
    assert sampling.response_rate(outcomes) == 40 / 100
    assert sampling.response_rate({"ineligible": 3}) is None


def test_a_small_place_is_never_withheld_alone() -> None:
    assert sampling.withheld({"a": 12, "b": 45, "c": 80}, 30) == {"a", "b"}
    assert sampling.withheld({"a": 12, "b": 8, "c": 80}, 30) == {"a", "b"}
    assert sampling.withheld({"a": 30, "b": 45}, 30) == set()
