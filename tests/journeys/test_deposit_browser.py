"""The deposit kept by the property company, in browsers: from 刘娟's telephone over six desks to her word."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import docx
import pytest
from playwright.sync_api import expect

from onedoor.kernel import time
from onedoor.kernel.audit import verify
from onedoor.matters.models import Matter
from tests.journeys import deposit
from tests.journeys.deposit import AGREEMENT, ANSWER, COMPANY, Deposit
from tests.journeys.towns import Town
from tests.journeys.visits import Desk, Phone, fill, named
from tests.support.browser import Visitor

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db(transaction=True)


class Told:
    """The story as it is clicked through; everybody opens a browser of her own when she first acts."""

    def __init__(self, town: Town, visitor: Visitor) -> None:
        self.town, self.visitor = town, visitor
        self.story = Deposit(town)
        self.desks: dict[str, Desk] = {}
        self.phone = Phone(visitor("phone"))

    def at(self, login: str) -> Desk:
        """Somebody of the cast, with the matter before her."""
        desk = self.desks.get(login)
        if desk is None:
            desk = self.desks[login] = Desk(self.visitor("desktop"), login)
        desk.open(self.story.number)
        return desk

    def reported(self) -> None:
        """Her neighbour has filed before; she files from her telephone and says that it is the same."""
        self.story.neighbour_files()
        detail = deposit.DETAIL.format(estate=self.town.landmarks.estates[0])
        said = self.phone.file(self.town, detail, name="刘娟", contact="13800001234", about=COMPANY)
        self.story.number, self.story.code = said
        self.phone.follow(*said)
        self.phone.shows("已登记，正在交办")
        self.phone.shows(self.town.unit("housing").name)

    def joined(self) -> None:
        """陈敏 compares the two and joins them."""
        desk = self.at("chenmin")
        desk.page.get_by_role("link", name=self.story.filing.title).click()
        expect(desk.page.get_by_role("heading", name="对照比较")).to_be_visible()
        desk.page.get_by_role("button", name=f"将 {self.story.neighbour} 并入 {self.story.number}").click()
        expect(desk.page.get_by_text(self.story.neighbour).first).to_be_visible()

    def consulted(self) -> None:
        """李强 receives it and invites three; two are heard, one is noted absent; what is resolved becomes tasks."""
        names = {
            kind: self.town.unit(kind).name for kind in ("market_regulation", "township_office", "justice")
        }
        desk = self.at("liqiang")
        desk.press("签收")
        when = f"{time.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
        desk.take(
            "召集会商",
            {"邀请单位": [*names.values()], "时间": when, "地点": "综治中心会商室", "议题": "押金应否退还"},
        )
        for login in deposit.TABLE:
            self._says(login)
        desk.open(self.story.number)
        desk.page.get_by_role("link", name="押金应否退还").click()
        seat = desk.page.get_by_role("article").filter(has_text=names["justice"])
        seat.get_by_text("登记到会").click()
        seat.get_by_label("缺席原因").fill("同一时间另有庭审")
        seat.get_by_role("button", name="未到").click()
        expect(seat.get_by_text("缺席原因： 同一时间另有庭审")).to_be_visible()
        desk.open(self.story.number)
        form = desk.form("形成会商意见")
        fill(form, "会商纪要", "押金应当退还，先行调解。")
        for place, (kind, what) in enumerate(
            (("market_regulation", "核查收费依据"), ("township_office", "约谈负责人"))
        ):
            line = form.get_by_role("listitem").nth(place)
            fill(line, "单位", names[kind])
            fill(line, "要办的事", what)
            fill(line, "期限", "3个工作日")
        form.get_by_role("button", name=named("形成会商意见")).click()
        desk.told("已完成：形成会商意见")

    def _says(self, login: str) -> None:
        desk = self.desks[login] = Desk(self.visitor("desktop"), login)
        desk.page.get_by_role("link", name="会商邀请").click()
        desk.page.get_by_role("link", name="发表意见").click()
        desk.page.get_by_role("textbox", name="本单位意见").fill("应当退还，愿意配合督促。")
        desk.page.get_by_role("button", name="发表意见").click()
        desk.told("本单位意见已登记")

    def done_before_it_is_answered(self) -> None:
        """It cannot be answered before every task is done."""
        desk = self.at("liqiang")
        form = desk.form("答复")
        fill(form, "答复", ANSWER["answer"])
        fill(form, "结果", "已解决")
        form.get_by_role("button", name=named("答复")).click()
        desk.told("还有 2 项分办任务未完成")
        for login in deposit.TABLE:
            page = self.at(login).page
            page.get_by_role("link", name="报告完成").click()
            form = page.get_by_role("region", name="报告任务完成")
            fill(form, "办理情况", "已完成，情况属实。")
            form.get_by_role("button", name="报告任务完成").click()
            expect(page.get_by_text("任务已报告完成")).to_be_visible()

    def mediated(self, folder: Path) -> None:
        """Both are willing; 王芳 mediates; the agreement is downloaded, signed by all and takes effect."""
        room = self.town.unit("mediation_property").name
        self.at("liqiang").take("征询调解意愿", {"调解室": room})
        desk = self.at("wangfang")
        for party in ("反映人", "被反映人"):
            desk.take("记录当事人意愿", {"当事人": party, "意愿": "同意"})
        desk.take("开始调解", {"调解员": "王芳", "如何确定": "当事人选择", "是否公开调解": "否"})
        desk.take("达成协议", {
            "协议形式": "书面", "主要事实和争议事项": AGREEMENT["facts"], "各方责任": AGREEMENT["duties"],
            "协议内容和履行方式": AGREEMENT["content"], "金额": "3000", "履行期限": "15个工作日",
        })  # fmt: skip
        paper = docx.Document(str(desk.download("人民调解协议书", folder)))
        text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
        cells = "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
        for part in (
            "人民调解协议书",
            AGREEMENT["content"],
            "人民币叁仟元整",
            "15个工作日",
            "刘娟",
            COMPANY,
            "王芳",
        ):
            assert part in text + cells
        for party in ("反映人", "被反映人"):
            desk.take("当事人签署", {"当事人": party, "签署": "已签名、盖章或按指印"})
        desk.take("调解员签名", {"调解员已签名": "是"})
        self.at("liqiang").take("加盖印章", {"已加盖调委会印章": "是"})
        self.at("wangfang").press("协议生效")

    def called_back(self) -> None:
        """孙丽, who had no part in it, calls 刘娟."""
        desk = self.at("sunli")
        desk.page.get_by_role("link", name="回访", exact=True).first.click()
        desk.page.get_by_role("link", name=self.story.matter.title).click()
        card = desk.page.get_by_role("article").filter(has_text="刘*")
        card.get_by_label("查看用途").select_option(label="电话回访")
        card.get_by_role("button", name="显示").click()
        expect(desk.page.get_by_role("link", name="13800001234")).to_be_visible()
        said: dict[str, str | list[str]] = {"回访的是哪一件": self.story.number, "满意程度": "很满意"}
        desk.call(self.story.number, "回访：已解决（尚有其他反映人）", said)


def test_from_her_telephone_to_solved(stage: Town, visitor: Visitor, tmp_path: Path) -> None:
    told = Told(stage, visitor)
    told.reported()
    told.joined()
    told.consulted()
    told.done_before_it_is_answered()
    told.mediated(tmp_path)
    told.at("liqiang").take("已履行，答复群众", {"答复": ANSWER["answer"], "结果": "已解决"})
    told.phone.page.reload()
    told.phone.shows(ANSWER["answer"])
    told.called_back()
    neighbour = Phone(visitor("phone"))
    neighbour.follow(told.story.neighbour, told.story.neighbours_code)
    neighbour.say("解决了", "满意")
    neighbour.shows("已办结")
    told.phone.page.reload()
    told.phone.shows("已办结")
    matter = told.story.matter
    assert (matter.state, matter.is_open, matter.level) == ("closed", False, 2)
    heard = {verdict.number: (verdict.channel, verdict.solved) for verdict in matter.verdicts.all()}
    assert heard == {told.story.number: ("callback", True), told.story.neighbour: ("resident", True)}
    assert Matter.objects.get(number=told.story.neighbour).master == matter
    assert list(verify()) == []
