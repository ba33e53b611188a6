"""Changes of the tree of places: added, renamed, corrected, closed, merged; the past stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django.db import transaction

from onedoor.city import policies
from onedoor.city.actions import succession
from onedoor.city.actions.recording import BATCH, record, touch
from onedoor.city.events import DivisionAdded, DivisionAmended, DivisionRenamed
from onedoor.city.models import Division, DivisionClosure
from onedoor.city.plans import divisions as plans
from onedoor.city.rows import DivisionRow, Taken
from onedoor.city.tree import tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotFound


@transaction.atomic
def take_divisions(actor: Actor, rows: Sequence[DivisionRow]) -> Taken:
    """Takes in rows of divisions: new ones are added, known ones renamed, corrected, closed or merged.

    A row that cannot be taken is refused with its reasons and keeps no other from being taken; the same rows again
    change nothing. Raises NotAllowed (the actor keeps none of these places), NoCity.
    """
    plan = plans.plan(rows, tree().profile)
    _may(actor, plan)
    taken = Taken(same=plan.same, refused=plan.refused)
    _add(actor, plan, taken)
    _rename(actor, plan)
    _amend(actor, plan)
    touched = {held.pk for held, _ in [*plan.renamed, *plan.amended]}
    taken.changed = len(touched)
    _close(actor, plan, taken)
    if taken.added or taken.changed or taken.closed:
        touch()
    return taken


def _may(actor: Actor, plan: plans.DivisionPlan) -> None:
    parents = {row.parent_code for _, row in plan.fresh}
    if "" in parents:
        policies.may_found(actor)
    held = [division for division, _ in [*plan.renamed, *plan.amended]]
    held += [plan.standing[row.code] for _, row in plan.closing]
    held += [plan.standing[code] for code in parents if code in plan.standing]
    policies.may_keep(actor, {division.pk for division in held})


def _add(actor: Actor, plan: plans.DivisionPlan, taken: Taken) -> None:
    """Inserts level by level, so that every parent has its id when its children need it."""
    by_code = dict(plan.standing)
    for _, rows in groupby((row for _, row in plan.fresh), key=lambda row: row.level):
        ready = list(rows)
        made = Division.objects.bulk_create([_division(row, by_code) for row in ready], batch_size=BATCH)
        by_code |= {division.code: division for division in made if division.valid_to is None}
        add_to_closure(made, {division.pk: division for division in by_code.values()})
        record(((division, _added(division, row)) for division, row in zip(made, ready, strict=True)), actor)
        taken.added += len(made)


def _division(row: DivisionRow, by_code: dict[str, Division]) -> Division:
    assert row.valid_from is not None  # the plan has filled it in
    return Division(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=by_code[row.parent_code] if row.parent_code else None,
        kind=row.kind,
        households=row.households,
        alt_codes=dict(row.alt_codes),
        provisional=bool(row.provisional),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def _added(division: Division, row: DivisionRow) -> DivisionAdded:
    return DivisionAdded(
        code=division.code,
        name=division.name,
        level=division.level,
        parent=row.parent_code,
        division_kind=division.kind,
        since=str(division.valid_from),
        until=str(division.valid_to) if division.valid_to else "",
        provisional=division.provisional,
    )


def add_to_closure(made: Sequence[Division], by_id: dict[int, Division]) -> None:
    """Writes the pairs of new divisions with themselves and everything above them. Parents must be in `by_id`."""
    pairs = []
    for division in made:
        above: Division | None = division
        while above is not None:
            pairs.append(DivisionClosure(ancestor_id=above.pk, descendant_id=division.pk))
            above = by_id.get(above.parent_id) if above.parent_id else None
    DivisionClosure.objects.bulk_create(pairs, batch_size=BATCH * 4)


def _rename(actor: Actor, plan: plans.DivisionPlan) -> None:
    events = []
    for held, name in plan.renamed:
        before, held.name = held.name, name
        held.former_names = [*held.former_names, [before, str(plan.today)]]
        events.append((held, DivisionRenamed(code=held.code, before=before, after=name, on=str(plan.today))))
    held_rows = [held for held, _ in plan.renamed]
    Division.objects.bulk_update(held_rows, ["name", "former_names"], batch_size=300)
    record(events, actor)


def _amend(actor: Actor, plan: plans.DivisionPlan) -> None:
    events = []
    for held, changes in plan.amended:
        told = {name: [getattr(held, name), value] for name, value in changes.items()}
        for name, value in changes.items():
            setattr(held, name, value)
        events.append((held, DivisionAmended(code=held.code, changes=told)))
    held_rows = [held for held, _ in plan.amended]
    Division.objects.bulk_update(
        held_rows, ["kind", "households", "alt_codes", "provisional"], batch_size=300
    )
    record(events, actor)


def _close(actor: Actor, plan: plans.DivisionPlan, taken: Taken) -> None:
    for index, row in reversed(plan.closing):  # children before their parents
        try:
            with transaction.atomic():
                close_division(actor, row.code, on=row.valid_to, successor=row.successor_code)
        except (BadInput, Conflict, NotFound) as problem:
            taken.refused[index] = succession.as_errors(problem)
        else:
            taken.closed += 1


@transaction.atomic
def rename_division(actor: Actor, code: str, name: str) -> Division:
    """Gives a division another name from today; the former one is kept. Raises NotFound, BadInput, NotAllowed."""
    if not name.strip():
        raise BadInput.of("name", "名称为空", "the name is empty")
    held = succession.standing(code)
    take_divisions(actor, [DivisionRow(code=code, name=name.strip())]).all_or_raise()
    held.refresh_from_db()
    return held


@transaction.atomic
def close_division(
    actor: Actor, code: str, *, on: date | None = None, successor: str = "", reason: str = ""
) -> Division:
    """Closes a division from a day on (today by default), or merges it into a successor that stands.

    With a successor its children, units and posts go on there: each gets a new row from that day, the old rows stay
    as they were, and matters keep pointing at them; who reaches the successor reaches what it took over. Without one,
    nothing may stand below or work there any more. Raises NotFound, BadInput, Conflict, NotAllowed.
    """
    held = succession.standing(code)
    policies.may_keep(actor, {held.pk})
    day = succession.day_of(held, on)
    if successor:
        heir = succession.heir_of(held, successor, day)
        policies.may_keep(actor, {heir.pk})
        succession.merge(actor, {held: heir}, day, reason)
    else:
        succession.end(actor, held, day, reason)
    touch()
    return held


def merge_divisions(
    actor: Actor, codes: Sequence[str], into: str, *, on: date | None = None, reason: str = ""
) -> list[Division]:
    """Merges several divisions into one that stands, all or none. Raises as `close_division` does."""
    with transaction.atomic():
        return [close_division(actor, code, on=on, successor=into, reason=reason) for code in codes]
