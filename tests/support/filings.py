"""Matters as they come into the small city of the tests, and what is done with them."""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import directory
from onedoor.kernel.actor import Actor
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Matter
from tests.support.smallcity import SmallCity

PHONE = "13800001234"
ANSWER = {"answer": "已经退还押金。依据物业管理条例。", "outcome": "solved"}


def opened(
    city: SmallCity,
    *,
    unit: str = "419801-housing",
    category: str = "property.deposit",
    name: str = "刘娟",
    contact: str = PHONE,
    confidential: bool = False,
    about: PartyData | None = None,
    **more: Any,
) -> Matter:
    """A matter of the first grid, reported by 刘娟; `about` is the one complained of."""
    reporter = PartyData("reporter", name, contact, confidential=confidential)
    filing = Filing(
        category=directory().categories[category],
        unit_id=city.units[unit].pk,
        division_id=city.first_grid.pk,
        title="物业公司扣着装修押金不退",
        detail="装修完三个月了,物业一直不退3000元押金。\n打了十几次电话都推。",
        parties=(reporter, about) if about else (reporter,),
        **more,
    )
    return matters.open_many(Actor.system("test"), [filing])[0]


def answered(city: SmallCity, matter: Matter, login: str = "liqiang") -> Matter:
    """The matter, received and answered by the responsible unit."""
    matters.act(city.actor(login), matter.number, "accept")
    return matters.act(city.actor(login), matter.number, "answer", ANSWER)
