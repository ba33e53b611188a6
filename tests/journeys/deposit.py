"""The story of the deposit that the property company keeps, step by step, for every ending that it may have.

刘娟 reports it on the web; 何桂英, her neighbour, did so two days before. 陈敏 sits at the counter, 李强 at the housing
bureau, 王芳 mediates, 孙丽 calls back, 吴军 leads the centre.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from onedoor.documents import queries as documents
from onedoor.documents.models import Document
from onedoor.intake import actions as door
from onedoor.intake.queries import as_filed, nearby
from onedoor.intake.rules import Report
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.proof import prove
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.models import Matter, Party, Task
from onedoor.meetings import actions as meetings
from onedoor.meetings.models import Meeting
from tests.journeys.days import on
from tests.journeys.towns import Town

COMPANY = "锦绣家园物业公司"
TABLE = ("sunyan", "liuyang")  # who comes to the table; the justice bureau is absent
TITLE = "物业公司扣着装修押金不退"
DETAIL = "去年十月装修完工，{estate}的物业公司一直扣着3000元装修押金不退，打了十几次电话都推。"
NEIGHBOURS_DETAIL = "我家也是{estate}的，装修完工半年了，物业公司扣着装修押金不退，打电话就推。"
AGREEMENT: dict[str, str] = {
    "kind": "written",
    "facts": "2025年9月12日申请人交纳装修押金3000元。\n2025年10月装修完工，未发现违规装修。",
    "duties": "物业公司应当退还押金；申请人交回出入证。",
    "content": "物业公司一次性退还押金3000元，以银行转账方式履行。",
    "amount": "3000",
    "term": "15 days",
}
ANSWER = {"answer": "押金3000元已于3月23日退到申请人账户。依据调解协议和物业管理条例。", "outcome": "solved"}
AGAIN = {"answer": "垃圾清运费200元也已退还。已责令物业公司公示收费项目。", "outcome": "solved"}


class Deposit:
    """The story so far: 刘娟's filing, and her neighbour's, joined to it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.number = self.code = self.neighbour = self.neighbours_code = ""

    # What everybody in it does

    @property
    def matter(self) -> Matter:
        """刘娟's matter as it stands."""
        return Matter.objects.get(number=self.number)

    @property
    def filing(self) -> Matter:
        """The neighbour's filing as it stands."""
        return Matter.objects.get(number=self.neighbour)

    def act(self, login: str, key: str, **values: Any) -> Matter:
        """Somebody of the cast takes an action."""
        return matters.act(self.town.actor(login), self.number, key, values)

    def resident(self) -> Actor:
        """刘娟, who has her receipt."""
        return prove(self.number, self.code, "her phone")

    def neighbour_herself(self) -> Actor:
        """何桂英, who has hers."""
        return prove(self.neighbour, self.neighbours_code, "her phone")

    def sides(self) -> Iterable[Party]:
        """Both sides of the dispute."""
        return self.matter.parties.filter(role__in=("reporter", "respondent")).order_by("pk")

    def clocks(self) -> set[str]:
        """The clocks that run."""
        return set(self.matter.clocks.filter(state="running").values_list("name", flat=True))

    # Taken in

    def neighbour_files(self) -> door.Received:
        """Two days before: the neighbour, on the web, by pointing at the map."""
        received = self._file(NEIGHBOURS_DETAIL, 1, name="何桂英", contact="13900002222")
        self.neighbour, self.neighbours_code = received.matter.number, received.code
        return received

    def resident_files(self) -> door.Received:
        """刘娟 reports it on the web."""
        received = self._file(
            DETAIL, 0, title=TITLE, name="刘娟", contact="13800001234", about_person=COMPANY
        )
        self.number, self.code = received.matter.number, received.code
        return received

    def _file(self, detail: str, place: int, **said: Any) -> door.Received:
        lon, lat = self.town.points[place]
        text = detail.format(estate=self.town.landmarks.estates[0])
        return door.receive(Actor.resident(), Report(detail=text, lon=lon, lat=lat, **said))

    def clerk_joins(self) -> list[str]:
        """陈敏 sees what is alike and joins the neighbour's filing to it; the numbers that she saw."""
        clerk, matter = self.town.actor("chenmin"), self.matter
        looked = as_filed(
            matter.number, matter.title, matter.detail, matter.category_id, matter.division_id,
            matter.lon, matter.lat, matter.opened_at,
        )  # fmt: skip
        seen = [found.number for found in nearby(looked, policies.sight(clerk))]
        matters.join(clerk, self.neighbour, self.number, "同一小区、同一物业公司、同一押金")
        return seen

    # At the table

    def convened(self) -> Meeting:
        """李强 invites three units to one table."""
        kinds = ("market_regulation", "township_office", "justice")
        self.act(
            "liqiang", "convene", units=[self.town.unit(kind).pk for kind in kinds],
            when=(time.now() + timedelta(days=2)).isoformat(), place="综治中心会商室",
            agenda="装修押金应否退还，由谁督促",
        )  # fmt: skip
        return Meeting.objects.get(matter=self.matter)

    def heard(self, meeting: Meeting) -> None:
        """Two units say what they think, and the absence of the third is recorded."""
        for login in TABLE:
            meetings.give_opinion(self.town.actor(login), meeting.pk, "应当退还，愿意配合督促。")
        absent = self.town.unit("justice").pk
        meetings.record_attendance(self.town.actor("liqiang"), meeting.pk, absent, False, "同一时间另有庭审")

    def concluded(self) -> list[Task]:
        """What was resolved becomes tasks."""
        given = [
            {
                "unit": self.town.unit("market_regulation").pk,
                "what": "核查押金收费依据",
                "span": "3 working days",
            },
            {
                "unit": self.town.unit("township_office").pk,
                "what": "约谈物业公司负责人",
                "span": "2 working days",
            },
        ]
        self.act("liqiang", "conclude", minutes="押金应当退还，先行调解。", tasks=given)
        return list(self.matter.tasks.order_by("pk"))

    def tasks_done(self, tasks: list[Task]) -> None:
        """Each unit reports its share."""
        for login, task in zip(TABLE, tasks, strict=True):
            matters.finish_task(self.town.actor(login), task.pk, "已完成，情况属实。")

    # Mediated

    def offered(self) -> Matter:
        """李强 asks whether they would have it mediated, in the room for property matters."""
        return self.act("liqiang", "offer_mediation", unit=self.town.unit("mediation_property").pk)

    def willing(self, party: Party) -> Matter:
        """王芳 records that a side is willing."""
        return self.act("wangfang", "say_willing", party=party.pk, stance="agree")

    def begun(self) -> Matter:
        """The parties chose 王芳."""
        return self.act("wangfang", "begin_mediation", mediator="王芳", chosen_by="parties", open="no")

    def agreed(self) -> Document:
        """They agree; the agreement is written."""
        self.act("wangfang", "reach_agreement", **AGREEMENT)
        return documents.of_matter(self.matter)[0]

    def signed(self) -> None:
        """Both sides sign, so does the mediator, and the seal is set."""
        for party in self.sides():
            self.act("wangfang", "sign", party=party.pk, stance="signed")
        self.act("wangfang", "mediator_signs", mediator_signed="yes")
        self.act("liqiang", "set_seal", sealed="yes")


def in_handling(town: Town) -> Deposit:
    """The story up to the housing bureau at work, with the neighbour's filing joined."""
    story = Deposit(town)
    with on(-2, "19:00"):
        story.neighbour_files()
    with on(0, "20:15"):
        story.resident_files()
    with on(1, "08:50"):
        story.clerk_joins()
    with on(1, "10:00"):
        story.act("liqiang", "accept")
    return story


def performing(town: Town) -> Deposit:
    """The story up to the agreement in effect, confirmed by the court."""
    story = in_handling(town)
    with on(2):
        meeting = story.convened()
    with on(4):
        story.heard(meeting)
        story.tasks_done(story.concluded())
    with on(7):
        story.offered()
        for party in story.sides():
            story.willing(party)
        story.begun()
    with on(9):
        story.agreed()
        story.signed()
        story.act("wangfang", "take_effect")
    with on(14):
        story.act("wangfang", "apply_confirmation", court="区人民法院", confirmation="applied")
    with on(18):
        story.act("wangfang", "court_decides", court="区人民法院", confirmation="valid")
    return story


def answered(town: Town) -> Deposit:
    """The story up to the answer that both reporters are asked about."""
    story = performing(town)
    with on(21):
        story.act("liqiang", "performed", **ANSWER)
    return story


def answered_today(town: Town) -> Deposit:
    """The story up to an answer that was not mediated, all of it just now: for servers, whose clock cannot be set."""
    story = Deposit(town)
    story.neighbour_files()
    story.resident_files()
    story.clerk_joins()
    story.act("liqiang", "accept")
    meeting = story.convened()
    story.heard(meeting)
    story.tasks_done(story.concluded())
    story.act("liqiang", "answer", **ANSWER)
    return story
