"""Reads of surveys: questionnaires, progress, figures over the rounds."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, QuerySet

from onedoor.city.models import Division
from onedoor.city.tree import tree
from onedoor.kernel.problems import NotFound, Problem
from onedoor.kernel.secrets import derive
from onedoor.kernel.texts import one_line
from onedoor.surveys.language import Questionnaire
from onedoor.surveys.models import (
    CLOSED,
    OPEN,
    PUBLISHED,
    Answer,
    Code,
    QuestionnaireVersion,
    Round,
    Stratum,
    Tally,
)
from onedoor.surveys.rules.estimates import Difference, Estimate, difference
from onedoor.surveys.rules.sampling import COMPLETE, response_rate


class UnknownCode(Problem):
    """A one-time code that opens no questionnaire: mistyped, used already, or its survey is over."""

    code, status = "unknown_survey_code", 404
    zh = "这个答题码打不开问卷：可能输错、已经用过，或调查已经结束。"
    en = "This code opens no questionnaire: it may be mistyped, used already, or the survey is over."


_compiled: dict[int, Questionnaire] = {}


def asked_in(held: Round) -> Questionnaire:
    """The questionnaire of a round: the pinned version, not today's."""
    found = _compiled.get(held.questionnaire_id)
    if found is None or held.questionnaire.key != found.questionnaire:
        found = Questionnaire.model_validate_json(held.questionnaire.definition)
        _compiled[held.questionnaire_id] = found
    return found


def current(key: str) -> QuestionnaireVersion:
    """The newest published version. Raises NotFound."""
    found = QuestionnaireVersion.objects.filter(key=key).order_by("-version").first()
    if found is None:
        raise NotFound(what=f"问卷 questionnaire {key}")
    return found


def frame(division_id: int) -> dict[str, int]:
    """Households of the townships of a division, by code: its own count, else that of what lies below."""
    places = tree()
    level = places.profile.level("township")
    nodes = [node for node in places.below(division_id) if level and node.level == level.key]
    known = dict(Division.objects.filter(households__gt=0).values_list("pk", "households"))

    def count(node_id: int) -> int:
        return known.get(node_id) or sum(map(count, places.children.get(node_id, ())))

    return {node.code: size for node in nodes if (size := count(node.id))}


@dataclass(frozen=True)
class Progress:
    """How far a stratum is."""

    stratum: Stratum
    done: int

    @property
    def full(self) -> bool:
        """Whether its quota is filled."""
        return self.done >= self.stratum.target

    @property
    def share(self) -> int:
        """Percent of the quota, at most 100."""
        return min(100, round(100 * self.done / self.stratum.target)) if self.stratum.target else 100


def progress(held: Round) -> list[Progress]:
    """The strata of a round by code, with how many answers each has."""
    done = dict(
        Answer.objects.filter(stratum__round=held).values_list("stratum_id").annotate(count=Count("pk"))
    )
    strata = held.strata.select_related("division").order_by("division__code")
    return [Progress(stratum, done.get(stratum.pk, 0)) for stratum in strata]


def outcomes(held: Round) -> dict[str, Counter[str]]:
    """channel → outcome → how many, with unused web codes of a running round left out."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    rows = Tally.objects.filter(stratum__round=held).values_list("channel", "outcome", "count")
    for channel, outcome, count in rows:
        found[channel][outcome] += count
    return dict(found)


def response(held: Round) -> dict[str, Any]:
    """What came of all attempts, and the response rate RR1."""
    together: Counter[str] = sum(outcomes(held).values(), Counter())
    return {"outcomes": dict(together), "complete": together[COMPLETE], "rate": response_rate(together)}


def texts(held: Round, keys: list[str]) -> dict[str, list[str]]:
    """What was written, per question, in no order that means anything; for staff only."""
    found: dict[str, list[str]] = {key: [] for key in keys}
    for values in Answer.objects.filter(stratum__round=held).order_by("pk").values_list("values", flat=True):
        for key in keys:
            if key in values:
                found[key].append(values[key])
    return found


@dataclass(frozen=True)
class Step:
    """One round in a row of rounds: its headline, and how it differs from the one before."""

    held: Round
    headline: Estimate
    since: Difference | None
    changed: bool  # asked with another version of the questionnaire than the one before


def headline(held: Round) -> Estimate | None:
    """The counted share of the headline's question, once a round is closed."""
    found = held.figures.get("questions", {}).get(asked_in(held).headline, {}).get("counted")
    return Estimate(**found) if found else None


def comparison(held: Round, *, public: bool = False) -> list[Step]:
    """The closed rounds of the same questionnaire and division up to this one, the earliest first."""
    states = [PUBLISHED] if public else [CLOSED, PUBLISHED]
    rows = Round.objects.filter(
        questionnaire__key=held.questionnaire.key,
        division=held.division_id,
        state__in=states,
        ends__lte=held.ends,
    )
    steps: list[Step] = []
    for one in rows.select_related("questionnaire", "division", "house").order_by("ends", "period"):
        figure = headline(one)
        if figure is None:
            continue
        last = steps[-1] if steps else None
        since = difference(figure, last.headline) if last else None
        changed = last is not None and last.held.questionnaire_id != one.questionnaire_id
        steps.append(Step(one, figure, since, changed))
    return steps


def published() -> QuerySet[Round]:
    """The rounds that everybody may read, the newest first."""
    rows = Round.objects.filter(state=PUBLISHED).select_related("questionnaire", "division", "house")
    return rows.order_by("-ends", "questionnaire__key")


def code_digest(code: str) -> str:
    """What is kept of a one-time code: a keyed digest of its letters, in any case and grouping."""
    letters = "".join(one_line(code).upper().replace("-", "").split())
    return hmac.new(derive(settings.SECRET_KEY, "survey code"), letters.encode(), hashlib.sha256).hexdigest()


def by_code(code: str) -> Code:
    """The unused code of a round that runs. Raises UnknownCode."""
    rows = Code.objects.select_related("stratum__round__questionnaire", "stratum__round__division")
    found = rows.filter(digest=code_digest(code), stratum__round__state=OPEN).first()
    if found is None:
        raise UnknownCode
    return found
