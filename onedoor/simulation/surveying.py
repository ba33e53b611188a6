"""The city's surveys in a demo: two rounds of each questionnaire, the newest answered in part, by actions alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from onedoor.city.models import Unit
from onedoor.city.tree import tree
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.surveys import actions, catalogue, queries
from onedoor.surveys.actions import AnswerRow, Plan
from onedoor.surveys.language import CHOSEN, END, Question, Questionnaire
from onedoor.surveys.models import Round

ASKER = Actor.system("demo")
HOUSE = "survey_house"
SHARES = {"young": 0.36, "middle": 0.38, "old": 0.26}  # invented, as everything of a demo city
SIZE, LENGTH = 600, timedelta(days=30)
GOOD = 0.975  # how many choose an answer that counts, before the place they live in
SPREAD = 0.015  # how far places differ from it
ENDINGS = (("refused", 0.22), ("not_reached", 0.3), ("partial", 0.03), ("ineligible", 0.05))  # per answer
WISHES = ("多装几盏路灯", "多来村里走走", "办事快一点", "多讲讲怎么防诈骗", "没有什么意见")
KEEN = {
    True: (50, 32, 16),
    False: (70, 30),
}  # of options that count, and of those that do not, the first most often


def survey(last: date, seed: int) -> None:
    """Carries out the surveys of a city whose life ended on `last`: one round is over a half-year ago, one still runs.

    Of the first questionnaire the newest round is closed and published as well, so that rounds can be compared.
    """
    house = Unit.objects.filter(kind=HOUSE, valid_to=None).order_by("code").first()
    if house is None:
        return
    actions.publish(ASKER)
    earlier = last - timedelta(days=183)
    for number, key in enumerate(sorted(catalogue.loaded())):
        _carry_out(Random(f"{seed} {key} 1"), key, house.code, earlier, 1.0)
        _carry_out(Random(f"{seed} {key} 2"), key, house.code, last, 1.0 if number else 0.6)


def _carry_out(rng: Random, key: str, house: str, ends: date, part: float) -> None:
    """One round: opened, answered as far as `part`, and closed and published where that is all."""
    running = part < 1
    last = ends + (LENGTH / 3 if running else timedelta())
    period = f"{ends.year}-H{1 if ends.month < 7 else 2}"
    plan = Plan(
        questionnaire=key, division=tree().root.code, house=house, period=period, begins=ends - LENGTH, ends=last,
        size=SIZE, seed=rng.randrange(2**31), shares=SHARES,
    )  # fmt: skip
    with time.at(_evening(plan.begins)):
        held = actions.open_round(ASKER, plan)
    with time.at(_evening(ends)):
        actions.take_answers(ASKER, held.pk, list(_rows(rng, held, part)))
        if not running:
            actions.close(ASKER, held.pk)
            actions.publish_figures(ASKER, held.pk)


def _evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 20, 0, tzinfo=time.CITY_ZONE)


def _rows(rng: Random, held: Round, part: float) -> Iterator[AnswerRow]:
    """The house's file: interviews and attempts of every township."""
    asked = queries.asked_in(held)
    for one in queries.progress(held):
        code = one.stratum.division.code
        mood = min(0.995, GOOD + rng.uniform(-SPREAD, SPREAD))
        for number in range(round(part * one.stratum.target)):
            yield AnswerRow(f"{code}/{number}", code, values=_interview(rng, asked, mood))
            for ending, share in ENDINGS:
                if rng.random() < share:
                    yield AnswerRow(f"{code}/{number}/{ending}", code, outcome=ending)


def _interview(rng: Random, asked: Questionnaire, mood: float) -> dict[str, Any]:
    found: dict[str, Any] = {}
    key = asked.first
    while key != END:
        question = asked.questions[key]
        value = found[key] = _said(rng, question, mood, SHARES if key == asked.balance else {})
        key = asked.following(key, value if question.type in CHOSEN else None)
    return found


def _said(rng: Random, question: Question, mood: float, shares: dict[str, float]) -> Any:
    """One answer: by known shares, by the mood of the place where some answers count, else by chance."""
    options = list(question.options)
    if question.type == "text":
        return rng.choice(WISHES) if rng.random() < 0.1 else ""
    if question.type == "number":
        return rng.choice((1, 1, 1, 2, 2, 3))
    if shares:
        return rng.choices(options, [shares[option] for option in options])[0]
    if question.type == "multiple":
        return rng.sample(options, rng.randint(1, 2))
    good = rng.random() < mood
    fitting = [name for name, option in question.options.items() if option.counts == good] or options
    weights = KEEN[good]
    return rng.choices(fitting, [weights[min(place, len(weights) - 1)] for place in range(len(fitting))])[0]
