"""Which unit answers: jurisdiction × competence, the first receiver leads, never a unit complained of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from onedoor.city.models import Category, Unit
from onedoor.city.queries import Directory, kinds_with
from onedoor.kernel.problems import NotNow


@dataclass(frozen=True)
class Routed:
    """The responsible unit, and why it is that one."""

    unit: Unit
    why: dict[str, str]


def route(
    directory: Directory, category: Category, division_id: int, *, placed: bool = True,
    complained_of: frozenset[int] = frozenset(), receiver: int | None = None,
) -> Routed:  # fmt: skip
    """The unit for a category at a place. Raises NotNow when the city has no unit that could take it.

    complained_of: units that may not handle it. receiver: the unit that took it in; it leads where it is competent.
    """
    competent = directory.competent(category, division_id) if placed else []
    free = [unit for unit in competent if unit.pk not in complained_of]
    for unit in free:
        if unit.pk == receiver:
            return Routed(
                unit, {"zh": "首接单位有权办理，由其牵头", "en": "the first receiver is competent and leads"}
            )
    if free:
        return Routed(free[0], _because(free[0], skipped=len(free) < len(competent)))
    return _door(directory, division_id, placed=placed, complained_of=complained_of)


def _because(unit: Unit, *, skipped: bool) -> dict[str, str]:
    zh, en = f"{unit.name}在此地负责此类事项", f"{unit.name_en or unit.name} answers for this here"
    if skipped:
        zh, en = zh + "（已避开被投诉单位）", en + " (the unit complained of was passed over)"
    return {"zh": zh, "en": en}


def _door(directory: Directory, division_id: int, *, placed: bool, complained_of: frozenset[int]) -> Routed:
    """The nearest centre; any centre of the city where none covers the place."""
    kinds = kinds_with("door")
    near = [unit for kind in kinds for unit in directory.of_kind(kind, division_id)]
    others = (unit for unit in directory.units.values() if unit.kind in kinds)
    for unit in chain(near, others):
        if unit.pk not in complained_of:
            zh = "此地没有对应的主管单位，由综治中心接办" if placed else "地点未明，由综治中心先行核实"
            en = "no competent unit covers the place; the centre takes it" if placed else (
                "the place is not known yet; the centre finds out")  # fmt: skip
            return Routed(unit, {"zh": zh, "en": en})
    raise NotNow(
        zh="本市还没有可以接办的单位，请先导入单位", en="no unit can take it yet; load the units first"
    )
