"""`docs/your-own-pack.md` is followed to the letter: its files, its commands, and what people do on the pages."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from ruamel.yaml import YAML

from onedoor.city import tree as snapshot
from onedoor.city.models import Account, Post
from onedoor.cli.tests.calling import onedoor
from onedoor.kernel.audit import verify
from onedoor.matters.models import Matter
from onedoor.registers.models import Record
from onedoor.simulation import demo
from tests.journeys.visits import Desk, fill
from tests.support.browser import Visitor, stands
from tests.support.smallcity import SINCE, SmallCity, small_city

pytest_plugins = ["tests.support.ownpacks"]
pytestmark = pytest.mark.django_db(transaction=True)
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "your-own-pack.md"
PART = re.compile(r"(?:^`(?P<file>[\w./-]+)`\n\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
OFFICER, STATION = "gaofeng", "419801001-police_station"
Named = Callable[..., None]
Story = list[dict[str, str]]


@pytest.fixture
def city(transactional_db: None) -> SmallCity:
    """The small city, with somebody at the police station of the first grid."""
    made = small_city()
    account = Account(login=OFFICER, name="高峰")
    account.set_password(demo.PASSWORD)
    account.save()
    unit = made.units[STATION]
    Post.objects.create(account=account, unit=unit, role="handler", division=unit.division, valid_from=SINCE)
    snapshot.forget()
    return made


def parts() -> Iterator[tuple[str, str, str]]:
    """(name of a file, kind, text) of every block, in the order of the page."""
    return (
        (found["file"] or "", found["kind"], found["text"])
        for found in PART.finditer(DOCUMENT.read_text("utf-8"))
    )


def followed(own_packs: Named) -> Story:
    """Writes the files and runs the commands; what is left are the steps of the story."""
    story: Story = []
    for file, kind, text in parts():
        if file:
            Path(file).write_text(text, "utf-8")
        elif kind == "sh":
            for line in text.splitlines():
                run(line, own_packs)
        else:
            story = YAML(typ="safe").load(text)
    return story


def run(line: str, own_packs: Named) -> None:
    """One line of the page, as the shell takes it."""
    first, *words = shlex.split(line)
    if first == "export":
        name, _, value = words[0].partition("=")
        assert name == "ONEDOOR_PACKS"
        own_packs(value)
        return
    assert first == "onedoor"
    said = onedoor(*words)
    assert said.status == 0, (line, said.out, said.err)


class Told:
    """The story on the pages; everybody has a browser of her own."""

    def __init__(self, visitor: Visitor) -> None:
        self.phone, self.desk = visitor("phone"), Desk(visitor("desktop"), OFFICER)
        self.number = self.code = ""
        self.does: dict[str, Callable[[dict[str, str]], None]] = {"我要说事": self.report, "评判": self.judge}

    def step(self, step: dict[str, str]) -> None:
        """One step: who does what, and what she fills in."""
        (who, does), *filled = step.items()
        if who == "群众":
            self.does[does](dict(filled))
        else:
            self.desk.open(self.number)
            self.desk.take(does, dict(filled))

    def report(self, said: dict[str, str]) -> None:
        """A resident tells it on her telephone, where she stands."""
        page = self.phone
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"longitude": 114.005, "latitude": 35.505})
        page.goto("/")
        page.get_by_role("link", name="我要说事").first.click()
        page.wait_for_url("**/file/")
        page.get_by_role("textbox", name="用您自己的话说").fill(said["用您自己的话说"])
        page.get_by_role("radio", name=re.compile(f"^{said['分类']}")).check()
        page.get_by_role("button", name="我的位置").click()
        page.get_by_role("textbox", name="您的姓名").fill("刘娟")
        page.get_by_role("textbox", name="您的电话").fill("13800001234")
        page.get_by_role("button", name="提交").click()
        keys = page.get_by_role("region", name="回执").get_by_role("status")
        expect(keys).to_have_count(2)
        self.number, self.code = keys.all_inner_texts()

    def judge(self, said: dict[str, str]) -> None:
        """She gives her verdict with what stands on her receipt."""
        page = self.phone
        page.goto("/follow/")
        page.get_by_role("textbox", name="编号").fill(self.number)
        page.get_by_role("textbox", name="查询码").fill(self.code)
        page.get_by_role("button", name="打开").click()
        page.get_by_role("radio", name=re.compile(f"^{said['回答']} ")).check()
        page.get_by_role("radio", name=said["满意程度"], exact=True).check()
        page.get_by_role("button", name="提交我的评判").click()
        expect(page.get_by_role("main").get_by_text("已办结").first).to_be_visible()


def test_the_page_is_followed_to_the_letter(
    city: SmallCity, visitor: Visitor, own_packs: Named, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    story = followed(own_packs)
    _records_stand()
    told = Told(visitor)
    for step in story:
        told.step(step)
    matter = Matter.objects.select_related("category").get(number=told.number)
    assert (matter.state, matter.category.code, matter.unit_id) == (
        "closed", "lost_found.found", city.units[STATION].pk,
    )  # fmt: skip
    _pages_stand(told.desk)
    assert list(verify()) == []


def _records_stand() -> None:
    held: list[Any] = list(Record.objects.filter(kind="lost_found_item").order_by("pk"))
    assert [record.title for record in held] == ["黑色双肩包", "蓝色保温杯"]
    assert {record.number[:2] for record in held} == {"LF"}
    assert Path("kept.xlsx").is_file()
    assert {path.name for path in Path("papers").iterdir()} == {
        "lost_found.md", "lost_found.mmd", "lost_found.bpmn",
    }  # fmt: skip
    assert not Path("items-refused.csv").exists()


def _pages_stand(desk: Desk) -> None:
    """The pages made from the pack: list, record, visit."""
    page = desk.page
    page.goto("/desk/registers/of/lost_found_item/")
    stands(page)
    page.get_by_role("link", name="黑色双肩包").first.click()
    stands(page)
    page.get_by_role("link", name="清点").first.click()
    fill(page.get_by_role("main"), "物品是否在位", "是")
    page.get_by_role("button", name="登记走访").click()
    expect(page.locator("#history").get_by_text("走访检查").first).to_be_visible()
    expect(page.locator("#history").get_by_text("物品是否在位").first).to_be_visible()
