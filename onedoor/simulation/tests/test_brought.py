"""What packs bring to the demo's life names states, actions, fields, categories and kinds of units that there are."""

from __future__ import annotations

from typing import Any

import pytest

from onedoor.city.queries import unit_kinds
from onedoor.kernel.packs import folders
from onedoor.matters import procedures
from onedoor.matters.catalogue import leaves
from onedoor.matters.language import TEXTS, Procedure
from onedoor.simulation.brought import brought
from onedoor.simulation.life import Life

OF_LIFE = {name.removeprefix("_do_") for name in dir(Life) if name.startswith("_do_")}
CONDITIONS = {"wrong_unit", "wrong_category", "has_tasks", "poor_work", "unhappy"}
STATES = sorted(brought().states)


def procedure(key: str) -> Procedure:
    """A procedure of a pack."""
    return procedures.loaded()[key].procedure


def names(step: dict[str, Any]) -> list[str]:
    """The actions of a step."""
    return step["do"] if isinstance(step["do"], list) else [step["do"]]


def fields(held: Procedure, form: str | None) -> dict[str, str]:
    """The types of a form's fields by name, and of the cells of its rows (`field.cell`)."""
    found = held.forms.get(form or "", {})
    cells = {
        f"{name}.{cell}": column.type
        for name, field in found.items()
        for cell, column in field.columns.items()
    }
    return cells | {name: field.type for name, field in found.items()}


@pytest.mark.parametrize("place", STATES)
def test_a_habit_can_be_lived(place: str) -> None:
    key, state = place.split("/")
    held = procedure(key)
    assert not held.states[state].end
    for way in brought().states[place]:
        assert set(way) <= {"weight", "hours", "who", "if", "category", "steps"}
        assert way["weight"] > 0
        assert 0 < way["hours"][0] < way["hours"][1]
        assert way.get("if") in {None, *CONDITIONS}
        assert way.get("category") in {None, *leaves(folders())}
        assert {name for step in way["steps"] for name in names(step)} <= {*held.actions, *OF_LIFE}
        if way["steps"] and names(way["steps"][0])[0] in held.actions:
            assert any(state in held.sources(held.actions[name]) for name in names(way["steps"][0]))


@pytest.mark.parametrize("key", sorted({place.split("/")[0] for place in STATES}))
def test_staff_has_something_to_do_in_every_open_state(key: str) -> None:
    held = procedure(key)
    ways = [way for place in STATES if place.startswith(f"{key}/") for way in brought().states[place]]
    taken = {name for way in ways for step in way["steps"] for name in names(step)} | {"conclude"}
    left = {state for name in taken & held.actions.keys() for state in held.sources(held.actions[name])}
    by_her = {state for state, one in held.states.items() if one.answers == "resident"}
    assert {state for state, one in held.states.items() if not one.end} <= left | by_her


def test_words_and_fills_are_for_fields_there_are() -> None:
    for key, words in brought().words.items():
        held = procedure(key)
        texts = {(action, name) for action, a in held.actions.items()
                 for name, kind in fields(held, a.form).items() if kind in TEXTS}  # fmt: skip
        for place in words:
            action, _, name = place.rpartition("/")
            assert any(name == n and action in ("", a) for a, n in texts), place
    for key, actions in brought().fills.items():
        held = procedure(key)
        for action, given in actions.items():
            form = fields(held, held.actions[action].form)
            for name, value in given.items():
                assert form[name] not in TEXTS
                assert form[name] != "unit" or {*([value] if isinstance(value, str) else value)} <= {
                    *unit_kinds()
                }
