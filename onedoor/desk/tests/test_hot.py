"""Hot issues at the desk: found, opened, parted, handled together, taken up as a campaign."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from onedoor.city import tree as snapshot
from onedoor.desk.tests.desks import at_desk, text
from onedoor.desk.tests.test_browser import SECRET, sign_in
from onedoor.intake import hot
from onedoor.intake.models import HotGroup
from onedoor.matters.models import Matter
from onedoor.notices.queries import notices_of
from tests.support.browser import Visitor
from tests.support.filings import opened
from tests.support.smallcity import SmallCity, small_city


def heated(city: SmallCity) -> tuple[HotGroup, list[Matter]]:
    """Three who speak of one thing, and the group that they make."""
    found = [opened(city, contact=f"1380000000{n}", lon=114.005, lat=35.505) for n in range(3)]
    hot.Watch()()
    return HotGroup.objects.get(), found


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city()


def test_the_coordinator_finds_it_and_why(city: SmallCity) -> None:
    group, found = heated(city)
    page = text(at_desk(city, "zhaolei").get(reverse("desk:hot")))
    assert group.headline in page
    assert "3 households" in page
    assert reverse("desk:hot_short") in text(at_desk(city, "zhaolei").get("/desk/"))
    assert reverse("desk:hot_short") not in text(at_desk(city, "liqiang").get("/desk/"))
    own = text(at_desk(city, "zhaolei").get(reverse("desk:hot_group", args=[group.pk])))
    assert all(matter.number in own for matter in found)
    assert "3 + 2 × 3 + 3 × 0 = 9" in own
    points = at_desk(city, "zhaolei").get(reverse("desk:hot_points", args=[group.pk])).json()
    assert len(points["features"]) == 3


def test_counts_are_of_what_she_may_see(city: SmallCity) -> None:
    group, found = heated(city)
    Matter.objects.filter(pk=found[0].pk).update(division=city.divisions["419802001001001"])
    assert "2 households" in text(at_desk(city, "zhaolei").get(reverse("desk:hot")))
    Matter.objects.filter(pk=found[1].pk).update(division=city.divisions["419802001001001"])
    assert group.headline not in text(at_desk(city, "zhaolei").get(reverse("desk:hot")))
    assert at_desk(city, "zhaolei").get(reverse("desk:hot_group", args=[group.pk])).status_code == 404


def test_one_is_taken_out(city: SmallCity) -> None:
    group, found = heated(city)
    address = reverse("desk:hot_part", args=[group.pk, found[0].number])
    answer = at_desk(city, "zhaolei").post(address)
    assert answer.headers["Location"] == reverse("desk:hot_group", args=[group.pk])
    assert group.members.count() == 2
    assert at_desk(city, "hean").post(address).status_code == 404  # no longer in it


def test_a_campaign_needs_a_reason_and_a_coordinator(city: SmallCity) -> None:
    group, _ = heated(city)
    address = reverse("desk:hot_campaign", args=[group.pk])
    assert at_desk(city, "zhaolei").post(address, {"reason": ""}).status_code == 422
    assert at_desk(city, "zhoutao").post(address, {"reason": "多户"}).status_code == 403
    assert at_desk(city, "zhaolei").post(address, {"reason": "多户"}).status_code == 302
    group.refresh_from_db()
    assert group.campaign is not None
    page = text(at_desk(city, "zhaolei").get(reverse("desk:hot_group", args=[group.pk])))
    assert group.campaign.number in page
    assert "Springs from filings about the same" in text(
        at_desk(city, "zhaolei").get(reverse("desk:history", args=[group.campaign.number]))
    )


def test_the_api_tells_the_same(city: SmallCity) -> None:
    group, _ = heated(city)
    found = at_desk(city, "zhaolei").get("/api/v1/hot").json()
    assert [(one["id"], one["households"], one["index"]) for one in found] == [(group.pk, 3, 9)]
    assert at_desk(city, "farhandler").get("/api/v1/hot").json() == []


def test_from_the_first_page_to_one_joint_handling(transactional_db: None, visitor: Visitor) -> None:
    city = small_city()
    for account in city.accounts.values():
        account.set_password(SECRET)
        account.save()
    snapshot.forget()
    group, found = heated(city)
    page = sign_in(visitor("desktop"), "zhaolei")
    page.locator("#hot").get_by_text(group.headline).click()
    expect(page).to_have_url(re.compile(f"/desk/hot/{group.pk}/$"))
    page.get_by_role("button", name="合并办理").click()
    expect(page.locator(".toast")).to_contain_text("已将 2 件并入")
    assert Matter.objects.filter(master=found[0]).count() == 2
    assert [notices_of(matter.number).count() for matter in found] == [1, 1, 1]
