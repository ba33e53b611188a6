"""A line of text becomes marks: bounds, monotonicity, exactness."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.appraisal.schemes import marking
from onedoor.appraisal.schemes.marking import Deduct, Levels, Linear, Rank, Steps
from onedoor.kernel.packs import Mistake

VALUES = st.fractions(min_value=0, max_value=2, max_denominator=400)
BOUNDS = st.integers(0, 200)
SHARES = st.integers(0, 100)
DRAWN = st.lists(st.tuples(BOUNDS, SHARES), min_size=1, max_size=6, unique_by=lambda step: step[0])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("linear 80% to 98%", Linear(Fraction(4, 5), Fraction(49, 50))),
        ("线性 80% 至 98%", Linear(Fraction(4, 5), Fraction(49, 50))),
        ("线性 15%→0%", Linear(Fraction(3, 20), Fraction(0))),
        (
            "steps 98%: 100%, 95%: 80%",
            Steps(((Fraction(49, 50), Fraction(1)), (Fraction(19, 20), Fraction(4, 5)))),
        ),
        (
            "分档 不超过 0：100%，2：50%",
            Steps(((Fraction(0), Fraction(1)), (Fraction(2), Fraction(1, 2))), True),
        ),
        ("deduct 0.5 each up to 2", Deduct(Fraction(1, 2), Fraction(2))),
        ("每起扣0.5分，最多扣2分", Deduct(Fraction(1, 2), Fraction(2))),
        ("每发生一起上访扣1分", Deduct(Fraction(1))),
        ("rank 100% to 60%", Rank(Fraction(1), Fraction(3, 5))),
        ("评定", Levels()),
        ("levels 100% 80% 50% 0%", Levels((Fraction(1), Fraction(4, 5), Fraction(1, 2), Fraction(0)))),
    ],
)
def test_what_a_rule_says(text: str, rule: marking.Rule) -> None:
    assert marking.parse(text) == rule
    assert all(rule.words())


@pytest.mark.parametrize(
    "text",
    ["", "about right", "linear 80%", "linear 80% to 80%", "steps 95%: 80%, 98%: 100%", "steps 98%: 120%",
     "steps 98%: 50%, 95%: 80%", "deduct 0 each", "rank 60% to 100%", "levels 100% 50%", "steps 98%: 100%, often"],
)  # fmt: skip
def test_what_no_rule_says(text: str) -> None:
    with pytest.raises(Mistake) as refused:
        marking.parse(text)
    zh, en, hint_zh, hint_en = refused.value.args
    assert all((zh, en))
    assert "线性" in hint_zh
    assert "linear" in hint_en


@given(BOUNDS, BOUNDS, VALUES, VALUES)
def test_linear_stays_within_and_never_turns(floor: int, full: int, one: Fraction, other: Fraction) -> None:
    if floor == full:
        full += 1
    rule = Linear(Fraction(floor, 100), Fraction(full, 100))
    low, high = sorted([one, other], reverse=rule.falls)
    assert 0 <= rule.share(low) <= rule.share(high) <= 1
    assert rule.share(rule.floor) == 0
    assert rule.share(rule.full) == 1


@given(DRAWN, st.booleans(), VALUES, VALUES)
def test_steps_stay_within_and_never_turn(
    drawn: list[tuple[int, int]], falls: bool, one: Fraction, other: Fraction
) -> None:
    bounds = sorted((bound for bound, _ in drawn), reverse=not falls)
    shares = sorted((share for _, share in drawn), reverse=True)
    steps = ", ".join(f"{bound}%: {share}%" for bound, share in zip(bounds, shares, strict=True))
    rule = marking.parse(f"steps {'up to ' if falls else ''}{steps}")
    assert isinstance(rule, Steps)
    low, high = sorted([one, other], reverse=falls)
    assert 0 <= rule.share(low) <= rule.share(high) <= 1


@given(st.integers(1, 50), st.integers(1, 50), st.integers(1, 50), st.integers(0, 100))
def test_deductions_end_at_their_cap(each: int, most: int, weight: int, count: int) -> None:
    rule = Deduct(Fraction(each, 10), Fraction(most, 10))
    held = Fraction(weight)
    share = rule.share(Fraction(count), held)
    assert 0 <= share <= 1
    assert held * (1 - share) <= Fraction(most, 10)
    assert rule.share(Fraction(count + 1), held) <= share


@given(st.lists(VALUES, min_size=1, max_size=12), st.booleans())
def test_ranks_follow_the_order_of_peers(peers: list[Fraction], less: bool) -> None:
    rule = Rank(Fraction(1), Fraction(3, 5))
    shares = [rule.share(value, peers, less) for value in peers]
    assert all(rule.worst <= share <= rule.best for share in shares)
    assert max(shares) == rule.best
    for value, share in zip(peers, shares, strict=True):
        for other, got in zip(peers, shares, strict=True):
            if value == other:
                assert share == got
            elif (value < other) == less:
                assert share > got


@given(st.fractions(min_value=-1000, max_value=1000), st.integers(0, 4))
def test_marks_are_rounded_half_up_and_once(value: Fraction, digits: int) -> None:
    step = Fraction(1, 10**digits)
    assert abs(Fraction(marking.fixed(value, digits)) - value) <= step / 2


def test_halves_go_up() -> None:
    assert marking.fixed(Fraction(1005, 1000)) == "1.01"
    assert marking.fixed(Fraction(-1, 1000)) == "0.00"
    assert marking.plain(Fraction(5, 2)) == "2.5"
