"""What becomes of a record in time: it is renewed, passes to another holder, is taken off the register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from onedoor.city.queries import calendar
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, NotNow
from onedoor.kernel.texts import tidy
from onedoor.registers import kinds, policies, rules
from onedoor.registers.events import RecordRenewed, RecordTransferred, RecordWithdrawn
from onedoor.registers.language import Lasting, Register
from onedoor.registers.models import Record
from onedoor.registers.values import Filled, filled
from onedoor.registers.writing import (
    Draft,
    changed,
    check_standing,
    fill,
    put,
    seal,
    settle,
    snapshot,
    spot,
    today,
)

LONGEST_REASON = 400


@transaction.atomic
def renew(actor: Actor, number: str, values: Mapping[str, Any]) -> Record:
    """Renews a record from today on, with the fields that its register asks for anew.

    Raises NotFound, NotAllowed, BadInput, Conflict; NotNow for a register whose records are valid for good.
    """
    record, register = _reach(actor, number)
    before = snapshot(record)
    if register.validity is None:
        raise NotNow(zh="此台账没有有效期，无需续期", en="records of this register are valid for good")
    given = _anew(record, register, values, register.validity.renews)
    news = given.news(record.values)
    record.granted_on = today()
    fill(record, register, given)
    seal(record, given.contacts)
    return settle(record, RecordRenewed(**_told(record, register, news, before)), actor)


@transaction.atomic
def transfer(actor: Actor, number: str, draft: Draft, happened_on: str) -> Record:
    """A record passes to another holder, and may move. Raises as `renew` does."""
    record, register = _reach(actor, number)
    before = snapshot(record)
    if register.transfer is None:
        raise NotNow(
            zh="此台账的记录不变更持有人", en="records of this register do not pass to another holder"
        )
    day = _day(happened_on)
    given = _anew(record, register, draft.values, register.transfer.asks)
    news = given.news(record.values)
    if draft.division or draft.lon is not None:
        put(record, register, draft)
    fill(record, register, given)
    seal(record, given.contacts)
    event = RecordTransferred(
        happened_on=day.isoformat(),
        late=_late(day, register.transfer),
        **_told(record, register, news, before),
    )
    return settle(record, event, actor)


@transaction.atomic
def withdraw(actor: Actor, number: str, why: str, happened_on: str, reason: str = "") -> Record:
    """Takes a record off the register; visits planned are dropped. Raises NotFound, NotAllowed, BadInput, Conflict."""
    record, register = _reach(actor, number)
    before, day = snapshot(record), _day(happened_on)
    if why not in register.withdrawal.reasons:
        raise BadInput.of("why", "请从所列各项中选择", "choose one of those listed")
    record.state, record.withdrawn_at, record.next_visit_on = "withdrawn", time.now(), None
    record.visits.filter(state="planned").update(state="dropped")
    event = RecordWithdrawn(
        changes=changed(record, before), why=why, happened_on=day.isoformat(),
        late=_late(day, register.withdrawal.within), reason=tidy(reason)[:LONGEST_REASON],
    )  # fmt: skip
    return settle(record, event, actor)


def _reach(actor: Actor, number: str) -> tuple[Record, Register]:
    record = policies.reach(actor, number, lock=True)
    policies.check(policies.may_keep(actor, record), "变更台账", "change records")
    check_standing(record)
    return record, kinds.current(record.kind)


def _anew(record: Record, register: Register, values: Mapping[str, Any], names: list[str]) -> Filled:
    """The record's values with the named ones given anew; what the register has no more is left behind."""
    given = filled(register, values, names=names)
    kept = {n: v for n, v in record.values.items() if n in register.fields and n not in names}
    return Filled(kept | given.values, given.contacts)


def _told(record: Record, register: Register, news: Filled, before: Mapping[str, Any]) -> dict[str, Any]:
    """What every such change tells in its entry."""
    return {
        "changes": changed(record, before),
        "facts": news.facts(register),
        "contacts": list(news.contacts),
        "text": news.words(register),
        **spot(record),
    }


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadInput.of("happened_on", "日期请写成 2026-11-23", "write the date as 2026-11-23") from None
    if not date(1990, 1, 1) <= day <= today():
        raise BadInput.of("happened_on", "日期不能晚于今天", "the date cannot lie after today")
    return day


def _late(day: date, within: Lasting | None) -> bool:
    return rules.is_late(day, today(), within.span if within else None, calendar())
