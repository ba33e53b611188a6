"""A small city with a survey house, and a round of its safety survey."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from onedoor.city import tree as snapshot
from onedoor.city.models import Account, Division, Post, Unit
from onedoor.city.queries import actor_for
from onedoor.kernel.actor import Actor
from onedoor.surveys import actions, queries
from onedoor.surveys.actions import AnswerRow, Plan
from onedoor.surveys.models import Round
from tests.support.smallcity import SINCE, SmallCity

SYSTEM = Actor.system("test")
HOUSE = "419800-survey_house"
TOWNSHIPS = ("419801001", "419801002", "419802001", "419802002")
SIZES = dict(zip(TOWNSHIPS, (1000, 2000, 3000, 4000), strict=True))
SAFE = {"age": "young", "safe": "safe", "night": "yes", "better": "same"}
UNSAFE = {"age": "old", "safe": "unsafe", "worries": ["fraud", "theft"], "night": "no", "better": "worse"}


@pytest.fixture
def surveyed(city: SmallCity) -> SmallCity:
    """The small city with a third party that asks."""
    return with_house(city)


def with_house(city: SmallCity) -> SmallCity:
    """The small city with households, a third party and its interviewer `linjing`; questionnaires published."""
    for code, size in SIZES.items():
        Division.objects.filter(code=code).update(households=size)
    house = Unit.objects.create(
        code=HOUSE,
        name="小城市社情民意调查中心",
        kind="survey_house",
        division=city.divisions["419800"],
        valid_from=SINCE,
    )
    city.units[HOUSE] = house
    _post(city, "linjing", "林静", "interviewer", house)
    actions.publish(SYSTEM)
    snapshot.forget()
    return city


def _post(city: SmallCity, login: str, name: str, role: str, unit: Unit) -> None:
    account = Account(login=login, name=name)
    account.set_unusable_password()
    account.save()
    city.accounts[login] = account
    Post.objects.create(account=account, unit=unit, role=role, division=unit.division, valid_from=SINCE)


def also_police(city: SmallCity, login: str) -> Actor:
    """The same person, who has a post with the police besides."""
    unit = city.units["419801-police"]
    Post.objects.create(
        account=city.accounts[login], unit=unit, role="handler", division=unit.division, valid_from=SINCE
    )
    return actor_for(city.accounts[login])


def plan(**changes: Any) -> Plan:
    """A round of the safety survey of the whole city."""
    told: dict[str, Any] = {
        "questionnaire": "public_safety", "division": "419800", "house": HOUSE, "period": "2026-H2",
        "begins": date(2026, 11, 1), "ends": date(2026, 12, 15), "size": 100, "seed": 7,
    }  # fmt: skip
    return Plan(**(told | changes))


def opened(**changes: Any) -> Round:
    """Such a round, open."""
    return actions.open_round(SYSTEM, plan(**changes))


def rows(held: Round, *, safe: float = 0.9, seed: int = 1) -> list[AnswerRow]:
    """Answers that fill every quota; so many feel safe."""
    rng = Random(seed)
    return [
        AnswerRow(f"{one.stratum.division.code}-{n}", one.stratum.division.code,
                  values=SAFE if rng.random() < safe else UNSAFE)
        for one in queries.progress(held)
        for n in range(one.stratum.target)
    ]  # fmt: skip
