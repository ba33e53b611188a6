"""Figures agree with what was computed by hand, and their margins with chance."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.surveys.rules import estimates
from onedoor.surveys.rules.estimates import Case

SIZES = {"a": 100, "b": 300}


def _cases(yes: dict[str, int], of: dict[str, int], sizes: dict[str, int]) -> list[Case]:
    weights = estimates.design_weights(of, sizes)
    return [Case(key, weights[key], float(i < yes[key])) for key, n in of.items() for i in range(n)]


def test_a_stratified_share_as_computed_by_hand() -> None:
    # p = ¼·0.8 + ¾·0.5 = 0.575; V = ¼²·0.9·0.16/9 + ¾²·0.9·0.25/29 = 0.001 + 0.0043642 = 0.0053642
    found = estimates.share(_cases({"a": 8, "b": 15}, {"a": 10, "b": 30}, SIZES), SIZES)
    assert found is not None
    assert found.value == pytest.approx(0.575)
    assert found.error == pytest.approx(0.0732409, abs=1e-6)
    assert found.effect == pytest.approx(1)
    # Wilson at n* = 0.575·0.425/0.0053642 = 45.556: (0.617162 ± 0.149617) / 1.084324
    assert (found.low, found.high) == pytest.approx((0.431186, 0.707150), abs=1e-4)


def test_wilson_as_in_the_textbooks() -> None:
    assert estimates.wilson(0.9, 10) == pytest.approx((0.5958, 0.9821), abs=1e-4)
    assert estimates.wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_whoever_asks_everybody_has_no_margin() -> None:
    found = estimates.share(_cases({"a": 60, "b": 150}, {"a": 100, "b": 300}, SIZES), SIZES)
    assert found is not None
    assert found.value == pytest.approx(0.525)
    assert found.margin == 0


def test_kish() -> None:
    assert estimates.design_effect([1, 1, 1, 1]) == 1
    assert estimates.design_effect([1, 3]) == pytest.approx(2 * 10 / 16)


def test_all_alike_still_has_a_margin() -> None:
    found = estimates.share(_cases({"a": 10, "b": 30}, {"a": 10, "b": 30}, SIZES), SIZES)
    assert found is not None
    assert found.high == 1
    assert 0.9 < found.low < 0.95


def test_a_question_asked_of_some_is_reckoned_among_them() -> None:
    cases = [Case("a", 10, 1.0), Case("a", 10, 0.0), Case("a", 10, asked=False), Case("a", 10, asked=False)]
    found = estimates.share(cases, {"a": 40})
    assert found is not None
    assert (found.n, found.value) == (2, 0.5)
    assert estimates.share([Case("a", 10, asked=False)], {"a": 40}) is None


def test_a_mean_as_computed_by_hand() -> None:
    # 2, 4, 6 of 300: s² = 4, V = (1 - 0.01)·4/3 = 1.32
    found = estimates.mean([Case("a", 100, float(v)) for v in (2, 4, 6)], {"a": 300})
    assert found is not None
    assert found.value == 4
    assert found.error == pytest.approx(1.32**0.5)


COUNTS = st.dictionaries(
    st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 30), st.integers(30, 5000)), min_size=1
)


@given(COUNTS)
def test_weights_sum_to_the_population(drawn: dict[str, tuple[int, int]]) -> None:
    counts = {key: n for key, (n, _) in drawn.items()}
    sizes = {key: size for key, (_, size) in drawn.items()}
    weights = estimates.design_weights(counts, sizes)
    whole = sum(sizes.values()) if any(counts.values()) else 0
    assert sum(counts[key] * weight for key, weight in weights.items()) == pytest.approx(whole)


@given(st.lists(st.tuples(st.floats(0.1, 500), st.sampled_from(["young", "old"])), min_size=1))
def test_balanced_weights_sum_to_the_population_and_to_the_known_shares(
    drawn: list[tuple[float, str]],
) -> None:
    weights, cells = [w for w, _ in drawn], [c for _, c in drawn]
    found = estimates.balanced(weights, cells, {"young": 0.3, "old": 0.7})
    assert sum(found) == pytest.approx(sum(weights))
    if len(set(cells)) == 2:
        old = sum(weight for weight, cell in zip(found, cells, strict=True) if cell == "old")
        assert old == pytest.approx(0.7 * sum(weights))


def test_an_unknown_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="middle"):
        estimates.balanced([1.0], ["middle"], {"young": 1.0})


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), min_size=2, max_size=60))
def test_a_share_lies_in_its_interval_and_the_interval_within_bounds(drawn: list[tuple[str, bool]]) -> None:
    found = estimates.share([Case(key, 2.0, float(yes)) for key, yes in drawn], {"a": 200, "b": 300})
    assert found is not None
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value <= found.high + 1e-12 <= 1 + 1e-9


def test_a_difference_is_told_from_chance() -> None:
    sure = [estimates.Estimate(1000, p, 0.01, p - 0.02, p + 0.02, 1.0) for p in (0.95, 0.90)]
    assert estimates.difference(sure[0], sure[1]).significant
    near = estimates.Estimate(1000, 0.94, 0.01, 0.92, 0.96, 1.0)
    found = estimates.difference(sure[0], near)
    assert found.value == pytest.approx(0.01)
    assert found.low == pytest.approx(0.01 - 0.02 * 2**0.5)
    assert not found.significant


@pytest.mark.parametrize("true", [(0.95, 0.98, 0.99), (0.4, 0.6, 0.7)])
@pytest.mark.parametrize("balance", [False, True])
def test_ninety_five_intervals_of_a_hundred_hold_the_truth(true: tuple[float, ...], balance: bool) -> None:
    """800 samples out of a city of three strata; with `balance`, the old answer less often and otherwise."""
    rng = Random(f"{true} {balance}")
    city = {
        key: [(float(rng.random() < p - (0.3 * p * old if balance else 0)), "old" if old else "young")
              for old in (rng.random() < 0.4 for _ in range(size))]
        for key, size, p in zip("abc", (400, 900, 2000), true, strict=True)
    }  # fmt: skip
    sizes = {key: len(people) for key, people in city.items()}
    everybody = [person for people in city.values() for person in people]
    truth = sum(value for value, _ in everybody) / len(everybody)
    shares = {c: sum(cell == c for _, cell in everybody) / len(everybody) for c in ("old", "young")}
    held = sum(_holds(rng, city, sizes, truth, shares if balance else {}) for _ in range(800))
    assert 0.925 < held / 800 < 0.985


def _holds(
    rng: Random,
    city: dict[str, list[tuple[float, str]]],
    sizes: dict[str, int],
    truth: float,
    shares: dict[str, float],
) -> bool:
    drawn = {key: rng.sample(people, n) for (key, people), n in zip(city.items(), (60, 80, 100), strict=True)}
    weights = estimates.design_weights({key: len(people) for key, people in drawn.items()}, sizes)
    rows = [(key, weights[key], value, cell) for key, people in drawn.items() for value, cell in people]
    if shares:
        found = estimates.balanced([row[1] for row in rows], [row[3] for row in rows], shares)
        rows = [(key, weight, value, cell) for (key, _, value, cell), weight in zip(rows, found, strict=True)]
    cases = [Case(key, weight, value, cell=cell if shares else "") for key, weight, value, cell in rows]
    estimate = estimates.share(cases, sizes)
    assert estimate is not None
    return estimate.low <= truth <= estimate.high
