"""The one door: every channel, located and routed with reasons, cleaned, in few statements, and the same for all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onedoor.city import tree
from onedoor.city.models import Boundary, Competence, Profile
from onedoor.city.queries import directory
from onedoor.intake import actions as intake
from onedoor.intake.queries import same_reporter
from onedoor.intake.rules import CHANNELS, Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, NotAllowed, NotFound, NotNow
from onedoor.kernel.sealing import check_query_code
from onedoor.matters.models import Involved, Matter, Party
from tests.support import invariants
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
RESIDENT = Actor.resident()
SAID = "物业公司不退装修押金，找了三次都不给"
HERE: dict[str, Any] = {"lon": 114.005, "lat": 35.505}
STATEMENTS = 12  # of one filing: its transaction, its number, five inserts, and a look around
STATEMENTS_OF_MANY = 11  # of a hundred in one county


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def received(actor: Actor = RESIDENT, detail: str = SAID, **more: Any) -> intake.Received:
    return intake.receive(actor, Report(detail=detail, **more))


def why(matter: Matter) -> dict[str, Any]:
    return dict(Entry.objects.get(stream=matter.stream, kind="opened").body["why"])


def unit(city: SmallCity, kind: str, county: str = "419801") -> int:
    return city.units[f"{county}-{kind}"].pk


def test_a_filing_is_located_classified_routed_and_clocked_with_reasons(city: SmallCity) -> None:
    made = received(name="刘娟", contact="13800001234", **HERE)
    matter = invariants.check(made.matter.number)
    assert matter.division_id == city.first_grid.pk
    assert matter.category.code == "property.deposit"
    assert matter.unit_id == unit(city, "housing")
    assert matter.number == "4198012026000001"
    assert check_query_code(matter.number, made.code)
    reasons = why(matter)
    assert reasons["place"]["by"] == "point"
    assert reasons["category"][0]["code"] == "property.deposit"
    assert "装修" in "".join(reasons["category"][0]["words"])
    assert all(reasons["route"][language] for language in ("zh", "en"))
    assert [clock.name for clock in matter.clocks.order_by("due_at")] == ["accept", "objecting", "act"]
    party = matter.parties.get()
    assert (party.role, party.name, party.contact) == ("reporter", "刘娟", "13800001234")


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_goes_through_the_same_door(city: SmallCity, channel: str) -> None:
    actor = city.actor("chenmin") if channel in ("counter", "hotline") else RESIDENT
    matter = received(actor, channel=channel, **HERE).matter
    assert (matter.channel, matter.unit_id) == (channel, unit(city, "housing"))
    invariants.check(matter.number)


@pytest.mark.parametrize(
    ("report", "division", "by"),
    [
        (HERE, "419801001001001", "point"),
        ({"division_code": "419802001001"}, "419802001001", "code"),
        ({"division_code": "419802001001", **HERE}, "419802001001", "code"),
        ({"address": "东河区东柳镇东柳前村3号"}, "419801001001", "words"),
        ({"detail": f"东柳镇东柳后村的{SAID}"}, "419801001002", "words"),
        ({"address": "西河区"}, "419802", "words"),
        ({"lon": 0.0, "lat": 0.0, "address": "东柳镇"}, "419801001", "words"),
        ({"lon": 0.0, "lat": 0.0}, None, "none"),
        ({}, None, "none"),
        ({"division_code": "419800"}, None, "none"),
    ],
)
def test_where_it_lies(city: SmallCity, report: dict[str, Any], division: str | None, by: str) -> None:
    matter = received(**{"detail": SAID, **report}).matter
    assert why(matter)["place"]["by"] == by
    assert matter.placed == (division is not None)
    assert matter.division_id == city.divisions[division or "419800"].pk
    invariants.check(matter.number)


def test_a_point_in_no_grid_but_in_a_larger_outline(city: SmallCity) -> None:
    township, grids = (
        city.divisions["419801001"],
        Boundary.objects.filter(division__code__startswith="419801001"),
    )
    land = grids.first()
    assert land is not None
    Boundary.objects.create(
        division=township, wkb=land.wkb, source="test", source_datum="WGS84", valid_from=land.valid_from
    )
    grids.exclude(division=township).delete()
    Profile.objects.update(revision=99)
    tree.forget()
    matter = received(**HERE).matter
    assert (matter.division_id, matter.placed) == (township.pk, True)
    assert "in no grid" in why(matter)["place"]["en"]


def test_what_has_no_place_yet_waits_in_the_receivers_county(city: SmallCity) -> None:
    clerk = city.actor("chenmin")
    mine, of_city = received(clerk).matter, received().matter
    assert (mine.division_id, of_city.division_id) == (
        city.divisions["419801"].pk, city.divisions["419800"].pk
    )  # fmt: skip
    assert mine.unit_id == unit(city, "centre")
    assert of_city.unit_id == unit(city, "centre", "419800")
    assert list(Matter.objects.filter(placed=False).order_by("pk")) == [mine, of_city]


def test_the_clerk_finds_the_place_and_the_matter_goes_where_it_belongs(city: SmallCity) -> None:
    matter = received(city.actor("chenmin")).matter
    there = city.divisions["419801001002001"]
    placed = intake.place(city.actor("chenmin"), matter.number, there.pk, reason="电话问清")
    assert (placed.placed, placed.division_id, placed.unit_id) == (True, there.pk, unit(city, "housing"))
    invariants.check(matter.number)
    with pytest.raises(NotAllowed):
        intake.place(city.actor("sunli"), matter.number, there.pk)
    with pytest.raises(NotFound):
        intake.place(city.actor("farhandler"), matter.number, there.pk)


def test_the_clerk_corrects_the_category_and_it_is_routed_anew(city: SmallCity) -> None:
    matter = received(city.actor("chenmin"), **HERE).matter
    changed = intake.reclassify(city.actor("chenmin"), matter.number, "education.fees", "说的是学校")
    assert (changed.category.code, changed.unit_id) == ("education.fees", unit(city, "education"))
    invariants.check(matter.number)
    with pytest.raises(BadInput):
        intake.reclassify(city.actor("chenmin"), matter.number, "education")


# Routing


def test_a_unit_complained_of_is_passed_over_and_that_is_said(city: SmallCity) -> None:
    matter = received(about_unit=unit(city, "housing"), **HERE).matter
    assert matter.unit_id != unit(city, "housing")
    assert "passed over" in why(matter)["route"]["en"]
    invariants.check(matter.number)


def test_where_everybody_competent_is_complained_of_the_door_keeps_it(city: SmallCity) -> None:
    Competence.objects.bulk_create(
        Competence(unit_id=pk, category=directory().categories["property.deposit"], answers=False)
        for pk, one in directory().units.items() if one.kind != "housing"
    )  # fmt: skip
    Profile.objects.update(revision=99)
    tree.forget()
    matter = received(about_unit=unit(city, "housing"), **HERE).matter
    assert matter.unit_id == unit(city, "centre")
    another = received(
        about_unit=unit(city, "centre"), detail="综治中心态度恶劣", category="other.general"
    ).matter
    assert another.unit_id != unit(city, "centre")


def test_the_first_receiver_leads_where_it_is_competent(city: SmallCity) -> None:
    receiver = city.actor("sunyan")  # of market regulation
    codes = [c.code for c in directory().categories.values() if "market_regulation" in c.competent[1:]]
    report = {"category": codes[0], **HERE}
    assert received(receiver, **report).matter.unit_id == unit(city, "market_regulation")
    other = received(**report).matter
    assert other.unit_id != unit(city, "market_regulation")
    same = received(receiver, category=codes[0], about_unit=unit(city, "market_regulation"), **HERE).matter
    assert same.unit_id != unit(city, "market_regulation")
    assert not Involved.objects.filter(matter=same, unit_id=unit(city, "market_regulation")).exists()


def test_who_took_it_in_for_another_unit_keeps_sight_of_it(city: SmallCity) -> None:
    matter = received(city.actor("chenmin"), **HERE).matter
    parts = set(Involved.objects.filter(matter=matter).values_list("unit_id", "part"))
    assert parts == {(unit(city, "housing"), "responsible"), (unit(city, "centre"), "receiver")}


def test_who_reports_changes_nothing_of_what_the_door_decides(city: SmallCity) -> None:
    """No field of a person leads anywhere: not her name, not her number, not how often she came."""
    plain = intake.consider(Report(SAID, **HERE))
    received(name="王五", contact="13900000000", **HERE)
    for name, contact in (("刘娟", "13800001234"), ("王五", "13900000000"), ("", "")):
        thought = intake.consider(Report(SAID, name=name, contact=contact, **HERE))
        assert (thought.category, thought.unit_id, thought.division_id, thought.why) == (
            plain.category, plain.unit_id, plain.division_id, plain.why
        )  # fmt: skip
    known = received(name="王五", contact="13900000000", **HERE)
    stranger = received(name="赵六", **HERE)
    assert {alike.score for alike in known.alike} == {
        alike.score for alike in stranger.alike if alike.number != known.matter.number
    }


# Matches


def test_what_was_said_before_nearby_is_shown_and_nothing_secret(city: SmallCity) -> None:
    first = received(**HERE).matter
    received(detail="路灯坏了三天", category="facility.lamp", lon=114.006, lat=35.505)
    received(category="education.safety", **HERE)  # a confidential category
    again = received(detail="物业公司不退我的装修押金，去了三次", lon=114.0052, lat=35.5051)
    assert again.alike[0].number == first.number
    assert (again.alike[0].metres or 99) < 30
    assert again.alike[0].why["zh"]
    numbers = {alike.number for alike in again.alike}
    assert not Matter.objects.filter(number__in=numbers, confidential=True).exists()
    far = received(lon=114.095, lat=35.505)
    assert far.alike == []


@pytest.mark.parametrize("login", [None, "zhaolei"])
def test_without_a_point_words_find_the_like_and_the_place_orders_them(
    city: SmallCity, login: str | None
) -> None:
    actor = city.actor(login) if login else RESIDENT
    village, grid, county, other = "419801001001", "419801001001002", "419801", "419801002002001"
    made = {received(division_code=code).matter.number: code for code in (village, grid, county, other)}
    found = [made[alike.number] for alike in received(actor, division_code=grid).alike]
    assert {*found[:2]} == {village, grid}
    assert found[2:] == [
        county
    ]  # no more known than the county; the same words of another township are another thing


def test_among_many_of_the_same_words_the_one_at_the_place_is_found(city: SmallCity) -> None:
    for number in range(12):
        received(division_code="419802001001001", detail=f"{SAID}，第{number}户")
    here = received(**HERE).matter
    assert [alike.number for alike in received(lon=114.0051, lat=35.505).alike] == [here.number]


def shares(found: intake.Received) -> dict[str, tuple[float, bool]]:
    """By number, how probable it is that a filing is the same, and whether the reason names the reporter."""
    return {alike.number: (alike.score, "同一反映人" in alike.why["zh"]) for alike in found.alike}


def test_the_same_reporter_counts_where_staff_look_and_is_told_to_nobody_else(city: SmallCity) -> None:
    clerk, own, other = city.actor("chenmin"), "13900000000", "13911111111"
    hers = received(contact=own, **HERE).matter
    theirs = received(contact=other, **HERE).matter
    words = "装修押金物业不退，已经找了他们好几次，总是推来推去，请帮忙协调"
    again = received(clerk, words, contact=own, **HERE)
    assert shares(again)[hers.number][0] > shares(again)[theirs.number][0]
    assert [shares(again)[m.number][1] for m in (hers, theirs)] == [True, False]
    spied = received(
        detail=words, contact=own, **HERE
    )  # whoever files under her number learns nothing of what she said
    assert not any(told for _, told in shares(spied).values())
    assert shares(spied)[hers.number][0] == shares(spied)[theirs.number][0]


@pytest.mark.parametrize("change", [{"confidential": True}, {"contact_token": ""}, {"role": "other"}])
def test_who_asked_for_confidence_or_left_no_contact_is_compared_with_nobody(
    city: SmallCity, change: dict[str, Any]
) -> None:
    hers = received(contact="13900000000", **HERE).matter
    Party.objects.filter(matter=hers).update(**change)
    again = received(city.actor("chenmin"), contact="13900000000", **HERE)
    assert shares(again)[hers.number][1] is False


def test_only_open_matters_are_asked_who_reported_them(city: SmallCity) -> None:
    one, two = (received(contact="13900000000", **HERE).matter for _ in range(2))
    assert same_reporter(one.number, [two.number]) == {two.number}
    Matter.objects.filter(pk=two.pk).update(is_open=False)
    assert same_reporter(one.number, [two.number]) == frozenset()
    assert same_reporter(two.number, [one.number]) == frozenset()


def test_staff_are_shown_only_what_they_may_see(city: SmallCity) -> None:
    received(about_unit=unit(city, "centre"), **HERE)
    assert received(city.actor("chenmin"), **HERE).alike == []
    assert received(city.actor("sunli"), **HERE).alike != []


# Cleaning


def test_hostile_text_is_kept_harmless(city: SmallCity) -> None:
    wicked = "押金\x00不退\u202e\u200b\ud800<script>alert(1)</script>' OR 1=1 --\r\n第二行\U000e0041"
    made = received(
        detail=wicked, title="标题\n两行\x07", address="\u2066某处\u2069", name="刘\u200b娟", contact=" 138 ",
        about_person="某\x00公司", **HERE,
    )  # fmt: skip
    matter = Matter.objects.get(pk=made.matter.pk)
    assert matter.detail == "押金不退<script>alert(1)</script>' OR 1=1 --\n第二行"
    assert (matter.title, matter.address) == ("标题 两行", "某处")
    assert sorted(matter.parties.values_list("role", flat=True)) == ["reporter", "respondent"]
    assert {party.name for party in matter.parties.all()} == {"刘娟", "某公司"}
    assert list(verify()) == []


def test_names_and_contacts_stand_sealed_in_the_database(city: SmallCity) -> None:
    received(name="刘娟", contact="13800001234", **HERE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, contact, contact_token FROM matters_party")
        [row] = cursor.fetchall()
    assert not any("刘娟" in value or "13800001234" in value for value in row)
    assert Party.objects.get().contact == "13800001234"


def test_everything_that_cannot_be_taken_is_named_at_once(city: SmallCity) -> None:
    with pytest.raises(BadInput) as caught:
        received(detail=" ", channel="dream", lon=200.0, lat=0.0, name="长" * 61, key="k" * 81)
    assert {error.field for error in caught.value.errors} == {"detail", "channel", "lon", "name", "key"}
    wrongs: tuple[dict[str, Any], ...] = (
        {"lon": 114.0},
        {"lon": float("nan"), "lat": 1.0},
        {"category": "property"},
        {"category": "no.such"},
        {"division_code": "999"},
        {"about_unit": 10**9},
        {"detail": "长" * 8001},
    )
    for wrong in wrongs:
        with pytest.raises(BadInput):
            received(**{"detail": SAID, **wrong})
    assert not Matter.objects.exists()
    assert list(verify()) == []


def test_a_city_without_units_says_so(city: SmallCity) -> None:
    type(next(iter(city.units.values()))).objects.update(valid_to=MORNING.date())
    Profile.objects.update(revision=99)
    tree.forget()
    with pytest.raises(NotNow):
        received(**HERE)


def test_what_staff_found_has_no_reporter(city: SmallCity) -> None:
    matter = received(
        city.actor("zhengjie"),
        detail="井盖缺失",
        category="facility.manhole",
        staff_only=True,
        channel="grid",
        **HERE,
    ).matter
    assert not matter.parties.exists()
    assert matter.state == "seen"


def test_when_it_was_said_elsewhere_stands_in_the_history_and_clocks_run_from_now(city: SmallCity) -> None:
    said = datetime(2019, 5, 1, 8, 0, tzinfo=time.CITY_ZONE)
    matter = received(at=said, channel="file", **HERE).matter
    assert matter.opened_at == MORNING
    assert Entry.objects.get(stream=matter.stream).body["said"] == "2019-05-01T00:00:00.000000Z"


# Numbers


def test_numbers_run_on_by_county_and_year_without_gaps(city: SmallCity) -> None:
    made = [received(**HERE).matter.number for _ in range(2)]
    made.append(received(division_code="419802001001").matter.number)
    with time.at(datetime(2026, 12, 31, 18, 30, tzinfo=UTC)):  # in the city the new year has begun
        made.append(received(**HERE).matter.number)
    assert made == ["4198012026000001", "4198012026000002", "4198022026000001", "4198012027000001"]


def test_a_filing_that_fails_gives_its_number_back(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    received(**HERE)

    def fail(*_: Any) -> None:
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("onedoor.kernel.log.write", fail)
        with pytest.raises(RuntimeError):
            received(**HERE)
    assert received(**HERE).matter.number == "4198012026000002"
    assert list(verify()) == []


# Statements


def test_a_filing_takes_few_statements(city: SmallCity) -> None:
    received(**HERE)
    with CaptureQueriesContext(connection) as captured:
        received(name="刘娟", contact="13800001234", about_person="某物业", **HERE)
    assert len(captured) <= STATEMENTS, [query["sql"][:80] for query in captured]


def test_a_hundred_filings_take_hardly_more(city: SmallCity) -> None:
    received(**HERE)
    reports = [Report(f"{SAID}{number}", **HERE) for number in range(100)]
    with CaptureQueriesContext(connection) as captured:
        made = intake.receive_many(RESIDENT, reports)
    assert len(captured) <= STATEMENTS_OF_MANY, [query["sql"][:80] for query in captured]
    assert [one.matter.detail for one in made] == [report.detail for report in reports]
    assert list(verify()) == []
    for one in made[::33]:
        invariants.check(one.matter.number)
