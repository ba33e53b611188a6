"""Corrections by those at the door: the place and the category of a matter."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from onedoor.city.models import Category
from onedoor.city.queries import tree
from onedoor.kernel import statements
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed
from onedoor.kernel.texts import tidy
from onedoor.matters import policies, procedures
from onedoor.matters.events import CategoryConfirmed, Changed
from onedoor.matters.models import Matter
from onedoor.matters.moving import Moving, of_category

LONGEST_ADDRESS = 200


@dataclass(frozen=True)
class Spot:
    """Where in its division a matter lies: the point on the map (WGS84), if one is known, and the address in words."""

    lon: float | None
    lat: float | None
    address: str


MAY_CORRECT = ["clerk", "coordinator", "system"]


@transaction.atomic
def place(
    actor: Actor, number: str, division_id: int, unit_id: int, *, spot: Spot | None = None, why: dict | None = None,
    reason: str = "",
) -> Matter:  # fmt: skip
    """Says where a matter lies and which unit answers there. Raises NotFound, NotAllowed, BadInput, Conflict.

    `spot` is the point and the address from now on; without it both stay. What of them changed stands in the entry,
    erasable, for it says where somebody lives.
    Once somebody acts on the matter the unit that has it keeps it; the procedure has its own actions to hand it over.
    """
    if division_id not in tree().nodes:
        raise BadInput.of("division", "没有这个区划或网格", "there is no such division or grid")
    matter = _may_correct(actor, number)
    step = Moving(actor, matter, procedures.of(matter))
    was_placed, unit = matter.placed, matter.unit_id
    matter.division_id, matter.placed = division_id, True
    matter.county_id = tree().county(division_id).id
    if matter.state == step.procedure.opens.state:
        step.pass_on(unit_id)
    matter.redirected += was_placed and matter.unit_id != unit  # a place found is its first dispatch
    _settle(step, "place", why, reason, _put(step, spot) if spot else {})
    return matter


def _put(step: Moving, spot: Spot) -> dict[str, str]:
    """Takes over the spot; what of it is new, in words."""
    matter, address, said = step.matter, tidy(spot.address), {}
    if len(address) > LONGEST_ADDRESS:
        raise BadInput.of(
            "address",
            f"地址最多 {LONGEST_ADDRESS} 字",
            f"an address has at most {LONGEST_ADDRESS} characters",
        )
    if (matter.lon, matter.lat) != (spot.lon, spot.lat):
        step.done["point"] = "dropped" if spot.lon is None else "set"
        if spot.lon is not None:
            said["point"] = f"{spot.lon:.6f}, {spot.lat:.6f}"
    if address != matter.address:
        step.done["address"] = "set" if address else "dropped"
        said["address"] = address
    matter.lon, matter.lat, matter.address = spot.lon, spot.lat, address
    statements.update(matter, ("lon", "lat", "address"))
    return said


def _settle(step: Moving, what: str, why: dict | None, reason: str, said: dict[str, str]) -> None:
    step.done["why"] = why or {}
    step.settle(
        Changed(
            what=what,
            changes=step.changes(),
            clocks=step.clock_lines(),
            done=step.done,
            reason=tidy(reason),
            **said,
        )
    )


@transaction.atomic
def correct(
    actor: Actor, number: str, category: Category, unit_id: int, *, why: dict | None = None, reason: str = "",
) -> Matter:  # fmt: skip
    """Corrects the category before anybody has acted, moving the matter to that category's procedure and unit.

    Raises NotFound, NotAllowed, BadInput, Conflict; once somebody has acted, use the procedure's own action.
    """
    matter = _may_correct(actor, number)
    procedure = procedures.of(matter)
    if matter.state != procedure.opens.state:
        raise BadInput.of(
            "category",
            "已开始办理，请用流程内的改类动作",
            "it is being handled; use the procedure's own action",
        )
    version = procedures.current(category.procedure)
    step = Moving(actor, matter, procedures.compiled(version.pk))
    opening = step.procedure.opens
    matter.redirected += category.pk != matter.category_id
    matter.category, matter.procedure, matter.category_sure = category, version, True
    matter.confidential = matter.confidential or category.confidential
    matter.state, matter.answers = opening.state, step.procedure.states[opening.state].answers or ""
    step.wind_up()
    step.hand_to(unit_id)
    for name in opening.starts:
        _restart(step, name)
    _settle(step, "category", why, reason, {})
    return matter


@transaction.atomic
def confirm_category(actor: Actor, number: str) -> Matter:
    """The clerk finds the category right as it is. Raises NotFound, NotAllowed, Conflict; twice does nothing."""
    matter = _may_correct(actor, number)
    if not matter.category_sure:
        step = Moving(actor, matter, procedures.of(matter))
        matter.category_sure = True
        step.settle(CategoryConfirmed(changes=step.changes()))
    return matter


def _restart(step: Moving, name: str) -> None:
    """The new category's limit counts from the day the matter came in: a wrong category costs the resident no time."""
    now = step.at
    if of_category(step.procedure.clocks[name]):
        step.at = step.matter.opened_at
    step.start(name)
    step.at = now


def _may_correct(actor: Actor, number: str) -> Matter:
    matter = policies.reach(actor, number, lock=True)
    if not policies.performs(matter, MAY_CORRECT):
        raise NotAllowed(what=f"更正 / correct {number}")
    if not matter.is_open:
        raise Conflict(zh="此事项已办结或已并入其他事项", en="this matter is closed or joined to another")
    return matter
