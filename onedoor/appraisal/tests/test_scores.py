"""Marks out of figures: bounds, monotonicity, weights; who is ranked; why; what would be; the same bytes."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.appraisal.schemes import catalogue
from onedoor.appraisal.scores import explaining, frozen, gathering
from onedoor.appraisal.scores.gathering import Measured
from onedoor.appraisal.scores.rules import Reading, Readings, Terms, UnitScore, score, what_if
from onedoor.kernel.problems import BadInput

SCHEME = catalogue.load(catalogue.STARTER)
TERMS = Terms(SCHEME, "townships", "year", {"accepted_in_time": 10, "solved_rate": 10})
CODES = ("T01.1", "T01.2", "T01.3", "T02.1")
SHARE = st.builds(
    lambda of, part: Reading.share_of(part * of // 100, of), st.integers(0, 60), st.integers(0, 100)
)
ROW = st.fixed_dictionaries(
    {},
    optional={
        "T01.1": SHARE,
        "T01.2": SHARE,
        "T01.3": st.builds(Reading.count, st.integers(0, 20)),
        "T02.1": st.builds(Reading.count, st.integers(0, 3)),
    },
)
FIGURES = st.dictionaries(st.sampled_from("abcdef"), ROW, min_size=1)
FULL = {
    "T01.1": Reading.share_of(98, 100), "T01.2": Reading.share_of(95, 100), "T01.3": Reading.count(0),
    "T02.1": Reading.count(0),
}  # fmt: skip


def of(unit: str, readings: Readings, terms: Terms = TERMS) -> UnitScore:
    """The score of one unit."""
    return next(one for one in score(terms, readings) if one.unit == unit)


@given(FIGURES)
def test_no_score_leaves_its_bounds(readings: Readings) -> None:
    for one in score(TERMS, readings):
        assert 0 <= one.due <= 1
        assert one.total is None or 0 <= one.total <= 100
        assert (one.place is None) == (bool(one.apart) or one.total is None)
        for place in TERMS.places():
            assert 0 <= one.cells[place.code].marks <= Fraction(place.part.weight)
        for item in one.items:
            assert item.marks is None or 0 <= item.marks <= item.weight


@given(FIGURES, st.sampled_from(("T01.1", "T01.2")), st.integers(1, 20))
def test_more_done_never_means_fewer_marks(readings: Readings, code: str, more: int) -> None:
    unit = min(readings)
    held = readings[unit].get(code)
    if held is None or held.denominator is None or held.numerator is None:
        return
    better = Reading.share_of(min(held.numerator + more, held.denominator), held.denominator)
    now, then = what_if(TERMS, readings, unit, {code: better})
    assert (then.total or 0) >= (now.total or 0)


@given(FIGURES)
def test_where_all_was_due_the_total_is_the_sum(readings: Readings) -> None:
    for one in score(TERMS, readings):
        if one.due == 1:
            assert one.total == sum(cell.marks for cell in one.cells.values())


@given(FIGURES)
def test_places_follow_totals(readings: Readings) -> None:
    ranked = [one for one in score(TERMS, readings) if one.place]
    for one in ranked:
        assert one.place == 1 + sum(1 for other in ranked if (other.total or 0) > (one.total or 0))


@given(FIGURES)
def test_a_snapshot_recomputes_to_the_same_bytes(readings: Readings) -> None:
    made = frozen.written(TERMS, "d" * 64, "2026", readings)
    assert frozen.recomputed(TERMS, made) == made


def test_a_changed_figure_is_seen_in_the_snapshot() -> None:
    made = json.loads(frozen.written(TERMS, "d" * 64, "2026", {"a": FULL}))
    made["figures"]["a"]["T01.1"] = ["1/2", 50, 100]
    changed = json.dumps(made, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert frozen.recomputed(TERMS, changed) != changed


def test_full_marks_and_none() -> None:
    assert of("a", {"a": FULL}).total == 100
    none = {
        "T01.1": Reading.share_of(8, 10), "T01.2": Reading.share_of(1, 10), "T01.3": Reading.count(99),
        "T02.1": Reading.count(3),
    }  # fmt: skip
    assert of("a", {"a": none}).total == 0


def test_nothing_due_is_listed_apart_and_not_ranked() -> None:
    scored = {one.unit: one for one in score(TERMS, {"a": FULL, "b": {"T01.1": Reading.share_of(0, 0)}})}
    assert scored["a"].place == 1
    assert (scored["b"].apart, scored["b"].place, scored["b"].total) == ("little_due", None, None)


def test_few_cases_are_not_scored() -> None:
    cell = of("a", {"a": FULL | {"T01.2": Reading.share_of(0, 9)}}).cells["T01.2"]
    assert cell.why == "few"
    assert cell.marks == 0


def test_what_is_not_due_falls_to_the_rest_of_its_item() -> None:
    one = of("a", {"a": FULL | {"T01.2": Reading.share_of(0, 0), "T01.3": Reading.count(10)}})
    assert [item.marks for item in one.items] == [Fraction(60 * 20, 30), Fraction(40)]


def test_a_month_leaves_out_what_is_judged_by_quarter() -> None:
    month = Terms(SCHEME, "townships", "month")
    assert [place.code for place in month.places()] == ["T01.1", "T01.2", "T01.3"]
    assert of("a", {"a": FULL}, month).total == 100


def test_a_veto_keeps_the_marks_and_takes_the_place() -> None:
    items = [*SCHEME.items[:1], SCHEME.items[1].model_copy(update={
        "sub_items": [SCHEME.items[1].sub_items[0].model_copy(update={"veto": True})]
    })]  # fmt: skip
    terms = Terms(SCHEME.model_copy(update={"items": items}), "townships", "year")
    one = of("a", {"a": FULL | {"T02.1": Reading.count(3)}}, terms)
    assert (one.apart, one.vetoes, one.place) == ("veto", ("T02.1",), None)
    assert one.total == 60


def test_if_these_matters_are_answered() -> None:
    before = {"T01.2": Reading.share_of(80, 100)}
    now, then = what_if(TERMS, {"a": FULL | before, "b": FULL}, "a", {"T01.2": Reading.share_of(94, 100)})
    assert [now.total, then.total] == [Fraction(85), Fraction(94)]
    assert (now.place, then.place) == (2, 2)


def test_a_cell_explains_itself() -> None:
    place = next(place for place in TERMS.places() if place.code == "T01.1")
    readings = {"a": FULL | {"T01.1": Reading.share_of(89, 100)}}
    cell, before = of("a", readings).cells["T01.1"], of("a", {"a": FULL}).cells["T01.1"]
    told = explaining.explain(place, cell, before)
    assert told["marks"] == "10.00"
    assert told["numbers"] == {
        "zh": "89 / 100 = 89%；20 x 50% = 10.00 分", "en": "89 / 100 = 89%; 20 x 50% = 10.00 marks"
    }  # fmt: skip
    assert told["interval"] == {"low": "0.8137", "high": "0.9375", "of": 100}
    assert told["moved"] == {"marks": "-10.00", "value": "-0.0900"}
    assert "80% 得零分" in told["formula"]["zh"]


@pytest.mark.parametrize(("code", "why"), [("T01.1", "nothing_due"), ("T02.1", "not_judged")])
def test_what_is_not_scored_says_why(code: str, why: str) -> None:
    place = next(place for place in TERMS.places() if place.code == code)
    told = explaining.explain(place, of("a", {"a": {}}).cells[code])
    assert (told["why"], told["marks"], told["moved"]) == (why, None, None)
    assert "不计分" in told["numbers"]["zh"]


def test_figures_are_gathered_by_indicator_and_parameters() -> None:
    asked = gathering.requests(TERMS)
    assert asked == [("accepted_in_time", ()), ("solved_rate", ()), ("escalations_unanswered", ())]
    rows = [
        Measured("accepted_in_time", {}, "a", 9, 10),
        Measured("accepted_in_time", {"category": "noise"}, "a", 1, 10),
        Measured("escalations_unanswered", {}, "a", 2, None),
        Measured("solved_rate", {}, "elsewhere", 1, 1),
    ]
    found = gathering.readings(TERMS, ["a", "b"], rows, {"a": {"T02.1": Fraction(1), "T01.1": Fraction(3)}})
    assert found == {
        "a": {
            "T01.1": Reading.share_of(9, 10),
            "T01.3": Reading(Fraction(2), 2),
            "T02.1": Reading(Fraction(1)),
        },
        "b": {},
    }


@pytest.mark.parametrize(
    ("period", "cadence"),
    [("2026-W46", "week"), ("2026-11", "month"), ("2026-Q4", "quarter"), ("2026", "year")],
)
def test_periods(period: str, cadence: str) -> None:
    assert gathering.cadence_of(period) == cadence


@pytest.mark.parametrize("period", ["", "2026-13", "2026-W54", "2026-Q5", "26", "2026-11-01"])
def test_no_periods(period: str) -> None:
    with pytest.raises(BadInput):
        gathering.cadence_of(period)
