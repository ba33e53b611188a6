"""The demo cities as stages: one grid of each, the units that answer there, and a cast with names.

The same people are appointed in every city, by the kinds of their units and by the files of the city itself; no story
asks in which city it happens.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from onedoor.city import actions as city
from onedoor.city.models import Account, Unit
from onedoor.city.queries import actor_for, directory, tree
from onedoor.city.rows import PostRow
from onedoor.city.tree import Node
from onedoor.kernel.actor import Actor
from onedoor.simulation import demo
from onedoor.simulation.geography import Division, Geography, Landmarks

CAST = {  # login → (name, role, kind of unit)
    "chenmin": ("陈敏", "clerk", "centre"),
    "zhaolei": ("赵磊", "coordinator", "centre"),
    "wujun": ("吴军", "leader", "centre"),
    "sunli": ("孙丽", "caller", "centre"),
    "wangfang": ("王芳", "mediator", "mediation_property"),
    "liqiang": ("李强", "handler", "housing"),
    "sunyan": ("孙艳", "handler", "market_regulation"),
    "hejing": ("何静", "handler", "justice"),
    "liuyang": ("刘洋", "handler", "township_office"),
    "qianjun": ("钱军", "handler", "urban_management"),
    "mahui": ("马辉", "handler", "water"),
    "zhoutao": ("周涛", "supervisor", "city_office"),
    "hean": ("何安", "auditor", "city_office"),
}
GRID_WORKER = ("zhengjie", "郑洁")
STRANGER = ("yuanfang", "远方", "housing")  # the same post as 李强, but in another county


@dataclass(frozen=True)
class Town:
    """A city, and the grid in it where stories happen."""

    key: str
    geography: Geography
    stage: Division
    points: tuple[tuple[float, float], ...]  # two places in the grid, some steps apart

    @property
    def grid(self) -> Node:
        """The grid where stories happen."""
        return tree().by_code[self.stage.code]

    @property
    def county(self) -> Node:
        """Its county, or what plays one here."""
        return tree().county(self.grid.id)

    @property
    def landmarks(self) -> Landmarks:
        """What people name when they say where it is."""
        return self.geography.landmarks(self.stage.code)

    @property
    def address(self) -> str:
        """Where 刘娟 lives, as she writes it: the names from below the city down, and her estate."""
        return (
            tree().full_name(self.grid.parent_id or self.grid.id).replace(" · ", "")
            + self.landmarks.estates[0]
        )

    def unit(self, kind: str) -> Unit:
        """The nearest unit of a kind that answers for the grid."""
        return directory().of_kind(kind, self.grid.id)[0]

    def actor(self, login: str) -> Actor:
        """One of the cast, as an actor."""
        return actor_for(Account.objects.get(login=login))


def founded(key: str) -> Town:
    """Builds the city in the database in use and appoints the cast."""
    geography = Geography.of(key)
    demo.build(geography)
    stage = next(row for row in geography.divisions() if _fits(geography, row))
    lon, lat = geography.point_in(stage.code, Random("stage"))
    town = Town(key, geography, stage, ((lon, lat), (round(lon + 0.0002, 6), round(lat + 0.0001, 6))))
    city.take_posts(demo.BUILDER, _posts(town)).all_or_raise()
    for login in (*CAST, GRID_WORKER[0], STRANGER[0]):
        city.set_password(demo.BUILDER, login, demo.PASSWORD)
    return town


def _fits(geography: Geography, row: Division) -> bool:
    """A grid where people live in an estate."""
    return row.code in geography.grids() and bool(geography.landmarks(row.code).estates)


def _posts(town: Town) -> list[PostRow]:
    since = date(2025, 1, 1)
    rows = [
        PostRow(name, town.unit(kind).code, role, login=login, valid_from=since)
        for login, (name, role, kind) in CAST.items()
    ]
    [patrol] = {posts.unit for posts in town.geography.shape.posts if posts.role == "grid_worker"}
    login, name = GRID_WORKER
    rows.append(PostRow(name, town.unit(patrol).code, "grid_worker", town.stage.code, login, since))
    login, name, kind = STRANGER
    elsewhere = next(
        unit
        for unit in directory().units.values()
        if unit.kind == kind and unit.division_id != town.county.id
    )
    return [*rows, PostRow(name, elsewhere.code, "handler", login=login, valid_from=since)]
