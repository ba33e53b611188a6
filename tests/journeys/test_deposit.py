"""The deposit kept by the property company: one door, one table, one agreement, and the residents' last word."""

from __future__ import annotations

import io
from datetime import date

import docx
import pytest

from onedoor.documents import actions as papers
from onedoor.documents import queries as documents
from onedoor.kernel.audit import verify
from onedoor.kernel.problems import NotAllowed, NotFound, NotNow, WrongCode
from onedoor.kernel.proof import prove
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters import actions as matters
from onedoor.matters import policies
from onedoor.matters.models import Matter
from onedoor.matters.queries import history, search
from onedoor.meetings import queries as meetings
from onedoor.notices.effects import JOINED
from onedoor.notices.queries import notices_of, reminders
from tests.journeys import deposit
from tests.journeys.days import on, pass_until
from tests.journeys.deposit import AGREEMENT, COMPANY, Deposit
from tests.journeys.towns import Town

pytest_plugins = ["tests.journeys.stages"]
pytestmark = pytest.mark.django_db


def text_of(content: bytes) -> str:
    """All that is written in a .docx."""
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*cells, *(paragraph.text for paragraph in paper.paragraphs)])


def test_it_comes_in_by_one_door_and_finds_its_neighbour(town: Town) -> None:
    story = Deposit(town)
    with on(-2, "19:00"):
        story.neighbour_files()
    with on(0, "20:15"):
        received = story.resident_files()
        alike = received.alike
    matter = received.matter
    assert (matter.division_id, matter.placed) == (town.grid.id, True)
    assert matter.category.code == received.suggestions[0].code == "property.deposit"
    assert matter.unit == town.unit("housing")
    assert [found.number for found in alike] == [story.neighbour]
    assert alike[0].metres is not None
    assert alike[0].metres < 50
    with on(1, "08:50"):
        assert story.clerk_joins() == [story.neighbour]
    with on(1, "10:00"):
        story.act("liqiang", "accept")
    joined = story.filing
    assert (joined.master, joined.state, joined.is_open) == (story.matter, "joined", False)
    accepted = "您的事项已由承办单位签收办理。"  # each is told on her own page; who was joined, also of that
    told = {
        number: [notice.text["zh"] for notice in notices_of(number)]
        for number in (story.neighbour, joined.number)
    }
    assert told == {story.neighbour: [accepted], joined.number: [accepted, JOINED["zh"]]}
    assert policies.reach(story.neighbour_herself(), story.number) == story.matter
    with pytest.raises(WrongCode):
        prove(story.neighbour, story.code, "somebody else's phone")
    with pytest.raises(NotFound):
        matters.note(town.actor("yuanfang"), story.number, "another county's bureau")


def test_three_units_sit_at_one_table_and_owe_what_they_resolved(town: Town) -> None:
    story = deposit.in_handling(town)
    with on(2):
        meeting = story.convened()
        assert {i.unit.kind for i in meeting.invitations.all()} == {
            "market_regulation", "township_office", "justice",
        }  # fmt: skip
        assert [r.kind for r in reminders(town.actor("sunyan"))] == ["invited"]
        with pytest.raises(NotNow, match="neither an opinion nor an absence"):
            story.act("liqiang", "conclude", minutes="过早")
    with on(4):
        story.heard(meeting)
        tasks = story.concluded()
        meeting.refresh_from_db()
        assert list(meetings.resolutions(meeting)) == tasks
        assert story.matter.level == 2
        assert "task" in story.clocks()
        with pytest.raises(NotNow, match=r"2 task\(s\) are still open"):
            story.act("liqiang", "answer", **deposit.ANSWER)
        with pytest.raises(NotAllowed):  # justice was invited, but this is not its task
            matters.finish_task(town.actor("hejing"), tasks[0].pk, "done")
        story.tasks_done(tasks)
    due = [clock.due_at for clock in story.matter.clocks.filter(name="task").order_by("task")]
    assert [at.astimezone(CITY_ZONE).date() for at in due] == [date(2026, 3, 11), date(2026, 3, 10)]
    assert "task" not in story.clocks()
    absent = meeting.invitations.get(unit=town.unit("justice"))
    assert (absent.attended, absent.absence_reason) == (False, "同一时间另有庭审")


def test_no_mediation_without_the_will_of_both(town: Town) -> None:
    story = deposit.in_handling(town)
    with on(2):
        story.offered()
        resident, company = story.sides()
        story.willing(resident)
        with pytest.raises(NotNow):
            story.begun()
        story.act("wangfang", "say_willing", party=company.pk, stance="refuse")
        with pytest.raises(NotNow):
            story.begun()
        back = story.act("wangfang", "refuse_mediation", reason="物业公司明确拒绝调解", told="court")
    assert (back.state, back.unit) == ("handling", town.unit("housing"))
    assert "act" in story.clocks()


def test_the_agreement_holds_when_all_have_signed_and_the_seal_is_set(town: Town) -> None:
    story = deposit.in_handling(town)
    with on(2):
        story.offered()
        for party in story.sides():
            story.willing(party)
        assert story.begun().facts["chosen_by"] == "parties"
    with on(4):
        paper = story.agreed()
        _, content = papers.read(town.actor("wangfang"), paper.pk)
        text = text_of(content)
        for part in (
            "人民调解协议书", paper.number, "刘娟", "13800001234", COMPANY, *AGREEMENT["facts"].split("\n"),
            AGREEMENT["duties"], AGREEMENT["content"], "3,000.00元（人民币叁仟元整）", "15日", "王芳",
            "申请人（签名、盖章或按指印）", "被申请人（签名、盖章或按指印）", "人民调解委员会印章",
        ):  # fmt: skip
            assert part in text
        assert papers.read(story.resident(), paper.pk)[1] == content
        with pytest.raises(NotAllowed):  # the neighbour's own agreement would be another
            papers.read(story.neighbour_herself(), paper.pk)
        with pytest.raises(NotNow):
            story.act("wangfang", "take_effect")
        story.signed()
        effective = story.act("wangfang", "take_effect")
    assert effective.state == "performing"
    assert story.clocks() == {"perform", "confirm"}
    thirtieth = story.matter.clocks.get(name="confirm").due_at.astimezone(CITY_ZONE)
    assert thirtieth.date() == date(
        2026, 4, 7
    )  # the 5th is a holiday, and so are the Saturday before and the Monday


def test_judicial_confirmation_is_open_for_thirty_days(town: Town) -> None:
    story = deposit.performing(town)
    titles = [document.title for document in documents.of_matter(story.matter)]
    assert titles == ["司法确认申请书", "人民调解协议书", "会商纪要"]
    assert story.matter.facts["confirmation"] == "valid"
    assert story.clocks() == {"perform"}


def test_after_thirty_days_the_right_has_lapsed(town: Town) -> None:
    story = deposit.in_handling(town)
    with on(2):
        story.offered()
        for party in story.sides():
            story.willing(party)
        story.begun()
        story.agreed()
        story.signed()
        story.act("wangfang", "take_effect")
    with on(2 + 31), pytest.raises(NotNow):
        story.act("wangfang", "apply_confirmation", court="区人民法院", confirmation="applied")


def test_it_ends_when_everybody_who_reported_says_so(town: Town) -> None:
    story = deposit.answered(town)
    caller = town.actor("sunli")
    with on(22):
        for login in ("liqiang", "liuyang", "chenmin"):  # none of them may speak for the resident
            with pytest.raises(NotAllowed):
                story.act(login, "called_solved", filing=story.number)
        with pytest.raises(NotNow, match=r"1 reporter\(s\) have not spoken"):
            story.act("sunli", "called_solved", filing=story.number)
        seen = matters.read_contact(caller, story.matter.parties.get(role="reporter").pk, "电话回访")
        assert (seen.name, seen.contact) == ("刘娟", "13800001234")
        story.act("sunli", "called_solved_for_one", filing=story.number, satisfied=5, reason="钱到账了")
        assert story.matter.is_open
    with on(23, "19:40"):
        matters.give_verdict(story.neighbour_herself(), True, {"satisfied": 4})
    matter = story.matter
    assert (matter.state, matter.is_open, matter.times_reopened) == ("closed", False, 0)
    said = {
        verdict.number: (verdict.channel, verdict.solved, verdict.satisfied)
        for verdict in matter.verdicts.all()
    }
    assert said == {story.number: ("callback", True, 5), story.neighbour: ("resident", True, 4)}
    assert story.clocks() == set()
    assert list(verify()) == []


def test_not_solved_reopens_it_a_level_higher_and_a_leader_takes_charge(town: Town) -> None:
    story = deposit.answered(town)
    level = story.matter.level
    with on(22, "20:00"):
        again = matters.give_verdict(story.resident(), False, {"satisfied": 1, "reason": "垃圾清运费没退"})
    assert (again.state, again.is_open, again.level, again.times_reopened) == ("handling", True, level + 1, 1)
    assert story.clocks() == {"act"}
    with on(23):
        with pytest.raises(NotAllowed):
            story.act("liqiang", "take_charge", reason="我来")
        assert story.act("wujun", "take_charge", reason="群众不认可，由我包案").level == 3
    with on(26):
        story.act("liqiang", "answer", **deposit.AGAIN)
    with on(27, "18:30"):
        matters.give_verdict(story.neighbour_herself(), True, {})
        closed = matters.give_verdict(story.resident(), True, {"satisfied": 5, "reason": "这回解决了"})
    assert (closed.state, closed.is_open, closed.times_reopened) == ("closed", False, 1)
    rounds = closed.verdicts.order_by("pk").values_list("number", "round", "solved")
    assert list(rounds) == [(story.number, 0, False), (story.neighbour, 1, True), (story.number, 1, True)]
    assert list(verify()) == []


def test_whoever_is_not_content_appeals_one_level_up(town: Town) -> None:
    story = deposit.answered(town)
    pass_until(40, since=21)
    assert story.matter.state == "closed"
    before, level = story.matter.unit, story.matter.level
    with on(42, "20:00"):
        matters.act(story.resident(), story.number, "appeal", {"reason": "清运费一直没退，原单位不管"})
    appealed = story.matter
    assert (appealed.state, appealed.is_open, appealed.level) == ("handling", True, min(3, level + 1))
    assert appealed.unit != before
    assert appealed.unit == town.unit("centre")
    with on(43):
        with pytest.raises(NotAllowed):  # it is no longer theirs
            story.act("liqiang", "answer", **deposit.AGAIN)
        story.act("wujun", "answer", **deposit.AGAIN)
    with on(44):
        matters.give_verdict(story.neighbour_herself(), True, {})
        assert matters.give_verdict(story.resident(), True, {}).state == "closed"
    assert list(verify()) == []


def test_the_history_tells_it_all_in_order(town: Town) -> None:
    story = deposit.answered(town)
    told = [line.title["zh"] for line in history(story.matter)]
    wanted = [
        "登记", "并入了另一件反映", "签收", "召集会商", "会商意见", "到会情况", "形成会商意见", "任务完成",
        "征询调解意愿", "开始调解", "达成协议", "当事人签署", "协议生效", "共同申请司法确认", "登记法院裁定",
        "已履行，答复群众",
    ]  # fmt: skip
    places = [told.index(title) for title in wanted]
    assert places == sorted(places)
    assert list(search(town.actor("chenmin"), story.number)) == [story.matter]
    assert not Matter.objects.filter(is_open=True, next_due=None).exists()
