"""Questionnaires are published; rounds are opened, given codes, closed, and their figures published."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import transaction

from onedoor.city.models import Division, Unit
from onedoor.city.tree import tree
from onedoor.kernel import log, versions
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotFound
from onedoor.kernel.sealing import CODE_LENGTH, CODE_LETTERS
from onedoor.kernel.texts import one_line
from onedoor.surveys import catalogue, figures, policies, queries
from onedoor.surveys.events import (
    CodesIssued,
    QuestionnairePublished,
    RoundClosed,
    RoundOpened,
    RoundPublished,
)
from onedoor.surveys.language import Questionnaire
from onedoor.surveys.models import (
    CLOSED,
    OPEN,
    PUBLISHED,
    WEB,
    Code,
    QuestionnaireVersion,
    Round,
    Stratum,
    Tally,
)
from onedoor.surveys.rules.sampling import UNKNOWN, apportioned, proportional

LEAST = 30  # answers, below which a place's figure is withheld unless a round says otherwise
MOST_CODES = 50_000
ROUNDING = 0.001


@transaction.atomic
def publish(actor: Actor) -> list[QuestionnaireVersion]:
    """Freezes a new version of every questionnaire whose text has changed; rounds keep theirs. Raises FaultyFile."""
    definitions = {key: asked.model_dump_json() for key, asked in catalogue.loaded().items()}
    return versions.freeze(QuestionnaireVersion, definitions, _published, actor)


def _published(made: QuestionnaireVersion) -> QuestionnairePublished:
    return QuestionnairePublished(questionnaire=made.key, version=made.version, digest=made.digest)


@dataclass(frozen=True)
class Plan:
    """What a round is to be. `frame` is how many households or numbers each township has, by code."""

    questionnaire: str
    division: str  # code
    house: str  # code of the unit that asks
    period: str
    begins: date
    ends: date
    size: int
    least: int = LEAST
    seed: int | None = None
    frame: Mapping[str, int] = field(default_factory=dict)  # empty: the households that the city knows of
    allocation: Mapping[str, int] = field(default_factory=dict)  # empty: in proportion to the frame
    shares: Mapping[str, float] = field(
        default_factory=dict
    )  # of the balancing question, where they are known


@transaction.atomic
def open_round(actor: Actor, plan: Plan) -> Round:
    """Opens a round: draws up its strata and pins the questionnaire. The same plan again gives the same round.

    Raises BadInput, NotFound, NotAllowed, and Conflict where another round of that period is there already.
    """
    version = queries.current(plan.questionnaire)
    asked = Questionnaire.model_validate_json(version.definition)
    division = _division(plan.division)
    policies.steers(actor, division.pk, asked)
    period = one_line(plan.period)
    held = Round.objects.filter(
        questionnaire__key=plan.questionnaire, division=division, period=period
    ).first()
    if held is not None:
        if (held.size, held.begins, held.ends, held.house.code) != (
            plan.size,
            plan.begins,
            plan.ends,
            plan.house,
        ):
            raise Conflict(zh="该期调查已经组织过", en="a round of this period is there already")
        return held
    made = Round(
        questionnaire=version, division=division, house=_house(plan.house, asked), period=period, begins=plan.begins,
        ends=plan.ends, size=plan.size, least=plan.least, shares=_shares(plan, asked),
        seed=secrets.randbelow(2**31) if plan.seed is None else plan.seed,
    )  # fmt: skip
    _check(made)
    strata = _strata(plan, division.pk)
    made.save()
    ids = dict(Division.objects.filter(code__in=strata, valid_to=None).values_list("code", "pk"))
    Stratum.objects.bulk_create(
        [Stratum(round=made, division_id=ids[code], size=size, target=target)
         for code, (size, target) in strata.items()]
    )  # fmt: skip
    told = RoundOpened(
        questionnaire=version.key, version=version.version, division=division.code, house=plan.house, period=period,
        size=made.size, seed=made.seed, least=made.least, strata={code: list(two) for code, two in strata.items()},
    )  # fmt: skip
    log.append(made, told, actor)
    return made


def _division(code: str) -> Division:
    found = Division.objects.filter(code=code, valid_to=None).first()
    if found is None:
        raise NotFound(what=f"区划 division {code}")
    return found


def _house(code: str, asked: Questionnaire) -> Unit:
    """The unit that asks. Raises BadInput for one that is judged by what it would ask."""
    found = Unit.objects.filter(code=code, valid_to=None).first()
    if found is None:
        raise BadInput.of("house", f"没有单位「{code}」", f"there is no unit {code!r}")
    if policies.is_judged(frozenset({found.pk}), asked.judges):
        raise BadInput.of(
            "house", "被评单位不能承办评价自己的调查", "a unit may not carry out a survey that judges it"
        )
    return found


def _check(made: Round) -> None:
    if not 0 < len(made.period) <= 20:
        raise BadInput.of(
            "period", "期次 1 至 20 字，如 2026-H2", "a period of 1 to 20 characters, such as 2026-H2"
        )
    if made.ends < made.begins:
        raise BadInput.of("ends", "结束早于开始", "it ends before it begins")
    if made.least < 1 or made.size < 1:
        raise BadInput.of("size", "样本量和最低份数须为正数", "size and least must be positive")


def _shares(plan: Plan, asked: Questionnaire) -> dict[str, float]:
    """The known shares of the balancing question's options. Raises BadInput."""
    if not plan.shares:
        return {}
    options = asked.questions[asked.balance].options if asked.balance else {}
    if (
        set(plan.shares) != set(options)
        or abs(sum(plan.shares.values()) - 1) > ROUNDING
        or min(plan.shares.values()) <= 0
    ):
        raise BadInput.of(
            "shares", f"须给出 {'、'.join(options)} 各自的比例，合计为 1",
            f"give the shares of {', '.join(options)}, summing to 1"
        )  # fmt: skip
    return dict(plan.shares)


def _strata(plan: Plan, division_id: int) -> dict[str, tuple[int, int]]:
    """Township code → (size of its frame, answers aimed at). Raises BadInput."""
    known = queries.frame(division_id)
    places = tree()
    frame = dict(plan.frame) or known
    outside = [
        code for code in (*frame, *plan.allocation)
        if code not in places.by_code or division_id not in places.by_code[code].path or frame.get(code, 0) < 1
    ]  # fmt: skip
    if outside or not frame:
        raise BadInput.of(
            "frame", f"抽样框为空，或这些乡镇不在其中：{'、'.join(outside)}",
            f"the frame is empty, or these townships are not in it: {', '.join(outside)}",
        )  # fmt: skip
    try:
        targets = dict(plan.allocation) or proportional(frame, plan.size)
    except ValueError as error:
        raise BadInput.of("size", "样本量过小（每乡镇至少 2 份）或大于抽样框", str(error)) from error
    if sum(targets.values()) != plan.size:
        raise BadInput.of("size", "各乡镇之和应等于样本量", "the townships must sum to the size")
    return {code: (size, targets.get(code, 0)) for code, size in sorted(frame.items())}


class Issued(NamedTuple):
    """A one-time code to be printed or sent; it is shown once and kept nowhere."""

    township: str
    name: str
    code: str


@transaction.atomic
def issue_codes(actor: Actor, round_id: int, total: int) -> list[Issued]:
    """Makes one-time codes, shared out over the townships by size. Raises NotFound, NotAllowed, NotNow, BadInput."""
    held = _steered(actor, round_id, OPEN)
    if not 0 < total <= MOST_CODES:
        raise BadInput.of("total", f"1 至 {MOST_CODES:,} 个", f"1 to {MOST_CODES:,}")
    strata = {one.division.code: one for one in held.strata.select_related("division")}
    counts = apportioned({code: one.size for code, one in strata.items()}, total)
    made = [
        Issued(
            code,
            strata[code].division.name,
            "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
        )
        for code, count in counts.items()
        for _ in range(count)
    ]
    Code.objects.bulk_create(
        [Code(stratum=strata[one.township], digest=queries.code_digest(one.code)) for one in made],
        batch_size=500,
    )
    log.append(held, CodesIssued(strata={code: count for code, count in counts.items() if count}), actor)
    return made


@transaction.atomic
def close(actor: Actor, round_id: int) -> Round:
    """Ends a round: unused codes and blind marks go, figures are reckoned and stay. Again: nothing.

    Raises NotFound, NotAllowed.
    """
    held = _steered(actor, round_id)
    if held.state != OPEN:
        return held
    for stratum_id in (
        Code.objects.filter(stratum__round=held).values_list("stratum_id", flat=True).distinct()
    ):
        count, _ = Code.objects.filter(stratum_id=stratum_id).delete()
        tally, _ = Tally.objects.get_or_create(stratum_id=stratum_id, channel=WEB, outcome=UNKNOWN)
        Tally.objects.filter(pk=tally.pk).update(count=tally.count + count)
    held.marks.all().delete()
    held.figures, held.state = figures.reckon(held), CLOSED
    held.save(update_fields=["figures", "state"])
    log.append(held, RoundClosed(answers=held.figures["answers"], digest=figures.seal(held)), actor)
    return held


@transaction.atomic
def publish_figures(actor: Actor, round_id: int) -> Round:
    """Lets everybody read the figures of a closed round. Again: nothing. Raises NotFound, NotAllowed, Conflict."""
    held = _steered(actor, round_id)
    if held.state == OPEN:
        raise Conflict(zh="调查尚未结束", en="the round still runs")
    if held.state == CLOSED:
        held.state = PUBLISHED
        held.save(update_fields=["state"])
        log.append(held, RoundPublished(digest=log.digest(held.figures)), actor)
    return held


def _steered(actor: Actor, round_id: int, state: str | None = None) -> Round:
    held = policies.reach(actor, round_id, lock=True)
    policies.steers(actor, held.division_id, queries.asked_in(held))
    if state and held.state != state:
        raise Conflict(zh="调查已经结束", en="the round is over")
    return held
