"""The demo city, from nothing to a living one: places, units, people, packs, then days of life.

Everything comes in by the actions that a real city's files come in by; the cast is a handful of accounts that can sign
in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from onedoor.city import actions as city
from onedoor.city.actions import GridRow
from onedoor.city.models import Account, Profile
from onedoor.city.queries import kinds_with
from onedoor.city.rows import BoundaryRow, DivisionRow, PostRow, UnitRow
from onedoor.intake import hot
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import Conflict
from onedoor.matters import actions as matters
from onedoor.matters.models import Matter
from onedoor.registers import actions as registers
from onedoor.simulation.cast import Cast
from onedoor.simulation.filing import Filer
from onedoor.simulation.geography import Geography
from onedoor.simulation.life import Life, habits, midnight
from onedoor.simulation.surveying import survey

HOTLINE = "12345"  # the line that every Chinese city has; a made-up number might be somebody's
BUILDER = Actor.system("demo")
PASSWORD = "onedoor-demo"  # noqa: S105  (printed on the screen: a demo city has no secrets)
CAST = (
    "clerk", "coordinator", "handler", "mediator", "caller", "grid_worker", "supervisor", "leader", "auditor", "admin",
    "interviewer",
)  # fmt: skip
Say = Callable[[str, str], None]


@dataclass
class Told:
    """What a run came to."""

    first: date
    last: date
    filed: int
    done: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)
    logins: list[dict[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {**self.__dict__, "first": self.first.isoformat(), "last": self.last.isoformat()}


def run(key: str, *, days: int, per_day: int, seed: int = 1, say: Say, until: date | None = None) -> Told:
    """Builds the city `key` where there is none yet and lives `days` days that end yesterday (or on `until`).

    `say(zh, en)` is told how far it is. Raises ValueError for an unknown city, Conflict where another city or matters
    are already there.
    """
    if Matter.objects.exists():
        raise Conflict(
            zh="库中已有事项；演示请另设 ONEDOOR_HOME",
            en="there are matters already; use another ONEDOOR_HOME",
        )
    geography = Geography.of(key)
    say(f"建城：{geography.shape.profile.title.zh}", f"building {geography.shape.profile.title.en}")
    build(geography)
    last = until or time.now().date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    life = Life(Filer(geography, habits()["filing"]), Cast(), seed=seed, per_day=per_day)
    for number, day in enumerate(life.run(first, days), start=1):
        say(
            f"{day}（{number}/{days}）：已受理 {life.done['filed']} 件",
            f"{life.done['filed']} matters so far",
        )
    survey(last, seed)
    say("归并热点", "grouping what many speak of")
    regroup(last)
    return Told(first, last, life.done["filed"], dict(life.done), dict(life.refused), cast(geography))


def regroup(last: date) -> None:
    """Groups the filings as a city's server does every night, so that the hot issues are there from the first look."""
    with time.at(midnight(last + timedelta(days=1))):
        hot.rebuild()


def build(geography: Geography) -> None:
    """Places, outlines, units, posts, procedures and categories of a synthetic city."""
    if not Profile.objects.exists():
        city.load_profile(BUILDER, geography.shape.profile)
    rows, lands = geography.divisions(), geography.polygons()
    grids = set(geography.grids())
    upper = [row for row in rows if row.code not in grids]
    city.take_divisions(BUILDER, [_division(row) for row in upper]).all_or_raise()
    city.take_boundaries(BUILDER, [_outline(row, lands) for row in upper]).all_or_raise()
    city.take_grids(
        BUILDER, [GridRow(_division(row), _outline(row, lands)) for row in rows if row.code in grids]
    ).all_or_raise()
    since, doors = geography.shape.city.valid_from, kinds_with("door")
    units = [
        UnitRow(
            u.name,
            u.kind,
            u.division_code,
            u.code,
            u.parent_code,
            phone=HOTLINE if u.kind in doors else "",
            valid_from=since,
        )
        for u in geography.units()
    ]
    city.take_units(BUILDER, units).all_or_raise()
    posts = [
        PostRow(p.name, p.unit_code, p.role, p.division_code, p.login, p.valid_from, p.valid_to)
        for p in geography.roster()
    ]
    city.take_posts(BUILDER, posts).all_or_raise()
    matters.publish(BUILDER)
    matters.load_categories(BUILDER)
    registers.publish(BUILDER)


def _division(row: Any) -> DivisionRow:
    return DivisionRow(
        code=row.code, name=row.name, level=row.level, parent_code=row.parent_code, kind=row.kind or row.level,
        households=row.households or None, valid_from=row.valid_from,
    )  # fmt: skip


def _outline(row: Any, lands: dict[str, Any]) -> BoundaryRow:
    return BoundaryRow(row.code, lands[row.code], "synthetic", "WGS84", row.valid_from)


def cast(geography: Geography) -> list[dict[str, str]]:
    """One account per role, in the first county where the role sits, made able to sign in; logins as printed."""
    shown = []
    present = [post for post in geography.roster() if post.valid_to is None]
    first = min(post.division_code for post in present if post.role == "clerk" and _at_a_centre(post))
    for role in CAST:
        held = [post for post in present if post.role == role]
        near = [post for post in held if post.division_code.startswith(first)] or held
        desk = "housing" if role == "handler" else "centre"
        chosen = next((post for post in near if post.unit_code.endswith(desk)), near[0])
        city.set_password(BUILDER, chosen.login, PASSWORD)
        account = Account.objects.get(login=chosen.login)
        shown.append({"role": role, "login": chosen.login, "name": account.name, "password": PASSWORD})
    return shown


def _at_a_centre(post: Any) -> bool:
    return str(post.unit_code).endswith("centre")
