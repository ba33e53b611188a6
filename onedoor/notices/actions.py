"""Changes: sending what waits, telling somebody another way, taking note.

Sending moves a notice on to its next try before it hands it over, so that two senders never take the same one and a
sender that died loses nothing; a repeat carries the same key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.matters import policies
from onedoor.matters.models import Matter
from onedoor.notices import queries, reminding, rules, senders
from onedoor.notices.events import NoticeShown, NoticesSent, NotReached, ReminderSeen, ToldOtherwise
from onedoor.notices.models import Notice, Reminder, Sending
from onedoor.notices.policies import may_tell
from onedoor.notices.senders import Carrier, Message, Send, Undeliverable

BATCH = 50  # so few that a batch of messages that all time out ends before the first of them is due again
OTHER_CHANNELS = ("phone", "letter", "visit")  # 电话、信函、上门
SENDER = Actor.system("sender")


@dataclass(frozen=True)
class Outcome:
    """What a call of `send_waiting` did."""

    sent: int = 0
    failed: int = 0  # tries that failed, whether or not there will be another

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.sent + other.sent, self.failed + other.failed)


def send_waiting(limit: int = 500, *, send: Send | None = None, timeout: float = senders.TIMEOUT) -> Outcome:
    """Sends up to `limit` notices whose moment has come, the oldest first, each within `timeout` seconds.

    Safe to call from several processes at once and to call again. Returns how many went out and how many failed.
    """
    total, carrier = Outcome(), Carrier(send or senders.configured(), timeout)
    try:
        while limit > 0 and (batch := _claim(min(limit, BATCH))):
            total += _hand_over(batch, carrier)
            limit -= len(batch)
    finally:
        carrier.stop()
    return total


@transaction.atomic
def _claim(limit: int) -> list[Notice]:
    now = time.now()
    rows = Notice.objects.select_for_update(skip_locked=True).filter(state="waiting", next_try_at__lte=now)
    batch = list(rows.order_by("next_try_at", "pk")[:limit])
    for tries in {notice.tries for notice in batch}:
        alike = [notice.pk for notice in batch if notice.tries == tries]
        Notice.objects.filter(pk__in=alike).update(
            tries=tries + 1, next_try_at=rules.next_try(now, tries + 1)
        )
    for notice in batch:
        notice.tries += 1
    return batch


def _hand_over(batch: Sequence[Notice], carrier: Carrier) -> Outcome:
    contacts = queries.contacts(notice.number for notice in batch)
    sent: list[Notice] = []
    failed: list[tuple[Notice, Exception]] = []
    for notice in batch:
        error = _carry(notice, contacts.get(notice.number, ()), carrier)
        if error is None:
            sent.append(notice)
        else:
            failed.append((notice, error))
    _note(sent, failed)
    return Outcome(len(sent), len(failed))


def _carry(notice: Notice, to: tuple[str, ...], carrier: Carrier) -> Exception | None:
    if not to:
        return Undeliverable("no contact is left")
    text = notice.text
    return carrier.carry(
        Message(f"{notice.number}-{notice.pk}", notice.number, notice.channel, to, text["zh"], text["en"])
    )


@transaction.atomic
def _note(sent: Sequence[Notice], failed: Sequence[tuple[Notice, Exception]]) -> None:
    """Writes down what came of a batch. A notice that its reporter saw meanwhile stays shown."""
    now = time.now()
    sending = Sending.objects.create(at=now, sent=len(sent), failed=len(failed))
    waiting = Notice.objects.filter(state="waiting")
    waiting.filter(pk__in=[notice.pk for notice in sent]).update(
        state="sent", sent_at=now, next_try_at=None, error="", sending=sending
    )
    for notice, error in failed:
        waiting.filter(pk=notice.pk).update(error=_reason(error), sending=sending)
        if isinstance(error, Undeliverable) or rules.gives_up(notice.tries):
            _give_up(notice, _reason(error), now)
    event = NoticesSent(sent=[n.pk for n in sent], failed=[n.pk for n, _ in failed])
    log.append(sending, event, SENDER)


def _reason(error: Exception) -> str:
    """Why, without what may hold a contact: the words of our own errors, the kind of all others."""
    return str(error)[:200] if isinstance(error, Undeliverable | TimeoutError) else type(error).__name__


def _give_up(notice: Notice, reason: str, now: datetime) -> None:
    if not Notice.objects.filter(pk=notice.pk, state="waiting").update(state="failed", next_try_at=None):
        return
    matter = Matter.objects.select_for_update().get(pk=notice.matter_id)
    event = NotReached(notice=notice.pk, number=notice.number, channel=notice.channel, error=reason)
    log.append(matter, event, SENDER)
    reminding.place(matter, "not_reached", reminding.independents(matter), now)


@transaction.atomic
def tell_otherwise(actor: Actor, notice_id: int, channel: str, remark: str = "") -> Notice:
    """Records that a reporter was told by telephone, letter or visit. Never by the unit that handles the matter.

    The time to give a verdict counts from now. Raises NotFound, NotAllowed, BadInput, Conflict.
    """
    if channel not in OTHER_CHANNELS:
        listed = ", ".join(OTHER_CHANNELS)
        raise BadInput.of("channel", f"请从 {listed} 中选择", f"choose one of {listed}")
    notice = Notice.objects.select_related("matter").filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(what=f"#{notice_id}")
    matter = policies.reach(actor, notice.matter.number, lock=True)
    if not may_tell(actor, matter):
        raise NotAllowed(what="登记告知 / record that a reporter was told")
    if notice.state in ("sent", "shown"):
        raise Conflict(zh="反映人已经被告知", en="the reporter has been told already")
    notice.state, notice.channel, notice.sent_at, notice.next_try_at = "sent", channel, time.now(), None
    notice.save(update_fields=["state", "channel", "sent_at", "next_try_at"])
    event = ToldOtherwise(
        notice=notice.pk, number=notice.number, channel=channel, remark=remark.strip()[:500]
    )
    log.append(matter, event, actor)
    return notice


@transaction.atomic
def show(actor: Actor) -> int:
    """A reporter who proved number and code opened her page: what stands there has reached her. Returns how many.

    Raises NotFound.
    """
    fresh = Notice.objects.filter(number=actor.number).exclude(state="shown")
    if not fresh.exists():
        return 0
    filing = policies.reach(actor, actor.number or "")
    matter = Matter.objects.select_for_update().get(pk=filing.master_id or filing.pk)
    now, shown = time.now(), list(fresh.order_by("pk"))
    for notice in shown:
        notice.state, notice.sent_at, notice.next_try_at = "shown", notice.sent_at or now, None
    Notice.objects.bulk_update(shown, ["state", "sent_at", "next_try_at"])
    log.append(matter, NoticeShown(number=filing.number, notices=[notice.pk for notice in shown]), actor)
    return len(shown)


@transaction.atomic
def see(actor: Actor, reminder_id: int) -> Reminder:
    """Somebody of the unit took note of a reminder; it leaves the first page. Raises NotFound."""
    reminder = queries.reminders(actor).filter(pk=reminder_id).first()
    if reminder is None:
        raise NotFound(what=f"#{reminder_id}")
    matter = policies.reach(actor, reminder.matter.number, lock=True)
    reminder.seen_at = time.now()
    reminder.save(update_fields=["seen_at"])
    log.append(matter, ReminderSeen(reminder=reminder.pk, about=reminder.kind), actor)
    return reminder
