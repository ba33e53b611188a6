"""郑洁 inspects a workshop with her telephone: what she finds becomes a matter, is mended, and the finding closes."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from onedoor.kernel.audit import verify
from onedoor.registers import actions
from onedoor.registers.models import Finding, Record
from onedoor.registers.writing import Draft
from tests.journeys.towns import Town
from tests.journeys.visits import Desk, Fields, fill
from tests.support.browser import Visitor, stands

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db(transaction=True)
NAME = "东街面粉厂"
SEEN: Fields = {
    "疏散通道、安全出口是否畅通": "否",
    "灭火器、消火栓是否在位有效": "是",
    "室内有无电动车停放充电": "否",
    "易燃易爆物品是否按规定存放": "不涉及",
    "房屋有无裂缝、倾斜、坠落危险": "否",
    "备注": "货物堆放占用后门通道",
}


def entered(town: Town) -> Record:
    """The workshop on the stage, entered by its grid worker."""
    lon, lat = town.points[0]
    values = {"name": NAME, "use": "workshop", "sleeps": "no"}
    return actions.enter(town.actor("zhengjie"), "inspected_place", Draft(values, lon=lon, lat=lat))


def test_from_a_finding_to_its_end(stage: Town, visitor: Visitor) -> None:
    record, desk = entered(stage), Desk(visitor("phone"), "zhengjie")
    page = desk.page
    page.goto(f"/desk/registers/{record.number}/")
    stands(page)
    page.get_by_role("link", name="安全检查").click()
    for label, value in SEEN.items():
        fill(page.get_by_role("main"), label, value)
    page.get_by_role("button", name="登记走访").click()
    desk.told("发现的 1 处问题已登记为事项")
    matter = Finding.objects.select_related("matter").get(record=record).matter
    page.locator("#findings").get_by_role("link", name="疏散通道、安全出口是否畅通").click()
    page.wait_for_url(f"**/matters/{matter.number}/")
    desk.take("当场处置", {"办理情况": "业主已清空通道，现场核查畅通。"})
    page.goto(f"/desk/registers/{record.number}/")
    expect(page.locator("#findings").get_by_text("已办结")).to_be_visible()
    expect(page.locator("#history").get_by_text("发现的问题已销号")).to_be_visible()
    finding = Finding.objects.get(record=record)
    assert (finding.outcome, finding.closed_at is not None) == ("solved", True)
    assert list(verify()) == []
