"""Effects that the engine itself knows. Each changes rows inside the step's transaction."""

from __future__ import annotations

from typing import Any

from onedoor.city.queries import directory, kinds_with
from onedoor.kernel.problems import BadInput, NotNow
from onedoor.kernel.statements import ask, insert, update
from onedoor.matters.guards import PARTIES, speaking, unheard
from onedoor.matters.language import LEVELS
from onedoor.matters.models import Objection, Party, Verdict
from onedoor.matters.moving import Moving, clock_span, of_category
from onedoor.matters.registry import effect, needs, takes
from onedoor.matters.steps import Step

OWING = "SELECT DISTINCT unit_id FROM matters_task WHERE matter_id = %s"


@effect
@takes("nothing")
def raise_level(step: Moving, _: Any) -> None:
    """One unit → several units → a leader takes charge (Heshan centre's three levels)."""
    if step.matter.level < LEVELS[-1]:
        step.matter.level += 1


@effect
@takes("level")
def set_level(step: Step, level: Any) -> None:
    """At least this level."""
    step.matter.level = max(step.matter.level, int(level))


@effect
@takes("nothing")
@needs("unit")
def hand_over(step: Step, _: Any) -> None:
    """The unit chosen in the form becomes responsible; never one that is complained of."""
    if step.values["unit"] == step.matter.unit_id:
        raise BadInput.of(
            "unit", "此事项已由该单位承办，请选其他单位", "that unit has it already; choose another"
        )
    step.hand_to(step.values["unit"])
    step.matter.redirected += 1


@effect
@takes("nothing")
def give_tasks(step: Step, _: Any) -> None:
    """Every line of the form's tasks becomes a task with its own clock."""
    for item in step.values.get("tasks", []):
        step.task(item["unit"], item["what"], item["span"], step.key)
    if {unit for (unit,) in ask(OWING, step.matter.pk)} - {step.matter.unit_id}:
        set_level(step, 2)


@effect
@takes("clock")
@needs("span", "reason")
def extend(step: Step, name: Any) -> None:
    """Extends the named clock by the form's span."""
    clock = step.clock(str(name))
    if clock is None:
        raise NotNow(zh="时限不在计时", en="the clock is not running")
    step.extend(clock, step.values["span"], step.values.get("reason", ""))


@effect
@takes("word")
@needs("party", "stance")
def stance(step: Step, topic: Any) -> None:
    """Records what a party says on a topic (consent to mediation, signature)."""
    [party] = (party for party in PARTIES(step.matter.pk) if party.pk == step.values["party"])
    party.stances = party.stances | {str(topic): step.values["stance"]}
    update(party, ["stances"])
    step.done["stance"] = {"party": party.pk, "topic": topic, "stance": step.values["stance"]}


@effect
@takes("word")
def clear_stances(step: Step, topic: Any) -> None:
    """What parties said on a topic no longer holds."""
    for party in PARTIES(step.matter.pk):
        if topic in party.stances:
            party.stances = {k: v for k, v in party.stances.items() if k != topic}
            update(party, ["stances"])


@effect
@takes("facts")
def clear_facts(step: Step, names: Any) -> None:
    """What was once so is to be established anew: `{clear_facts: [sealed]}`."""
    gone = names if isinstance(names, list) else [names]
    step.matter.facts = {name: value for name, value in step.matter.facts.items() if name not in gone}


@effect
@takes("nothing")
def invite(step: Step, _: Any) -> None:
    """The unit chosen in the form, if one is, gets sight of the matter and a part in it."""
    if unit := step.values.get("unit"):
        step.involve(unit, "invited")
        step.done["invited"] = unit


@effect
@takes("nothing")
@needs("reason")
def ask_arbiter(step: Step, _: Any) -> None:
    """An objection goes to a unit without an interest: the centre of the county, else one above it."""
    matter = step.matter
    if matter.objections.filter(decided_at=None).exists():
        raise NotNow(zh="已有一项异议待裁定", en="an objection is already waiting for its arbiter")
    proposed = step.values.get("unit")
    arbiter = find_arbiter(matter.division_id, {matter.unit_id, proposed, *step.accused})
    objection = Objection.objects.create(
        matter=matter, unit_id=matter.unit_id, proposed_id=proposed, arbiter_id=arbiter,
        reason=step.values["reason"], raised_at=step.at,
    )  # fmt: skip
    step.involve(arbiter, "arbiter")
    step.done["objection"] = {"id": objection.pk, "arbiter": arbiter, "proposed": proposed}


def find_arbiter(division_id: int, interested: set[int | None]) -> int:
    """The nearest centre over a place that is not interested; a petition office where every centre is."""
    found = [unit.pk for kind in kinds_with("arbiter") for unit in directory().of_kind(kind, division_id)]
    free = [pk for pk in found if pk not in interested]
    if not free:
        raise NotNow(
            zh="没有与此事无关的裁定单位，请先设立", en="no unit without an interest can decide; set one up"
        )
    return free[0]


@effect
@takes("nothing")
@needs("unit", "reason")
def uphold_objection(step: Step, _: Any) -> None:
    """The arbiter agrees: the matter goes to the unit it names."""
    _decide(step, upheld=True)
    hand_over(step, None)


@effect
@takes("nothing")
@needs("reason")
def reject_objection(step: Step, _: Any) -> None:
    """The arbiter does not agree: the unit keeps the matter."""
    _decide(step, upheld=False)


def _decide(step: Step, *, upheld: bool) -> None:
    objection = step.matter.objections.get(decided_at=None)
    objection.upheld, objection.decided_at = upheld, step.at
    objection.grounds = step.values.get("reason", "")
    objection.save()
    step.done["objection"] = {"id": objection.pk, "upheld": upheld}


@effect
@takes("nothing")
def hear_silence(step: Step, _: Any) -> None:
    """Every filing that was asked, told, and said nothing in time."""
    _record(step, "silence", unheard(step.matter), None)


@effect
@takes("channel")
def say_solved(step: Step, channel: Any) -> None:
    """The resident says it is solved: by herself (`resident`) or on call-back (`callback`)."""
    _record(step, str(channel), {speaking(step)}, True)


@effect
@takes("channel")
@needs("reason")
def say_not_solved(step: Step, channel: Any) -> None:
    """The resident says it is not solved: counted, and the next answer is a new round."""
    _record(step, str(channel), {speaking(step)}, False)
    step.matter.times_reopened += 1


@effect
@takes("nothing")
def not_reached(step: Step, _: Any) -> None:
    """A call-back that reached nobody: logged, so that it can be excluded openly from figures."""
    _record(step, "callback", {speaking(step)}, None)


def _record(step: Step, channel: str, numbers: set[str], solved: bool | None) -> None:
    insert([
        Verdict(
            matter=step.matter, number=number, channel=channel, solved=solved, at=step.at,
            satisfied=step.values.get("satisfied"), reason=step.values.get("reason", ""),
            round=step.matter.times_reopened,
        )
        for number in sorted(numbers)
    ])  # fmt: skip
    step.done["verdict"] = {"channel": channel, "solved": solved, "numbers": sorted(numbers)}


@effect
@takes("nothing")
def withdraw_tasks(step: Step, _: Any) -> None:
    """Open tasks no longer apply; their clocks are dropped."""
    step.withdraw_tasks()
    for clock in step.live:
        if clock.task_id:
            step.end(clock, "dropped")


@effect
@takes("nothing")
@needs("category")
def reclassify(step: Step, _: Any) -> None:
    """The category chosen in the form; the procedure stays the one the matter was opened under."""
    category = directory().categories[step.values["category"]]
    if category.procedure != step.procedure.procedure:
        raise BadInput.of(
            "category", "此分类走另一流程，请退回重新受理", "that category follows another procedure"
        )
    step.matter.redirected += category.pk != step.matter.category_id
    step.matter.category, step.matter.category_sure = category, True
    step.matter.confidential = step.matter.confidential or category.confidential
    for clock in step.live:
        rule = step.rule(clock)
        if rule and of_category(rule):
            step.change(clock, *clock_span(rule, step.matter))


@effect
@takes("nothing")
@needs("unit")
def name_respondent(step: Step, _: Any) -> None:
    """The unit chosen in the form is the one complained of; it has no more part in the matter."""
    Party.objects.get_or_create(matter=step.matter, role="respondent", unit_id=step.values["unit"])
    keep_away(step, step.values["unit"])


def keep_away(step: Moving, unit_id: int) -> None:
    """A unit now complained of loses its tasks, its say in objections, and the matter itself, which goes one level up.

    The unit must be among the respondents already. Raises NotNow when no other unit is free to take the matter.
    """
    step.forget_accused()
    if not step.matter.is_open:
        return
    mine = step.matter.tasks.filter(unit_id=unit_id, state="open")
    gone = set(mine.values_list("pk", flat=True))
    mine.update(state="withdrawn", done_at=step.at)
    for clock in step.live:
        if clock.task_id in gone:
            step.end(clock, "dropped")
    if step.matter.objections.filter(decided_at=None, arbiter_id=unit_id).exists():
        step.settle_objections()
    if step.matter.unit_id == unit_id:
        step.pass_on(superior(step))


@effect
@takes("nothing")
def count_reopening(step: Step, _: Any) -> None:
    """The matter begins another round; the next answer is judged anew."""
    step.matter.times_reopened += 1


@effect
@takes("nothing")
def to_superior(step: Step, _: Any) -> None:
    """One level up: to the unit's superior, else to the nearest unit that arbitrates and is free to take it."""
    step.hand_to(superior(step))


def superior(step: Moving) -> int:
    """The unit above the responsible one, never one complained of. Raises NotNow when there is none."""
    held = directory().units
    unit = held.get(step.matter.unit_id)
    above = unit.parent_id if unit else None
    if above is not None and above in held and above not in step.accused:
        return above
    return find_arbiter(step.matter.division_id, {step.matter.unit_id, *step.accused})
