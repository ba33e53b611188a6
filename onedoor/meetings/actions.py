"""Changes at the table between convening and concluding, which are actions of the procedure."""

from __future__ import annotations

from django.db import transaction

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound
from onedoor.kernel.statements import Select, ask, update
from onedoor.kernel.texts import written
from onedoor.matters import policies
from onedoor.matters.models import Matter
from onedoor.meetings.events import AttendanceRecorded, OpinionGiven
from onedoor.meetings.models import Invitation, Meeting

ABOUT = "SELECT number FROM matters_matter WHERE id = (SELECT matter_id FROM meetings_meeting WHERE id = %s)"
BY_ID = Select(Meeting, "id = %s")
INVITED = Select(Invitation, "meeting_id = %s")
MAY_RECORD = ["unit", "coordinator", "leader", "system"]


@transaction.atomic
def give_opinion(actor: Actor, meeting_id: int, text: str) -> Invitation:
    """An invited unit says its opinion; a later one replaces it. Raises NotFound, NotAllowed, BadInput, Conflict."""
    text = written("opinion", text, "请写明意见", "say what your unit thinks")
    meeting, matter = _reach(actor, meeting_id)
    invitation = next((i for i in INVITED(meeting.pk) if i.unit_id in actor.unit_ids), None)
    if invitation is None:
        raise NotAllowed(what="发表会商意见 / give an opinion")
    _check_open(meeting)
    invitation.opinion, invitation.opinion_at = text, time.now()
    update(invitation, ["opinion", "opinion_at"])
    log.append(matter, OpinionGiven(meeting=meeting.pk, unit=invitation.unit_id, opinion=text), actor)
    return invitation


@transaction.atomic
def record_attendance(
    actor: Actor, meeting_id: int, unit_id: int, attended: bool, reason: str = ""
) -> Invitation:
    """Who convenes records whether an invited unit came; of an absent one, why.

    Raises NotFound, NotAllowed, BadInput, Conflict.
    """
    meeting, matter = _reach(actor, meeting_id)
    if not policies.performs(matter, MAY_RECORD):
        raise NotAllowed(what="登记到会情况 / record attendance")
    _check_open(meeting)
    reason = "" if attended else written("reason", reason, "请写明缺席原因", "say why it was absent")
    invitation = next((i for i in INVITED(meeting.pk) if i.unit_id == unit_id), None)
    if invitation is None:
        raise BadInput.of("unit", "未邀请该单位", "this unit was not invited")
    invitation.attended, invitation.absence_reason = attended, reason
    update(invitation, ["attended", "absence_reason"])
    event = AttendanceRecorded(meeting=meeting.pk, unit=unit_id, attended=attended, reason=reason)
    log.append(matter, event, actor)
    return invitation


def _reach(actor: Actor, meeting_id: int) -> tuple[Meeting, Matter]:
    found = ask(ABOUT, meeting_id)
    if not found:
        raise NotFound(what=f"#{meeting_id}")
    [(number,)] = found
    matter = policies.reach(actor, number, lock=True)
    [meeting] = BY_ID(meeting_id)
    return meeting, matter


def _check_open(meeting: Meeting) -> None:
    if meeting.state != "convened":
        raise Conflict(zh="会商已经结束", en="the meeting has been concluded")
