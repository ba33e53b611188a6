"""What rows of divisions would change.

Rows are looked at parents first, whatever their order in the file. A row whose code stands already changes it (name,
kind, households, other codes); its level and parent never change: a division that moves gets a new code, and the old
one is merged into it, so that the past stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from typing import Any

from onedoor.city.models import Division
from onedoor.city.rows import DivisionRow, Refusals
from onedoor.city.rules import CityProfile, Level
from onedoor.kernel import time
from onedoor.kernel.problems import FieldError

LONGEST_CODE, LONGEST_NAME = 32, 80


@dataclass
class DivisionPlan:
    """Everything that would be done. `fresh` holds parents before their children; numbers are rows."""

    today: date
    fresh: list[tuple[int, DivisionRow]] = field(default_factory=list)
    renamed: list[tuple[Division, str]] = field(default_factory=list)
    amended: list[tuple[Division, dict[str, Any]]] = field(default_factory=list)
    closing: list[tuple[int, DivisionRow]] = field(default_factory=list)
    same: int = 0
    refused: Refusals = field(default_factory=dict)
    standing: dict[str, Division] = field(default_factory=dict)


def plan(rows: Sequence[DivisionRow], profile: CityProfile) -> DivisionPlan:
    """What these rows would do to the divisions that stand."""
    planner = _Planner(rows, profile)
    for index in planner.order():
        planner.look_at(index)
    return planner.plan


class _Planner:
    """Looks at one row after the other, remembering which codes are there by then."""

    def __init__(self, rows: Sequence[DivisionRow], profile: CityProfile) -> None:
        self.rows, self.profile = rows, profile
        self.depth = {level.key: depth for depth, level in enumerate(profile.levels)}
        everything = list(Division.objects.order_by("pk"))
        standing = {division.code: division for division in everything if division.valid_to is None}
        self.plan = DivisionPlan(time.now().date(), standing=standing)
        self.code_by_id = {division.pk: code for code, division in standing.items()}
        self.taken = {(division.code, division.valid_from) for division in everything}
        self.closed = {(division.code, division.valid_to) for division in everything}
        self.level_of = {code: division.level for code, division in standing.items()}
        self.first_seen: dict[object, int] = {}
        top = profile.levels[0].key
        self.root = next((code for code, level in self.level_of.items() if level == top), None)

    def order(self) -> list[int]:
        """Row numbers, parents first: by depth of the level, then as written."""
        levels = [self._level(row) for row in self.rows]
        deepest = len(self.depth)
        depths = [self.depth[level.key] if level else deepest for level in levels]
        return sorted(range(len(self.rows)), key=lambda index: (depths[index], index))

    def look_at(self, index: int) -> None:
        """Takes one row into the plan, or refuses it with every reason."""
        row = self.rows[index]
        key = row.code if row.valid_to is None else (row.code, row.valid_to)
        earlier = self.first_seen.setdefault(key, index)
        if earlier != index and row.code:
            if row == self.rows[earlier]:
                self.plan.same += 1
            else:
                self._refuse(index, _twice(row.code, earlier))
            return
        if row.valid_to and (row.code, row.valid_to) in self.closed:
            self.plan.same += 1  # closed on that day already
            return
        errors = self._text_errors(row) + self._day_errors(row)
        held = self.plan.standing.get(row.code)
        if held is None:
            self._fresh(index, row, errors)
        else:
            self._known(index, row, held, errors)

    def _refuse(self, index: int, *errors: FieldError) -> None:
        self.plan.refused.setdefault(index, []).extend(errors)

    def _level(self, row: DivisionRow) -> Level | None:
        if not row.level:
            return self.profile.level_of_code(row.code)
        wanted = row.level.strip().lower()
        said = ((level, (level.key, level.title.zh, level.title.en)) for level in self.profile.levels)
        return next((level for level, names in said if wanted in map(str.lower, names)), None)

    def _text_errors(self, row: DivisionRow) -> list[FieldError]:
        errors = []
        if not row.code or len(row.code) > LONGEST_CODE or any(map(str.isspace, row.code)):
            errors.append(
                FieldError("code", "代码为空、过长或含空格", "the code is empty, too long or holds blanks")
            )
        if len(row.name) > LONGEST_NAME:
            errors.append(
                FieldError(
                    "name", f"名称最多 {LONGEST_NAME} 字", f"the name has at most {LONGEST_NAME} characters"
                )
            )
        return errors

    def _day_errors(self, row: DivisionRow) -> list[FieldError]:
        errors = []
        for name, day in (("valid_from", row.valid_from), ("valid_to", row.valid_to)):
            if day and day > self.plan.today:
                errors.append(
                    FieldError(
                        name, f"{day} 尚未到来，请到当日再导入", f"{day} has not come yet; load it on the day"
                    )
                )
        if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
            errors.append(
                FieldError("valid_to", "失效日期应晚于生效日期", "valid_to must be later than valid_from")
            )
        if row.successor_code and not row.valid_to:
            errors.append(
                FieldError(
                    "valid_to", "有并入对象时须写明失效日期", "with a successor, say from which day: valid_to"
                )
            )
        return errors

    def _fresh(self, index: int, row: DivisionRow, errors: list[FieldError]) -> None:
        if not row.name:
            errors.append(FieldError("name", "名称为空", "the name is empty"))
        level = self._level(row)
        if level is None:
            errors.append(self._no_level(row))
        else:
            errors += self._code_errors(row, level)
            row = replace(row, level=level.key)
            parent, parent_errors = self._parent(row, level)
            row, errors = replace(row, parent_code=parent), errors + parent_errors
        if row.valid_to and not row.valid_from:
            errors.append(
                FieldError(
                    "valid_from",
                    "该代码不在册；补录历史须写明生效日期",
                    "this code does not stand; to record the past say valid_from",
                )
            )
        since = row.valid_from or self.plan.today
        if (row.code, since) in self.taken:
            errors.append(
                FieldError(
                    "valid_from",
                    f"{since} 起的同码区划已存在",
                    f"this code with {since} is on record already",
                )
            )
        if errors:
            self._refuse(index, *errors)
            return
        self.plan.fresh.append((index, self._with_kind(replace(row, valid_from=since))))
        if row.valid_to is None:
            self.level_of[row.code] = row.level
            self.root = self.root or row.code

    def _with_kind(self, row: DivisionRow) -> DivisionRow:
        return replace(row, kind=self.profile.kind_of_code(row.code) or row.kind)

    def _no_level(self, row: DivisionRow) -> FieldError:
        zh = "、".join(f"{level.key}({level.title.zh})" for level in self.profile.levels)
        en = ", ".join(level.key for level in self.profile.levels)
        if row.level:
            return FieldError(
                "level",
                f"没有层级「{row.level}」，可用：{zh}",
                f"there is no level {row.level!r}; there are {en}",
            )
        return FieldError(
            "code",
            f"代码「{row.code}」不符合任何层级的编码规则，请改正代码或写明层级",
            f"the code {row.code!r} fits no level's rule; mend it or say the level ({en})",
        )

    def _code_errors(self, row: DivisionRow, level: Level) -> list[FieldError]:
        if not row.code or level.fits(row.code):
            return []
        return [
            FieldError(
                "code",
                f"{level.title.zh}代码应符合 {level.code}，现为「{row.code}」",
                f"a code of level {level.key} matches {level.code}; this is {row.code!r}",
            )
        ]

    def _parent(self, row: DivisionRow, level: Level) -> tuple[str, list[FieldError]]:
        """(code of the parent, or nothing for the root; what is wrong with it)"""
        if self.depth[level.key] == 0:
            if self.root is not None:
                return "", [
                    FieldError(
                        "level",
                        f"最上层已有 {self.root}",
                        f"there is a division at the top already: {self.root}",
                    )
                ]
            return "", []  # what stands above the city (its province) is not in this tree
        parent = row.parent_code or self._above(row.code, level)
        if parent not in self.level_of:
            return parent, [self._no_parent(row, parent)]
        if self.depth[self.level_of[parent]] >= self.depth[level.key]:
            return parent, [
                FieldError(
                    "parent_code",
                    f"上级 {parent} 的层级不高于本级",
                    f"the parent {parent} is not of a level above this one",
                )
            ]
        return parent, []

    def _above(self, code: str, level: Level) -> str:
        """The longest beginning of a code that is itself the code of a higher level; else the root."""
        depth = self.depth[level.key]
        shorter = (code[:length] for length in range(len(code) - 1, 0, -1))
        found = (
            start for start in shorter if start in self.level_of and self.depth[self.level_of[start]] < depth
        )
        return next(found, self.root or "" if depth == 1 else "")

    def _no_parent(self, row: DivisionRow, parent: str) -> FieldError:
        if not parent:
            return FieldError(
                "parent_code",
                "未写上级代码，也无法由代码推出",
                "no parent is given and the code does not tell it",
            )
        near = get_close_matches(parent, self.level_of, n=1, cutoff=0.7)
        return FieldError(
            "parent_code",
            f"上级代码 {parent} 不存在" + (f"，是否为 {near[0]}？" if near else "，请先导入上级"),
            f"the parent {parent} is unknown" + (f"; is it {near[0]}?" if near else "; load it first"),
        )

    def _known(self, index: int, row: DivisionRow, held: Division, errors: list[FieldError]) -> None:
        level = self._level(row)
        if row.level and (level is None or level.key != held.level):
            errors.append(
                FieldError(
                    "level",
                    f"在册层级为 {held.level}，不能更改",
                    f"on record its level is {held.level}; it cannot change",
                )
            )
        above = self._code_of(held.parent_id)
        if row.parent_code and above and row.parent_code != above:
            errors.append(_moved(row, above))
        if row.valid_from and row.valid_from > held.valid_from and row.valid_to is None:
            errors.append(
                FieldError(
                    "valid_from",
                    f"该代码自 {held.valid_from} 起已在册；要重新设立请先关闭原区划",
                    f"this code has stood since {held.valid_from}; close it first to found it anew",
                )
            )
        if errors:
            self._refuse(index, *errors)
        elif row.valid_to:
            self.plan.closing.append((index, row))
        else:
            self._compare(row, held)

    def _code_of(self, division_id: int | None) -> str:
        return self.code_by_id.get(division_id, "") if division_id else ""

    def _compare(self, row: DivisionRow, held: Division) -> None:
        wanted = self._with_kind(row)
        changes: dict[str, Any] = {}
        if wanted.kind and wanted.kind != held.kind:
            changes["kind"] = wanted.kind
        if wanted.households is not None and wanted.households != held.households:
            changes["households"] = wanted.households
        if wanted.provisional is False and held.provisional:
            changes["provisional"] = False
        if alt := {k: v for k, v in wanted.alt_codes.items() if held.alt_codes.get(k) != v}:
            changes["alt_codes"] = held.alt_codes | alt
        if row.name and row.name != held.name:
            self.plan.renamed.append((held, row.name))
        if changes:
            self.plan.amended.append((held, changes))
        if not changes and (not row.name or row.name == held.name):
            self.plan.same += 1


def _twice(code: str, earlier: int) -> FieldError:
    return FieldError(
        "code",
        f"代码 {code} 与本文件第 {earlier + 1} 条重复且内容不同，请保留一条",
        f"the code {code} stands in record {earlier + 1} of this file already, with other content; keep one",
    )


def _moved(row: DivisionRow, above: str) -> FieldError:
    return FieldError(
        "parent_code",
        f"在册上级为 {above}；区划调整请用新代码新设，再将 {row.code} 并入（valid_to 与 successor_code）",
        f"on record its parent is {above}; give the moved division a new code and merge {row.code} into it "
        "(valid_to and successor_code)",
    )
