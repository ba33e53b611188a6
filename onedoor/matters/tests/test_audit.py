"""Whatever is changed behind the log's back is found; what is not changed is not accused; erasure is no change."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import F

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import Finding, verify
from onedoor.kernel.models import Anchor, Counter, Entry
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter, Party, Reading
from tests.support.filings import ANSWER, answered, opened
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
SYSTEM = Actor.system("test")


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


@pytest.fixture
def three(city: SmallCity) -> list[Matter]:
    """Three matters, each with a short history."""
    made = [opened(city) for _ in range(3)]
    for matter in made:
        matters.act(city.actor("liqiang"), matter.number, "accept")
        matters.note(city.actor("liqiang"), matter.number, "已电话联系")
        matters.act(city.actor("wujun"), matter.number, "take_charge", {"reason": "包案"})
    return made


def entries(matter: Matter) -> list[Entry]:
    return list(Entry.objects.filter(stream=matter.stream).order_by("seq"))


def found() -> set[tuple[str, str]]:
    return {(finding.what, finding.stream) for finding in verify()}


def delete(matter: Matter) -> None:
    """The row and all that hangs on it, as somebody with the database in hand would."""
    Matter.objects.filter(pk=matter.pk).delete()


def test_nothing_is_found_where_nothing_was_touched(three: list[Matter]) -> None:
    assert list(verify()) == []
    assert log.anchor() is not None
    assert log.anchor() is None
    assert list(verify()) == []


def edit_body(matter: Matter) -> None:
    Entry.objects.filter(pk=entries(matter)[1].pk).update(body={"action": "answer"})


def edit_words(matter: Matter) -> None:
    entry = entries(matter)[2]
    Entry.objects.filter(pk=entry.pk).update(words={**(entry.words or {}), "text": "群众很满意"})


def edit_moment(matter: Matter) -> None:
    Entry.objects.filter(pk=entries(matter)[1].pk).update(at=MORNING - timedelta(days=1))


def edit_who(matter: Matter) -> None:
    Entry.objects.filter(pk=entries(matter)[1].pk).update(by_account=None)


def delete_in_the_middle(matter: Matter) -> None:
    entries(matter)[1].delete()


def delete_the_first(matter: Matter) -> None:
    entries(matter)[0].delete()


def delete_the_last(matter: Matter) -> None:
    entries(matter)[-1].delete()


def swap_places(matter: Matter) -> None:
    first, second = entries(matter)[1:3]
    for pk, seq in ((first.pk, 99), (second.pk, first.seq), (first.pk, second.seq)):
        Entry.objects.filter(pk=pk).update(seq=seq)


def swap_contents(matter: Matter) -> None:
    first, second = entries(matter)[1:3]
    Entry.objects.filter(pk=first.pk).update(kind=second.kind, body=second.body, words=second.words)
    Entry.objects.filter(pk=second.pk).update(kind=first.kind, body=first.body, words=first.words)


def swap_and_hash_anew(matter: Matter) -> None:
    """Two entries change places, and the chain is computed again: only the order of their ids tells."""
    swap_places(matter)
    hash_anew(matter)


def hash_anew(matter: Matter) -> None:
    """Computes a whole chain again from its contents, and gives the matter its new head."""
    prev = ""
    for entry in entries(matter):
        entry.prev = prev
        entry.hash = prev = log.entry_hash(entry)
        entry.save()
    Matter.objects.filter(pk=matter.pk).update(head_hash=prev)


def change_the_row(matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(level=1)


def change_the_facts(matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(facts={"outcome": "solved"})


def cut_off_the_end(matter: Matter) -> None:
    """The last entry goes, and the matter is given the head before it."""
    *_, before, last = entries(matter)
    last.delete()
    Matter.objects.filter(pk=matter.pk).update(head_seq=before.seq, head_hash=before.hash)


def move_its_opening(matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(opened_at=MORNING - timedelta(days=7))


def move_a_date(matter: Matter) -> None:
    clock = matter.clocks.get(name="act")
    matter.clocks.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(days=30))


def meet_a_clock(matter: Matter) -> None:
    matter.clocks.filter(name="act").update(state="met", ended_at=MORNING)


def end_a_clock_earlier(matter: Matter) -> None:
    matter.clocks.filter(name="accept").update(ended_at=MORNING - timedelta(hours=1))


def delete_a_clock(matter: Matter) -> None:
    matter.clocks.filter(name="accept").delete()


def add_a_verdict(matter: Matter) -> None:
    matter.verdicts.create(number=matter.number, channel="resident", solved=True, at=MORNING)


FORGERIES: dict[Callable[[Matter], None], set[str]] = {
    edit_body: {"edited", "fold"},
    edit_words: {"edited"},
    edit_moment: {"edited"},
    edit_who: {"edited"},
    delete_in_the_middle: {"missing", "fold"},
    delete_the_first: {"missing", "fold"},
    delete_the_last: {"head", "fold"},
    swap_places: {"edited", "reordered"},
    swap_contents: {"edited"},
    swap_and_hash_anew: {"reordered"},
    change_the_row: {"fold"},
    change_the_facts: {"fold"},
    cut_off_the_end: {"fold"},
    move_its_opening: {"fold"},
    move_a_date: {"fold"},
    meet_a_clock: {"fold"},
    end_a_clock_earlier: {"fold"},
    delete_a_clock: {"fold"},
    add_a_verdict: {"fold"},
    delete: {"orphan", "gap"},
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_found_and_no_other_matter_accused(
    three: list[Matter], forge: Callable[[Matter], None]
) -> None:
    forge(three[1])
    assert found() == {(what, three[1].stream) for what in FORGERIES[forge]}


@pytest.mark.parametrize(
    "change", [{"solved": False}, {"satisfied": 5}, {"channel": "callback"}, {"round": 1}]
)
def test_a_verdict_that_was_changed_is_found(city: SmallCity, change: dict[str, object]) -> None:
    matter = answered(city, opened(city))
    matters.give_verdict(Actor.resident(matter.number), True, {"satisfied": 2})
    assert list(verify()) == []
    matter.verdicts.update(**change)
    [finding] = verify()
    assert finding.en.endswith("fold: verdicts")


def test_a_matter_gone_with_its_whole_history_leaves_a_gap(three: list[Matter]) -> None:
    Entry.objects.filter(stream=three[1].stream).delete()
    delete(three[1])
    assert found() == {("gap", three[1].stream)}


def test_turning_back_the_counter_hides_nothing(three: list[Matter]) -> None:
    Entry.objects.filter(stream=three[1].stream).delete()
    delete(three[1])
    Counter.objects.filter(key__startswith="matter/").update(last=F("last") - 1)
    assert ("gap", three[1].stream) in found()


def test_a_counter_that_is_gone_shows(three: list[Matter]) -> None:
    Counter.objects.filter(key__startswith="matter/").delete()
    assert found() == {("gap", "matter/*")}


def test_the_anchor_finds_what_the_chain_cannot(three: list[Matter]) -> None:
    log.anchor()
    entry = entries(three[1])[1]
    Entry.objects.filter(pk=entry.pk).update(at=entry.at - timedelta(hours=1))
    hash_anew(three[1])
    assert {what for what, _ in found()} == {"anchor"}


def test_the_anchor_finds_the_newest_matter_gone_with_its_number(three: list[Matter]) -> None:
    log.anchor()
    Entry.objects.filter(stream=three[2].stream).delete()
    delete(three[2])
    Counter.objects.filter(key__startswith="matter/").update(last=F("last") - 1)
    [finding] = verify()
    assert finding.what == "anchor"
    assert "4 gone" in finding.en


@pytest.mark.parametrize("field", ["hash", "prev", "first_id", "last_id"])
def test_an_anchor_that_was_changed_is_found(city: SmallCity, three: list[Matter], field: str) -> None:
    log.anchor()
    matters.note(city.actor("liqiang"), three[0].number, "再次联系")
    second = log.anchor()
    assert second is not None
    changed = {"hash": "0" * 64, "prev": "0" * 64, "first_id": F("first_id") - 1, "last_id": F("last_id") - 1}
    Anchor.objects.filter(pk=second.pk).update(**{field: changed[field]})
    assert {what for what, _ in found()} == {"anchor"}


def test_an_anchor_that_is_gone_breaks_the_chain_of_anchors(city: SmallCity, three: list[Matter]) -> None:
    first = log.anchor()
    matters.note(city.actor("liqiang"), three[0].number, "再次联系")
    log.anchor()
    assert first is not None
    first.delete()
    assert {what for what, _ in found()} == {"anchor"}


def test_a_unit_that_was_deleted_leaves_its_history(city: SmallCity) -> None:
    category = next(iter(city.divisions.values()))
    assert found() == set()
    Entry.objects.filter(stream__startswith="category/").last().delete()  # type: ignore[union-attr]
    assert {what for what, _ in found()} == {"head"}
    assert category.head_seq == 0  # rows that never had a history are not asked for one


def test_findings_say_where_in_both_languages(three: list[Matter]) -> None:
    edit_body(three[1])
    finding = next(iter(verify()))
    assert isinstance(finding, Finding)
    assert (finding.what, finding.stream, finding.seq) == ("edited", three[1].stream, 2)
    assert finding.as_dict()["zh"] != finding.as_dict()["en"]


PLANTED = ("刘大壮", "13912345678", "王翠花", "13887654321", "41018119900101", "住在三号楼")


def planted(city: SmallCity) -> Matter:
    """A matter in which names and numbers stand wherever people can write."""
    about = PartyData("respondent", "王翠花", "13887654321")
    matter = opened(
        city, name="刘大壮", contact="13912345678", about=about, address="住在三号楼", key="刘大壮-1"
    )
    number, handler = matter.number, city.actor("liqiang")
    Matter.objects.filter(pk=matter.pk).update(lon=114.005, lat=35.505)
    matters.act(handler, number, "object", {"reason": "刘大壮13912345678不归我管"})
    matters.act(city.actor("zhaolei"), number, "reject_objection", {"reason": "王翠花说归你"})
    matters.act(handler, number, "accept")
    matters.note(handler, number, "王翠花的电话是13887654321")
    task = {"unit": city.units["419801-police"].pk, "what": "找王翠花13887654321"}
    matters.act(handler, number, "give_tasks", {"tasks": [task]})
    matters.finish_task(SYSTEM, matter.tasks.get().pk, "找到王翠花,身份证41018119900101")
    matters.act(city.actor("wujun"), number, "extend", {"span": "5 days", "reason": "刘大壮住院"})
    reporter = matter.parties.get(role="reporter")
    matters.read_contact(city.actor("chenmin"), reporter.pk, "给刘大壮打电话")
    matters.add_party(handler, number, PartyData("other", "刘大壮的弟弟", "13912345678"))
    matters.act(handler, number, "answer", {**ANSWER, "answer": "刘大壮:押金已退"})
    resident = Actor.resident(number)
    matters.act(resident, number, "solved", {"reason": "谢谢,我是刘大壮"})
    return matter


def texts() -> Iterator[tuple[str, str]]:
    """Every text and JSON column of every row, as the database has it."""
    for model in apps.get_models():
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table}")
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from (
                    (f"{table}.{n}", str(v)) for n, v in zip(names, row, strict=True) if v is not None
                )


def plants_left() -> set[str]:
    return {where for where, text in texts() if any(plant in unescaped(text) for plant in PLANTED)}


def unescaped(text: str) -> str:
    """JSON columns may hold `\\u5218` for 刘."""
    return text.encode().decode("unicode_escape", "ignore") + text if "\\u" in text else text


def test_what_is_erased_on_time_stands_nowhere_any_more_and_the_chain_holds(city: SmallCity) -> None:
    matter, other = planted(city), opened(city)
    assert len(plants_left()) >= 10
    log.anchor()
    year = timedelta(days=365)
    with time.at(MORNING + timedelta(days=200)):
        assert matters.erase_due(SYSTEM, after=year, rule="一年") == 0
    with time.at(MORNING + timedelta(days=400)):
        assert matters.erase_due(SYSTEM, after=year, rule="一年") == 1
        assert matters.erase_due(SYSTEM, after=year, rule="一年") == 0
    assert plants_left() == set()
    assert list(verify()) == []
    matter.refresh_from_db()
    assert (matter.lon, matter.lat, matter.key, matter.detail) == (None, None, None, "")
    assert not Party.objects.filter(matter=matter).exclude(contact_token="").exists()
    assert not Reading.objects.exclude(purpose="").exists()
    other.refresh_from_db()
    assert other.detail  # an open matter keeps everything


def test_a_title_does_not_save_a_matter_from_erasure(city: SmallCity) -> None:
    matter = opened(city)
    Matter.objects.filter(pk=matter.pk).update(title="〔已清除〕")
    matters.act(Actor.resident(matter.number), matter.number, "withdraw")
    with time.at(MORNING + timedelta(days=400)):
        assert matters.erase_due(SYSTEM, after=timedelta(days=365), rule="一年") == 1
    matter.refresh_from_db()
    assert matter.detail == ""


def test_a_joined_filing_keeps_its_reporter_as_long_as_its_master_is_open(city: SmallCity) -> None:
    master, joined = opened(city), opened(city)
    matters.join(SYSTEM, joined.number, master.number)
    year = timedelta(days=365)
    with time.at(MORNING + timedelta(days=400)):
        assert matters.erase_due(SYSTEM, after=year, rule="一年") == 0
    with time.at(MORNING + timedelta(days=390)):
        matters.separate(SYSTEM, joined.number, "再看")
        matters.join(SYSTEM, joined.number, master.number)
        matters.act(city.actor("liqiang"), master.number, "accept")
        matters.act(city.actor("liqiang"), master.number, "answer", ANSWER)
        matters.give_verdict(Actor.resident(joined.number), True, {})
        matters.give_verdict(Actor.resident(master.number), True, {})
    with time.at(MORNING + timedelta(days=400)):
        assert matters.erase_due(SYSTEM, after=year, rule="一年") == 0
    with time.at(MORNING + timedelta(days=760)):
        assert matters.erase_due(SYSTEM, after=year, rule="一年") == 2
    assert list(verify()) == []
