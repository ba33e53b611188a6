"""A unit objects to a score within its time; an office without an interest decides; both figures are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction

from django.db import transaction

from onedoor.appraisal import objections, policies
from onedoor.appraisal.events import ObjectionDecided, ScoreObjected, ScoresCorrected
from onedoor.appraisal.models import Judgement, ScoreObjection, Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.schemes.language import Group, Place
from onedoor.appraisal.scores import appraising, frozen, gathering
from onedoor.appraisal.scores.rules import Reading
from onedoor.city.models import Unit
from onedoor.city.queries import tree
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotFound, NotNow
from onedoor.matters.effects import find_arbiter

MOST = 2000  # characters of a reason


@dataclass(frozen=True)
class Corrected:
    """The figure as it ought to be: counts as they were typed, or what an office ought to have found."""

    numerator: str = ""
    denominator: str = ""
    value: str = ""


@transaction.atomic
def object_to(actor: Actor, snapshot_id: int, code: str, subject: str, reason: str) -> ScoreObjection:
    """A unit objects to one sub-item of its own score.

    Raises NotFound, NotAllowed for anybody else's score, BadInput without a reason, NotNow after the time, Conflict
    where an objection waits already or the score was corrected since.
    """
    snapshot = Snapshot.objects.select_for_update().filter(pk=snapshot_id).first()
    if snapshot is None:
        raise NotFound(what=f"{snapshot_id}")
    place = _place(snapshot, code, subject)
    group = _group(snapshot)
    unit = policies.objecting_unit(actor, group, subject)
    text = _said(reason, "reason")
    if objections.newest(snapshot) != snapshot:
        raise Conflict(
            zh="该得分已有更正，请对更正后的得分提出",
            en="the score was corrected since: object to the new one",
        )
    if objections.objections(snapshot).filter(code=code, subject=subject, decided_at=None).exists():
        raise Conflict(zh="此项已有一件异议待裁定", en="an objection to it is waiting to be decided")
    if time.now() > objections.closes_at(snapshot):
        raise NotNow(zh="提出异议的期限已过", en="the time to object is over")
    made = ScoreObjection(
        snapshot=snapshot, code=code, subject=subject, unit=unit, reason=text, raised_at=time.now(),
        arbiter_id=_arbiter(snapshot, group, place, subject, unit),
        due_at=objections.after(time.now(), tree().profile.score_decide_within),
    )  # fmt: skip
    made.save()
    log.append(made, ScoreObjected(
        snapshot=snapshot.pk, code=code, subject=subject, unit=unit.code, arbiter=made.arbiter.code, reason=text
    ), actor)  # fmt: skip
    return made


@transaction.atomic
def decide(
    actor: Actor, objection_id: int, *, upheld: bool, grounds: str, corrected: Corrected | None = None
) -> ScoreObjection:
    """The arbiter decides. Upheld, the scores of the group are reckoned anew with the figure that is right.

    Raises NotFound, NotAllowed, BadInput for a figure that cannot be, Conflict where it was decided already.
    """
    held = ScoreObjection.objects.select_for_update(of=("self",)).select_related("snapshot", "arbiter").filter(
        pk=objection_id).first()  # fmt: skip
    if held is None:
        raise NotFound(what=f"{objection_id}")
    policies.check_decides(actor, held, _group(held.snapshot))
    if held.decided_at is not None:
        raise Conflict(zh="此异议已经裁定", en="the objection is decided already")
    text = _said(grounds, "grounds")
    if upheld:
        held.corrected = _correct(actor, held, corrected or Corrected(), text)
    held.upheld, held.decided_at, held.grounds = upheld, time.now(), text
    held.save()
    log.append(held, ObjectionDecided(
        upheld=upheld, corrected=held.corrected.pk if held.corrected else 0, grounds=text
    ), actor)  # fmt: skip
    return held


def _correct(actor: Actor, held: ScoreObjection, corrected: Corrected, ground: str) -> Snapshot:
    """A further snapshot of the group, with that one figure as it ought to be."""
    last = Snapshot.objects.select_for_update().get(pk=objections.newest(held.snapshot).pk)
    readings = {unit: dict(own) for unit, own in frozen.figures(json.loads(last.body)["figures"]).items()}
    place = _place(last, held.code, held.subject)
    was = readings[held.subject].get(held.code)
    reading = _reading(place, was, corrected)
    if reading == was:
        raise BadInput.of("numerator", "与原数相同，没有更正", "the same as it was: nothing is corrected")
    readings[held.subject][held.code] = reading
    body = frozen.written(appraising.terms_frozen(last), last.scheme.digest, last.period, readings).decode()
    made = Snapshot(
        scheme=last.scheme, group=last.group, period=last.period, revision=last.revision + 1, corrects=last,
        body=body, digest=log.digest(body), frozen_at=time.now(),
    )  # fmt: skip
    made.save()
    log.append(made, ScoresCorrected(
        scheme=last.scheme.key, version=last.scheme.version, group=last.group, period=last.period, digest=made.digest,
        revision=made.revision, objection=held.pk, code=held.code, subject=held.subject, was=_text(was),
        now=_text(reading),
        ground=ground,
    ), actor)  # fmt: skip
    return made


def _reading(place: Place, was: Reading | None, corrected: Corrected) -> Reading:
    """The corrected figure. Raises BadInput."""
    if place.part.evidence:
        value = gathering.judged_value(place, corrected.value)
        if value is None:
            zh, en = gathering.expected(place)
            raise BadInput.of("value", f"应为：{zh}", f"it should be: {en}")
        return Reading(value)
    numerator = _count("numerator", corrected.numerator)
    if was is not None and was.denominator is None:
        return Reading(Fraction(numerator), numerator)
    denominator = _count("denominator", corrected.denominator)
    if was is not None and was.value is not None and was.value <= 1 and numerator > denominator:
        raise BadInput.of("numerator", "分子不能大于分母", "the numerator cannot be above the denominator")
    return Reading.share_of(numerator, denominator)


def _count(name: str, text: str) -> int:
    said = text.strip()
    if not (said.isascii() and said.isdigit() and len(said) <= 9):
        raise BadInput.of(name, "应为不小于零的整数", "a whole number, not below nothing")
    return int(said)


def _text(reading: Reading | None) -> str:
    if reading is None or reading.value is None:
        return ""
    return str(reading.value) if reading.denominator is None else f"{reading.numerator}/{reading.denominator}"


def _said(text: str, name: str) -> str:
    if not text.strip():
        raise BadInput.of(name, "请写明理由", "say why")
    return text.strip()[:MOST]


def _arbiter(snapshot: Snapshot, group: Group, place: Place, subject: str, unit: Unit) -> int:
    """The nearest centre without an interest: not the unit, none of the place judged, not the office that judged it."""
    judged = Judgement.objects.filter(
        scheme=snapshot.scheme_id, period=snapshot.period, code=place.code, subject=subject
    ).values_list("unit_id", flat=True)
    where = policies.place_of(group, subject)
    interested: set[int | None] = {unit.pk, *judged}
    if group.level != "department" and where is not None:
        interested |= set(Unit.objects.filter(division_id=where).values_list("pk", flat=True))
    return find_arbiter(where or unit.division_id, interested)


def _group(snapshot: Snapshot) -> Group:
    return published.of(snapshot.scheme_id).groups[snapshot.group]


def _place(snapshot: Snapshot, code: str, subject: str) -> Place:
    """A sub-item that counted for a unit. Raises NotFound."""
    terms = appraising.terms_frozen(snapshot)
    found = next((place for place in terms.places() if place.code == code), None)
    if found is None or subject not in json.loads(snapshot.body)["figures"]:
        raise NotFound(what=f"{code} {subject}")
    return found
