"""Records from their entering to their erasure: who may, what is said where, how long they hold."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from onedoor.city import tree
from onedoor.city.models import Division
from onedoor.city.queries import roles
from onedoor.kernel import time
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, KeyReused, NotAllowed, NotFound, NotNow
from onedoor.registers import actions, history, kinds, lists, policies
from onedoor.registers.models import Contact, ContactReading, Record
from onedoor.registers.tests.making import DOG, SYSTEM, dog, draft, place, visit
from onedoor.registers.writing import Draft
from tests.support.cities import MORNING
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
SEALED = ("刘娟", "13800001234")


def test_a_dog_is_entered_where_it_lives(city: SmallCity) -> None:
    record = dog(city)
    assert record.number == "DOG419801202600001"
    assert (record.title, record.division.code) == ("旺财", "419801001001001")
    assert record.unit.code == "419801001-police_station"
    assert record.stream == f"record/{record.number}"
    assert list(verify()) == []


def test_contacts_are_sealed_and_stand_nowhere_else(city: SmallCity) -> None:
    record = dog(city)
    assert set(record.values) == {"name", "breed", "colour", "vaccinated_on"}
    told = json.dumps(
        [[e.body, e.words] for e in Entry.objects.filter(stream=record.stream)], ensure_ascii=False
    )
    assert not any(word in told for word in SEALED)
    stored = (
        Contact.objects.filter(record=record).extra(select={"raw": "value"}).values_list("raw", flat=True)
    )
    assert all(str(value).startswith("s1.") for value in stored)


def test_what_was_written_lies_beside_the_chain(city: SmallCity) -> None:
    entry = Entry.objects.get(stream=dog(city).stream)
    assert entry.body["facts"] == {"breed": "rural", "vaccinated_on": "2026-10-08"}
    assert entry.words is not None
    assert entry.words["text"] == {"name": "旺财", "colour": "黄"}
    assert entry.words["address"] == "东柳路 1 号"


def test_it_is_valid_as_long_as_licence_and_vaccination(city: SmallCity) -> None:
    record = dog(city)
    assert record.valid_until == date(2027, 10, 8)  # the vaccination ends before the year of the licence does
    assert place(city).valid_until is None
    with time.at(MORNING + timedelta(days=330)):
        assert lists.standing(record) == "expired"
        renewed = actions.renew(city.actor("chenmin"), record.number, {"vaccinated_on": "2027-10-18"})
    assert renewed.granted_on == date(2027, 10, 19)
    assert renewed.valid_until == date(2028, 10, 18)
    assert renewed.values["colour"] == "黄"
    assert list(verify()) == []


def test_what_cannot_be_entered_is_said_field_by_field(city: SmallCity) -> None:
    with pytest.raises(BadInput) as refused:
        actions.enter(
            city.actor("chenmin"), "dog", draft({"breed": "dragon", "vaccinated_on": "soon", "age": "3"})
        )
    wrong = {error.field for error in refused.value.errors}
    assert wrong == {"age", "name", "breed", "colour", "vaccinated_on", "owner_name", "owner_phone"}
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({"lon": None, "lat": None}, "division"),
        ({"lat": None}, "lon"),
        ({"lon": 10.0}, "lon"),
        ({"division": "419802"}, "lon"),
        ({"division": "nowhere"}, "division"),
    ],
)
def test_a_place_must_be_one(city: SmallCity, where: dict[str, object], field: str) -> None:
    with pytest.raises(BadInput) as refused:
        actions.enter(city.actor("chenmin"), "dog", draft(DOG, **where))
    assert [error.field for error in refused.value.errors] == [field]


def test_sent_twice_it_is_entered_once(city: SmallCity) -> None:
    clerk = city.actor("chenmin")
    first = actions.enter(clerk, "dog", draft(DOG, key="once"))
    assert actions.enter(clerk, "dog", draft(DOG, key="once")) == first
    with pytest.raises(KeyReused):
        actions.enter(clerk, "dog", draft(DOG | {"name": "来福"}, key="once"))
    assert Record.objects.count() == 1


def test_two_at_once_with_one_key_enter_one(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk = city.actor("chenmin")
    first = actions.enter(clerk, "dog", draft(DOG, key="once"))
    monkeypatch.setattr(Record.objects, "filter", _late(Record.objects.filter))
    assert actions.enter(clerk, "dog", draft(DOG, key="once")) == first
    assert Record.objects.count() == 1


def _late(usual: Any) -> Any:
    """A look that finds nothing the first time: the other request has not committed yet."""
    looks = iter([Record.objects.none()])

    def look(**wanted: Any) -> Any:
        empty = next(looks, None)
        return usual(**wanted) if empty is None else empty

    return look


SEES = {  # login → (sees the dog, sees the keeper, may keep the register)
    "chenmin": (True, True, True),
    "zhaolei": (True, True, True),
    "zhengjie": (True, False, False),  # her village is the first grid's own
    "zhoutao": (True, False, False),
    "hean": (True, False, False),
    "qianjun": (False, False, False),
    "farhandler": (False, False, False),
}


@pytest.mark.parametrize("login", SEES)
def test_who_sees_what_and_who_may(city: SmallCity, login: str) -> None:
    record = dog(city)
    actor, (sees, sees_keeper, keeps) = city.actor(login), SEES[login]
    assert policies.visible(actor, kinds.current("dog")).filter(pk=record.pk).exists() is sees
    if not sees:
        with pytest.raises(NotFound):
            policies.reach(actor, record.number)
        return
    assert ("owner_name" in policies.fields_seen(actor, record)) is sees_keeper
    assert policies.may_keep(actor, record) is keeps
    if not keeps:
        with pytest.raises(NotAllowed):
            actions.withdraw(actor, record.number, "died", "2026-11-20")
    if not sees_keeper:
        with pytest.raises(NotAllowed):
            actions.read_contact(actor, record.number, "owner_phone", "通知续期")
        titles = [label["en"] for line in history.lines(actor, record) for label, _ in line["facts"]]
        assert "Breed" in titles
        assert "Keeper's name" not in titles


def test_a_clerk_enters_nothing_in_another_county(city: SmallCity) -> None:
    with pytest.raises(NotAllowed):
        actions.enter(city.actor("chenmin"), "dog", Draft(DOG, division="419802001001001"))


def test_a_contact_is_read_for_a_purpose_and_the_reading_is_logged(city: SmallCity) -> None:
    record, clerk = dog(city), city.actor("chenmin")
    with pytest.raises(BadInput, match="purpose"):
        actions.read_contact(clerk, record.number, "owner_phone", "")
    assert actions.read_contact(clerk, record.number, "owner_phone", "通知续期") == "13800001234"
    assert ContactReading.objects.get().purpose == "通知续期"
    assert Entry.objects.filter(stream=record.stream, kind="record_contact_read").count() == 1


def test_a_correction_says_all_anew_and_leaves_contacts(city: SmallCity) -> None:
    record, clerk = dog(city), city.actor("chenmin")
    plain = {name: value for name, value in DOG.items() if not name.startswith("owner")}
    corrected = actions.correct(
        clerk, Draft(plain | {"colour": "黑"}, number=record.number), "看错了", seen=1
    )
    assert corrected.values["colour"] == "黑"
    assert corrected.contacts.count() == 2
    entry = Entry.objects.get(stream=record.stream, kind="record_corrected")
    assert entry.words is not None
    assert (entry.body, entry.words["text"]) == (
        {},
        {"colour": "黑"},
    )  # what did not change is not told again
    with pytest.raises(Conflict):
        actions.correct(clerk, Draft(plain, number=record.number), seen=1)
    assert list(verify()) == []


def test_it_passes_to_another_keeper(city: SmallCity) -> None:
    record, clerk = dog(city), city.actor("chenmin")
    new = Draft({"owner_name": "王强", "owner_phone": "13700002222"}, lon=114.015, lat=35.505)
    moved = actions.transfer(clerk, record.number, new, "2026-10-01")
    assert moved.division.code == "419801001001002"
    assert {c.field: c.value for c in moved.contacts.all()} == {
        "owner_name": "王强",
        "owner_phone": "13700002222",
    }
    entry = Entry.objects.get(stream=record.stream, kind="record_transferred")
    assert (entry.body["happened_on"], entry.body["late"]) == ("2026-10-01", True)
    with pytest.raises(BadInput):
        actions.transfer(clerk, record.number, Draft({"owner_name": "王强"}), "2026-11-01")
    with pytest.raises(NotNow):
        actions.transfer(clerk, place(city, "chenmin").number, new, "2026-11-01")


def test_off_the_register_it_stays_as_it_is(city: SmallCity) -> None:
    record, clerk = dog(city), city.actor("chenmin")
    with pytest.raises(BadInput):
        actions.withdraw(clerk, record.number, "bored", "2026-11-20")
    with pytest.raises(BadInput):
        actions.withdraw(clerk, record.number, "died", "2026-12-20")
    gone = actions.withdraw(clerk, record.number, "died", "2026-11-20", "兽医证明")
    assert (gone.state, lists.standing(gone)) == ("withdrawn", "withdrawn")
    for again in (lambda: actions.renew(clerk, record.number, {"vaccinated_on": "2026-11-20"}),
                  lambda: actions.withdraw(clerk, record.number, "died", "2026-11-20")):  # fmt: skip
        with pytest.raises(Conflict):
            again()


def test_personal_data_goes_on_time_and_the_chain_holds(city: SmallCity) -> None:
    record, clerk = dog(city), city.actor("chenmin")
    actions.withdraw(clerk, record.number, "moved", "2026-11-20", "随主人刘娟迁走")
    later = MORNING + timedelta(days=400)
    with time.at(later):
        assert actions.erase_due(SYSTEM, after=timedelta(days=365), rule="test") == 1
        assert actions.erase_due(SYSTEM, after=timedelta(days=365), rule="test") == 0
    record.refresh_from_db()
    assert (record.title, record.address, record.lon, record.contacts.count()) == ("〔已清除〕", "", None, 0)
    assert record.values == {"breed": "rural", "vaccinated_on": "2026-10-08"}
    assert not Entry.objects.filter(stream=record.stream, words__isnull=False).exists()
    assert list(verify()) == []


def test_a_record_keeps_the_version_it_was_written_under(
    city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = dog(city)
    now = kinds.loaded()["dog"]
    fields = {name: one for name, one in now.fields.items() if name != "colour"}
    fields["breed"] = fields["breed"].model_copy(update={"seen_by": ["clerk"]})
    monkeypatch.setattr(kinds, "loaded", lambda: {"dog": now.model_copy(update={"fields": fields})})
    [version] = actions.publish(SYSTEM)
    assert (version.version, actions.publish(SYSTEM)) == (2, [])
    assert "colour" in kinds.of(record).fields
    assert "colour" not in kinds.current("dog").fields
    assert "breed" not in policies.fields_seen(city.actor("hean"), record)  # who sees it is what holds today
    plain = {n: v for n, v in DOG.items() if n not in ("colour", "owner_name", "owner_phone")}
    corrected = actions.correct(city.actor("chenmin"), Draft(plain, number=record.number))
    assert (corrected.version.version, "colour" in corrected.values) == (2, False)


def test_a_place_that_is_no_more_keeps_its_records(city: SmallCity) -> None:
    record = place(city)
    Division.objects.filter(pk=city.first_grid.pk).update(valid_to=date(2026, 11, 1))
    tree.forget()
    assert policies.over(city.actor("zhaolei"), ["coordinator"]).has(record)
    assert visit(city, record, exits="no").findings.get().matter.lon == record.lon


def test_an_edited_record_is_found(city: SmallCity) -> None:
    record = dog(city)
    Record.objects.filter(pk=record.pk).update(valid_until=date(2031, 1, 1))
    assert [finding.what for finding in verify()] == ["fold"]


def test_a_list_and_one_record_never_disagree(city: SmallCity) -> None:
    dog(city)
    place(city)
    actions.enter(SYSTEM, "dog", Draft(DOG, division="419802002002002"))
    records = list(Record.objects.all())
    for login in city.accounts:
        for names in (["clerk"], ["handler"], ["grid_worker", "police_officer"], list(roles())):
            over = policies.over(city.actor(login), names)
            assert {r for r in records if over.has(r)} == set(Record.objects.filter(over.q())), (login, names)


def test_what_one_does_not_see_one_does_not_change(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    record, now = dog(city, by="zhaolei"), kinds.loaded()["dog"]
    colour = now.fields["colour"].model_copy(update={"seen_by": ["coordinator"]})
    hidden = now.model_copy(update={"fields": now.fields | {"colour": colour}})
    monkeypatch.setattr(kinds, "loaded", lambda: {"dog": hidden})
    actions.publish(SYSTEM)
    plain = {name: value for name, value in DOG.items() if not name.startswith("owner")}
    corrected = actions.correct(city.actor("chenmin"), Draft(plain | {"colour": "黑"}, number=record.number))
    assert corrected.values["colour"] == "黄"
    for login, sees in (("chenmin", False), ("zhaolei", True)):
        told = [
            label["en"] for line in history.lines(city.actor(login), corrected) for label, _ in line["facts"]
        ]
        assert ("Colour" in told) is sees


def test_counts_of_all_registers_are_one_statement(city: SmallCity, django_assert_num_queries: Any) -> None:
    dog(city)
    place(city)
    registers, clerk = kinds.published(), city.actor("chenmin")
    with django_assert_num_queries(1):
        assert lists.counts(clerk, registers) == {"dog": (1, 0), "inspected_place": (1, 0)}
    with time.at(MORNING + timedelta(days=80)):
        assert lists.counts(city.actor("zhengjie"), registers)["inspected_place"] == (1, 1)
    assert lists.counts(city.actor("farhandler"), registers) == {"dog": (0, 0), "inspected_place": (0, 0)}
