"""What rows of units would change. A unit's code never changes; its kind, place and parent may be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from onedoor.city.models import Division, Unit
from onedoor.city.queries import unit_kinds
from onedoor.city.rows import Refusals, UnitRow
from onedoor.kernel import time
from onedoor.kernel.problems import FieldError

LONGEST = {"code": 40, "name": 80, "name_en": 120, "phone": 40}


@dataclass
class UnitPlan:
    """Everything that would be done; `fresh` holds parents before their children, numbers are rows."""

    today: date
    fresh: list[tuple[int, UnitRow]] = field(default_factory=list)
    amended: list[tuple[Unit, dict[str, Any]]] = field(default_factory=list)
    closing: list[tuple[int, Unit, date]] = field(default_factory=list)
    same: int = 0
    refused: Refusals = field(default_factory=dict)
    divisions: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)


def plan(rows: Sequence[UnitRow]) -> UnitPlan:
    """What these rows would do to the units on record."""
    planner = _Planner(rows)
    waiting = list(range(len(rows)))
    while waiting:  # a unit may stand before its parent in the file
        ready = [index for index in waiting if planner.ready(index)] or waiting
        for index in ready:
            planner.look_at(index)
        done = set(ready)
        waiting = [index for index in waiting if index not in done]
    return planner.plan


class _Planner:
    """Looks at one row after the other, remembering which codes are there by then."""

    def __init__(self, rows: Sequence[UnitRow]) -> None:
        self.plan = UnitPlan(
            time.now().date(),
            divisions={d.code: d for d in Division.objects.filter(valid_to=None)},
            units={u.code: u for u in Unit.objects.select_related("division", "parent")},
        )
        self.kinds = unit_kinds()
        self.by_title = {facts["title"]["zh"]: key for key, facts in self.kinds.items()}
        self.rows = [self._complete(row) for row in rows]
        self.first = {row.code: index for index, row in reversed(list(enumerate(self.rows)))}
        self.coming: set[str] = set()
        self.looked: set[int] = set()

    def _complete(self, row: UnitRow) -> UnitRow:
        kind = self.by_title.get(row.kind, row.kind)
        code = row.code or (f"{row.division_code}-{kind}" if row.division_code and kind else "")
        return replace(row, kind=kind, code=code)

    def ready(self, index: int) -> bool:
        """Whether the parent of this row has been looked at, or does not come with these rows."""
        parent = self.rows[index].parent_code
        return not parent or parent not in self.first or self.first[parent] in self.looked

    def look_at(self, index: int) -> None:
        """Takes one row into the plan, or refuses it with every reason."""
        row = self.rows[index]
        self.looked.add(index)
        if row.code and self.first[row.code] != index:
            if row == self.rows[self.first[row.code]]:
                self.plan.same += 1
            else:
                self._refuse(index, _twice(row.code, self.first[row.code]))
            return
        errors = self._errors(row)
        held = self.plan.units.get(row.code)
        if errors:
            self._refuse(index, *errors)
        elif held is None:
            self.plan.fresh.append((index, replace(row, valid_from=row.valid_from or self.plan.today)))
            self.coming.add(row.code)
        elif held.valid_to and held.valid_to != row.valid_to:
            self._refuse(
                index,
                FieldError(
                    "code",
                    f"该单位已于 {held.valid_to} 关闭，重新设立请用新代码",
                    f"this unit was closed on {held.valid_to}; give a new one a new code",
                ),
            )
        elif row.valid_to and held.valid_to is None:
            self.plan.closing.append((index, held, row.valid_to))
        else:
            self._compare(row, held)

    def _refuse(self, index: int, *errors: FieldError) -> None:
        self.plan.refused.setdefault(index, []).extend(errors)

    def _errors(self, row: UnitRow) -> list[FieldError]:
        errors = [
            FieldError(name, f"最多 {most} 字", f"at most {most} characters")
            for name, most in LONGEST.items()
            if len(getattr(row, name)) > most
        ]
        if not row.name:
            errors.append(FieldError("name", "名称为空", "the name is empty"))
        if row.kind not in self.kinds:
            errors.append(self._no_kind(row.kind))
        if row.division_code not in self.plan.divisions:
            errors.append(_no_division(row.division_code, self.plan.divisions))
        if row.parent_code and row.parent_code not in self.plan.units and row.parent_code not in self.coming:
            errors.append(
                FieldError(
                    "parent_code",
                    f"上级单位 {row.parent_code} 不存在，请先导入或改正",
                    f"the parent unit {row.parent_code} is unknown; load it first or mend it",
                )
            )
        if row.parent_code == row.code and row.code:
            errors.append(FieldError("parent_code", "不能以自身为上级", "it cannot be its own parent"))
        return errors + _day_errors(row, self.plan.today)

    def _no_kind(self, kind: str) -> FieldError:
        known = [*self.kinds, *self.by_title]
        near = get_close_matches(kind, known, n=3, cutoff=0.5) or list(self.kinds)[:5]
        return FieldError(
            "kind",
            f"没有单位类型「{kind}」，相近的有：{'、'.join(near)}（全部见 packs/common/unit_kinds.yaml）",
            f"there is no kind of unit {kind!r}; near ones: {', '.join(near)} "
            "(all are in packs/common/unit_kinds.yaml)",
        )

    def _compare(self, row: UnitRow, held: Unit) -> None:
        wanted: dict[str, Any] = {
            "name": row.name,
            "kind": row.kind,
            "division": self.plan.divisions[row.division_code],
        }
        wanted |= {name: value for name in ("name_en", "phone") if (value := getattr(row, name))}
        if row.parent_code:
            wanted["parent"] = self.plan.units.get(row.parent_code) or row.parent_code
        changes = {name: value for name, value in wanted.items() if getattr(held, name) != value}
        if changes:
            self.plan.amended.append((held, changes))
        else:
            self.plan.same += 1


def _twice(code: str, earlier: int) -> FieldError:
    return FieldError(
        "code",
        f"单位代码 {code} 与本文件第 {earlier + 1} 条重复且内容不同，请保留一条或另编代码",
        f"the unit code {code} stands in record {earlier + 1} of this file already, with other content; "
        "keep one or give another code",
    )


def _no_division(code: str, known: dict[str, Division]) -> FieldError:
    near = get_close_matches(code, known, n=1, cutoff=0.7)
    return FieldError(
        "division_code",
        f"没有区划「{code}」" + (f"，是否为 {near[0]} {known[near[0]].name}？" if near else "，请先导入区划"),
        f"there is no division {code!r}" + (f"; is it {near[0]}?" if near else "; load divisions first"),
    )


def _day_errors(row: UnitRow, today: date) -> list[FieldError]:
    errors = []
    if row.valid_from and row.valid_from > today:
        errors.append(
            FieldError(
                "valid_from",
                f"{row.valid_from} 尚未到来，请到当日再导入",
                f"{row.valid_from} has not come yet; load it on the day",
            )
        )
    if row.valid_to and row.valid_to > today:
        errors.append(
            FieldError(
                "valid_to",
                f"{row.valid_to} 尚未到来，请到当日再导入",
                f"{row.valid_to} has not come yet; load it on the day",
            )
        )
    if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
        errors.append(
            FieldError("valid_to", "失效日期应晚于生效日期", "valid_to must be later than valid_from")
        )
    return errors
