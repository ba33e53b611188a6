"""A classifier kept as bytes says what it said before; what is no classifier is refused; what it says is measured."""

from __future__ import annotations

import io

import numpy as np
import pytest

from onedoor.triage import lexicon, stored, trial
from onedoor.triage.classify import cold, train
from onedoor.triage.lexicon import Entry
from onedoor.triage.tests.test_classify import NODES, made_up
from onedoor.triage.tree import Node


def test_what_comes_back_says_the_same() -> None:
    model = train(NODES, made_up(100, seed=1), "other.general")
    back = stored.loads(stored.dumps(model))
    for one in made_up(20, seed=2):
        assert back.guess(one.title, one.detail)[0] == model.guess(one.title, one.detail)[0]
        share = back.guess(one.title, one.detail)[1]
        assert share == pytest.approx(model.guess(one.title, one.detail)[1], abs=0.01)
    assert back.suggest("你好", "")[0].code in {node.code for node in NODES}


def test_a_classifier_without_examples_can_be_kept_too() -> None:
    back = stored.loads(stored.dumps(cold(NODES, "other.general")))
    assert not back.learned
    assert back.suggest("路灯", "")[0].code == "lamp"


@pytest.mark.parametrize("body", [b"", b"nothing", stored.dumps(cold(NODES))[:100]])
def test_what_is_no_classifier_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"no classifier|pickle"):
        stored.loads(body)


def test_nothing_in_it_can_run() -> None:
    target = io.BytesIO()
    np.savez(target, about=np.array([{"form": 1}], dtype=object))
    with pytest.raises(ValueError, match="pickle"):
        stored.loads(target.getvalue())


def test_another_lexicon_needs_other_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = [Node("a", "", "物业服务"), Node("b", "", "教育")]
    body = stored.dumps(cold(nodes))
    monkeypatch.setattr("onedoor.triage.tree.entries", lambda: (Entry(("物业",), (), {"新词": 1.0}),))
    with pytest.raises(ValueError, match="lexicon"):
        stored.loads(body)


def test_every_entry_of_the_lexicon_is_whole() -> None:
    entries = lexicon.entries()
    assert len(entries) > 100
    for entry in entries:
        assert all(len(term) > 1 for term in entry.terms)
        assert all(word and 0 < weight <= 4 for word, weight in entry.words.items())


def test_figures_are_what_their_names_say() -> None:
    guesses = [("a", 0.95), ("a", 0.85), ("b", 0.75), ("b", 0.65)]
    found = trial.figures(["a", "a", "b", "a"], guesses)
    assert (found.n, found.accuracy, found.automatic) == (4, 0.75, 0.75)
    assert found.macro_f1 == pytest.approx((2 * 2 / 5 + 2 * 1 / 3) / 2)
    assert found.ece == pytest.approx((0.05 + 0.15 + 0.25 + 0.65) / 4)


def test_a_classifier_is_measured_on_what_it_has_not_seen() -> None:
    model = train(NODES, made_up(100, seed=1), "other.general")
    found = trial.measure(model, made_up(30, seed=2))
    assert found.n == 30
    assert found.accuracy == 1.0
    assert found.log_loss < 0.3
    with pytest.raises(ValueError, match="nothing"):
        trial.measure(model, [])


def test_a_tree_of_names_is_filed_under_at_the_level_of_the_labels() -> None:
    rows = [("城建", "物业", "收费"), ("城建", "其他", ""), ("教育", "招生", "其他")]
    top = trial.nodes(rows, ["城建"])
    assert [node.code for node in top if node.filed] == ["城建", "教育"]
    assert {node.code: node.parent for node in top}["城建/物业/收费"] == "城建/物业"
    second = trial.nodes(rows, ["物业", "街道"])
    assert {node.code for node in second if node.filed} == {"物业", "其他", "招生", "街道"}
