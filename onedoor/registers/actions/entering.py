"""Entering and correcting records, one by one or as a table's rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from onedoor.city.queries import tree
from onedoor.city.rows import Taken
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, FieldError, KeyReused, NotAllowed, NotFound
from onedoor.kernel.statements import insert
from onedoor.kernel.texts import one_line
from onedoor.registers import kinds, policies
from onedoor.registers.events import RecordCorrected, RecordEntered
from onedoor.registers.language import Register
from onedoor.registers.models import Record
from onedoor.registers.values import Filled, filled
from onedoor.registers.writing import (
    Draft,
    changed,
    check_standing,
    fill,
    next_visit,
    put,
    seal,
    settle,
    snapshot,
    spot,
    today,
)

WHAT = "登记台账", "enter records"


def enter(actor: Actor, kind: str, draft: Draft) -> Record:
    """Enters a record of a register. The same key gives the same record.

    Raises NotFound, NotAllowed, BadInput, KeyReused.
    """
    try:
        return _enter(actor, kind, draft)
    except IntegrityError:  # another request with this key came first: now it is there to be found
        if not draft.key:
            raise
        return _enter(actor, kind, draft)


@transaction.atomic
def _enter(actor: Actor, kind: str, draft: Draft) -> Record:
    register = kinds.current(kind)
    digest = (
        log.digest(draft.values, draft.division, draft.address, draft.lon, draft.lat) if draft.key else ""
    )
    held = Record.objects.filter(key=draft.key).first() if draft.key else None
    if held is not None:
        if held.key_digest != digest or held.kind != kind:
            raise KeyReused
        return policies.reach(actor, held.number)
    given = filled(register, draft.values)
    record = _made(register, draft, given)
    policies.check(policies.over(actor, register.kept_by).has(record), *WHAT)
    record.key, record.key_digest = draft.key, digest
    record.number = _number(register, record)
    insert([record])
    seal(record, given.contacts)
    event = RecordEntered(
        register=kind, number=record.number, changes=snapshot(record), facts=given.facts(register),
        contacts=list(given.contacts), text=given.words(register), **spot(record),
    )  # fmt: skip
    log.append(record, event, actor)
    return record


def _made(register: Register, draft: Draft, given: Filled) -> Record:
    record = Record(kind=register.key, granted_on=today(), entered_at=time.now())
    put(record, register, draft)
    fill(record, register, given)
    record.next_visit_on = next_visit(register)
    return record


def _number(register: Register, record: Record) -> str:
    """The register's capitals, the county's code, the year and a running number."""
    county, year = tree().county(record.division_id).code, today().year
    [seq] = log.next_numbers(f"record/{register.prefix}/{county}/{year}")
    return f"{register.prefix}{county}{year}{seq:05d}"


@transaction.atomic
def correct(actor: Actor, draft: Draft, reason: str = "", *, seen: int | None = None) -> Record:
    """Puts right what the record `draft.number` says: all fields anew, contacts only where given.

    Where neither division nor point is given it stays where it stands. `seen` is the number of entries the actor had
    seen. Raises NotFound, NotAllowed, BadInput, Conflict.
    """
    record = policies.reach(actor, draft.number, lock=True)
    policies.check(policies.may_keep(actor, record), "更正台账", "correct records")
    check_standing(record)
    if seen is not None and seen != record.head_seq:
        raise Conflict(
            zh="此记录刚刚有了改动，请查看后再操作", en="somebody has just changed this record; look again"
        )
    register, before = kinds.current(record.kind), snapshot(record)
    sent = _with_the_unseen(actor, record, register, draft.values)
    given = filled(register, sent, kept=record.contacts.values_list("field", flat=True))
    if draft.division or draft.lon is not None:
        put(record, register, draft)
        policies.check(policies.may_keep(actor, record), *WHAT)
    news = given.news(record.values)
    fill(record, register, given)
    seal(record, given.contacts)
    event = RecordCorrected(
        changes=changed(record, before), facts=news.facts(register), contacts=list(news.contacts),
        text=news.words(register), reason=one_line(reason)[:200], **spot(record),
    )  # fmt: skip
    return settle(record, event, actor)


def _with_the_unseen(
    actor: Actor, record: Record, register: Register, sent: Mapping[str, Any]
) -> dict[str, Any]:
    """What was sent, but for what the actor does not see of the record: that stays as it is, whatever was sent."""
    unseen = kinds.of(record).fields.keys() - policies.fields_seen(actor, record)
    stays = {n: v for n, v in record.values.items() if n in unseen and n in register.fields}
    return {n: v for n, v in sent.items() if n not in unseen} | stays


def take(actor: Actor, kind: str, drafts: Sequence[Draft]) -> Taken:
    """Enters and corrects records as a table brings them; a row that cannot be taken is refused, the others are.

    Raises NotFound for a register that there is not.
    """
    kinds.current(kind)
    taken = Taken()
    with transaction.atomic():
        for index, draft in enumerate(drafts):
            try:
                with transaction.atomic():
                    _take(actor, kind, draft, taken)
            except BadInput as problem:
                taken.refused[index] = problem.errors
            except (NotFound, NotAllowed, Conflict) as problem:
                taken.refused[index] = [FieldError("number", problem.text("zh"), problem.text("en"))]
    return taken


def _take(actor: Actor, kind: str, draft: Draft, taken: Taken) -> None:
    if not draft.number:
        enter(actor, kind, draft)
        taken.added += 1
        return
    if not Record.objects.filter(number=draft.number, kind=kind).exists():
        raise NotFound(what=draft.number)
    correct(actor, draft)
    taken.changed += 1
