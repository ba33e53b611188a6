"""Hot issues: who speaks of one thing, how it is counted without knowing who, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from onedoor.city.queries import directory
from onedoor.intake import hot, together
from onedoor.intake.heat import Told, heat
from onedoor.intake.models import HotGroup, HotMember
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import Filing, PartyData
from onedoor.matters.models import Matter
from onedoor.notices.queries import notices_of
from tests.support import invariants
from tests.support.smallcity import SmallCity, small_city

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=time.CITY_ZONE)
HEATING = (
    ("阳光花园暖气不热", "阳光花园三号楼暖气片冰凉，屋里只有十四度，交了取暖费没人管"),
    ("家里暖气一直冰凉", "我们阳光花园从开始供暖暖气片就是冰凉的，屋里十五度，取暖费早就交了"),
    ("阳光花园供暖温度不达标", "市民来电反映阳光花园供暖不热，屋里温度不到十六度，交了取暖费"),
)
CARD = (
    ("美佳健身房关门，会员卡退不了", "办了美佳健身房的年卡，上个月突然关门，老板电话打不通，卡里的钱不退"),
    ("美佳健身房跑路", "美佳健身房说装修停业，其实已经跑路了，我卡里还有一千多，老板电话不接"),
)
OTHER = ("巷口路灯不亮", "巷口两盏路灯坏了好久，老人晚上出门看不见")


@pytest.fixture
def city() -> Iterator[SmallCity]:
    with time.at(MORNING):
        yield small_city()


def filed(city: SmallCity, told: tuple[str, str], phone: str, **more: Any) -> Matter:
    """A filing as a resident words it."""
    values: dict[str, Any] = {
        "category": directory().categories["facility.heating"], "unit_id": city.units["419801-housing"].pk,
        "division_id": city.first_grid.pk, "parties": (PartyData("reporter", "某人", phone),),
    }  # fmt: skip
    filing = Filing(title=told[0], detail=told[1], **(values | more))
    return matters.open_many(Actor.system("test"), [filing])[0]


@pytest.fixture
def heating(city: SmallCity) -> list[Matter]:
    """Three of one estate about its heating, and one about something else."""
    found = [filed(city, told, f"1390000000{n}") for n, told in enumerate(HEATING)]
    filed(city, OTHER, "13900000009")
    return found


def numbers(group: HotGroup) -> list[str]:
    return list(group.members.order_by("matter_id").values_list("matter__number", flat=True))


def test_filings_about_one_thing_come_together_as_they_arrive(city: SmallCity, heating: list[Matter]) -> None:
    watch = hot.Watch()
    assert watch() == 1
    group = HotGroup.objects.get()
    assert numbers(group) == [matter.number for matter in heating]
    assert group.headline in [title for title, _ in HEATING]
    assert (group.first_at, group.last_at) == (heating[0].opened_at, heating[2].opened_at)
    assert watch() == 0
    later = filed(city, HEATING[1], "13900000005")
    assert watch() == 1
    assert later.number in numbers(HotGroup.objects.get())


def test_another_process_goes_on_where_one_left_off(city: SmallCity, heating: list[Matter]) -> None:
    hot.Watch()()
    filed(city, HEATING[0], "13900000005")
    other = hot.Watch()
    other()  # reads what was there
    other()
    assert len(numbers(HotGroup.objects.get())) == 4


def test_the_same_words_of_another_estate_are_another_thing(city: SmallCity, heating: list[Matter]) -> None:
    far = city.divisions["419801002002002"].pk
    for told in HEATING:
        moved = tuple(text.replace("阳光花园", "翠湖花园") for text in told)
        filed(city, (moved[0], moved[1]), "13900000006", division_id=far)
    hot.Watch()()
    estates = {
        frozenset(
            "翠湖" in text or far == m.matter.division_id
            for m in group.members.all()
            for text in [m.matter.title]
        )
        for group in HotGroup.objects.all()
    }
    assert estates == {frozenset({True}), frozenset({False})}


def test_one_firm_in_two_townships_is_one_thing(city: SmallCity, heating: list[Matter]) -> None:
    for n, told in enumerate(CARD):
        place = city.divisions[("419801001001001", "419801002002001")[n]].pk
        category = directory().categories["consumer.prepaid"]
        filed(city, told, f"1370000000{n}", division_id=place, category=category)
    hot.Watch()()
    assert sorted(len(numbers(group)) for group in HotGroup.objects.all()) == [2, 3]


def test_what_is_confidential_never_enters_and_leaves_when_it_becomes_so(
    city: SmallCity, heating: list[Matter]
) -> None:
    filed(city, HEATING[0], "13900000007", confidential=True)
    hot.Watch()()
    assert len(numbers(HotGroup.objects.get())) == 3
    Matter.objects.filter(pk=heating[0].pk).update(confidential=True)
    hot.Watch()()
    assert numbers(HotGroup.objects.get()) == [matter.number for matter in heating[1:]]
    Matter.objects.filter(pk=heating[1].pk).update(confidential=True)
    hot.Watch()()
    assert not HotGroup.objects.exists()


def test_what_left_while_it_was_in_memory_is_not_grouped_again(
    city: SmallCity, heating: list[Matter]
) -> None:
    watch = hot.Watch()
    watch()
    Matter.objects.filter(pk=heating[0].pk).update(erased_at=time.now())
    later = filed(city, HEATING[0], "13900000005")
    watch()
    assert numbers(HotGroup.objects.get()) == [*(matter.number for matter in heating[1:]), later.number]
    assert heating[0].pk not in watch.held.items


def test_households_are_counted_and_nothing_of_who_they_are_is_kept(
    city: SmallCity, heating: list[Matter]
) -> None:
    filed(city, HEATING[0], "13900000000")  # the first reporter once more
    hot.Watch()()
    told = hot.counted([HotGroup.objects.get().pk], Matter.objects.all())
    found = heat(next(iter(told.values())), time.now())
    assert (found.matters, found.households) == (4, 3)
    kept = [str(row) for model in (HotGroup, HotMember) for row in model.objects.values()]
    tokens = set(Matter.objects.values_list("parties__contact_token", flat=True))
    assert not [token for token in tokens for row in kept if token and token in row]


def test_the_index_says_how_it_is_reckoned() -> None:
    rows = [Told(MORNING - timedelta(days=n), n % 2, frozenset({f"h{n // 2}"})) for n in range(20)]
    found = heat(rows, MORNING)
    assert (found.matters, found.households, found.lately, found.before, found.townships) == (20, 10, 4, 4, 2)
    assert found.index == 10 + 2 * 4 + 3
    assert "10 + 2 × 4 + 3 × 1 = 21" in found.why["zh"]
    assert found.trend == "steady"
    assert heat(rows[8:], MORNING).trend == "quiet"


def test_grouping_anew_keeps_the_rows_and_what_people_said(city: SmallCity, heating: list[Matter]) -> None:
    hot.Watch()()
    group = HotGroup.objects.get()
    together.part(city.actor("zhaolei"), group.pk, heating[2].number, "不是一个小区")
    assert numbers(group) == [matter.number for matter in heating[:2]]
    assert hot.is_due()
    assert hot.rebuild() == 1
    assert not hot.is_due()
    assert numbers(HotGroup.objects.get(pk=group.pk)) == [matter.number for matter in heating[:2]]
    hot.Watch()()
    assert numbers(group) == [matter.number for matter in heating[:2]]


def test_one_joint_handling_tells_every_reporter(city: SmallCity, heating: list[Matter]) -> None:
    hot.Watch()()
    done = together.join_all(city.actor("zhaolei"), HotGroup.objects.get().pk, heating[0].number, "同一小区")
    assert done.joined == tuple(matter.number for matter in heating[1:])
    assert done.left == ()
    assert [notices_of(matter.number).count() for matter in heating] == [1, 1, 1]
    entry = Entry.objects.get(stream=heating[0].stream, kind="handled_together")
    assert (entry.body["numbers"], entry.body["told"]) == (list(done.joined), [heating[0].number])
    for matter in heating:
        invariants.check(matter.number)
    assert list(verify()) == []


def test_a_filing_that_complains_of_the_masters_unit_stays_apart(
    city: SmallCity, heating: list[Matter]
) -> None:
    against = PartyData("respondent", unit_id=city.units["419801-housing"].pk)
    reporter = PartyData("reporter", "某人", "13900000008")
    accusing = filed(
        city, HEATING[1], "", parties=(reporter, against), unit_id=city.units["419801-urban_management"].pk
    )
    hot.Watch()()
    done = together.join_all(city.actor("zhaolei"), HotGroup.objects.get().pk, heating[0].number)
    assert [number for number, _ in done.left] == [accusing.number]
    accusing.refresh_from_db()
    assert accusing.is_open


def test_a_campaign_goes_its_own_way_and_leaves_the_filings_theirs(
    city: SmallCity, heating: list[Matter]
) -> None:
    filed(city, HEATING[0], "13900000008", unit_id=city.units["419801-urban_management"].pk)
    hot.Watch()()
    group = HotGroup.objects.get()
    with pytest.raises(BadInput):
        together.propose(city.actor("zhaolei"), group.pk, " ")
    campaign = together.propose(city.actor("zhaolei"), group.pk, "全小区供暖不达标")
    assert (campaign.state, campaign.category.code) == ("proposed", together.CAMPAIGN)
    with pytest.raises(Conflict):
        together.propose(city.actor("zhaolei"), group.pk, "再来一次")
    plan = {"what": "入户测温并整改", "span": "10 working days"}
    with pytest.raises(NotAllowed):
        matters.act(city.actor("zhaolei"), campaign.number, "approve", plan)
    matters.act(city.actor("wujun"), campaign.number, "approve", plan)
    units = [city.units["419801-housing"].pk, city.units["419801-urban_management"].pk]
    assert sorted(campaign.tasks.values_list("unit_id", flat=True)) == sorted(units)
    for matter in heating:
        assert Entry.objects.get(stream=matter.stream, kind="in_campaign").body["number"] == campaign.number
        matter.refresh_from_db()
        assert (matter.is_open, matter.state) == (True, "seen")
        invariants.check(matter.number)
    invariants.check(campaign.number)
    assert list(verify()) == []
    hot.rebuild()
    assert campaign.number not in numbers(group)  # it is no filing of the group itself


def test_a_unit_complained_of_gets_no_task_of_the_campaign(city: SmallCity, heating: list[Matter]) -> None:
    accused = city.units["419801-housing"].pk
    other = city.units["419801-urban_management"].pk
    parties = (PartyData("reporter", "某人", "13900000008"), PartyData("respondent", unit_id=accused))
    filed(city, HEATING[0], "", parties=parties, unit_id=other)
    hot.Watch()()
    campaign = together.propose(city.actor("zhaolei"), HotGroup.objects.get().pk, "供暖")
    matters.act(city.actor("wujun"), campaign.number, "approve", {"what": "测温", "span": "5 days"})
    assert list(campaign.tasks.values_list("unit_id", flat=True)) == [other]
    with pytest.raises(NotFound):
        matters.act(city.actor("liqiang"), campaign.number, "report", {})


def test_who_may_see_less_than_two_sees_no_group(city: SmallCity, heating: list[Matter]) -> None:
    hot.Watch()()
    group = HotGroup.objects.get()
    assert together.group_of(city.actor("zhaolei"), group.pk) == group
    with pytest.raises(NotFound):
        together.group_of(city.actor("farhandler"), group.pk)
    with pytest.raises(NotAllowed):
        together.propose(city.actor("zhoutao"), group.pk, "供暖")
