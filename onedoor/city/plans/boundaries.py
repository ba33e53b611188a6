"""What rows of outlines would change, and which of them cannot be: crossed, overlapping, outside their village."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import shapely
from shapely.geometry.base import BaseGeometry

from onedoor.city import outlines
from onedoor.city.models import Boundary, Division
from onedoor.city.rows import BoundaryRow, Refusals, Remark
from onedoor.city.rules import CityProfile
from onedoor.kernel import time
from onedoor.kernel.problems import FieldError

TOLD = 8  # how many pairs or names a remark lists


@dataclass(frozen=True, slots=True)
class Place:
    """A division as outlines need it, whether it stands already or comes with the same file."""

    code: str
    name: str
    level: str
    parent_code: str


@dataclass
class BoundaryPlan:
    """Everything that would be done; numbers are rows."""

    today: date
    fresh: list[tuple[int, BoundaryRow]] = field(default_factory=list)
    same: int = 0
    refused: Refusals = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    standing: dict[str, Boundary] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)

    def refuse(self, index: int, *errors: FieldError) -> None:
        """Refuses a row with its reasons."""
        self.refused.setdefault(index, []).extend(errors)


def plan(
    rows: Sequence[BoundaryRow],
    profile: CityProfile,
    coming: Sequence[Place] = (),
    retiring: frozenset[str] = frozenset(),
) -> BoundaryPlan:
    """What these rows would do. `coming` are divisions that the same file adds, `retiring` codes that it ends."""
    made = BoundaryPlan(
        time.now().date(), standing=_standing(), places=_places() | {p.code: p for p in coming}
    )
    for index, row in enumerate(rows):
        _look_at(made, index, row)
    kept = {row.code: (index, row) for index, row in made.fresh}
    deepest = profile.levels[-1].key
    grids = {code: item for code, item in kept.items() if made.places[code].level == deepest}
    _check_inside(made, kept, deepest)
    _check_grid_overlaps(made, grids, deepest, retiring)
    _remark_overlaps(made, {code: item for code, item in kept.items() if code not in grids})
    made.fresh = [(index, row) for index, row in made.fresh if index not in made.refused]
    return made


def _standing() -> dict[str, Boundary]:
    rows = Boundary.objects.filter(valid_to=None, division__valid_to=None).select_related("division")
    return {row.division.code: row for row in rows}


def _places() -> dict[str, Place]:
    rows = Division.objects.filter(valid_to=None).values_list("code", "name", "level", "parent__code")
    return {code: Place(code, name, level, parent or "") for code, name, level, parent in rows}


def _look_at(made: BoundaryPlan, index: int, row: BoundaryRow) -> None:
    """Whatever can be said of one row by itself."""
    if row.code not in made.places:
        made.refuse(
            index,
            FieldError(
                "code",
                f"没有区划 {row.code}，请先导入区划",
                f"there is no division {row.code}; load divisions first",
            ),
        )
        return
    if made.seen.setdefault(row.code, index) != index:
        made.refuse(
            index,
            FieldError(
                "code", f"{row.code} 在本文件中已有图形", f"{row.code} has an outline in this file already"
            ),
        )
        return
    errors = outlines.faults(row.land)
    if row.valid_from and row.valid_from > made.today:
        errors.append(
            FieldError("valid_from", f"{row.valid_from} 尚未到来", f"{row.valid_from} has not come yet")
        )
    held = made.standing.get(row.code)
    if errors:
        made.refuse(index, *errors)
    elif held is not None and bytes(held.wkb) == shapely.to_wkb(row.land):
        made.same += 1
    elif held is not None and row.valid_from and row.valid_from < held.valid_from:
        made.refuse(
            index,
            FieldError(
                "valid_from",
                f"现行边界自 {held.valid_from} 起，不能更早",
                f"the present outline holds since {held.valid_from}; not before",
            ),
        )
    else:
        made.fresh.append((index, row))


def land_of(
    made: BoundaryPlan, code: str, coming: Mapping[str, tuple[int, BoundaryRow]]
) -> BaseGeometry | None:
    """The outline of a division: that of the same file, else the one that holds now, else none."""
    if code in coming:
        return coming[code][1].land
    held = made.standing.get(code)
    return shapely.from_wkb(bytes(held.wkb)) if held else None


def _check_inside(made: BoundaryPlan, kept: Mapping[str, tuple[int, BoundaryRow]], deepest: str) -> None:
    """Grids must lie in the outline of their parent, where it has one that was surveyed; others are told only."""
    parents = {code: made.places[code].parent_code for code in kept}
    lands = {parent: land_of(made, parent, kept) for parent in set(parents.values())}
    asked = [(code, land) for code, parent in parents.items() if (land := lands[parent]) is not None]
    shares = outlines.outside([kept[code][1].land for code, _ in asked], [land for _, land in asked])
    told = []
    for (code, _), share in zip(asked, shares, strict=True):
        if share <= outlines.OUTSIDE:
            continue
        parent = made.places[parents[code]]
        if made.places[code].level == deepest and not _provisional(made, parent.code):
            made.refuse(
                kept[code][0],
                FieldError(
                    "geometry",
                    f"有 {share:.1%} 的面积在 {parent.name}（{parent.code}）之外，请核对图形或上级代码",
                    f"{share:.1%} of it lies outside {parent.name} ({parent.code}); check the outline or the parent",
                ),
            )
        else:
            told.append(f"{made.places[code].name} {share:.1%}")
    if told:
        names = ", ".join(told[:TOLD])
        made.remarks.append(
            Remark(
                f"{len(told)} 个图形超出上级边界：{names}",
                f"{len(told)} outline(s) reach beyond their parent's: {names}",
            )
        )


def _provisional(made: BoundaryPlan, code: str) -> bool:
    held = made.standing.get(code)
    return held is not None and held.provisional


def _check_grid_overlaps(
    made: BoundaryPlan, grids: Mapping[str, tuple[int, BoundaryRow]], deepest: str, retiring: frozenset[str]
) -> None:
    """Of two grids that claim the same land the later one is refused; one that stands already is the earlier."""
    if not grids:
        return
    held = [
        code
        for code, row in made.standing.items()
        if code in made.places
        and made.places[code].level == deepest
        and code not in grids
        and code not in retiring
    ]
    codes = [*held, *sorted(grids, key=lambda code: grids[code][0])]
    lands = [shapely.from_wkb(bytes(made.standing[code].wkb)) for code in held]
    lands += [grids[code][1].land for code in codes[len(held) :]]
    slivers = 0.0
    for overlap in outlines.overlaps(lands):
        first, second = codes[overlap.first], codes[overlap.second]
        index = grids[second][0] if second in grids else -1
        if overlap.share <= outlines.SLIVER:
            slivers += overlap.square_metres
        elif index >= 0 and not (first in grids and grids[first][0] in made.refused):
            name = made.places[first].name
            made.refuse(
                index,
                FieldError(
                    "geometry",
                    f"与网格 {name}（{first}）重叠 {overlap.square_metres:,.0f} 平方米（{overlap.share:.1%}），"
                    "请重新划界",
                    f"overlaps grid {name} ({first}) by {overlap.square_metres:,.0f} m² ({overlap.share:.1%}); "
                    "draw the border again",
                ),
            )
    if slivers > 1:
        made.remarks.append(
            Remark(
                f"网格之间有共 {slivers:,.0f} 平方米的细碎重叠，未作处理",
                f"slivers of {slivers:,.0f} m² in all between grids were left as they are",
            )
        )


def _remark_overlaps(made: BoundaryPlan, others: Mapping[str, tuple[int, BoundaryRow]]) -> None:
    """Outlines of one level that overlap are told, not refused: maps of different services differ by 2 to 8 %."""
    by_level: dict[str, list[str]] = {}
    for code in others:
        by_level.setdefault(made.places[code].level, []).append(code)
    for codes in by_level.values():
        found = [
            o
            for o in outlines.overlaps([others[code][1].land for code in codes])
            if o.share > outlines.SLIVER
        ]
        if found:
            names = [made.places[code].name for code in codes]
            told = ", ".join(
                f"{names[o.first]}–{names[o.second]} {o.square_metres / 1e6:.2f} km²" for o in found[:TOLD]
            )
            made.remarks.append(
                Remark(
                    f"{len(found)} 对边界重叠：{told}", f"{len(found)} pair(s) of outlines overlap: {told}"
                )
            )
