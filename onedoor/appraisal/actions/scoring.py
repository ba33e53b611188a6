"""Schemes are published, evidence is judged, scores are frozen at the cut-off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onedoor.appraisal import policies
from onedoor.appraisal.events import EvidenceJudged, SchemePublished, ScoresFrozen
from onedoor.appraisal.models import Judgement, SchemeVersion, Snapshot
from onedoor.appraisal.periods import days, midnight
from onedoor.appraisal.schemes import catalogue, published
from onedoor.appraisal.schemes.language import Place, Scheme
from onedoor.appraisal.scores import frozen, gathering
from onedoor.appraisal.scores.rules import Readings, Terms
from onedoor.kernel import log, time, versions
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, FieldError, NotNow
from onedoor.kernel.texts import one_line

MOST_GROUND = 200  # characters of a ground


@transaction.atomic
def publish(actor: Actor) -> list[SchemeVersion]:
    """Freezes a new version of every pack's scheme whose text has changed. Raises FaultyFile."""
    return _frozen(actor, list(catalogue.loaded().values()))


@transaction.atomic
def publish_scheme(actor: Actor, scheme: Scheme) -> SchemeVersion:
    """Freezes one checked scheme: a new version if it differs from the last one, which is given back otherwise."""
    fresh = _frozen(actor, [scheme])
    return fresh[0] if fresh else published.version(scheme.scheme)


def _frozen(actor: Actor, schemes: Sequence[Scheme]) -> list[SchemeVersion]:
    definitions = {scheme.scheme: scheme.model_dump_json(by_alias=True) for scheme in schemes}
    fresh = versions.freeze(SchemeVersion, definitions, _published, actor)
    published.forget()
    return fresh


def _published(made: SchemeVersion) -> SchemePublished:
    return SchemePublished(scheme=made.key, version=made.version, digest=made.digest)


@dataclass(frozen=True)
class Found:
    """What an office found: of which sub-item and unit, the value as written, and on what ground."""

    code: str
    subject: str
    value: str  # “基本达到”, a count, or a share such as 92%
    ground: str = ""


@transaction.atomic
def judge(actor: Actor, key: str, period: str, found: Sequence[Found]) -> int:
    """Judges evidence under the newest version of a scheme, all of it or none; returns how many.

    Judged anew, it is a correction and needs its ground. Raises BadInput with every one that cannot be taken,
    NotAllowed, NotFound, and Conflict once the scores of that group and period are frozen.
    """
    gathering.cadence_of(period)
    version = published.version(key)
    scheme = published.of(version.pk)
    places = {place.code: place for place in scheme.places() if place.part.evidence}
    errors = [error for one in found for error in _errors(scheme, places, one)]
    if errors:
        raise BadInput(errors)
    for one in found:
        _judge(actor, version, period, places[one.code], one)
    return len(found)


def _errors(scheme: Scheme, places: dict[str, Place], one: Found) -> list[FieldError]:
    place, name = places.get(one.code), f"{one.code} {one.subject}"
    if place is None:
        return [
            FieldError(
                name, "没有这个由单位评定的细项", "there is no sub-item of that code that an office judges"
            )
        ]
    errors = []
    if policies.place_of(scheme.groups[place.item.group], one.subject) is None:
        errors.append(
            FieldError(name, "该组不考核这个单位，请写区划代码或单位编码", "the group has no such unit")
        )
    if gathering.judged_value(place, one.value) is None:
        errors.append(FieldError(name, f"结论“{one.value}”应为：{gathering.expected(place)[0]}",
                                 f"{one.value!r} should be: {gathering.expected(place)[1]}"))  # fmt: skip
    return errors


def _judge(actor: Actor, version: SchemeVersion, period: str, place: Place, one: Found) -> None:
    scheme = published.of(version.pk)
    office, where = (
        scheme.offices[place.part.office],
        policies.place_of(scheme.groups[place.item.group], one.subject),
    )
    unit = policies.judging_unit(actor, office, where or 0, one.subject)
    if Snapshot.objects.filter(scheme=version, group=place.item.group, period=period).exists():
        raise Conflict(zh="该期得分已经冻结", en="the scores of that period are frozen")
    held, made = Judgement.objects.select_for_update().get_or_create(
        scheme=version,
        period=period,
        code=one.code,
        subject=one.subject,
        defaults={"office": place.part.office},
    )
    if not made and not one.ground.strip():
        raise BadInput.of(f"{one.code} {one.subject}", "更正评定须写明理由", "a correction needs its ground")
    was, held.value = held.value, str(gathering.judged_value(place, one.value))
    held.unit = unit
    held.save()
    log.append(held, EvidenceJudged(
        scheme=version.key, version=version.version, period=period, code=one.code, subject=one.subject,
        office=place.part.office, unit=unit.code if unit else "", value=held.value, was=was,
        ground=one_line(one.ground)[:MOST_GROUND],
    ), actor)  # fmt: skip


@transaction.atomic
def freeze_period(
    actor: Actor, period: str, gathered: Iterable[tuple[Terms, Readings]], as_of: datetime
) -> list[Snapshot]:
    """Freezes the scores of several groups, all or none. `as_of` is the moment up to which their figures reach.

    Raises NotNow while the period is not over by then, Conflict when any of them is frozen already.
    """
    if as_of < midnight(days(period)[1]):
        raise NotNow(
            zh=f"{period} 还没有结束（数据到 {as_of.astimezone(time.CITY_ZONE):%Y-%m-%d %H:%M}），到期后再冻结",
            en=f"{period} is not over (the data reach to {as_of.astimezone(time.CITY_ZONE):%Y-%m-%d %H:%M})",
        )
    return [freeze(actor, terms, period, readings) for terms, readings in gathered]


@transaction.atomic
def freeze(actor: Actor, terms: Terms, period: str, readings: Readings) -> Snapshot:
    """Freezes the scores of a group for a period, once. Raises Conflict when they are frozen already."""
    version = published.version(terms.scheme.scheme)
    if Snapshot.objects.filter(scheme=version, group=terms.group, period=period).exists():
        raise Conflict(
            zh="该期得分已经冻结，更正请走异议程序", en="the scores of that period are frozen already"
        )
    body = frozen.written(terms, version.digest, period, readings).decode()
    made = Snapshot(
        scheme=version,
        group=terms.group,
        period=period,
        body=body,
        digest=log.digest(body),
        frozen_at=time.now(),
    )
    made.save()
    log.append(made, ScoresFrozen(
        scheme=version.key, version=version.version, group=terms.group, period=period, digest=made.digest
    ), actor)  # fmt: skip
    return made
