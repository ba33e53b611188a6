"""Who may see which matters, and as whom somebody may act on them: each written once, as rows."""

from __future__ import annotations

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When
from django.db.models.expressions import BaseExpression

from onedoor.city.queries import overseen, roles, subtree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.matters.models import Involved, Matter, Objection, Party, Task
from onedoor.matters.registry import PERFORMERS, performer

NOTHING = Q(pk__in=())
SEES_CONFIDENTIAL = ("coordinator", "auditor")


def visible(actor: Actor) -> QuerySet[Matter]:
    """The matters an actor may see. Staff never see a matter whose complaint is about their own unit or themselves."""
    if actor.kind == "system":
        return Matter.objects.all()
    if actor.kind == "resident":
        return Matter.objects.filter(_own(actor) if actor.number else NOTHING)
    mine = in_units(actor)
    place = _placed_under(actor, *(role for role, data in roles().items() if data["reach"] != "unit"))
    place |= _under(overseen(actor))
    trusted = mine | _placed_under(actor, *SEES_CONFIDENTIAL)
    return (
        Matter.objects.filter(mine | place)
        .filter(Q(confidential=False) | trusted)
        .exclude(complained_of(actor))
    )


def complained_of(actor: Actor) -> Q:
    """Matters in which the actor's unit, or the actor, is the one complained of (信访工作条例 arts. 28, 30)."""
    respondents = Party.objects.filter(matter=OuterRef("pk"), role="respondent")
    return Q(Exists(respondents.filter(Q(unit_id__in=actor.unit_ids) | Q(account_id=actor.account_id or 0))))


def in_units(actor: Actor) -> Q:
    """Matters in which one of the actor's units has a part."""
    if not actor.unit_ids:
        return NOTHING
    return Q(Exists(Involved.objects.filter(matter=OuterRef("pk"), unit_id__in=actor.unit_ids)))


def _placed_under(actor: Actor, *role_names: str) -> Q:
    return _under(actor.divisions(*role_names))


def _under(nodes: frozenset[int]) -> Q:
    return Q(division_id__in=subtree(nodes)) if nodes else NOTHING


def _own(actor: Actor) -> Q:
    joined = Matter.objects.filter(number=actor.number, master=OuterRef("pk"))
    return Q(number=actor.number) | Q(Exists(joined))


def as_performers(actor: Actor) -> dict[str, BaseExpression]:
    """For every performer this actor can be at all: a boolean annotation `as_<name>` on matters."""
    rows = {name: found for name, entry in PERFORMERS.items() if (found := entry.rows(actor)) is not None}
    return {
        f"as_{name}": Case(When(condition, then=True), default=False, output_field=BooleanField())
        for name, condition in rows.items()
    }


def reach(actor: Actor, number: str, *, lock: bool = False) -> Matter:
    """The matter, with `as_<performer>` on it, if the actor may see it. Raises NotFound otherwise."""
    rows = visible(actor).annotate(**as_performers(actor))
    if lock:
        rows = rows.select_for_update(of=("self",))
    matter = rows.filter(number=number).first()
    if matter is None:
        raise NotFound(what=number)
    return matter


def performs(matter: Matter, names: list[str]) -> bool:
    """True when the actor for whom `matter` was reached is one of the named performers for it."""
    return any(getattr(matter, f"as_{name}", False) for name in names)


def area(*role_names: str):
    """Rows of a performer who is somebody with one of these roles over the matter's place."""

    def rows(actor: Actor) -> Q | None:
        return _placed_under(actor, *role_names) if actor.holds(*role_names) else None

    return rows


performer("clerk", "受理员", "clerk")(area("clerk"))
performer("coordinator", "协调员", "coordinator")(area("coordinator"))
performer("supervisor", "督办员", "supervisor")(area("supervisor"))
performer("grid_worker", "网格员", "grid worker")(area("grid_worker"))


@performer("leader", "领导", "leader")
def _leader(actor: Actor) -> Q | None:
    """The leader of the responsible unit, and the leader of a unit that oversees the place."""
    led = frozenset(reach.unit_id for reach in actor.reaches if reach.role == "leader" and reach.unit_id)
    return Q(unit_id__in=led) | _under(overseen(actor)) if actor.holds("leader") else None


@performer("system", "系统", "the system")
def _system(actor: Actor) -> Q | None:
    return ~NOTHING if actor.kind == "system" else None


@performer("resident", "群众", "the resident")
def _resident(actor: Actor) -> Q | None:
    return _own(actor) if actor.kind == "resident" and actor.number else None


@performer("unit", "承办单位", "the responsible unit")
def _unit(actor: Actor) -> Q | None:
    works = actor.holds("handler", "mediator", "clerk", "coordinator", "leader")
    return Q(unit_id__in=actor.unit_ids) if works and actor.unit_ids else None


@performer("mediator", "调解员", "a mediator")
def _mediator(actor: Actor) -> Q | None:
    return in_units(actor) | _placed_under(actor, "mediator") if actor.holds("mediator") else None


@performer("caller", "回访员", "an independent caller")
def _caller(actor: Actor) -> Q | None:
    """Somebody who calls back, from a unit that neither answered for the matter nor had a task in it."""
    if not actor.holds("caller"):
        return None
    handled = Involved.objects.filter(
        matter=OuterRef("pk"), unit_id__in=actor.unit_ids, part__in=("responsible", "task")
    )
    return _placed_under(actor, "caller") & ~Q(Exists(handled)) & ~Q(unit_id__in=actor.unit_ids)


@performer("arbiter", "裁定单位", "the arbiter of an objection")
def _arbiter(actor: Actor) -> Q | None:
    if not actor.unit_ids or not actor.holds("supervisor", "coordinator", "leader"):
        return None
    waiting = Objection.objects.filter(matter=OuterRef("pk"), arbiter_id__in=actor.unit_ids, decided_at=None)
    return Q(Exists(waiting))


@performer("task_unit", "分办单位", "a unit with an open task")
def _task_unit(actor: Actor) -> Q | None:
    owed = Task.objects.filter(matter=OuterRef("pk"), unit_id__in=actor.unit_ids, state="open")
    return Q(Exists(owed)) if actor.unit_ids else None
