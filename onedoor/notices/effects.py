"""What procedures and escalation ladders may name: telling residents, reminding units, and whether all were told.

Ladders call the effects of reminding with the clock that ran on; actions call them with no argument.
"""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import calendar
from onedoor.kernel import log
from onedoor.kernel.calendars import due
from onedoor.kernel.spans import Span
from onedoor.matters.guards import unheard
from onedoor.matters.models import Clock
from onedoor.matters.moving import Moving
from onedoor.matters.queries import KIND_TITLES, WORD_TITLES
from onedoor.matters.registry import Refusal, effect, guard, joiner, takes
from onedoor.matters.steps import Step
from onedoor.notices import queries, reminding
from onedoor.notices.telling import post

KIND_TITLES.update(
    not_reached={"zh": "未能告知反映人", "en": "A reporter could not be told"},
    told_otherwise={"zh": "已用其他方式告知反映人", "en": "A reporter was told another way"},
    notice_shown={"zh": "反映人已看到告知", "en": "A reporter saw what she was told"},
    reminder_seen={"zh": "提醒已阅", "en": "A reminder was seen"},
)
JOINED = {
    "zh": "您反映的问题已与他人反映的同一问题合并办理，您的编号、通知和评判不变。",
    "en": "Your report is handled together with others of the same thing; you keep your number, your notices and your "
    "verdict.",
}
WORD_TITLES.update(remark={"zh": "说明", "en": "Remark"})


@effect
@takes("title")
def tell(step: Step, text: Any) -> None:
    """Tells the reporters of the matter and of all filings joined to it: `{tell: {zh: …, en: …}}`.

    Who left a contact is sent a message; for everybody else it stands on the page of her number and query code.
    """
    step.done["told"] = post(step.matter, queries.filings(step.matter), text, step.at)


@joiner
def tell_joined(filing: Moving, master: Moving) -> None:
    """Whose filing is joined to another is told so: she keeps number, notices and verdict. She is not told whose."""
    own = [one for one in queries.filings(filing.matter) if one.number == filing.matter.number]
    filing.done["told"] = post(master.matter, own, JOINED, filing.at)


@effect
@takes("nothing")
def remind(step: Moving, clock: Clock | None) -> None:
    """Reminds whom the clock binds; by an action, the responsible unit."""
    reminding.remind_units(step, "remind", reminding.bound(step, clock), clock)


@effect
@takes("nothing")
def urge(step: Moving, clock: Clock | None) -> None:
    """The time is over: the unit is urged, and those who follow up are told."""
    followers = reminding.supervisors(step.matter)
    reminding.remind_units(step, "urge", [*reminding.bound(step, clock), *followers], clock)


@effect
@takes("nothing")
def tell_leader(step: Moving, clock: Clock | None) -> None:
    """The leaders of the unit, of its superior and of the units that follow up are told."""
    reminding.remind_units(step, "leader", reminding.leaders(step, clock), clock)


@guard
@takes("nothing")
def notified(step: Step, _: Any) -> Refusal | None:
    """Silence may be heard only if everybody who has not spoken was told, and has had the whole time since.

    For the action that a clock takes when it is due. The notice must be of the answer that the clock began with and
    must have been delivered; where that happened late, the time is counted from then. What was found is kept in the
    entry, as the proof that closing by silence rests on.
    """
    clock = next((c for c in step.clocks if c.state == "running" and _due_action(step, c) == step.key), None)
    if clock is None:
        return "没有正在计时的评判期", "no time for the verdict is running"
    told = {filing.number for filing in queries.filings(step.matter)} & unheard(step.matter)
    since = step.matter.notices.filter(number__in=told, created_at__gte=clock.started_at)
    delivered = {
        notice.number: notice.sent_at for notice in since.order_by("-pk") if notice.state in ("sent", "shown")
    }
    missing = told - delivered.keys()
    if missing:
        return f"还有 {len(missing)} 位反映人未能告知", f"{len(missing)} reporter(s) could not be told yet"
    span, days = Span.parse(clock.span), calendar()
    early = [number for number, at in delivered.items() if at is None or due(at, span, days).at > step.at]
    if early:
        return (
            f"有 {len(early)} 位反映人告知较晚，评判期未满",
            f"{len(early)} reporter(s) were told late and still have time",
        )
    step.done["notified"] = {number: log.moment_text(at) for number, at in delivered.items() if at}
    return None


def _due_action(step: Step, clock: Clock) -> str | None:
    rule = step.rule(clock)
    return rule.on_due if rule else None
