"""What the public may read of counts: nothing small, alone or by subtraction."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from onedoor.board.policies import LEAST, enough, published

PLACES = st.dictionaries(st.integers(0, 30).map(str), st.integers(0, 30), max_size=25)


def test_small_counts_are_not_told() -> None:
    above = dict.fromkeys("abcd", "x")
    assert published({"a": 4, "b": 5, "c": 2, "d": 0}, above) == {"b": 5}


def test_what_subtraction_would_tell_is_kept_back() -> None:
    above = dict.fromkeys("abc", "x")
    assert published({"a": 9, "b": 7, "c": 2}, above) == {"a": 9}
    assert published({"a": 9, "b": 7}, above) == {"a": 9, "b": 7}


def test_alone_it_is_the_number_that_counts() -> None:
    assert enough({"road": 5, "light": 4}) == {"road": 5}


@given(PLACES)
def test_nobody_can_be_found_by_subtraction(counts: dict[str, int]) -> None:
    above = {place: str(int(place) % 4) for place in counts}
    told = published(counts, above)
    assert all(count == counts[place] >= LEAST for place, count in told.items())
    totals: defaultdict[str, int] = defaultdict(int)
    hidden: defaultdict[str, int] = defaultdict(int)
    for place, count in counts.items():
        totals[above[place]] += count
        hidden[above[place]] += 0 if place in told else count
    for parent, kept_back in hidden.items():
        assert kept_back == 0 or kept_back >= LEAST or totals[parent] < LEAST
