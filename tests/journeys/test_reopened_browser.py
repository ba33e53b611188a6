"""“Not solved”, said on a telephone: opened again, a level higher, a leader takes charge, and then it is solved."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from onedoor.kernel.audit import verify
from tests.journeys import deposit
from tests.journeys.towns import Town
from tests.journeys.visits import Desk, Phone, named
from tests.support.browser import Visitor

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db(transaction=True)
REASON = "只退了2800元，扣下的200元清运费没有说法"


def test_not_solved_opens_it_again_a_level_higher(stage: Town, visitor: Visitor) -> None:
    story = deposit.answered_today(stage)
    phone = Phone(visitor("phone"))
    phone.follow(story.number, story.code)
    phone.shows(deposit.ANSWER["answer"])
    phone.say("没解决", "很不满意", REASON)
    phone.shows("办理中")
    phone.shows("领导包案")  # the third level, as she reads it
    again = story.matter
    assert (again.state, again.level, again.times_reopened) == ("handling", 3, 1)

    handler = Desk(visitor("desktop"), "liqiang")
    handler.open(story.number)
    expect(handler.page.get_by_text("重新办理 1 次")).to_be_visible()
    expect(handler.page.get_by_role("main").get_by_text(REASON).first).to_be_visible()
    expect(handler.page.get_by_role("link", name=named("领导包案"))).to_have_count(0)

    leader = Desk(visitor("desktop"), "wujun")
    leader.open(story.number)
    leader.take("领导包案", {"理由": "群众不认可，由我包案"})
    handler.open(story.number)
    handler.take("答复", {"答复": deposit.AGAIN["answer"], "结果": "已解决"})

    phone.page.reload()
    phone.shows(deposit.AGAIN["answer"])
    phone.say("解决了", "满意")
    phone.shows("您对这次答复的评判已记下，还在听取其他反映人的意见。")
    caller = Desk(visitor("desktop"), "sunli")
    caller.call(story.number, "回访：已解决", {"回访的是哪一件": story.neighbour, "满意程度": "满意"})
    phone.page.reload()
    phone.shows("已办结")
    closed = story.matter
    assert (closed.state, closed.times_reopened) == ("closed", 1)
    rounds = closed.verdicts.order_by("pk").values_list("number", "round", "channel", "solved")
    assert list(rounds) == [
        (story.number, 0, "resident", False), (story.number, 1, "resident", True),
        (story.neighbour, 1, "callback", True),
    ]  # fmt: skip
    assert list(verify()) == []
