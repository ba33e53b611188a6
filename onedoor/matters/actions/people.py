"""Parties, their sealed contacts, files, and erasure on time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Q

from onedoor.city.queries import directory
from onedoor.kernel import files, log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, NotAllowed, NotFound
from onedoor.kernel.texts import one_line
from onedoor.matters import policies, procedures
from onedoor.matters.actions.opening import PartyData, make_party
from onedoor.matters.effects import keep_away
from onedoor.matters.events import Attached, ContactRead, Erased, PartyAdded
from onedoor.matters.language import PartyRule
from onedoor.matters.models import Attachment, Matter, Party, Reading
from onedoor.matters.moving import Moving
from onedoor.matters.registry import ERASERS

MOST_FILES = 20
LONGEST = 60  # characters of a name or a contact
MAY_NAME = ["clerk", "coordinator", "unit", "mediator", "system"]
ROLES = ("reporter", "respondent", "representative", "other")
ERASED_TITLE = "〔已清除〕"


@transaction.atomic
def add_party(actor: Actor, number: str, data: PartyData) -> Party:
    """Names a party of a matter. Raises NotFound, NotAllowed, BadInput, NotNow.

    A unit that is now complained of loses its part in the matter; where it was responsible, the matter goes one level
    up, and NotNow says so if no unit is free to take it.
    """
    data = _cleaned_party(data)
    matter = policies.reach(actor, number, lock=True)
    if not policies.performs(matter, MAY_NAME):
        raise NotAllowed(what="添加当事人 / add a party")
    step = Moving(actor, matter, procedures.of(matter))
    _room_for(step, data.role)
    party = make_party(matter, data)
    party.save()
    if party.role == "respondent" and party.unit_id:
        keep_away(step, party.unit_id)
    step.settle(
        PartyAdded(
            party.pk, party.role, party.unit_id, party.confidential, step.changes(), step.clock_lines()
        )
    )
    return party


def _room_for(step: Moving, role: str) -> None:
    """Raises BadInput where the procedure allows no more parties of that kind (信访工作条例 art. 20, say)."""
    rules: Mapping[str, PartyRule] = step.procedure.parties  # type: ignore[assignment]  # its keys are such roles
    rule = rules.get(role)
    if rule and step.matter.parties.filter(role=role).count() >= rule.most:
        raise BadInput.of(
            "role",
            f"此类当事人最多 {rule.most} 人（{rule.source}）",
            f"at most {rule.most} of them ({rule.source})",
        )


def _cleaned_party(data: PartyData) -> PartyData:
    """The party with its texts in order. Raises BadInput."""
    name, contact = one_line(data.name), one_line(data.contact)
    if data.role not in ROLES:
        raise BadInput.of("role", "请选择当事人类型", "choose what kind of party it is")
    if not (name or data.unit_id):
        raise BadInput.of("name", "请填写姓名或选择单位", "give a name or choose a unit")
    if max(len(name), len(contact)) > LONGEST:
        raise BadInput.of(
            "name",
            f"姓名、联系方式最多 {LONGEST} 字",
            f"names and contacts have at most {LONGEST} characters",
        )
    if data.unit_id and data.unit_id not in directory().units:
        raise BadInput.of(
            "unit", "没有这个单位，请从列表中选择", "there is no such unit; choose from the list"
        )
    return replace(data, name=name, contact=contact)


@transaction.atomic
def read_contact(actor: Actor, party_id: int, purpose: str) -> Party:
    """Unseals a party for a stated purpose, and logs it. Confidential reporters are read at the door alone.

    Raises NotFound, NotAllowed, BadInput.
    """
    purpose = one_line(purpose)[:200]
    if len(purpose) < 2:
        raise BadInput.of("purpose", "请写明用途，如「电话回访」", "say what for, e.g. “call back”")
    party = Party.objects.select_related("matter").filter(pk=party_id).first()
    if party is None or actor.account_id is None:
        raise NotFound(what=f"#{party_id}")
    matter = policies.reach(actor, party.matter.number, lock=True)
    if not policies.may_read_contact(matter, party):
        raise NotAllowed(what="查看联系方式 / read contact data")
    Reading.objects.create(party=party, account_id=actor.account_id, purpose=purpose, at=time.now())
    log.append(matter, ContactRead(party.pk, purpose), actor)
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


def erase_due(actor: Actor, *, after: timedelta, rule: str, limit: int = 1000) -> int:
    """Erases the personal data of matters closed longer ago than `after`; returns how many, `limit` at most.

    Names, contacts, files and everything people wrote go; what was done, when and by which unit stays, and so do the
    digests, so that the chain still verifies (个人信息保护法 arts. 19, 47). A joined filing waits for its master.
    """
    closed = time.now() - after
    due = Matter.objects.filter(is_open=False, closed_at__lt=closed, erased_at=None)
    due = due.filter(Q(master=None) | Q(master__is_open=False, master__closed_at__lt=closed))
    ids = list(due.order_by("closed_at").values_list("pk", flat=True)[:limit])
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
    attachments = _erase_files(matter, now)
    for erase in ERASERS.values():
        erase(matter)
    entries = log.erase_words(Entry.objects.filter(stream=matter.stream))
    _erase_texts(matter)
    matter.title, matter.detail, matter.address, matter.key, matter.key_digest = (
        ERASED_TITLE,
        "",
        "",
        None,
        "",
    )
    matter.lon, matter.lat, matter.erased_at = None, None, now
    matter.save(update_fields=["title", "detail", "address", "key", "key_digest", "lon", "lat", "erased_at"])
    log.append(matter, Erased(parties=parties, entries=entries, attachments=attachments, rule=rule), actor)


def _erase_files(matter: Matter, now: datetime) -> int:
    """The files go once the transaction has held; how many."""
    kept = matter.attachments.filter(erased_at=None)
    for path in list(kept.values_list("path", flat=True)):
        transaction.on_commit(partial(files.remove, path))
    return kept.update(erased_at=now, name="")


def _erase_texts(matter: Matter) -> None:
    """What people wrote beside the log: verdicts, tasks, objections, reasons of extensions, purposes of readings."""
    matter.verdicts.update(reason="")
    matter.tasks.update(title=ERASED_TITLE, result="")
    matter.objections.update(reason="", grounds="")
    Reading.objects.filter(party__matter=matter).update(purpose="")
    for clock in matter.clocks.exclude(extensions=[]):
        clock.extensions = [{**extension, "why": ""} for extension in clock.extensions]
        clock.save(update_fields=["extensions"])
