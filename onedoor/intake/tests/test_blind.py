"""Who the resident is, her number and her history change neither category nor match nor route.

Shown twice: by trying reporters of every sort, and by looking at what the functions and records of the door's judgement
can be given at all. Matching alone may know one thing: that two filings come from the same reporter, a repeat.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onedoor.intake import actions as intake
from onedoor.intake.match import Filed
from onedoor.intake.queries import nearby
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from tests.structure.sources import PACKAGE, Function, named, short, tree
from tests.support.smallcity import SmallCity, small_city

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SAID = (
    "物业公司不退装修押金，找了三次都不给",
    "路口的井盖没了，晚上看不见",
    "楼上漏水，吊顶都塌了",
    "不知道找谁，想问问",
)
NEIGHBOUR = "13900009999"
names = st.text("赵钱孙李周吴郑王刘娟先生女士 abcXYZ·", max_size=12)
numbers = st.from_regex(r"\A(1[3-9]\d{9}|0392-\d{7}|)\Z")


@pytest.fixture
def city(db: None) -> Iterator[SmallCity]:
    with time.at(MORNING):
        made = small_city()
        for text in SAID:  # what somebody else said before, near the same place
            intake.receive(Actor.resident(), report(text, name="邻居", contact=NEIGHBOUR))
        yield made


def report(detail: str, **who: Any) -> Report:
    return Report(detail=detail, lon=114.005, lat=35.505, **who)


def judged(detail: str, **who: Any) -> tuple[Any, ...]:
    """Everything the door decides about a filing, and what it is shown alike to."""
    found = intake.consider(report(detail, **who))
    filed = Filed("", "", detail, found.category.code, found.division_id, 114.005, 35.505)
    return (
        found.category.code,
        found.sure,
        found.unit_id,
        found.division_id,
        found.suggestions,
        found.why,
        alike(filed),
    )


def alike(filed: Filed) -> list[tuple[str, int | None]]:
    """The numbers, in their order: how rare a word is among all filings moves the fourth decimal of a score."""
    return [(found.number, found.metres) for found in nearby(filed)]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=st.sampled_from(SAID), name=names, contact=numbers, filings=st.integers(0, 2))
def test_nothing_about_the_reporter_changes_what_the_door_decides(
    city: SmallCity, text: str, name: str, contact: str, filings: int
) -> None:
    plain = judged(text)
    for number in range(filings):  # her history: elsewhere, of something else, under the same number
        intake.receive(
            Actor.resident(),
            Report(
                detail=f"公交车不停站，第{number}次",
                name=name,
                contact=contact,
                division_code="419802001001001",
            ),
        )
    assert judged(text, name=name, contact=contact) == plain


# What can be asked at all
PERSON = re.compile(
    r"(^|_)(reporters?|residents?|persons?|people|contacts?|phones?|tel|tokens?|accounts?|login|part(y|ies)|actors?"
    r"|identit(y|ies)|households?|history)(_|$)"
)
JUDGES = [
    PACKAGE / "intake" / f"{name}.py"
    for name in (
        "classify",
        "lessons",
        "learning",
        "pairing",
        "route",
        "locate",
        "gazetteer",
        "match",
        "foresight",
    )
]
MAY = {  # module → what it may know: matching whether two filings are one reporter's, groups how many there were
    "onedoor/intake/learning.py": {"actor"},  # who asked for a version, for the log
    "onedoor/intake/pairing.py": {"actor"},
    "onedoor/intake/match.py": {"same_reporter"},
    "onedoor/triage/corpus.py": {"reporter"},  # tables of messages for measuring matching, by pairs
    "onedoor/triage/pairs.py": {"same_reporter", "reporter"},
    "onedoor/triage/groups.py": {"reporter", "reporters", "households", "household"},
}


def _names(node: ast.AST) -> Iterator[str]:
    """The parameters of functions and the fields of records."""
    if isinstance(node, Function | ast.Lambda):
        spec = node.args
        held = (*spec.posonlyargs, *spec.args, *spec.kwonlyargs, spec.vararg, spec.kwarg)
        yield from (arg.arg for arg in held if arg)
    elif isinstance(node, ast.ClassDef):
        yield from (
            s.target.id for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)
        )


def _modules() -> list[Any]:
    triage = [path for path in named(".py") if path.parent == PACKAGE / "triage"]
    return [*JUDGES, *triage]


@pytest.mark.parametrize("path", _modules(), ids=short)
def test_no_judgement_takes_anything_of_a_person(path: Any) -> None:
    taken = {name for node in ast.walk(tree(path)) for name in _names(node) if PERSON.search(name)}
    assert taken - MAY.get(short(path), set()) == set()


@pytest.mark.parametrize(
    "name", ["reporter", "contact_token", "same_reporter", "account_id", "party", "history"]
)
def test_the_names_are_recognised(name: str) -> None:
    assert PERSON.search(name)


def test_the_door_looks_for_the_alike_without_the_parties() -> None:
    assert not {field for field in Filed.__dataclass_fields__ if PERSON.search(field)}
