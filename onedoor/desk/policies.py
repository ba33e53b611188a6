"""Who may enter which pages of the desk. Which rows somebody then sees is the business of `matters.policies`."""

from __future__ import annotations

from django.http import HttpRequest

from onedoor.intake.versions import STEERS
from onedoor.kernel.access import gate

DOOR = ("clerk", "coordinator", "grid_worker")
PLACING = ("clerk", "coordinator")
DECIDING = ("supervisor", "coordinator", "leader")
WATCHING = ("supervisor", "coordinator", "leader", "auditor")
LEARNING = ("clerk", *WATCHING)


@gate("desk.door", zh="受理员、协调员、网格员", en="clerks, coordinators and grid workers")
def _takes_in(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*DOOR))  # type: ignore[attr-defined]


@gate("desk.place", zh="受理员、协调员", en="clerks and coordinators")
def _places(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*PLACING))  # type: ignore[attr-defined]


@gate("desk.call", zh="回访员", en="callers")
def _calls(request: HttpRequest) -> bool:
    return bool(request.actor.holds("caller"))  # type: ignore[attr-defined]


@gate("desk.decide", zh="督办员、协调员、领导", en="supervisors, coordinators and leaders")
def _decides(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*DECIDING))  # type: ignore[attr-defined]


@gate("desk.watch", zh="督办员、协调员、领导、审计员", en="supervisors, coordinators, leaders and auditors")
def _watches(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*WATCHING))  # type: ignore[attr-defined]


@gate(
    "desk.learning",
    zh="受理员、督办员、协调员、领导、审计员",
    en="clerks, supervisors, coordinators, leaders and auditors",
)
def _sees_learning(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*LEARNING))  # type: ignore[attr-defined]


@gate("desk.steer", zh="督办员、协调员", en="supervisors and coordinators")
def _steers(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*STEERS))  # type: ignore[attr-defined]


@gate("desk.hot", zh="督办员、协调员、领导、审计员", en="supervisors, coordinators, leaders and auditors")
def _sees_what_is_hot(request: HttpRequest) -> bool:
    return bool(request.actor.holds(*WATCHING))  # type: ignore[attr-defined]
