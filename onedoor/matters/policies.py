"""Who may see which matters, and as whom somebody may act on them: each written once, as a set of rows (`rows`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.db.models import QuerySet

from onedoor.city.queries import overseen, roles
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.kernel.statements import Select
from onedoor.matters.models import OPENER, Matter, Party
from onedoor.matters.registry import PERFORMERS, performer
from onedoor.matters.rows import (
    EVERYTHING,
    NOTHING,
    About,
    Deciding,
    Filed,
    NotConfidential,
    Owing,
    Partaking,
    Responsible,
    Rows,
    Seen,
    Under,
)

SEES_CONFIDENTIAL = ("coordinator", "caller", "auditor")
BY_PLACE = (
    "grid",
    "place",
    "subtree",
)  # how far roles reach that go by the post's division, not by the unit's part
BY_NUMBER = Select(Matter, "number = %s")
SPEAK_FOR_A_UNIT = ("handler", "mediator", "clerk", "coordinator", "leader")


def visible(actor: Actor) -> QuerySet[Matter]:
    """The matters an actor may see, for a list."""
    return Matter.objects.filter(sight(actor).q())


def sight(actor: Actor) -> Rows:
    """The matters an actor may see. Staff never see one that complains of their own unit or of themselves."""
    if actor.kind == "system":
        return EVERYTHING
    if actor.kind == "resident":
        return Filed(actor.number) if actor.number else NOTHING
    return _sight_of_staff(actor, overseen(actor))


@lru_cache(maxsize=4096)  # it hangs on nothing else, and one action asks for it more than once
def _sight_of_staff(actor: Actor, led: frozenset[int]) -> Rows:
    """What somebody of the staff may see, who leads in the divisions `led`."""
    seeing = [name for name, role in roles().items() if role["reach"] != "none"]
    mine = partaking(units(actor, *seeing))
    trusted = over(actor, *SEES_CONFIDENTIAL) | mine
    around = over(actor, *seeing) | under(led)
    return (around | mine) & (NotConfidential() | trusted) & ~complained_of(actor)


def complained_of(actor: Actor) -> Rows:
    """Matters in which the actor's unit, or the actor, is complained of (信访工作条例 arts. 28, 30)."""
    return About(actor.unit_ids, actor.account_id)


def units(actor: Actor, *names: str) -> frozenset[int]:
    """The units in which the actor holds one of these roles."""
    return frozenset(reach.unit_id for reach in actor.reaches if reach.unit_id and reach.role in names)


def partaking(of_units: frozenset[int]) -> Rows:
    """Matters in which one of these units has a part; none where there are no units."""
    return Responsible(of_units) | Partaking(of_units) if of_units else NOTHING


def over(actor: Actor, *names: str) -> Rows:
    """Matters in places that one of these roles reaches: by the role's own reach, or by a grant whatever that is."""
    return under(places(actor, *names))


def places(actor: Actor, *names: str) -> frozenset[int]:
    """The divisions that one of these roles reaches, each with all below it."""
    return frozenset(
        reach.division_id for reach in actor.reaches
        if reach.role in names and (reach.unit_id is None or roles()[reach.role]["reach"] in BY_PLACE)
    )  # fmt: skip


def under(divisions: frozenset[int]) -> Rows:
    """Matters in these divisions and below; none where there are no divisions."""
    return Under(divisions) if divisions else NOTHING


def reach(actor: Actor, number: str, *, lock: bool = False) -> Matter:
    """The matter, if the actor may see it; `performs` then tells as whom she may act. Raises NotFound otherwise."""
    matter = next(iter(BY_NUMBER(number, lock=lock)), None)
    if matter is None or not sight(actor).has(seen := Seen(matter)):
        raise NotFound(what=number)
    matter.reached_by, matter.seen = actor, seen
    return matter


def performs(matter: Matter, names: Iterable[str]) -> bool:
    """True when the actor by whom `matter` was reached is one of the named performers for it."""
    if matter.reached_by is None or matter.seen is None:
        return False
    sets = (PERFORMERS[name].rows(matter.reached_by) for name in names)
    return any(found.has(matter.seen) for found in sets if found is not None)


AT_THE_DOOR = ("clerk", "coordinator", "caller")  # who may know a reporter who asked to be kept confidential
WITH_CONTACTS = (*AT_THE_DOOR, "unit", "mediator", "grid_worker")


def may_read_contact(matter: Matter, party: Party) -> bool:
    """Whether the actor by whom `matter` was reached may ask for the contact data of one of its parties."""
    return performs(matter, AT_THE_DOOR if party.confidential else WITH_CONTACTS)


def area(*role_names: str) -> Callable[[Actor], Rows | None]:
    """The rows of a performer who is somebody with one of these roles over the matter's place."""

    def rows(actor: Actor) -> Rows | None:
        """Somebody with this role over the matter's place."""
        return over(actor, *role_names) if actor.holds(*role_names) else None

    return rows


performer("clerk", "受理员", "clerk")(area("clerk"))
performer("coordinator", "协调员", "coordinator")(area("coordinator"))
performer("supervisor", "督办员", "supervisor")(area("supervisor"))
performer("grid_worker", "网格员", "grid worker")(area("grid_worker"))


@performer("leader", "领导", "leader")
def _leader(actor: Actor) -> Rows | None:
    """The leader of the responsible unit, and the leader of a unit that oversees the place."""
    led = units(actor, "leader")
    return Responsible(led) | under(overseen(actor)) if actor.holds("leader") else None


@performer("system", "系统", "the system")
def _system(actor: Actor) -> Rows | None:
    """The engine itself, when a clock is due."""
    return EVERYTHING if actor.kind == "system" else None


@performer("resident", "群众", "the resident")
def _resident(actor: Actor) -> Rows | None:
    """Who reported the matter or a filing joined to it, and shows the number and its query code."""
    return Filed(actor.number) if actor.kind == "resident" and actor.number else None


@performer("unit", "承办单位", "the responsible unit")
def _unit(actor: Actor) -> Rows | None:
    """Somebody of the responsible unit who may speak for it."""
    own = units(actor, *SPEAK_FOR_A_UNIT)
    return Responsible(own) if own else None


@performer("opener", "立项单位", "the unit that opened it")
def _opener(actor: Actor) -> Rows | None:
    """Somebody who may speak for the unit that opened the matter itself."""
    own = units(actor, *SPEAK_FOR_A_UNIT)
    return Partaking(own, (OPENER,)) if own else None


@performer("mediator", "调解员", "a mediator")
def _mediator(actor: Actor) -> Rows | None:
    """Somebody who mediates in a unit that has a part in the matter, or was granted its place."""
    return partaking(units(actor, "mediator")) | over(actor, "mediator") if actor.holds("mediator") else None


@performer("caller", "回访员", "an independent caller")
def _caller(actor: Actor) -> Rows | None:
    """Somebody who calls back, from a unit that neither answers for the matter nor had a share in it."""
    if not actor.holds("caller"):
        return None
    handled = Responsible(actor.unit_ids) | Partaking(actor.unit_ids, ("responsible", "task"))
    return over(actor, "caller") & ~handled


@performer("arbiter", "裁定单位", "the arbiter of an objection")
def _arbiter(actor: Actor) -> Rows | None:
    """Somebody who decides for the unit before which the objection lies."""
    own = units(actor, "supervisor", "coordinator", "leader")
    return Deciding(own) if own else None


@performer("task_unit", "分办单位", "a unit with an open task")
def _task_unit(actor: Actor) -> Rows | None:
    """Somebody of a unit that owes a task of the matter."""
    own = units(actor, *SPEAK_FOR_A_UNIT)
    return Owing(own) if own else None
