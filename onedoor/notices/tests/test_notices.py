"""Every reporter is told, once for one matter; what cannot be delivered shows; silence is heard only of those told."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings

from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.kernel.sealing import unseal
from onedoor.matters import actions as matters
from onedoor.matters.models import Clock, Matter
from onedoor.notices import actions, queries, rules
from onedoor.notices.models import Notice, Reminder
from onedoor.notices.senders import Message, Undeliverable
from tests.support.cities import MORNING
from tests.support.filings import PHONE, answered, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


class Gateway:
    """A sender that keeps what it was given, and fails when told to."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.messages: list[Message] = []

    def __call__(self, message: Message, timeout: float) -> None:
        self.messages.append(message)
        if self.error:
            raise self.error


def states(matter: Matter) -> list[tuple[str, str, str]]:
    return list(matter.notices.order_by("pk").values_list("number", "channel", "state"))


def resident(matter: Matter) -> Actor:
    return Actor.resident(matter.number)


def test_who_left_a_contact_is_sent_a_message_and_everybody_else_reads_it_on_her_page(
    city: SmallCity,
) -> None:
    with_phone, without = opened(city), opened(city, contact="")
    for matter in (with_phone, without):
        matters.act(city.actor("liqiang"), matter.number, "accept")
    assert states(with_phone) == [(with_phone.number, "sms", "waiting")]
    assert states(without) == [(without.number, "page", "sent")]
    assert (
        queries.notices_of(without.number).get().text["en"]
        == "The responsible unit has taken up your matter."
    )


def test_one_matter_done_once_tells_all_who_reported_it(city: SmallCity) -> None:
    master, joined = opened(city), opened(city, contact="", name="何梅")
    found = opened(city, contact="")
    found.parties.all().delete()  # a grid worker found it: nobody waits for word
    for filing in (joined, found):
        matters.join(city.actor("zhaolei"), filing.number, master.number)
    matters.act(city.actor("liqiang"), master.number, "accept")
    assert [state for state in states(master) if state[0] == joined.number] == [
        (joined.number, "page", "sent")
    ] * 2
    assert (master.number, "sms", "waiting") in states(master)
    entry = Entry.objects.filter(stream=master.stream, kind="acted").get()
    assert entry.body["done"]["told"] == [master.number, joined.number]


def test_whose_filing_is_joined_is_told_so_and_nobody_else(city: SmallCity) -> None:
    master, joined, found = opened(city), opened(city, name="何梅"), opened(city, contact="")
    found.parties.all().delete()
    for filing in (joined, found):
        matters.join(city.actor("zhaolei"), filing.number, master.number)
    assert states(master) == [(joined.number, "sms", "waiting")]
    assert "handled together" in queries.notices_of(joined.number).get().text["en"]
    told = [Entry.objects.get(stream=f.stream, kind="joined").body["done"]["told"] for f in (joined, found)]
    assert told == [[joined.number], []]


def test_what_is_sent_carries_both_languages_and_goes_to_the_reporter_once(city: SmallCity) -> None:
    matter, gateway = opened(city), Gateway()
    matters.act(city.actor("liqiang"), matter.number, "accept")
    assert actions.send_waiting(send=gateway) == actions.Outcome(sent=1)
    assert actions.send_waiting(send=gateway) == actions.Outcome()
    [message] = gateway.messages
    assert message.to == (PHONE,)
    assert message.zh == "您的事项已由承办单位签收办理。"
    assert states(matter) == [(matter.number, "sms", "sent")]
    assert list(verify()) == []


def test_every_contact_of_a_filing_is_written_to(city: SmallCity) -> None:
    matter, gateway = opened(city), Gateway()
    data = matters.PartyData("representative", "何梅", "13900005678")
    matters.add_party(city.actor("chenmin"), matter.number, data)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    actions.send_waiting(send=gateway)
    assert gateway.messages[0].to == (PHONE, "13900005678")


def test_the_outbox_holds_no_contact_in_clear(city: SmallCity, settings: object, tmp_path: Path) -> None:
    settings.ONEDOOR_HOME = tmp_path  # type: ignore[attr-defined]
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    actions.send_waiting()
    text = (tmp_path / "outbox" / "2026-11-23.jsonl").read_text("utf-8")
    line = json.loads(text)
    assert PHONE not in text
    assert [unseal(contact) for contact in line["to"]] == [PHONE]
    assert line["key"] == f"{matter.number}-{matter.notices.get().pk}"


def test_a_failed_try_is_repeated_later_with_the_same_key(city: SmallCity) -> None:
    matter, broken, works = opened(city), Gateway(OSError("13800001234 refused")), Gateway()
    matters.act(city.actor("liqiang"), matter.number, "accept")
    assert actions.send_waiting(send=broken) == actions.Outcome(failed=1)
    notice = matter.notices.get()
    assert (notice.state, notice.tries, notice.error) == ("waiting", 1, "OSError")
    assert actions.send_waiting(send=works) == actions.Outcome()
    with time.at(MORNING + rules.BACKOFF[0]):
        assert actions.send_waiting(send=works) == actions.Outcome(sent=1)
    assert works.messages[0].key == broken.messages[0].key


def test_a_sender_that_dies_in_the_middle_loses_nothing(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter, gateway = opened(city), Gateway()
    matters.act(city.actor("liqiang"), matter.number, "accept")
    with monkeypatch.context() as patch:
        patch.setattr(actions, "_note", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            actions.send_waiting(send=gateway)
    assert states(matter) == [(matter.number, "sms", "waiting")]
    with time.at(MORNING + rules.BACKOFF[0]):
        actions.send_waiting(send=gateway)
    assert states(matter) == [(matter.number, "sms", "sent")]
    assert len({message.key for message in gateway.messages}) == 1


def test_a_sender_that_hangs_costs_its_time_limit_and_no_more(city: SmallCity) -> None:
    first, second, wake = opened(city), opened(city), Event()
    for matter in (first, second):
        matters.act(city.actor("liqiang"), matter.number, "accept")

    def hangs(message: Message, timeout: float) -> None:
        if message.number == first.number:
            wake.wait(30)

    try:
        assert actions.send_waiting(send=hangs, timeout=1) == actions.Outcome(sent=1, failed=1)
    finally:
        wake.set()
    assert first.notices.get().error == "no answer within 1 s"
    assert second.notices.get().state == "sent"


def test_what_can_never_be_delivered_is_given_up_and_the_callers_are_asked(city: SmallCity) -> None:
    matter = opened(city)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    actions.send_waiting(send=Gateway(Undeliverable("not a mobile number")))
    assert queries.not_reached(matter).get().error == "not a mobile number"
    assert Entry.objects.filter(stream=matter.stream, kind="not_reached").exists()
    [reminder] = queries.reminders(city.actor("sunli"))
    assert (reminder.kind, reminder.matter) == ("not_reached", matter)
    assert not queries.reminders(city.actor("liqiang")).exists()
    assert list(verify()) == []


def test_the_last_of_several_tries_gives_up(city: SmallCity) -> None:
    matter, at = opened(city), MORNING
    matters.act(city.actor("liqiang"), matter.number, "accept")
    for wait in (timedelta(), *rules.BACKOFF):
        assert matter.notices.get().state == "waiting"
        at += wait
        with time.at(at):
            actions.send_waiting(send=Gateway(OSError()))
    assert matter.notices.get().state == "failed"
    assert matter.notices.get().tries == rules.MOST_TRIES


def test_erased_contacts_are_not_written_to(city: SmallCity) -> None:
    matter, gateway = opened(city), Gateway()
    matters.act(city.actor("liqiang"), matter.number, "accept")
    matter.parties.update(contact="", contact_token="", erased_at=MORNING)
    actions.send_waiting(send=gateway)
    assert gateway.messages == []
    assert states(matter) == [(matter.number, "sms", "failed")]


def test_her_page_shows_it_and_then_no_message_is_sent(city: SmallCity) -> None:
    matter, gateway = opened(city), Gateway()
    matters.act(city.actor("liqiang"), matter.number, "accept")
    assert actions.show(resident(matter)) == 1
    assert actions.show(resident(matter)) == 0
    assert actions.send_waiting(send=gateway) == actions.Outcome()
    assert states(matter) == [(matter.number, "sms", "shown")]
    assert matter.notices.get().sent_at == MORNING


def test_who_reported_the_same_sees_only_what_she_was_told_herself(city: SmallCity) -> None:
    master, joined = opened(city), opened(city, contact="", name="何梅")
    matters.join(city.actor("zhaolei"), joined.number, master.number)
    matters.act(city.actor("liqiang"), master.number, "accept")
    assert actions.show(resident(joined)) == 2
    assert {(number, state) for number, _, state in states(master)} == {
        (master.number, "waiting"),
        (joined.number, "shown"),
    }
    assert actions.show(Actor.resident()) == 0


def silence_of(matter: Matter) -> datetime:
    return Clock.objects.get(matter=matter, name="silence", state="running").due_at


def test_silence_closes_only_what_was_told_and_the_proof_is_kept(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    actions.send_waiting(send=Gateway())
    with time.at(silence_of(matter) + timedelta(minutes=1)):
        matters.tick()
    matter.refresh_from_db()
    assert (matter.state, matter.is_open) == ("closed", False)
    last = Entry.objects.filter(stream=matter.stream).latest("seq")
    assert last.body["done"]["notified"] == {matter.number: "2026-11-23T01:00:00.000000Z"}


def test_silence_of_somebody_who_was_never_told_is_not_heard(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    with time.at(silence_of(matter) + timedelta(minutes=1)):
        matters.tick()
    matter.refresh_from_db()
    assert matter.state == "answered"


def test_who_is_told_late_has_the_whole_time_from_then(city: SmallCity) -> None:
    matter = answered(city, opened(city))
    due = silence_of(matter)
    late = MORNING + timedelta(days=3)
    with time.at(late):
        actions.send_waiting(send=Gateway())
    for day in range(1, 10):
        with time.at(due + timedelta(days=day, minutes=1)):
            matters.tick()
        matter.refresh_from_db()
        if not matter.is_open:
            break
    assert day == 3  # told on Thursday 26 November: ten working days end on Thursday 10 December
    assert matter.closed_at is not None
    assert matter.closed_at.date().isoformat() == "2026-12-10"


def test_every_reporter_must_have_been_told(city: SmallCity) -> None:
    master, joined = opened(city, contact=""), opened(city, name="何梅")
    matters.join(city.actor("zhaolei"), joined.number, master.number)
    matter = answered(city, master)
    due = silence_of(matter)
    actions.send_waiting(send=Gateway(Undeliverable("gone")))
    with time.at(due + timedelta(minutes=1)):
        matters.tick()
    matter.refresh_from_db()
    assert matter.state == "answered"
    caller, failed = city.actor("sunli"), queries.not_reached(matter).latest("pk")
    with time.at(due + timedelta(hours=2)):
        actions.tell_otherwise(caller, failed.pk, "phone", "电话告知本人")
        with pytest.raises(Conflict):
            actions.tell_otherwise(caller, failed.pk, "phone")
    with time.at(due + timedelta(days=20)):
        while matters.tick():
            pass
    matter.refresh_from_db()
    assert matter.state == "closed"


def test_the_unit_that_handles_it_cannot_say_it_told_her(city: SmallCity) -> None:
    matter = opened(city, unit="419801-centre")
    matters.act(city.actor("wujun"), matter.number, "accept")
    notice = matter.notices.get()
    for login in ("zhaolei", "chenmin", "wujun"):  # all of the centre, which is responsible here
        with pytest.raises(NotAllowed):
            actions.tell_otherwise(city.actor(login), notice.pk, "phone")
    with pytest.raises(NotFound):
        actions.tell_otherwise(city.actor("farhandler"), notice.pk, "phone")
    with pytest.raises(BadInput, match="phone, letter, visit"):
        actions.tell_otherwise(city.actor("sunli"), notice.pk, "rumour")
    told = actions.tell_otherwise(city.actor("sunli"), notice.pk, "letter")
    assert (told.state, told.channel) == ("sent", "letter")


def test_nothing_of_a_notice_names_anybody(city: SmallCity) -> None:
    matter = answered(city, opened(city, confidential=True))
    actions.send_waiting()
    held = [*Notice.objects.values_list("text", "error"), *Reminder.objects.values_list("kind", "role")]
    entries = Entry.objects.filter(stream=matter.stream).values_list("body", flat=True)
    assert "刘娟" not in str([held, list(entries)])
    assert PHONE not in str([held, list(entries)])
    assert settings.ONEDOOR_HOME.is_dir()
