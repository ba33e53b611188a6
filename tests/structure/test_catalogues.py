"""The catalogues document themselves: problems in two languages, events and gates with what they mean."""

from __future__ import annotations

import string

import pytest

from onedoor.kernel.access import GATES, Gate
from onedoor.kernel.events import KINDS, Event
from onedoor.kernel.problems import CATALOGUE, Problem


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name} - {"zh", "en"}


@pytest.mark.parametrize("problem", CATALOGUE.values(), ids=lambda problem: problem.code)
def test_a_problem_speaks_both_languages_of_the_same_facts(problem: type[Problem]) -> None:
    assert problem.zh
    assert problem.en
    assert _fields(problem.zh) == _fields(problem.en)
    assert 400 <= problem.status < 600
    assert problem.__doc__ is not None


@pytest.mark.parametrize("event", KINDS.values(), ids=lambda event: event.kind)
def test_an_event_says_what_happened(event: type[Event]) -> None:
    assert event.__doc__
    assert not event.__doc__.startswith(f"{event.__name__}("), "the docstring is the documentation of the log"


@pytest.mark.parametrize("gate", GATES.values(), ids=lambda gate: gate.name)
def test_a_gate_says_whom_it_lets_in(gate: Gate) -> None:
    assert gate.zh
    assert gate.en
