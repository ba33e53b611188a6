"""Matters with clocks, verdicts and reopenings drawn by chance: rows only, faster than living through them."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from onedoor.city.models import Category
from onedoor.kernel.models import Entry
from onedoor.matters.models import Clock, Matter, ProcedureVersion, Verdict
from tests.support.smallcity import SmallCity

UNITS = ("419801-housing", "419801-centre", "419802-housing", "419801001-township_office")


def fill(city: SmallCity, chance: Random, now: datetime, count: int) -> None:
    """So many matters of the three weeks before `now` and the week after."""
    for n in range(count):
        made = matter(city, chance, now, f"4198012026{n:06d}")
        for _ in range(chance.randrange(4)):
            _clock(city, chance, made)
        for _ in range(chance.randrange(3)):
            _verdict(chance, made)
        if chance.random() < 0.3:
            _again(chance, made)


def _unit(city: SmallCity, chance: Random) -> int:
    return city.units[chance.choice(UNITS)].pk


def matter(city: SmallCity, chance: Random, now: datetime, number: str) -> Matter:
    """A matter of some unit and county, opened around `now`."""
    county = city.divisions[chance.choice(("419801", "419802"))]
    return Matter.objects.create(
        number=number, procedure=ProcedureVersion.objects.get(key="request"), title="x", channel="web", state="s",
        category=Category.objects.exclude(procedure="").order_by("pk")[0], is_open=chance.random() < 0.6,
        unit_id=_unit(city, chance), county=county, division=county, opened_at=_moment(chance, now),
    )  # fmt: skip


def _moment(chance: Random, near: datetime) -> datetime:
    """Often exactly on the borders at which weeks and limits begin and end."""
    return near + timedelta(hours=12 * chance.randint(-42, 14), microseconds=chance.choice((-1, 0, 0, 1)))


def _clock(city: SmallCity, chance: Random, matter: Matter) -> None:
    due, state = (
        _moment(chance, matter.opened_at),
        chance.choice(("running", "paused", "met", "met", "dropped")),
    )
    ended = due + timedelta(hours=chance.choice((-5, 0, 5))) if state in ("met", "dropped") else None
    name = chance.choice(("accept", "act", "act", "silence", "task"))
    Clock.objects.create(
        matter=matter, name=name, span="1 days", state=state, started_at=matter.opened_at, due_at=due, ended_at=ended,
        unit_id=None if name == "silence" else _unit(city, chance),
    )  # fmt: skip


def _verdict(chance: Random, matter: Matter) -> None:
    Verdict.objects.create(
        matter=matter, number=matter.number, channel=chance.choice(("resident", "callback", "silence")),
        solved=chance.choice((None, True, False)), satisfied=chance.choice((None, 1, 3, 4, 5)),
        at=_moment(chance, matter.opened_at),
    )  # fmt: skip


def _again(chance: Random, matter: Matter) -> None:
    changes = chance.choice(({"times_reopened": 1}, {"state": "handling"}))
    Entry.objects.create(
        stream=matter.stream, seq=2, at=_moment(chance, matter.opened_at), kind=chance.choice(("acted", "changed")),
        by_kind="resident", body={"changes": changes}, hash="",
    )  # fmt: skip
