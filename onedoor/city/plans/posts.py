"""What rows of a roster would change: accounts that are new, posts that begin, posts that end.

A row without a login means the account of that name that has, or had, a post in the same unit; where there is none, a
new account is made with a login of role, place and a number. Two people of one name in one unit therefore need logins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches

from onedoor.city.models import Account, Division, Post, Unit
from onedoor.city.queries import roles
from onedoor.city.rows import PostRow, Refusals
from onedoor.kernel import time
from onedoor.kernel.problems import FieldError

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{1,59}")
Key = tuple[str, str, str, str]  # login, unit, role, division


@dataclass
class PostPlan:
    """Everything that would be done; numbers are rows."""

    today: date
    accounts: dict[str, str] = field(default_factory=dict)  # new: login → name
    renamed: dict[str, str] = field(default_factory=dict)  # known: login → new name
    fresh: list[tuple[int, PostRow]] = field(default_factory=list)
    ending: list[tuple[int, Post, date, str]] = field(default_factory=list)
    same: int = 0
    refused: Refusals = field(default_factory=dict)
    known: dict[str, Account] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    divisions: dict[str, Division] = field(default_factory=dict)


def plan(rows: Sequence[PostRow]) -> PostPlan:
    """What these rows would do to the accounts and posts on record."""
    planner = _Planner()
    for index, row in enumerate(rows):
        planner.look_at(index, row)
    return planner.plan


class _Planner:
    """Looks at one row after the other, remembering what is there by then."""

    def __init__(self) -> None:
        units = list(Unit.objects.filter(valid_to=None))
        self.plan = PostPlan(
            time.now().date(),
            known={account.login: account for account in Account.objects.all()},
            units={unit.code: unit for unit in units},
            divisions={d.code: d for d in Division.objects.filter(valid_to=None)},
        )
        self.code_by_id = {d.pk: code for code, d in self.plan.divisions.items()}
        self.by_unit_name: dict[str, list[str]] = {}
        for unit in units:
            self.by_unit_name.setdefault(unit.name, []).append(unit.code)
        self.role_by_title = {facts["title"]["zh"]: key for key, facts in roles().items()}
        self.posts: dict[Key, list[Post]] = {}
        self.person: dict[tuple[str, str], set[str]] = {}  # (name, unit code) → logins
        self._read_posts()
        self.coming: dict[Key, list[tuple[date, date | None]]] = {}
        self.given = {account.casefold() for account in self.plan.known}

    def _read_posts(self) -> None:
        posts = Post.objects.select_related("account", "unit", "division").order_by("valid_from")
        for post in posts:
            key = (post.account.login, post.unit.code, post.role, post.division.code)
            self.posts.setdefault(key, []).append(post)
            self.person.setdefault((post.account.name, post.unit.code), set()).add(post.account.login)

    def look_at(self, index: int, row: PostRow) -> None:
        """Takes one row into the plan, or refuses it with every reason."""
        row = self._complete(row)
        errors = self._errors(row)
        if not errors and not row.login:
            row, errors = self._with_login(row)
        if errors:
            self.plan.refused[index] = errors
            return
        self._account(row)
        key = (row.login, row.unit_code, row.role, row.division_code)
        held = self._held(key, row)
        if held is not None:
            self._known(index, row, held)
        else:
            self._fresh(index, row, key)

    def _complete(self, row: PostRow) -> PostRow:
        named = self.by_unit_name.get(row.unit_code, [])
        unit = row.unit_code if row.unit_code in self.plan.units or len(named) != 1 else named[0]
        own = self.plan.units.get(unit)
        division = row.division_code or (self.code_by_id.get(own.division_id, "") if own else "")
        role = self.role_by_title.get(row.role, row.role)
        return replace(
            row, unit_code=unit, division_code=division, role=role, login=row.login.strip().lower()
        )

    def _errors(self, row: PostRow) -> list[FieldError]:
        errors = []
        if not row.name or len(row.name) > 60:
            errors.append(
                FieldError("name", "姓名为空或超过 60 字", "the name is empty or over 60 characters")
            )
        if row.login and not LOGIN.fullmatch(row.login):
            errors.append(
                FieldError(
                    "login",
                    "账号应为小写字母、数字和 . _ @ -,2 至 60 位",
                    "a login is 2 to 60 small letters, digits and . _ @ -",
                )
            )
        if row.unit_code not in self.plan.units:
            errors.append(self._no_unit(row.unit_code))
        if row.role not in roles():
            known = "、".join(f"{key}({facts['title']['zh']})" for key, facts in roles().items())
            errors.append(
                FieldError(
                    "role",
                    f"没有岗位角色「{row.role}」，可用：{known}",
                    f"there is no role {row.role!r}; there are {', '.join(roles())}",
                )
            )
        if row.unit_code in self.plan.units and row.division_code not in self.plan.divisions:
            errors.append(self._no_division(row.division_code))
        if row.valid_from and row.valid_to and row.valid_to <= row.valid_from:
            errors.append(
                FieldError("valid_to", "离任日期应晚于到任日期", "valid_to must be later than valid_from")
            )
        return errors

    def _no_unit(self, code: str) -> FieldError:
        several = self.by_unit_name.get(code, [])
        if several:
            return FieldError(
                "unit_code",
                f"有 {len(several)} 个单位叫「{code}」，请写单位代码：{'、'.join(several[:4])}",
                f"{len(several)} units are called {code!r}; write the code: {', '.join(several[:4])}",
            )
        near = get_close_matches(code, [*self.plan.units, *self.by_unit_name], n=1, cutoff=0.7)
        return FieldError(
            "unit_code",
            f"没有单位「{code}」" + (f"，是否为「{near[0]}」？" if near else "，请先导入单位"),
            f"there is no unit {code!r}" + (f"; is it {near[0]!r}?" if near else "; load units first"),
        )

    def _no_division(self, code: str) -> FieldError:
        near = get_close_matches(code, self.plan.divisions, n=1, cutoff=0.7)
        return FieldError(
            "division_code",
            f"没有区划「{code}」" + (f"，是否为 {near[0]}？" if near else ""),
            f"there is no division {code!r}" + (f"; is it {near[0]}?" if near else ""),
        )

    def _with_login(self, row: PostRow) -> tuple[PostRow, list[FieldError]]:
        logins = self.person.get((row.name, row.unit_code), set())
        if len(logins) > 1:
            listed = ", ".join(sorted(logins))
            return row, [
                FieldError(
                    "login",
                    f"该单位有 {len(logins)} 位同名人员，请写账号：{listed}",
                    f"{len(logins)} people of this name are in the unit; write the login: {listed}",
                )
            ]
        if logins:
            return replace(row, login=next(iter(logins))), []
        number = 1
        while (login := f"{row.role}.{row.division_code}.{number}".lower()[:60]) in self.given:
            number += 1
        return replace(row, login=login), []

    def _account(self, row: PostRow) -> None:
        self.person.setdefault((row.name, row.unit_code), set()).add(row.login)
        self.given.add(row.login)
        held = self.plan.known.get(row.login)
        if held is None:
            self.plan.accounts.setdefault(row.login, row.name)
        elif held.name != row.name and (row.valid_to is None or row.valid_to > self.plan.today):
            self.plan.renamed[row.login] = row.name

    def _held(self, key: Key, row: PostRow) -> Post | None:
        """The post on record that this row speaks of: that of its first day, or the one that lasts."""
        there = self.posts.get(key, [])
        if row.valid_from:
            exact = next((post for post in there if post.valid_from == row.valid_from), None)
            if exact is not None:
                return exact
            return next(
                (
                    post
                    for post in there
                    if post.valid_from <= row.valid_from and _lasts(post, row.valid_from)
                ),
                None,
            )
        return next(
            (
                post
                for post in reversed(there)
                if _lasts(post, self.plan.today) or post.valid_to == row.valid_to
            ),
            None,
        )

    def _known(self, index: int, row: PostRow, held: Post) -> None:
        if row.valid_to is None or row.valid_to == held.valid_to:
            self.plan.same += 1
        elif row.valid_to <= held.valid_from:
            self.plan.refused[index] = [
                FieldError(
                    "valid_to",
                    f"应晚于到任日期 {held.valid_from}",
                    f"must be later than the day it began, {held.valid_from}",
                )
            ]
        else:
            self.plan.ending.append((index, held, row.valid_to, row.reason))

    def _fresh(self, index: int, row: PostRow, key: Key) -> None:
        since = row.valid_from or min(self.plan.today, row.valid_to or self.plan.today)
        if row.valid_to and not row.valid_from:
            self.plan.refused[index] = [
                FieldError(
                    "valid_from",
                    "不在岗；补录历史须写明到任日期",
                    "no such post is held; to record the past say valid_from",
                )
            ]
        elif (since, row.valid_to) in self.coming.get(key, []):
            self.plan.same += 1
        elif any(_meet(since, row.valid_to, *other) for other in self.coming.get(key, [])):
            self.plan.refused[index] = [
                FieldError(
                    "valid_from",
                    "与本文件中同一人同一岗位的任期重叠",
                    "this person holds this post then already, says an earlier row",
                )
            ]
        else:
            self.coming.setdefault(key, []).append((since, row.valid_to))
            self.plan.fresh.append((index, replace(row, valid_from=since)))


def _lasts(post: Post, day: date) -> bool:
    return post.valid_to is None or post.valid_to > day


def _meet(since: date, until: date | None, other_since: date, other_until: date | None) -> bool:
    return (other_until is None or since < other_until) and (until is None or other_since < until)
