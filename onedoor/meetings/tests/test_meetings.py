"""Several units at one table: all heard or noted absent before it ends, and what was resolved becomes tasks."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import docx
import pytest

from onedoor.documents import actions as documents
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, NotNow
from onedoor.matters import actions as matters
from onedoor.matters.actions.opening import PartyData
from onedoor.matters.models import Matter, Task
from onedoor.matters.queries import history
from onedoor.meetings import actions, queries
from onedoor.meetings.models import Meeting
from onedoor.notices.queries import reminders
from tests.support.cities import MORNING
from tests.support.filings import ANSWER, opened
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
URBAN, MARKET = "419801-urban_management", "419801-market_regulation"


@pytest.fixture
def handling(city: SmallCity) -> Matter:
    """A matter that the housing bureau handles."""
    matter = opened(city)
    return matters.act(city.actor("liqiang"), matter.number, "accept")


def convened(city: SmallCity, matter: Matter, *units: str, **values: Any) -> Meeting:
    """A consultation on Wednesday, called by the handling unit."""
    form = {
        "units": [city.units[unit].pk for unit in units or (URBAN, MARKET)],
        "when": "2026-11-25T09:30",
        "place": "东河区综治中心会商室",
        "agenda": "研究装修押金退还",
    }
    matters.act(city.actor("liqiang"), matter.number, "convene", form | values)
    return queries.of_matter(matter)[0]


def test_those_invited_see_the_matter_and_are_reminded(city: SmallCity, handling: Matter) -> None:
    with pytest.raises(NotFound):
        matters.note(city.actor("qianjun"), handling.number, "我们还看不到它")
    meeting = convened(city, handling)
    assert (meeting.kind, meeting.state) == ("consultation", "convened")
    assert meeting.convened_by == city.units["419801-housing"]
    for login in ("qianjun", "sunyan"):
        [invitation] = queries.invitations(city.actor(login))
        assert invitation.meeting == meeting
        assert [reminder.kind for reminder in reminders(city.actor(login))] == ["invited"]
    assert not queries.invitations(city.actor("farhandler")).exists()
    handling.refresh_from_db()
    assert (handling.state, handling.level) == ("consulting", 2)


def test_it_ends_when_everybody_was_heard_or_noted_absent(city: SmallCity, handling: Matter) -> None:
    meeting, handler = convened(city, handling), city.actor("liqiang")
    with pytest.raises(NotNow, match="neither an opinion nor an absence"):
        matters.act(handler, handling.number, "conclude", {"minutes": "同意"})
    actions.give_opinion(city.actor("qianjun"), meeting.pk, "应当退还。")
    actions.record_attendance(handler, meeting.pk, city.units[MARKET].pk, True)
    with pytest.raises(NotNow, match=city.units[MARKET].name):
        matters.act(handler, handling.number, "conclude", {"minutes": "同意"})
    actions.record_attendance(handler, meeting.pk, city.units[MARKET].pk, False, "另有执法任务")
    task = {"unit": city.units[URBAN].pk, "what": "核查装修垃圾清运", "span": "3 working days"}
    matters.act(handler, handling.number, "conclude", {"minutes": "物业公司应当退还。", "tasks": [task]})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes, meeting.concluded_at) == (
        "concluded",
        "物业公司应当退还。",
        MORNING,
    )
    assert [(t.unit, t.title) for t in queries.resolutions(meeting)] == [
        (city.units[URBAN], "核查装修垃圾清运")
    ]
    assert list(verify()) == []


def test_the_matter_is_answered_only_when_its_resolutions_are_done(city: SmallCity, handling: Matter) -> None:
    meeting, handler = convened(city, handling, URBAN), city.actor("liqiang")
    actions.give_opinion(city.actor("qianjun"), meeting.pk, "同意。")
    task = {"unit": city.units[URBAN].pk, "what": "核查", "span": "3 working days"}
    matters.act(handler, handling.number, "conclude", {"minutes": "同意", "tasks": [task]})
    with pytest.raises(NotNow):
        matters.act(handler, handling.number, "answer", ANSWER)
    matters.finish_task(city.actor("qianjun"), Task.objects.get().pk, "已核查")
    assert matters.act(handler, handling.number, "answer", ANSWER).state == "answered"


def test_the_unit_complained_of_may_not_sit_at_the_table(city: SmallCity) -> None:
    about = PartyData("respondent", unit_id=city.units[URBAN].pk)
    matter = opened(city, about=about)
    matters.act(city.actor("liqiang"), matter.number, "accept")
    with pytest.raises(BadInput) as refused:
        convened(city, matter)
    assert refused.value.errors[0].field == "units"
    assert city.units[URBAN].name in refused.value.text("zh")
    assert not Meeting.objects.exists()
    convened(city, matter, MARKET)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("units", {"units": []}),
        ("units", {"units": ["own"]}),
        ("when", {"when": "2026-11-20T09:30"}),
        ("when", {"when": "下周三"}),
        ("agenda", {"agenda": ""}),
    ],
)
def test_what_cannot_be_convened_is_said(
    city: SmallCity, handling: Matter, field: str, values: dict[str, Any]
) -> None:
    if values.get("units") == ["own"]:
        values = {"units": [city.units["419801-housing"].pk]}
    with pytest.raises(BadInput) as refused:
        convened(city, handling, **values)
    assert [error.field for error in refused.value.errors] == [field]


def test_a_later_opinion_replaces_and_both_stay_in_the_history(city: SmallCity, handling: Matter) -> None:
    meeting = convened(city, handling)
    for opinion in ("不同意。", "核实后同意。"):
        actions.give_opinion(city.actor("qianjun"), meeting.pk, opinion)
    assert meeting.invitations.get(unit=city.units[URBAN]).opinion == "核实后同意。"
    said = Entry.objects.filter(stream=handling.stream, kind="opinion_given").order_by("seq")
    assert [entry.words["opinion"] for entry in said if entry.words] == ["不同意。", "核实后同意。"]
    assert not queries.invitations(city.actor("qianjun")).exists()
    assert queries.invitations(city.actor("sunyan")).exists()


def test_who_may_speak_and_who_may_record(city: SmallCity, handling: Matter) -> None:
    meeting, market = convened(city, handling), city.units[MARKET].pk
    with pytest.raises(NotAllowed):
        actions.give_opinion(city.actor("liqiang"), meeting.pk, "我们召集的，没有受邀。")
    with pytest.raises(NotFound):
        actions.give_opinion(city.actor("farhandler"), meeting.pk, "与我们无关。")
    with pytest.raises(NotAllowed):
        actions.record_attendance(city.actor("sunyan"), meeting.pk, market, True)
    with pytest.raises(NotAllowed):
        actions.record_attendance(Actor.resident(handling.number), meeting.pk, market, True)
    with pytest.raises(NotFound):
        actions.give_opinion(city.actor("qianjun"), meeting.pk + 1, "同意。")
    assert actions.record_attendance(city.actor("zhaolei"), meeting.pk, market, True).attended is True


def test_words_are_needed_where_words_count(city: SmallCity, handling: Matter) -> None:
    meeting, handler = convened(city, handling), city.actor("liqiang")
    with pytest.raises(BadInput, match="opinion"):
        actions.give_opinion(city.actor("qianjun"), meeting.pk, "  ")
    with pytest.raises(BadInput, match="at most 4000"):
        actions.give_opinion(city.actor("qianjun"), meeting.pk, "好" * 4001)
    with pytest.raises(BadInput, match="reason"):
        actions.record_attendance(handler, meeting.pk, city.units[MARKET].pk, False)
    with pytest.raises(BadInput, match="not invited"):
        actions.record_attendance(handler, meeting.pk, city.units["419801-police"].pk, True)
    assert not Entry.objects.filter(kind__in=("opinion_given", "attendance_recorded")).exists()


def test_after_it_has_ended_nothing_is_added(city: SmallCity, handling: Matter) -> None:
    meeting, handler = convened(city, handling, URBAN), city.actor("liqiang")
    actions.give_opinion(city.actor("qianjun"), meeting.pk, "同意。")
    matters.act(handler, handling.number, "conclude", {"minutes": "同意"})
    with pytest.raises(Conflict):
        actions.give_opinion(city.actor("qianjun"), meeting.pk, "改变主意。")
    with pytest.raises(Conflict):
        actions.record_attendance(handler, meeting.pk, city.units[URBAN].pk, True)
    assert list(queries.resolutions(meeting)) == []


def test_minutes_say_who_came_what_was_said_and_what_was_resolved(city: SmallCity, handling: Matter) -> None:
    meeting, handler = convened(city, handling), city.actor("liqiang")
    actions.give_opinion(city.actor("qianjun"), meeting.pk, "应当退还。\n{{ 7*7 }}")
    actions.record_attendance(handler, meeting.pk, city.units[MARKET].pk, False, "另有任务")
    task = {"unit": city.units[URBAN].pk, "what": "约谈物业公司", "span": "3 working days"}
    matters.act(handler, handling.number, "conclude", {"minutes": "物业公司应当退还。", "tasks": [task]})
    paper = handling.documents.get()  # made when the meeting was concluded, without anybody asking
    read = docx.Document(io.BytesIO(documents.read(handler, paper.pk)[1]))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    text = [paragraph.text for paragraph in read.paragraphs]
    assert paper.number == "东河会商〔2026〕1号"
    assert f"{city.units[MARKET].name}（另有任务）" in cells
    assert city.units[URBAN].name in cells
    assert "2026年11月25日 09:30" in cells
    assert cells[-3:] == [city.units[URBAN].name, "约谈物业公司", "2026年11月26日"]
    assert {
        "研究装修押金退还",
        f"{city.units[URBAN].name}：应当退还。",
        "{{ 7*7 }}",
        "物业公司应当退还。",
    } <= set(text)


def test_without_a_meeting_there_are_no_minutes(city: SmallCity, handling: Matter) -> None:
    with pytest.raises(NotNow, match="no meeting was held"):
        documents.render(city.actor("liqiang"), handling.number, "minutes")


def test_what_was_written_at_the_table_is_erased_on_time(city: SmallCity, handling: Matter) -> None:
    meeting, handler = convened(city, handling, URBAN), city.actor("liqiang")
    actions.give_opinion(city.actor("qianjun"), meeting.pk, "同意。")
    matters.act(handler, handling.number, "conclude", {"minutes": "同意"})
    matters.act(handler, handling.number, "answer", ANSWER)
    matters.give_verdict(Actor.resident(handling.number), True, {})
    with time.at(MORNING + timedelta(days=400)):
        matters.erase_due(Actor.system("test"), after=timedelta(days=365), rule="test")
    meeting.refresh_from_db()
    invitation = meeting.invitations.get()
    assert (meeting.agenda, meeting.minutes, meeting.place, invitation.opinion) == ("", "", "", "")
    assert invitation.noted
    assert list(verify()) == []


def test_the_history_says_it_in_words(city: SmallCity, handling: Matter) -> None:
    meeting = convened(city, handling)
    actions.give_opinion(city.actor("qianjun"), meeting.pk, "应当退还。")
    actions.record_attendance(city.actor("liqiang"), meeting.pk, city.units[URBAN].pk, True)
    said, came = history(handling)[-2:]
    assert (said.title["zh"], said.words) == ("会商意见", [({"zh": "意见", "en": "Opinion"}, "应当退还。")])
    assert came.title["zh"] == "到会情况"


def test_a_meeting_on_a_matter_that_ends_is_called_off(city: SmallCity, handling: Matter) -> None:
    meeting = convened(city, handling)
    matters.act(Actor.resident(handling.number), handling.number, "withdraw")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.concluded_at) == ("called_off", MORNING)
    assert not queries.invitations(city.actor("qianjun")).exists()
    with pytest.raises(Conflict):
        actions.give_opinion(city.actor("qianjun"), meeting.pk, "同意")
