"""Answers come in: over the telephone, by one-time code, at the counter, or as a third party's file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F

from onedoor.city.rows import Taken
from onedoor.kernel import log
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, FieldError
from onedoor.surveys import answering, policies, queries
from onedoor.surveys.events import AnswersImported, AttemptRecorded, CaseDrawn
from onedoor.surveys.language import Questionnaire
from onedoor.surveys.models import (
    CHANNELS,
    COUNTER,
    OPEN,
    PHONE,
    WEB,
    Answer,
    Code,
    Mark,
    Round,
    Stratum,
    Tally,
)
from onedoor.surveys.rules.sampling import COMPLETE, OUTCOMES, furthest_behind, place_of


class Case(NamedTuple):
    """Whom to call next: the so-manieth of a township's list."""

    stratum_id: int
    township: str
    name: str
    place: int
    size: int


@transaction.atomic
def draw_case(actor: Actor, round_id: int) -> Case | None:
    """The next case of the sample, from the township whose quota is furthest behind; None when all are full.

    Only how many were drawn is kept; which number that is, the house's own list says. Raises NotFound, NotAllowed.
    """
    held = _entered(actor, round_id)
    rows = {one.stratum.division.code: one for one in queries.progress(held)}
    left = {code: one for code, one in rows.items() if one.stratum.drawn < one.stratum.size}
    code = furthest_behind(
        {code: one.stratum.target for code, one in left.items()},
        {code: one.done for code, one in left.items()},
    )
    if code is None:
        return None
    stratum = rows[code].stratum
    place = place_of(held.seed, code, stratum.size, stratum.drawn)
    Stratum.objects.filter(pk=stratum.pk).update(drawn=F("drawn") + 1)
    log.append(held, CaseDrawn(stratum=code, turn=stratum.drawn + 1), actor)
    return Case(stratum.pk, code, stratum.division.name, place, stratum.size)


@transaction.atomic
def record_attempt(actor: Actor, round_id: int, stratum_id: int, outcome: str, channel: str = PHONE) -> None:
    """Counts an attempt that brought no answer. Raises NotFound, NotAllowed, BadInput."""
    held = _entered(actor, round_id)
    stratum = _stratum(held, stratum_id)
    if outcome not in OUTCOMES or outcome == COMPLETE or channel not in (PHONE, COUNTER):
        raise BadInput.of("outcome", "请选择未完成的原因", "say what came of it")
    _count(stratum.pk, channel, outcome)
    log.append(held, AttemptRecorded(stratum.division.code, channel, outcome), actor)


@transaction.atomic
def take_answer(
    actor: Actor, round_id: int, stratum_id: int, sent: Mapping[str, Any], key: str, channel: str = PHONE
) -> None:
    """An interviewer enters one answer. The same `key` again changes nothing. Raises NotFound, NotAllowed, BadInput."""
    held = _entered(actor, round_id)
    stratum = _stratum(held, stratum_id)
    if channel not in (PHONE, COUNTER):
        raise BadInput.of("channel", "访问员只录入电话和窗口问卷", "interviewers enter calls and visits only")
    values = answering.answered(queries.asked_in(held), sent)
    _keep(held, stratum, channel, values, key, actor)


@transaction.atomic
def answer_by_code(code: str, sent: Mapping[str, Any], key: str) -> None:
    """Somebody answers by a one-time code, which is gone with it. The same `key` again changes nothing.

    Raises UnknownCode, BadInput.
    """
    if Mark.objects.filter(digest=_mark(key)).exists():
        return
    found = queries.by_code(code)
    stratum = found.stratum
    held = (
        Round.objects.select_for_update(of=("self",)).select_related("questionnaire").get(pk=stratum.round_id)
    )
    values = answering.answered(queries.asked_in(held), sent)
    gone, _ = Code.objects.filter(pk=found.pk).delete()
    if not gone or held.state != OPEN:
        raise queries.UnknownCode
    _keep(held, stratum, WEB, values, key, Actor.resident())


def _keep(
    held: Round, stratum: Stratum, channel: str, values: dict[str, Any], key: str, actor: Actor
) -> None:
    _, fresh = Mark.objects.get_or_create(digest=_mark(key), defaults={"round": held})
    if fresh:
        Answer.objects.create(stratum=stratum, channel=channel, values=values)
        _count(stratum.pk, channel, COMPLETE)
        log.append(held, AttemptRecorded(stratum.division.code, channel, COMPLETE), actor)


def _mark(key: str) -> str:
    """The blind mark of a sending. Raises BadInput where there is none."""
    if not key:
        raise BadInput.of(
            "key", "缺少防重复标记，请重新打开页面", "the mark against double sending is missing; reload"
        )
    return log.digest("survey answer", key)


@dataclass(frozen=True)
class AnswerRow:
    """A row of a third party's file. `case` is its own running number of the interview, never a person's."""

    case: str
    township: str  # code or name
    channel: str = PHONE
    outcome: str = COMPLETE
    values: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def take_answers(actor: Actor, round_id: int, rows: Sequence[AnswerRow], *, partly: bool = False) -> Taken:
    """Takes a file's interviews and attempts. All or none, unless `partly`: then the good ones without those refused.

    A case that is there already is left as it is. Raises NotFound, NotAllowed.
    """
    held = _entered(actor, round_id)
    batch = _Batch(held, queries.asked_in(held))
    for place, row in enumerate(rows):
        batch.add(place, row)
    if batch.taken.refused and not partly:
        return Taken(refused=batch.taken.refused)
    batch.save()
    if batch.taken.added:
        told = AnswersImported(added=batch.taken.added, same=batch.taken.same, strata=len(batch.strata_seen))
        log.append(held, told, actor)
    return batch.taken


class _Batch:
    """The rows of one file on their way in."""

    def __init__(self, held: Round, asked: Questionnaire) -> None:
        self.held, self.asked, self.taken = held, asked, Taken()
        self.strata: dict[str, Stratum] = {}
        for stratum in held.strata.select_related("division"):
            self.strata[stratum.division.code] = stratum
        self.strata |= _by_name(self.strata.values())
        self.known = set(held.marks.values_list("digest", flat=True))
        self.marks: list[Mark] = []
        self.answers: list[Answer] = []
        self.counts: Counter[tuple[int, str, str]] = Counter()

    @property
    def strata_seen(self) -> set[int]:
        """The strata that rows came from."""
        return {stratum for stratum, _, _ in self.counts}

    def add(self, place: int, row: AnswerRow) -> None:
        """One row: taken, known already, or refused with every reason."""
        stratum = self.strata.get(row.township)
        errors = [
            FieldError(name, zh, en)
            for name, wrong, zh, en in (
                ("case", not row.case, "缺少序号", "the running number is missing"),
                (
                    "township",
                    stratum is None,
                    f"样本中没有乡镇「{row.township}」",
                    f"the sample has no {row.township!r}",
                ),
                (
                    "channel",
                    row.channel not in CHANNELS,
                    f"应为 {'、'.join(CHANNELS)}",
                    f"one of {', '.join(CHANNELS)}",
                ),
                (
                    "outcome",
                    row.outcome not in OUTCOMES,
                    f"应为 {'、'.join(OUTCOMES)}",
                    f"one of {', '.join(OUTCOMES)}",
                ),
            )
            if wrong
        ]
        values: dict[str, Any] = {}
        if row.outcome == COMPLETE:
            try:
                values = answering.answered(self.asked, row.values)
            except BadInput as problem:
                errors += problem.errors
        if errors or stratum is None:
            self.taken.refused[place] = errors
            return
        self._take(stratum, row, values)

    def _take(self, stratum: Stratum, row: AnswerRow, values: dict[str, Any]) -> None:
        mark = _mark(f"{self.held.pk}/case/{row.case}")
        if mark in self.known:
            self.taken.same += 1
            return
        self.known.add(mark)
        self.marks.append(Mark(round=self.held, digest=mark))
        if row.outcome == COMPLETE:
            self.answers.append(Answer(stratum=stratum, channel=row.channel, values=values))
        self.counts[stratum.pk, row.channel, row.outcome] += 1
        self.taken.added += 1

    def save(self) -> None:
        """Writes what was taken."""
        Mark.objects.bulk_create(self.marks, batch_size=300)
        Answer.objects.bulk_create(self.answers, batch_size=300)
        for (stratum_id, channel, outcome), count in self.counts.items():
            _count(stratum_id, channel, outcome, count)


def _by_name(strata: Iterable[Stratum]) -> dict[str, Stratum]:
    """Strata by the names of their townships, those left out that two townships share."""
    held = list(strata)
    times = Counter(one.division.name for one in held)
    return {one.division.name: one for one in held if times[one.division.name] == 1}


def _entered(actor: Actor, round_id: int) -> Round:
    held = policies.reach(actor, round_id, lock=True)
    if held.state != OPEN:
        raise Conflict(zh="调查已经结束", en="the round is over")
    policies.asks(actor, held, queries.asked_in(held))
    return held


def _stratum(held: Round, stratum_id: int) -> Stratum:
    found = held.strata.select_related("division").filter(pk=stratum_id).first()
    if found is None:
        raise BadInput.of("stratum", "请选择乡镇", "choose a township")
    return found


def _count(stratum_id: int, channel: str, outcome: str, count: int = 1) -> None:
    tally, _ = Tally.objects.get_or_create(stratum_id=stratum_id, channel=channel, outcome=outcome)
    Tally.objects.filter(pk=tally.pk).update(count=F("count") + count)
