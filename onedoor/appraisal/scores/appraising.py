"""A whole appraisal: who is appraised, what has to be measured, the scores of every group, and one of them explained.

What measures is handed in (`Compute`), so that the same appraisal runs on whatever engine the figures come from.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.models import SchemeVersion, Snapshot
from onedoor.appraisal.schemes import published
from onedoor.appraisal.schemes.language import Group, Scheme
from onedoor.appraisal.schemes.soundness import LESS
from onedoor.appraisal.scores import explaining, frozen, gathering
from onedoor.appraisal.scores.gathering import Measured, Request
from onedoor.appraisal.scores.judgements import judged
from onedoor.appraisal.scores.rules import Readings, Terms, UnitScore, score
from onedoor.city.queries import directory, tree
from onedoor.kernel.problems import NotFound

Compute = Callable[[Sequence[Request], str, str], Iterable[Measured]]  # (requests, period, level) → figures


class Gathered(NamedTuple):
    """The figures of a group of a scheme, ready to be scored or frozen."""

    terms: Terms
    readings: Readings


def subjects(group: Group) -> list[str]:
    """The codes of all whom a group appraises: divisions of its level, or units of its kinds."""
    if group.level == "department":
        return sorted(unit.code for unit in directory().units.values() if unit.kind in group.kinds)
    level = tree().profile.level(group.level)
    return sorted(n.code for n in tree().nodes.values() if level is not None and n.level == level.key)


def names(group: Group) -> Mapping[str, dict[str, str]]:
    """Code → name of all whom a group appraises."""
    if group.level == "department":
        return {unit.code: unit.title for unit in directory().units.values() if unit.kind in group.kinds}
    found = tree().by_code
    return {code: {"zh": found[code].name, "en": found[code].name} for code in subjects(group)}


def terms_of(scheme: Scheme, group: str, period: str) -> Terms:
    """What is reckoned for a group over a period. Raises BadInput for no period."""
    measures = catalogue()
    least = {key: measure.minimum_n for key, measure in measures.items()}
    less = frozenset(key for key, measure in measures.items() if measure.direction == LESS)
    return Terms(scheme, group, gathering.cadence_of(period), least, less)


def terms_frozen(snapshot: Snapshot) -> Terms:
    """What a snapshot was reckoned by: as it was then, whatever became of the indicators since."""
    body = json.loads(snapshot.body)
    scheme = published.of(snapshot.scheme_id)
    return Terms(scheme, body["group"], body["cadence"], body["least"], frozenset(body["less"]))


def scores_frozen(snapshot: Snapshot) -> dict[str, UnitScore]:
    """The scores of a snapshot, of every unit, with all that made them."""
    figures = frozen.figures(json.loads(snapshot.body)["figures"])
    return {one.unit: one for one in score(terms_frozen(snapshot), figures)}


def readings_of(version: SchemeVersion, terms: Terms, period: str, compute: Compute) -> Readings:
    """The figures of a group: measured ones, and what offices found."""
    group = terms.scheme.groups[terms.group]
    measured = compute(gathering.requests(terms), period, group.level)
    return gathering.readings(terms, subjects(group), measured, judged(version, period))


def gathered(
    version: SchemeVersion, period: str, compute: Compute, level: str | None = None
) -> Iterator[Gathered]:
    """The figures of every group, or of those of a level, one group after the other."""
    scheme = published.of(version.pk)
    for key, group in scheme.groups.items():
        if level in (None, group.level):
            terms = terms_of(scheme, key, period)
            yield Gathered(terms, readings_of(version, terms, period, compute))


def appraise(
    version: SchemeVersion, period: str, compute: Compute, level: str | None = None
) -> dict[str, Any]:
    """The scores of every group, or of those of a level, JSON-ready; nothing of the engine or of today is in them."""
    groups = {}
    for terms, readings in gathered(version, period, compute, level):
        group = terms.scheme.groups[terms.group]
        groups[terms.group] = {
            "title": group.title, "level": group.level, "marks": str(group.marks),
            "units": [frozen.as_dict(one) for one in score(terms, readings)],
        }  # fmt: skip
    return {"scheme": version.key, "version": version.version, "period": period, "groups": groups}


def explain(
    version: SchemeVersion, period: str, unit: str, code: str, compute: Compute, before: str | None = None
) -> list[dict[str, Any]]:
    """Why a unit got these marks for an item (`C01`) or sub-item (`C01.2`). `before` is the period before.

    Raises NotFound for an item that the scheme has not, or that the unit is not appraised on in such a period.
    """
    scheme = published.of(version.pk)
    wanted = [p for p in scheme.places() if code in (p.code, p.item.code)]
    if not wanted:
        raise NotFound(what=code)
    terms = terms_of(scheme, wanted[0].item.group, period)
    now = {one.unit: one for one in score(terms, readings_of(version, terms, period, compute))}
    then = {}
    if before is not None:
        earlier = terms_of(scheme, terms.group, before)
        then = {one.unit: one for one in score(earlier, readings_of(version, earlier, before, compute))}
    if unit not in now:
        raise NotFound(what=unit)
    cells, were = now[unit].cells, then[unit].cells if unit in then else {}
    told = [explaining.explain(p, cells[p.code], were.get(p.code)) for p in wanted if p.code in cells]
    if not told:
        raise NotFound(what=f"{code} {period}")
    return told
