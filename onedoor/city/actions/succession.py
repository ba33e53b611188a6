"""How divisions end, and how others take over from them, without rewriting what was.

A merger gives everything that stood in the closed division a new row under its successor, from the day of the merger:
its children with their outlines (under their old codes), its units (moved, their history says so) and the posts held
there (ended and begun anew). Old rows stay, closed, and name their successors. In the closure the successor and all
above it reach what was taken over, so that open matters of the closed division stay with somebody.
"""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any

from django.db.models import Q

from onedoor.city.actions.recording import BATCH, record
from onedoor.city.events import (
    DivisionClosed,
    DivisionSucceeded,
    GrantGiven,
    GrantWithdrawn,
    PostAssigned,
    PostEnded,
    UnitAmended,
)
from onedoor.city.models import Account, Boundary, Division, DivisionClosure, Grant, Post, Unit
from onedoor.city.queries import standing as standing_on
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.events import Event
from onedoor.kernel.problems import BadInput, Conflict, FieldError, NotFound, Problem


def standing(code: str) -> Division:
    """The division that stands under a code. Raises NotFound."""
    held = Division.objects.filter(code=code, valid_to=None).first()
    if held is None:
        raise NotFound(what=code)
    return held


def day_of(held: Division, on: date | None) -> date:
    """The day from which a division stands no longer. Raises BadInput for a day to come or before its beginning."""
    day = on or time.now().date()
    if day > time.now().date():
        raise BadInput.of(
            "valid_to", f"{day} 尚未到来，请到当日办理", f"{day} has not come yet; do it on the day"
        )
    if day <= held.valid_from:
        raise BadInput.of(
            "valid_to",
            f"应晚于其生效日期 {held.valid_from}",
            f"must be later than the day it began, {held.valid_from}",
        )
    return day


def heir_of(held: Division, code: str, day: date) -> Division:
    """The successor of a division. Raises NotFound, BadInput when it cannot take over."""
    heir = standing(code)
    if heir.pk == held.pk or DivisionClosure.objects.filter(ancestor=held, descendant=heir).exists():
        raise BadInput.of(
            "successor_code", "不能并入自身或其下级", "it cannot be merged into itself or what lies below it"
        )
    if heir.level != held.level:
        raise BadInput.of(
            "successor_code",
            f"层级不同：{held.level}、{heir.level}",
            f"the levels differ: {held.level}, {heir.level}",
        )
    if heir.valid_from > day:
        raise BadInput.of(
            "successor_code",
            f"{code} 自 {heir.valid_from} 起才设立",
            f"{code} stands only since {heir.valid_from}",
        )
    return heir


def end(actor: Actor, held: Division, day: date, reason: str) -> None:
    """Closes a division that nothing stands on any more. Raises Conflict naming what still does."""
    left = [
        (held.children.filter(valid_to=None).count(), "个下级区划", "division(s) below it"),
        (held.units.filter(valid_to=None).count(), "个单位", "unit(s)"),
        (held.posts.filter(standing_on(day)).count(), "个岗位", "post(s)"),
    ]
    if any(count for count, _, _ in left):
        zh = "、".join(f"{count}{words}" for count, words, _ in left if count)
        en = ", ".join(f"{count} {words}" for count, _, words in left if count)
        raise Conflict(
            zh=f"{held.name} 还有{zh}；请先处理，或并入其他区划（successor_code）",
            en=f"{held.name} still has {en}; deal with them first, or merge it into another (successor_code)",
        )
    Boundary.objects.filter(division=held, valid_to=None).update(valid_to=day)
    held.valid_to = day
    held.save(update_fields=["valid_to"])
    record([(held, DivisionClosed(code=held.code, on=str(day), reason=reason))], actor)


def merge(actor: Actor, into: dict[Division, Division], day: date, reason: str) -> None:
    """Closes divisions in favour of others (old → heir); everything that stood there goes on there from `day`."""
    heirs = {old.pk: heir for old, heir in into.items()}
    replanted = _replanted(heirs, day)
    heirs |= replanted
    closed = list(Division.objects.filter(pk__in=heirs).order_by("pk"))
    for division in closed:
        division.valid_to, division.successor = day, heirs[division.pk]
    Division.objects.bulk_update(closed, ["valid_to", "successor"], batch_size=300)
    _inherit(closed, heirs, list(replanted.values()))
    _outlines(heirs, replanted, day)
    _move_units(actor, heirs, reason)
    _move_posts(actor, heirs, day, reason)
    record(((d, DivisionClosed(d.code, str(day), heirs[d.pk].code, reason)) for d in closed), actor)
    one = {
        heir.pk: heir for heir in heirs.values()
    }  # one object per heir: its head moves from entry to entry
    record(
        (
            (one[heirs[d.pk].pk], DivisionSucceeded(heirs[d.pk].code, str(day), [d.code], reason))
            for d in closed
        ),
        actor,
    )
    for old in into:
        old.refresh_from_db()


def _replanted(heirs: dict[int, Division], day: date) -> dict[int, Division]:
    """New rows below the heirs for all that stands below what they take over: old id → new division."""
    made_of: dict[int, Division] = {}
    above = heirs
    while above:
        children = list(Division.objects.filter(parent_id__in=above, valid_to=None).order_by("code"))
        made = Division.objects.bulk_create(
            [_copy(child, above[child.parent_id or 0], day) for child in children], batch_size=BATCH
        )
        above = {old.pk: new for old, new in zip(children, made, strict=True)}
        made_of |= above
    return made_of


def _copy(old: Division, parent: Division, day: date) -> Division:
    return Division(
        code=old.code,
        name=old.name,
        level=old.level,
        parent=parent,
        kind=old.kind,
        households=old.households,
        alt_codes=old.alt_codes,
        provisional=old.provisional,
        former_names=old.former_names,
        valid_from=day,
    )


def _inherit(closed: list[Division], heirs: dict[int, Division], fresh: list[Division]) -> None:
    """Closure of the new rows, and of every heir and all above it with what they took over."""
    new_ids = {new.pk for new in fresh}
    above: dict[int, list[int]] = {heir.pk: [] for heir in heirs.values() if heir.pk not in new_ids}
    rows = DivisionClosure.objects.filter(descendant_id__in=list(above))
    for ancestor, descendant in rows.values_list("ancestor_id", "descendant_id"):
        above[descendant].append(ancestor)
    for new in fresh:  # parents come before their children
        above[new.pk] = [*above[new.parent_id or 0], new.pk]
    pairs = {(ancestor, new.pk) for new in fresh for ancestor in above[new.pk]}
    pairs |= {(ancestor, old.pk) for old in closed for ancestor in above[heirs[old.pk].pk]}
    DivisionClosure.objects.bulk_create(
        [
            DivisionClosure(ancestor_id=ancestor, descendant_id=descendant)
            for ancestor, descendant in sorted(pairs)
        ],
        batch_size=BATCH * 4,
        ignore_conflicts=True,
    )


def _outlines(heirs: dict[int, Division], replanted: dict[int, Division], day: date) -> None:
    """Children keep their outlines under their new rows; that of a merged division itself ends with it."""
    rows = list(Boundary.objects.filter(division_id__in=heirs, valid_to=None))
    Boundary.objects.filter(division_id__in=heirs, valid_to=None).update(valid_to=day)
    Boundary.objects.bulk_create(
        [
            Boundary(
                division=replanted[row.division_id],
                wkb=row.wkb,
                source=row.source,
                source_datum=row.source_datum,
                provisional=row.provisional,
                valid_from=day,
            )
            for row in rows
            if row.division_id in replanted
        ],
        batch_size=BATCH,
    )


def _move_units(actor: Actor, heirs: dict[int, Division], reason: str) -> None:
    units = list(Unit.objects.filter(division_id__in=heirs, valid_to=None).select_related("division"))
    events = []
    for unit in units:
        before, unit.division = unit.division.code, heirs[unit.division_id]
        events.append((unit, UnitAmended(unit.code, {"division": [before, unit.division.code]}, reason)))
    Unit.objects.bulk_update(units, ["division"], batch_size=300)
    record(events, actor)


def _move_posts(actor: Actor, heirs: dict[int, Division], day: date, reason: str) -> None:
    """Ends the posts and grants held on closed divisions and begins them on their heirs."""
    holding = Q(division_id__in=heirs) & (Q(valid_to=None) | Q(valid_to__gt=day))
    events = _move(
        list(Post.objects.filter(holding).select_related("account", "unit", "division")), heirs, day, reason
    )
    events += _move(
        list(Grant.objects.filter(holding).select_related("account", "division")), heirs, day, reason
    )
    one = {
        account.pk: account for account, _ in events
    }  # one object per account: its head moves from entry to entry
    record([(one[account.pk], event) for account, event in events], actor)


def _move(held: list[Any], heirs: dict[int, Division], day: date, reason: str) -> list[tuple[Account, Event]]:
    """Moves posts, or grants: each row ends and a copy of it begins on the heir, unless it is there already."""
    if not held:
        return []
    there = type(held[0]).objects.filter(
        standing_on(day), division_id__in={heir.pk for heir in heirs.values()}
    )
    known = {_place(row, row.division_id) for row in there}
    events: list[tuple[Account, Event]] = []
    fresh = []
    for row in held:
        heir, begin, until = heirs[row.division_id], max(day, row.valid_from), row.valid_to
        events.append((row.account, _ended(row, begin, reason)))
        if _place(row, heir.pk) not in known:
            known.add(_place(row, heir.pk))
            new = copy(row)
            new.pk, new._state.adding, new.division, new.valid_from, new.valid_to = (
                None,
                True,
                heir,
                begin,
                until,
            )
            fresh.append(new)
            events.append((row.account, _begun(new)))
        row.valid_to = begin
    type(held[0]).objects.bulk_update(held, ["valid_to"], batch_size=300)
    type(held[0]).objects.bulk_create(fresh, batch_size=BATCH)
    return events


def _place(row: Post | Grant, division_id: int) -> tuple[Any, ...]:
    return row.account_id, getattr(row, "unit_id", None), row.role, division_id


def _ended(row: Post | Grant, on: date, reason: str) -> Event:
    if isinstance(row, Post):
        return PostEnded(row.unit.code, row.role, row.division.code, str(on), reason)
    return GrantWithdrawn(row.role, row.division.code, str(on), reason)


def _begun(row: Post | Grant) -> Event:
    since, until = str(row.valid_from), str(row.valid_to or "")
    if isinstance(row, Post):
        return PostAssigned(row.unit.code, row.role, row.division.code, since, until)
    return GrantGiven(row.role, row.division.code, since, until, row.reason)


def as_errors(problem: Problem) -> list[FieldError]:
    """The problem of one row as errors of its fields."""
    if isinstance(problem, BadInput):
        return problem.errors
    return [FieldError("valid_to", problem.text("zh"), problem.text("en"))]
