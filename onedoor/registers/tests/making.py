"""Records as tests make them in the small city."""

from __future__ import annotations

from typing import Any

from onedoor.kernel.actor import Actor
from onedoor.registers import actions
from onedoor.registers.actions.visiting import Seen
from onedoor.registers.models import Record, Visit
from onedoor.registers.writing import Draft
from tests.support.smallcity import SmallCity

HERE = (114.005, 35.505)  # in the first grid
DOG = {
    "name": "旺财", "breed": "rural", "colour": "黄", "vaccinated_on": "2026-10-08",
    "owner_name": "刘娟", "owner_phone": "13800001234",
}  # fmt: skip
PLACE = {"name": "东柳面粉厂", "use": "workshop", "sleeps": "no", "duty_phone": "13900001111"}
FINE = {"exits": "yes", "equipment": "yes", "charging": "no", "goods": "none", "structure": "no"}
SYSTEM = Actor.system("test")


def dog(city: SmallCity, by: str = "chenmin", **more: Any) -> Record:
    """A dog of the first grid, entered by the clerk."""
    return actions.enter(city.actor(by), "dog", draft(DOG | more))


def place(city: SmallCity, by: str = "zhengjie", **more: Any) -> Record:
    """A workshop of the first grid, entered by its grid worker."""
    return actions.enter(city.actor(by), "inspected_place", draft(PLACE | more))


def draft(values: dict[str, Any], **where: Any) -> Draft:
    """What is filled in, at a point of the first grid unless told otherwise."""
    here: dict[str, Any] = {"lon": HERE[0], "lat": HERE[1], "address": "东柳路 1 号"}
    return Draft(values, **(here | where))


def visit(city: SmallCity, record: Record, by: str = "zhengjie", note: str = "", **answers: str) -> Visit:
    """A visit; whatever is not told was fine."""
    return actions.do_visit(city.actor(by), record.number, Seen(FINE | answers, note=note))
