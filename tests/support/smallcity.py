"""A small city for tests: two counties of two townships of two villages of two square grids, and a named cast.

Grids are squares of 0.01° whose lower left corners stand at (114 + 0.01·i, 35.5), i = 0 … 15, west to east.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from shapely.geometry import box

from onedoor.city import tree as snapshot
from onedoor.city.models import Account, Boundary, Division, DivisionClosure, Post, Profile, Unit
from onedoor.city.queries import actor_for
from onedoor.kernel.actor import Actor
from onedoor.matters import actions as matters
from onedoor.matters import procedures
from onedoor.registers import actions as registers
from onedoor.registers import kinds

SINCE = date(2024, 1, 1)
LEVELS = [
    ("city", r"\d{6}", ["city"]),
    ("county", r"\d{6}", ["county"]),
    ("township", r"\d{9}", ["township"]),
    ("village", r"\d{12}", ["village"]),
    ("grid", r"\d{15}", ["grid"]),
]
PROFILE = {
    "key": "small",
    "title": {"zh": "小城", "en": "Small city"},
    "levels": [{"key": k, "title": {"zh": k, "en": k}, "code": c, "plays": p} for k, c, p in LEVELS],
}
CITY_KINDS = ("centre", "petition_office")
COUNTY_KINDS = (
    "centre", "housing", "urban_management", "market_regulation", "police", "court", "petition_office", "justice",
    "civil_affairs", "health", "education", "human_resources", "mediation_room",
)  # fmt: skip
TOWNSHIP_KINDS = ("township_office", "police_station")
CAST = {  # login → (name, role, unit code, division code)
    "chenmin": ("陈敏", "clerk", "419801-centre", "419801"),
    "zhaolei": ("赵磊", "coordinator", "419801-centre", "419801"),
    "liqiang": ("李强", "handler", "419801-housing", "419801"),
    "qianjun": ("钱军", "handler", "419801-urban_management", "419801"),
    "sunyan": ("孙艳", "handler", "419801-market_regulation", "419801"),
    "wangfang": ("王芳", "mediator", "419801-mediation_room", "419801"),
    "sunli": ("孙丽", "caller", "419800-petition_office", "419801"),
    "zhoutao": ("周涛", "supervisor", "419800-petition_office", "419800"),
    "wujun": ("吴军", "leader", "419801-centre", "419801"),
    "zhengjie": ("郑洁", "grid_worker", "419801001001-village_committee", "419801001001"),
    "hean": ("何安", "auditor", "419800-petition_office", "419800"),
    "farhandler": ("远方", "handler", "419802-housing", "419802"),
}


@dataclass
class SmallCity:
    """The city's rows by code, and its cast as actors."""

    divisions: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, login: str) -> Actor:
        """One of the cast, as an actor."""
        return actor_for(self.accounts[login])

    @property
    def first_grid(self) -> Division:
        """The grid at (114.005, 35.505), in county 419801."""
        return self.divisions["419801001001001"]


@transaction.atomic
def small_city() -> SmallCity:
    """Builds the city, publishes all packs and returns its handles."""
    snapshot.forget()
    procedures.forget()
    kinds.forget()
    Profile.objects.create(key="small", data=PROFILE)
    made = SmallCity()
    _divisions(made)
    _units(made)
    _cast(made)
    matters.publish(Actor.system("test"))
    matters.load_categories(Actor.system("test"))
    registers.publish(Actor.system("test"))
    snapshot.forget()
    return made


def _divisions(made: SmallCity) -> None:
    root = _division(made, "419800", "小城市", "city", None)
    for c in (1, 2):
        county = _division(made, f"41980{c}", f"{'东西'[c - 1]}河区", "county", root)
        for t in (1, 2):
            name = f"{county.name[0]}{'柳杨'[t - 1]}镇"
            township = _division(made, f"{county.code}00{t}", name, "township", county)
            for v in (1, 2):
                name = f"{township.name[:2]}{'前后'[v - 1]}村"
                village = _division(made, f"{township.code}00{v}", name, "village", township)
                for g in (1, 2):
                    _division(made, f"{village.code}00{g}", f"{village.name}第{g}网格", "grid", village)
    Boundary.objects.bulk_create(_boundaries(made))
    DivisionClosure.objects.bulk_create(_closure(made))


def _division(made: SmallCity, code: str, name: str, level: str, parent: Division | None) -> Division:
    row = Division.objects.create(code=code, name=name, level=level, parent=parent, valid_from=SINCE)
    made.divisions[code] = row
    return row


def _boundaries(made: SmallCity) -> list[Boundary]:
    grids = [division for division in made.divisions.values() if division.level == "grid"]
    wests = [round(114 + 0.01 * index, 6) for index in range(len(grids))]
    squares = [box(west, 35.5, round(west + 0.01, 6), 35.51) for west in wests]
    return [
        Boundary(division=grid, wkb=square.wkb, source="test", source_datum="WGS84", valid_from=SINCE)
        for grid, square in zip(grids, squares, strict=True)
    ]


def _closure(made: SmallCity) -> list[DivisionClosure]:
    rows = []
    for division in made.divisions.values():
        above: Division | None = division
        while above is not None:
            rows.append(DivisionClosure(ancestor=above, descendant=division))
            above = above.parent
    return rows


def _units(made: SmallCity) -> None:
    kinds = {
        "city": CITY_KINDS,
        "county": COUNTY_KINDS,
        "township": TOWNSHIP_KINDS,
        "village": ("village_committee",),
    }
    rows = [
        Unit(
            code=f"{division.code}-{kind}",
            name=f"{division.name}{kind}",
            kind=kind,
            division=division,
            valid_from=SINCE,
        )
        for division in made.divisions.values()
        for kind in kinds.get(division.level, ())
    ]
    made.units = {unit.code: unit for unit in Unit.objects.bulk_create(rows)}


def _cast(made: SmallCity) -> None:
    for login, (name, role, unit, division) in CAST.items():
        account = Account(login=login, name=name)
        account.set_unusable_password()
        account.save()
        made.accounts[login] = account
        Post.objects.create(
            account=account,
            unit=made.units[unit],
            role=role,
            division=made.divisions[division],
            valid_from=SINCE,
        )
