"""Parties, their sealed contacts, files, and erasure on time."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from onedoor.kernel import files, log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, NotAllowed, NotFound
from onedoor.matters import policies
from onedoor.matters.actions.opening import PartyData, make_party
from onedoor.matters.events import Attached, ContactRead, Erased, PartyAdded
from onedoor.matters.models import Attachment, Matter, Party, Reading
from onedoor.matters.registry import ERASERS

MOST_FILES = 20
ERASED_TITLE = "〔已清除〕"


@transaction.atomic
def add_party(actor: Actor, number: str, data: PartyData) -> Party:
    """Names a party of a matter. Raises NotFound, NotAllowed, BadInput."""
    if not (data.name.strip() or data.unit_id):
        raise BadInput.of("name", "请填写姓名或选择单位", "give a name or choose a unit")
    matter = policies.reach(actor, number, lock=True)
    if not policies.performs(matter, ["clerk", "coordinator", "unit", "mediator", "system"]):
        raise NotAllowed(what="添加当事人 / add a party")
    party = make_party(matter, data)
    party.save()
    log.append(matter, PartyAdded(party.pk, party.role, party.unit_id, party.confidential), actor)
    return party


@transaction.atomic
def read_contact(actor: Actor, party_id: int, purpose: str) -> Party:
    """Unseals a party for a stated purpose, and logs it. Confidential reporters are read at the door alone.

    Raises NotFound, NotAllowed, BadInput.
    """
    if len(purpose.strip()) < 2:
        raise BadInput.of("purpose", "请写明用途，如「电话回访」", "say what for, e.g. “call back”")
    party = Party.objects.select_related("matter").filter(pk=party_id).first()
    if party is None or actor.account_id is None:
        raise NotFound(what=f"#{party_id}")
    matter = policies.reach(actor, party.matter.number, lock=True)
    names = ["clerk", "coordinator", "caller"] if party.confidential else [
        "clerk", "coordinator", "caller", "unit", "mediator", "grid_worker"
    ]  # fmt: skip
    if not policies.performs(matter, names):
        raise NotAllowed(what="查看联系方式 / read contact data")
    Reading.objects.create(
        party=party, account_id=actor.account_id, purpose=purpose.strip()[:200], at=time.now()
    )
    log.append(matter, ContactRead(party.pk, purpose.strip()[:200]), actor)
    return party


@transaction.atomic
def attach(actor: Actor, number: str, name: str, content: bytes) -> Attachment:
    """Adds a file: sniffed, limited, images re-encoded without EXIF. Raises NotFound, BadInput, TooLarge."""
    matter = policies.reach(actor, number, lock=True)
    if matter.attachments.count() >= MOST_FILES:
        raise BadInput.of(
            "file", f"每件事项最多 {MOST_FILES} 个附件", f"at most {MOST_FILES} files per matter"
        )
    kept = files.accept(name, content)
    attachment = Attachment.objects.create(
        matter=matter, name=kept.name, media_type=kept.media_type, size=kept.size, sha256=kept.sha256,
        path=files.store(kept), from_reporter=actor.kind == "resident", added_at=time.now(),
    )  # fmt: skip
    log.append(matter, Attached(attachment.pk, kept.media_type, kept.size, kept.sha256), actor)
    return attachment


def erase_due(actor: Actor, *, after: timedelta, rule: str) -> int:
    """Erases the personal data of matters closed longer ago than `after`; returns how many matters.

    Names, contacts, files and everything people wrote go; what was done, when and by which unit stays, and so do the
    digests, so that the chain still verifies (个人信息保护法 arts. 19, 47).
    """
    limit = time.now() - after
    due = Matter.objects.filter(is_open=False, closed_at__lt=limit).exclude(title=ERASED_TITLE)
    ids = list(due.exclude(joined__is_open=True).values_list("pk", flat=True)[:1000])
    for pk in ids:
        _erase(actor, pk, rule)
    return len(ids)


@transaction.atomic
def _erase(actor: Actor, matter_id: int, rule: str) -> None:
    matter = Matter.objects.select_for_update().get(pk=matter_id)
    now = time.now()
    parties = matter.parties.filter(erased_at=None).update(
        name="", contact="", contact_token="", erased_at=now
    )
    gone = list(matter.attachments.filter(erased_at=None))
    for attachment in gone:
        files.remove(attachment.path)
    matter.attachments.filter(erased_at=None).update(erased_at=now, name="")
    for erase in ERASERS.values():
        erase(matter)
    entries = log.erase_words(Entry.objects.filter(stream=matter.stream))
    matter.verdicts.update(reason="")
    matter.tasks.update(result="")
    matter.objections.update(reason="", grounds="")
    matter.title, matter.detail, matter.address = ERASED_TITLE, "", ""
    matter.lon = matter.lat = None
    matter.save(update_fields=["title", "detail", "address", "lon", "lat"])
    log.append(matter, Erased(parties=parties, entries=entries, attachments=len(gone), rule=rule), actor)
