"""Sealed contacts of records, read for a purpose, and erasure on time."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from django.db import transaction

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.files import remove
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, NotAllowed, NotFound
from onedoor.kernel.texts import one_line
from onedoor.matters.actions.people import ERASED_TITLE
from onedoor.matters.forms import WORDS
from onedoor.registers import kinds, policies
from onedoor.registers.events import RecordContactRead, RecordErased
from onedoor.registers.models import Contact, ContactReading, Record


@transaction.atomic
def read_contact(actor: Actor, number: str, field: str, purpose: str) -> str:
    """Unseals a contact of a record for a stated purpose, and logs it. Raises NotFound, NotAllowed, BadInput."""
    purpose = one_line(purpose)[:200]
    if len(purpose) < 2:
        raise BadInput.of("purpose", "请写明用途，如「通知续期」", "say what for, e.g. “renewal”")
    record = policies.reach(actor, number, lock=True)
    if actor.account_id is None or field not in policies.fields_seen(actor, record):
        raise NotAllowed(what="查看联系方式 / read contact data")
    contact = Contact.objects.filter(record=record, field=field).first()
    if contact is None:
        raise NotFound(what=field)
    ContactReading.objects.create(
        contact=contact, account_id=actor.account_id, purpose=purpose, at=time.now()
    )
    log.append(record, RecordContactRead(contact=field, purpose=purpose), actor)
    return contact.value


def erase_due(actor: Actor, *, after: timedelta, rule: str, limit: int = 200) -> int:
    """Erases the personal data of records withdrawn longer ago than `after`; returns how many, `limit` at most.

    Contacts, addresses, points and everything people wrote go; facts stay, and so do the digests, so that the chain
    still verifies (个人信息保护法 arts. 19, 47).
    """
    due = Record.objects.filter(state="withdrawn", withdrawn_at__lt=time.now() - after, erased_at=None)
    ids = list(due.order_by("withdrawn_at").values_list("pk", flat=True)[:limit])
    for pk in ids:
        _erase(actor, pk, rule)
    return len(ids)


@transaction.atomic
def _erase(actor: Actor, record_id: int, rule: str) -> None:
    record = Record.objects.select_for_update().get(pk=record_id)
    contacts, _ = record.contacts.all().delete()
    record.visits.update(note="")
    files = _erase_files(record)
    entries = log.erase_words(Entry.objects.filter(stream=record.stream))
    fields = kinds.of(record).fields
    record.values = {n: v for n, v in record.values.items() if n in fields and fields[n].type not in WORDS}
    record.title, record.address, record.lon, record.lat = ERASED_TITLE, "", None, None
    record.key, record.key_digest, record.erased_at = None, "", time.now()
    record.save()
    log.append(record, RecordErased(contacts=contacts, entries=entries, files=files, rule=rule), actor)


def _erase_files(record: Record) -> int:
    """The files go once the transaction has held; how many."""
    kept = record.files.filter(erased_at=None)
    for path in list(kept.values_list("path", flat=True)):
        transaction.on_commit(partial(remove, path))
    return kept.update(erased_at=time.now(), name="")
