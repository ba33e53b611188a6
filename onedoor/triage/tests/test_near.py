"""Earlier requests near a new one: who is a candidate, in which order, why; learning never sees its test."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from onedoor.triage import near
from onedoor.triage.near import FIGURES, Register, Requests, cross_fitted, learn, lessons, weighed, words

LAT, LON = 35.75, 114.29
METRE = 1 / near.METRES_PER_DEGREE  # degrees of latitude
OPEN = float("inf")


def register(*rows: tuple[float, float, str], **more: list[float] | list[str]) -> Register:
    """Requests given as metres north of a point, the day of filing and the text; all open and of one service."""
    count = len(rows)
    return Register(
        Requests(
            ids=[f"r{number}" for number in range(count)],
            service=more.get("service", ["lamp"] * count),  # type: ignore[arg-type]
            text=[text for _, _, text in rows],
            address=more.get("address", [""] * count),  # type: ignore[arg-type]
            lat=np.array([LAT + north * METRE for north, _, _ in rows]),
            lon=np.full(count, LON),
            opened=np.array([day for _, day, _ in rows]),
            closed=np.array(more.get("closed", [OPEN] * count), float),
        )
    )


def figure(found: Register, row: int, name: str) -> list[float]:
    candidates = np.sort(found.candidates(row))
    return found.figures(row, candidates)[:, FIGURES.index(name)].round(4).tolist()


def test_candidates_lie_within_250_metres_and_the_90_days_before_with_a_days_grace() -> None:
    found = register(
        (0, 100, "new"), (249, 50, "far enough"), (251, 50, "too far"), (0, 10.5, "90 days"), (0, 9.5, "too old"),
        (0, 100.9, "the same day"), (0, 101.1, "too late"),
    )  # fmt: skip
    assert found.candidates(0).tolist() == [3, 5, 1]  # nearest first


def test_a_request_without_a_place_neither_asks_nor_is_found() -> None:
    found = register((0, 1, "lamp"), (float("nan"), 1, "lamp"), (0, 2, "lamp"))
    assert found.candidates(1).tolist() == []
    assert found.candidates(2).tolist() == [0]
    assert found.rank(1) == []


def test_words_are_runs_of_letters_and_pairs_of_han() -> None:
    assert words("The LAMP no. 7 is out") == ["the", "lamp", "no", "7", "is", "out"]
    assert words("路灯不亮，灯") == ["路灯", "灯不", "不亮", "灯"]


def test_a_rare_word_weighs_more_than_one_that_everybody_uses() -> None:
    rows = weighed(["street lamp", "street sofa", "street dog"])
    assert rows[0].toarray().max() == pytest.approx(1)  # what all say weighs nothing
    assert (rows[0] @ rows[1].T).toarray()[0, 0] == pytest.approx(0)
    assert weighed(["", "  "]).nnz == 0


def test_the_figures_of_a_candidate() -> None:
    found = register(
        (0, 10, "dark lamp"), (30, 8, "dark lamp"), (0, 10.5, "sofa"), (0, 9, "sofa"),
        service=["lamp", "lamp", "lamp", "waste"], address=["7 Elm Street", "7 Elm Street", "1 Oak Road", ""],
        closed=[OPEN, OPEN, OPEN, 9.5],
    )  # fmt: skip
    assert figure(found, 0, "far") == pytest.approx([np.log(4), 0, 0], abs=1e-3)
    assert figure(found, 0, "apart") == pytest.approx([np.log(3), np.log(1.5), np.log(2)], abs=1e-3)
    assert figure(found, 0, "later") == [0, 1, 0]
    assert figure(found, 0, "open") == [1, 1, 0]
    assert figure(found, 0, "service") == [1, 1, 0]
    assert figure(found, 0, "address") == [1, 0, 0]
    assert figure(found, 0, "words") == [1, 0, 0]
    assert figure(found, 0, "first") == [1, 0.5, 0]  # the oldest of the open ones of the same service


def test_what_happened_to_the_new_request_changes_nothing() -> None:
    rows = ((0, 10, "dark lamp"), (20, 8, "dark lamp"), (5, 9, "sofa"))
    after = register(*rows, closed=[10.1, OPEN, OPEN]).rank(0)
    still = register(*rows, closed=[OPEN, 400, 10.01]).rank(0)
    assert [(one.row, one.probability) for one in after] == [(one.row, one.probability) for one in still]


def test_the_same_words_at_the_same_place_come_first_and_say_why() -> None:
    found = register((0, 10, "dark lamp"), (3, 9, "dark lamp"), (0, 9, "a sofa"), (200, 9, "dark lamp"))
    best, *others = found.rank(0)
    assert best.row == 1
    assert best.probability + sum(one.probability for one in others) == pytest.approx(1)
    because = dict(zip(FIGURES, best.because, strict=True))
    assert because["words"] > because["far"]


def test_at_most_so_many_candidates_are_looked_at() -> None:
    snow = register((0, 5, "snow"), *((number / 10, 4, "snow") for number in range(near.MOST + 50)))
    assert len(snow.candidates(0)) == near.MOST
    assert len(snow.rank(0, most=3)) == 3


def town(count: int) -> tuple[Register, list[tuple[str, str]]]:
    """Pairs of requests where the farther of two candidates is always the one: what nobody would guess."""
    rows: list[tuple[float, float, str]] = []
    pairs = []
    for number in range(count):
        place = number * 5000.0
        rows += [(place, 10, "new"), (place + 200, 9, "right"), (place + 5, 9, "wrong")]
        pairs.append((f"r{3 * number}", f"r{3 * number + 1}"))
    return register(*rows, service=["lamp"] * (3 * count)), pairs


def test_learning_finds_what_the_pairs_show() -> None:
    found, pairs = town(30)
    assert found.rank(0)[0].row == 2
    taught = lessons(found, {found.row[new]: {found.row[old]} for new, old in pairs})
    assert found.rank(0, learn(list(taught.values())))[0].row == 1


def test_nothing_to_learn_from_leaves_the_weights_set_by_hand() -> None:
    assert learn([]) is near.WEIGHTS
    found, _ = town(1)
    weights, by_query = cross_fitted(found, [("r0", "nobody")])
    assert (weights == near.WEIGHTS).all()
    assert by_query == {}


def test_a_question_is_answered_by_weights_that_never_saw_its_group(monkeypatch: pytest.MonkeyPatch) -> None:
    found, pairs = town(12)
    pairs.append(("r2", "r1"))  # of the first group: the same earlier request
    seen: list[int] = []

    def learned(taught: Sequence[near.Lesson]) -> near.Floats:
        seen.append(len(taught))
        return np.array([float(len(seen))])

    monkeypatch.setattr(near, "learn", learned)
    _, by_query = cross_fitted(found, pairs)
    assert sum(seen[:-1]) == (near.FOLDS - 1) * len(by_query)  # each is left out of exactly one
    assert seen[-1] == len(by_query)
    assert by_query[found.row["r0"]] == by_query[found.row["r2"]]
