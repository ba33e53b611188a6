"""Guards that the engine itself knows. Each returns None, or why the step may not be taken (Chinese, English)."""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import calendar
from onedoor.kernel.calendars import due
from onedoor.kernel.models import Entry
from onedoor.kernel.spans import Span
from onedoor.kernel.statements import Columns, Select, ask
from onedoor.matters.models import Matter, Party
from onedoor.matters.registry import Refusal, guard, takes
from onedoor.matters.rows import REPORTED
from onedoor.matters.steps import Step

OPEN_TASKS = "SELECT id FROM matters_task WHERE matter_id = %s AND state = 'open'"
PARTIES = Select(Party, "matter_id = %s")
OBJECTIONS = "SELECT id FROM matters_objection WHERE matter_id = %s AND decided_at IS NULL"
HEARD = "SELECT number FROM matters_verdict WHERE matter_id = %s AND round = %s AND solved IS NOT NULL"
BY_STAFF = Columns(
    Entry, ("by_account", "body"), "stream = %s AND kind = 'acted' AND by_kind = 'staff'", order="seq DESC"
)
SIDES = {"reporter", "respondent"}


@guard
@takes("nothing")
def not_the_handler(step: Step, _: Any) -> Refusal | None:
    """Who did the work does not check it: the actor must not be who brought the matter to where it stands."""
    done = (
        account
        for account, body in BY_STAFF(step.matter.stream)
        if body.get("changes", {}).get("state") == step.matter.state
    )
    last = next(done, None)
    if step.actor.account_id and last == step.actor.account_id:
        return "办理人不能核查自己办理的事项", "who handled it may not check it"
    return None


@guard
@takes("nothing")
def tasks_done(step: Step, _: Any) -> Refusal | None:
    """The matter can be answered only when every task of it is."""
    still = len(ask(OPEN_TASKS, step.matter.pk))
    return (f"还有 {still} 项分办任务未完成", f"{still} task(s) are still open") if still else None


@guard
@takes("nothing")
def no_open_objection(step: Step, _: Any) -> Refusal | None:
    """No objection to the dispatch waits for its arbiter."""
    if ask(OBJECTIONS, step.matter.pk):
        return "分办异议尚未裁定", "an objection to the dispatch is not decided yet"
    return None


@guard
@takes("nothing")
def open_objection(step: Step, _: Any) -> Refusal | None:
    """There is an objection to decide."""
    if ask(OBJECTIONS, step.matter.pk):
        return None
    return "没有待裁定的异议", "there is no objection to decide"


@guard
@takes("clock")
def in_time(step: Step, name: Any) -> Refusal | None:
    """The named clock still runs and its time has not passed."""
    clock = step.clock(str(name))
    if clock is None or clock.due_at < step.at:
        title = step.procedure.clocks[str(name)]
        return f"已过「{title.zh}」", f"the time limit “{title.en}” has passed"
    return None


@guard
@takes("fact")
def fact(step: Step, name: Any) -> Refusal | None:
    """A fact of the matter is set and not 'no'."""
    if step.matter.facts.get(str(name)):
        return None
    field = next((form[name] for form in step.procedure.forms.values() if name in form), None)
    zh, en = (field.zh, field.en) if field else (name, name)
    return f"还缺：{zh}", f"still missing: {en}"


@guard
@takes("stance")
def every_party(step: Step, wanted: Any) -> Refusal | None:
    """Every reporter and respondent took the wanted stance: `{mediation: agree}`. There are two sides at least."""
    [(topic, stance)] = wanted.items()
    parties = [p for p in PARTIES(step.matter.pk) if p.role in SIDES]
    if {p.role for p in parties} != SIDES:
        return "请先登记争议双方", "name both sides of the dispute first"
    missing = [p for p in parties if p.stances.get(topic) != stance]
    if missing:
        return f"还有 {len(missing)} 方当事人未表态或不同意", f"{len(missing)} party(ies) have not agreed"
    return None


@guard
@takes("stance")
def some_party(step: Step, wanted: Any) -> Refusal | None:
    """At least one party took the stance: `{mediation: refuse}`."""
    [(topic, stance)] = wanted.items()
    if any(p.stances.get(topic) == stance for p in PARTIES(step.matter.pk)):
        return None
    return "没有当事人这样表态", "no party has said so"


@guard
@takes("level")
def level_below(step: Step, most: Any) -> Refusal | None:
    """The matter is below this level and can still be raised."""
    return None if step.matter.level < int(most) else ("已是最高层级", "it is at the highest level already")


@guard
@takes("level")
def level_at_least(step: Step, least: Any) -> Refusal | None:
    """The matter has been raised to this level."""
    needed = int(least)
    return (
        None
        if step.matter.level >= needed
        else (f"须先提级到第 {needed} 级", f"raise it to level {needed} first")
    )


@guard
@takes("nothing")
def all_heard(step: Step, _: Any) -> Refusal | None:
    """Every filing joined to the matter has spoken on this answer, the one that speaks now counted in."""
    waiting = unheard(step.matter) - {speaking(step)}
    return (
        (f"还有 {len(waiting)} 位反映人未评判", f"{len(waiting)} reporter(s) have not spoken")
        if waiting
        else None
    )


@guard
@takes("nothing")
def others_to_speak(step: Step, _: Any) -> Refusal | None:
    """Somebody else still has to speak: whoever is last closes the matter."""
    if unheard(step.matter) - {speaking(step)}:
        return None
    return "其他反映人都已评判，请直接办结", "everybody else has spoken, so this closes the matter"


@guard
@takes("fact value")
def fact_is(step: Step, wanted: Any) -> Refusal | None:
    """A fact of the matter has the wanted value: `{kind: written}`."""
    [(name, value)] = wanted.items()
    if step.matter.facts.get(name) == value:
        return None
    field = step.procedure.fields()[name]
    choice = field.choices[value]
    return f"仅限「{field.zh}」为「{choice.zh}」时", f"only where “{field.en}” is “{choice.en}”"


@guard
@takes("clock")
def clock_runs(step: Step, name: Any) -> Refusal | None:
    """The named clock is still running: what it waits for has not been done yet."""
    return None if step.clock(str(name)) else ("此步已完成", "this has been done already")


@guard
@takes("nothing")
def has_reporter(step: Step, _: Any) -> Refusal | None:
    """A resident reported it, or a filing joined to it, so the last word is hers."""
    return None if reported(step.matter) else ("没有群众反映人", "no resident reported it")


@guard
@takes("nothing")
def no_reporter(step: Step, _: Any) -> Refusal | None:
    """Staff found it themselves, and no resident's filing is joined to it."""
    if reported(step.matter):
        return "由群众反映，须请反映人评判", "a resident reported it, so she must be asked"
    return None


@guard
@takes("nothing")
def nothing_joined(step: Step, _: Any) -> Refusal | None:
    """No other filing lives on in this matter: nobody takes back what others have said as well."""
    if step.matter.joined.exists():
        return (
            "还有其他群众反映同一事项，不能撤回",
            "others have reported the same, so it cannot be taken back",
        )
    return None


@guard
@takes("span")
def closed_within(step: Step, span: Any) -> Refusal | None:
    """The matter closed no longer ago than the span."""
    closed = step.matter.closed_at
    if closed and step.at <= due(closed, Span.parse(str(span)), calendar()).at:
        return None
    return "已过申诉期", "the time to appeal is over"


@guard
@takes("nothing")
def once(step: Step, _: Any) -> Refusal | None:
    """The action has not been taken on this matter yet."""
    if times_taken(step.matter.stream, step.key):
        return f"「{step.action.zh}」只能一次", f"“{step.action.en}” may be done only once"
    return None


@guard
@takes("row value")
def every_row(step: Step, wanted: Any) -> Refusal | None:
    """Every row that was filled in says the wanted: `{checks.state: done}`."""
    [(where, value)] = wanted.items()
    name, _, column = where.partition(".")
    rows = step.values.get(name) or []
    open_ones = [str(number) for number, row in enumerate(rows, start=1) if row.get(column) != value]
    if not open_ones:
        return None
    said = step.form[name].columns[column].choices[value]
    return (
        f"第 {'、'.join(open_ones)} 条不是「{said.zh}」",
        f"not “{said.en}”: row {', '.join(open_ones)}",
    )


@guard
@takes("nothing")
def respondent_named(step: Step, _: Any) -> Refusal | None:
    """It is said of whom, or of which unit, the matter complains."""
    if any(party.role == "respondent" for party in PARTIES(step.matter.pk)):
        return None
    return "请先登记被反映的一方", "name first whom it is about"


@guard
@takes("count")
def appeals_fewer_than(step: Step, most: Any) -> Refusal | None:
    """The resident has not appealed that often yet."""
    taken = times_taken(step.matter.stream, step.key)
    return (f"最多申诉 {most} 次", f"at most {most} appeals") if taken >= int(most) else None


def times_taken(stream: str, key: str) -> int:
    """How often an action has been taken on a matter."""
    return Entry.objects.filter(stream=stream, kind="acted", body__action=key).count()


def speaking(step: Step) -> str:
    """The filing for which a verdict is given: the one a resident proved, else the one named, else the matter's own."""
    return step.actor.number or step.values.get("filing") or step.matter.number


def unheard(matter: Matter) -> set[str]:
    """Of the filings that residents made (the matter's own where none did): those without a verdict on this answer."""
    heard = {number for (number,) in ask(HEARD, matter.pk, matter.times_reopened)}
    return (reported(matter) or {matter.number}) - heard


def reported(matter: Matter) -> set[str]:
    """The numbers of those filings, the matter's own and joined ones, that a resident made."""
    return {number for (number,) in ask(REPORTED, matter.pk, matter.pk)}
