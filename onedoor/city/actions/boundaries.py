"""Changes of outlines: set, replaced from a day on; and grids, which are a division and its outline in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely
from django.db import transaction
from django.db.models import Q

from onedoor.city import outlines, policies
from onedoor.city.actions import succession
from onedoor.city.actions.divisions import take_divisions
from onedoor.city.actions.recording import record, touch
from onedoor.city.events import BoundarySet
from onedoor.city.models import Boundary, Division
from onedoor.city.plans import boundaries as plans
from onedoor.city.plans import divisions as division_plans
from onedoor.city.plans.boundaries import Place
from onedoor.city.rows import BoundaryRow, DivisionRow, Taken
from onedoor.city.tree import tree
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class GridRow:
    """A grid as a survey brings it: the division and its outline, taken together or not at all."""

    division: DivisionRow
    boundary: BoundaryRow


@transaction.atomic
def take_boundaries(actor: Actor, rows: Sequence[BoundaryRow]) -> Taken:
    """Sets the outlines of divisions that stand. An outline that holds ends where the new one begins; the same again
    changes nothing. A row that cannot be taken is refused with its reasons. Raises NotAllowed.
    """
    plan = plans.plan(rows, tree().profile)
    taken = Taken(same=plan.same, refused=plan.refused, remarks=plan.remarks)
    if plan.fresh:
        _set(actor, plan, taken)
        touch()
    return taken


def _set(actor: Actor, plan: plans.BoundaryPlan, taken: Taken) -> None:
    codes = [row.code for _, row in plan.fresh]
    divisions = {d.code: d for d in Division.objects.filter(code__in=codes, valid_to=None)}
    policies.may_keep(actor, {division.pk for division in divisions.values()})
    made, ended, corrected, events = [], [], [], []
    for _, row in plan.fresh:
        boundary = _boundary(divisions[row.code], row, plan)
        events.append((divisions[row.code], _event(boundary, row)))
        held = plan.standing.get(row.code)
        if held is not None and held.valid_from == boundary.valid_from:
            boundary.pk = held.pk  # corrected on the day it began: it has held on no other day
            corrected.append(boundary)
        else:
            made.append(boundary)
            if held is not None:
                held.valid_to = boundary.valid_from
                ended.append(held)
    Boundary.objects.bulk_update(ended, ["valid_to"], batch_size=300)
    Boundary.objects.bulk_update(corrected, ["wkb", "source", "source_datum", "provisional"], batch_size=100)
    Boundary.objects.bulk_create(made, batch_size=100)
    record(events, actor)
    taken.changed += len(ended) + len(corrected)
    taken.added += len(made) - len(ended)


def _boundary(division: Division, row: BoundaryRow, plan: plans.BoundaryPlan) -> Boundary:
    held = plan.standing.get(row.code)
    return Boundary(
        division=division,
        wkb=shapely.to_wkb(row.land),
        source=row.source[:120],
        source_datum=row.datum,
        provisional=row.provisional,
        valid_from=row.valid_from or (plan.today if held else division.valid_from),
    )


def _event(boundary: Boundary, row: BoundaryRow) -> BoundarySet:
    return BoundarySet(
        code=row.code,
        since=str(boundary.valid_from),
        source=boundary.source,
        datum=boundary.source_datum,
        km2=round(outlines.square_metres(row.land) / 1e6, 4),
        digest=log.digest(boundary.wkb.hex()),
        provisional=row.provisional,
    )


@transaction.atomic
def take_grids(actor: Actor, rows: Sequence[GridRow]) -> Taken:
    """Takes in grids with their outlines. Surveyed grids put an end to the computed ones of the same village.

    A row is taken whole or refused with its reasons. Raises NotAllowed.
    """
    profile = tree().profile
    divisions = division_plans.plan([row.division for row in rows], profile)
    coming = [Place(row.code, row.name, row.level, row.parent_code) for _, row in divisions.fresh]
    retiring = _to_retire(rows, divisions)
    open_rows = [index for index in range(len(rows)) if index not in divisions.refused]
    shapes = plans.plan(
        [rows[i].boundary for i in open_rows], profile, coming, frozenset(d.code for d in retiring)
    )
    refused = divisions.refused | {open_rows[at]: errors for at, errors in shapes.refused.items()}
    good = [rows[index] for index in range(len(rows)) if index not in refused]
    taken = take_divisions(actor, [row.division for row in good])
    _retire(actor, retiring, good)
    outlined = take_boundaries(actor, [row.boundary for row in good])
    taken.all_or_raise()
    outlined.all_or_raise()
    changed = max(taken.changed, outlined.changed)
    return replace(
        taken,
        changed=changed,
        same=len(good) - taken.added - changed,
        refused=refused,
        remarks=outlined.remarks,
    )


def _to_retire(rows: Sequence[GridRow], plan: division_plans.DivisionPlan) -> list[Division]:
    """The computed grids of every village for which a survey comes, but those whose codes the survey keeps."""
    surveyed = [row.division.code for row in rows if not row.boundary.provisional]
    fresh = {row.code: row.parent_code for _, row in plan.fresh}
    villages = {fresh[code] for code in surveyed if code in fresh}
    known = [plan.standing[code].parent_id for code in surveyed if code in plan.standing]
    of_village = Q(parent__code__in=villages) | Q(parent_id__in=known)
    computed = Division.objects.filter(of_village, provisional=True, valid_to=None).exclude(code__in=surveyed)
    return list(computed.order_by("code"))


def _retire(actor: Actor, retiring: list[Division], good: Sequence[GridRow]) -> None:
    """Ends computed grids in favour of the surveyed grid that covers most of each; of the nearest if none does."""
    surveyed = {row.division.code: row.boundary.land for row in good if not row.boundary.provisional}
    heirs = {
        d.code: d for d in Division.objects.filter(code__in=surveyed, valid_to=None).select_related("parent")
    }
    lands = dict(
        Boundary.objects.filter(division__in=retiring, valid_to=None).values_list("division_id", "wkb")
    )
    into = {}
    for division in retiring:
        near = {code: surveyed[code] for code, heir in heirs.items() if heir.parent_id == division.parent_id}
        old = shapely.from_wkb(bytes(lands[division.pk])) if division.pk in lands else None
        if near:
            best = max(near, key=lambda code: _closeness(old, near[code]))
            into[division] = heirs[best]
    if into:
        succession.merge(
            actor, into, time.now().date(), "测绘网格取代临时网格 · the survey replaces computed grids"
        )
        touch()


def _closeness(old: shapely.Geometry | None, new: shapely.Geometry) -> tuple[float, float]:
    if old is None:
        return 0.0, 0.0
    return old.intersection(new).area, -old.distance(new)
