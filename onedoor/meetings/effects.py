"""What procedures may name: convening, concluding, and whether everybody invited has been heard."""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import directory, unit_named
from onedoor.documents import rules
from onedoor.documents.supply import Subject, supply
from onedoor.kernel.problems import BadInput, NotNow
from onedoor.kernel.statements import Select, ask
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.clocks import moment
from onedoor.matters.models import Matter
from onedoor.matters.moving import Moving
from onedoor.matters.queries import KIND_TITLES, WORD_TITLES
from onedoor.matters.registry import Refusal, effect, ender, eraser, guard, needs, takes
from onedoor.matters.steps import Step
from onedoor.meetings import queries
from onedoor.meetings.models import Invitation, Meeting
from onedoor.notices.reminding import remind_units

CALL_OFF = (
    "UPDATE meetings_meeting SET state = 'called_off', concluded_at = %s"
    " WHERE matter_id = %s AND state = 'convened' RETURNING id"
)
CONVENED = Select(Meeting, "matter_id = %s AND state = 'convened'", order="id DESC")
LATEST = Select(Meeting, "matter_id = %s", order="at DESC, id DESC")
INVITED = Select(Invitation, "meeting_id = %s")
KIND_TITLES.update(
    opinion_given={"zh": "会商意见", "en": "Opinion at the consultation"},
    attendance_recorded={"zh": "到会情况", "en": "Attendance"},
)
WORD_TITLES.update(opinion={"zh": "意见", "en": "Opinion"})


@effect
@takes("word or nothing")
@needs("units", "when", "place", "agenda")
def convene(step: Step, kind: Any) -> None:
    """Convenes a meeting of the kind named (a consultation where none is): form `meeting`, in packs/common.

    The units invited see the matter from now on and are reminded.
    """
    invited = _invited(step)
    meeting = Meeting.objects.create(
        matter=step.matter, kind=str(kind or "consultation"), convened_by_id=step.actor.unit_id or step.matter.unit_id,
        convened_at=step.at, at=moment(step.values["when"]), place=step.values["place"], agenda=step.values["agenda"],
    )  # fmt: skip
    Invitation.objects.bulk_create(Invitation(meeting=meeting, unit_id=unit) for unit in invited)
    for unit in invited:
        step.involve(unit, "invited")
    remind_units(step, "invited", [(unit, "") for unit in invited])
    step.done["meeting"] = {"id": meeting.pk, "units": invited}


def _invited(step: Step) -> list[int]:
    """The units of the form but the responsible one, which is at the table anyway. Raises BadInput."""
    wanted: list[int] = step.values["units"]
    barred = [unit for unit in wanted if unit in step.accused]
    if barred:
        names = "、".join(directory().units[unit].name for unit in barred)
        raise BadInput.of(
            "units", f"被投诉单位不能参加会商：{names}", f"a unit complained of may not be invited: {names}"
        )
    invited = [unit for unit in wanted if unit != step.matter.unit_id]
    if not invited:
        raise BadInput.of("units", "请至少邀请一个其他单位", "invite at least one other unit")
    if moment(step.values["when"]) < step.matter.opened_at:
        raise BadInput.of("when", "会商时间早于事项登记时间", "the meeting lies before the matter came in")
    return invited


@effect
@takes("nothing")
@needs("minutes")
def conclude_meeting(step: Step, _: Any) -> None:
    """Concludes the meeting with the form's minutes; the tasks that the same action gives are its resolutions."""
    meeting = _convened(step.matter)
    if meeting is None:
        raise NotNow(zh="没有正在进行的会商", en="no meeting is under way")
    meeting.state, meeting.minutes, meeting.concluded_at = "concluded", step.values["minutes"], step.at
    meeting.save(update_fields=["state", "minutes", "concluded_at"])
    step.done["meeting"] = {"id": meeting.pk}


@guard
@takes("nothing")
def everyone_noted(step: Step, _: Any) -> Refusal | None:
    """Every unit invited has said its opinion, or its absence is recorded with a reason."""
    meeting = _convened(step.matter)
    if meeting is None:
        return "没有正在进行的会商", "no meeting is under way"
    silent = [invitation.unit for invitation in INVITED(meeting.pk) if not invitation.noted]
    if not silent:
        return None
    names = "、".join(unit.name for unit in silent)
    return (
        f"这些单位尚无意见，也未登记缺席：{names}",
        f"neither an opinion nor an absence is recorded of: {names}",
    )


def _convened(matter: Matter) -> Meeting | None:
    return next(iter(CONVENED(matter.pk)), None)


@supply
def meeting(subject: Subject) -> dict[str, Any]:
    """The latest meeting of a matter: when, where, who, what was said and resolved. Raises NotNow without one."""
    held = next(iter(LATEST(subject.matter.pk)), None)
    if held is None:
        raise NotNow(zh="此事项没有开过会商", en="no meeting was held on this matter")
    at = held.at.astimezone(CITY_ZONE)
    invited = [(unit_named(i.unit_id).name, i) for i in INVITED(held.pk)]
    return {
        "at": f"{rules.day(at.date())} {at:%H:%M}",
        "place": rules.as_text(held.place),
        "convened_by": unit_named(held.convened_by_id).name,
        "agenda": rules.as_text(held.agenda),
        "minutes": rules.as_text(held.minutes),
        "present": [unit for unit, i in invited if i.attended is not False],
        "absent": [
            {"unit": unit, "reason": rules.as_text(i.absence_reason)} for unit, i in invited if i.attended is False
        ],
        "opinions": [{"unit": unit, "text": rules.as_text(i.opinion)} for unit, i in invited if i.opinion],
        "tasks": _tasks(subject, held),
    }  # fmt: skip


def _tasks(subject: Subject, held: Meeting) -> list[dict[str, str]]:
    begun = {clock.task_id: clock for clock in subject.begun if clock.task_id}
    lines = []
    for task in queries.resolutions(held):
        clock = next(iter(task.clocks.all()), begun.get(task.pk))
        due = rules.day(clock.due_at.astimezone(CITY_ZONE).date()) if clock else ""
        lines.append({"unit": task.unit.name, "what": rules.as_text(task.title), "due": due})
    return lines


@ender
def call_off(step: Moving) -> None:
    """A meeting on a matter that has ended is not held any more."""
    ask(CALL_OFF, step.at, step.matter.pk)


@eraser
def erase_meetings(matter: Matter) -> None:
    """What was written at the table goes; who sat there and when stays."""
    meetings = Meeting.objects.filter(matter=matter)
    Invitation.objects.filter(meeting__in=meetings).update(absence_reason="", opinion="")
    meetings.update(place="", agenda="", minutes="")
