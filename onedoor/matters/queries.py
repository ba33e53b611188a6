"""Reads of matters: what waits for somebody, what she may do, and the history as people read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When

from onedoor.city.models import Category
from onedoor.city.queries import directory
from onedoor.kernel.actor import Actor
from onedoor.kernel.models import Entry
from onedoor.matters import policies, procedures, tables
from onedoor.matters.events import ToldApart
from onedoor.matters.language import Action, FormField
from onedoor.matters.models import Clock, Matter, Objection, Task
from onedoor.matters.registry import PERFORMERS
from onedoor.matters.rows import NOTHING, Rows, Waiting
from onedoor.matters.vacancies import left_to

# A bare boolean keeps SQLite from the index that begins with it; a list of one does not (25 ms → 2 ms).
OPEN = Q(is_open__in=(True,))
LISTED = (
    "id", "number", "title", "state", "answers", "level", "channel", "is_open", "confidential", "next_due",
    "opened_at", "placed", "times_reopened", "category_id", "unit_id", "division_id", "county_id", "procedure_id",
    "master_id",
)  # fmt: skip


def work(actor: Actor) -> QuerySet[Matter]:
    """The open matters on an actor's list, the most urgent first: those that wait for her, and those `left_to` her.

    The latter, which wait for nobody, are marked `vacant`.
    """
    mine, left = awaiting(actor), left_to(actor)
    rows = policies.visible(actor).filter(OPEN, (mine | left).q())
    marks: dict[str, Any] = {"vacant": Case(When(mine.q(), then=False), default=True)}
    return listed(rows.annotate(**marks)).order_by("next_due", "pk")


def awaiting(actor: Actor) -> Rows:
    """The matters whose next step is the actor's."""
    mine: Rows = NOTHING
    for name, performer in PERFORMERS.items():
        rows = performer.rows(actor)
        if rows is not None:
            mine |= Waiting(name) & rows
    return mine


def listed(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Only the columns a list shows, so that no long text is read for fifty rows."""
    return rows.only(*LISTED)


def tasks_of(actor: Actor) -> QuerySet[Task]:
    """Open tasks that the actor's units owe, the most urgent first."""
    rows = Task.objects.filter(unit_id__in=actor.unit_ids, state="open").select_related("matter")
    return rows.annotate(due_at=F("clocks__due_at")).order_by("due_at", "pk")


def objections_for(actor: Actor) -> QuerySet[Objection]:
    """Objections that wait for the actor's unit to decide, the oldest first."""
    rows = Objection.objects.filter(arbiter_id__in=actor.unit_ids, decided_at=None)
    return rows.select_related("matter", "unit", "proposed").order_by("raised_at")


def search(actor: Actor, text: str) -> QuerySet[Matter]:
    """Visible matters by number, or by the words of their title or address, the newest first."""
    wanted = text.strip()[:60]
    found = (
        Q(number__startswith=wanted)
        if wanted.isascii()
        else Q(title__contains=wanted) | Q(address__contains=wanted)
    )
    return listed(policies.visible(actor).filter(found)).order_by("-opened_at", "-pk")


@dataclass(frozen=True)
class Offer:
    """An action that an actor may take on a matter as it stands, with the form it asks for."""

    key: str
    action: Action
    form: dict[str, FormField]


def offers(matter: Matter) -> list[Offer]:
    """The actions open to the actor for whom `matter` was reached; guards are asked when one is taken."""
    procedure = procedures.of(matter)
    found = []
    for key in procedure.actions_from(matter.state) if matter.state in procedure.states else ():
        action = procedure.actions[key]
        if action.by != ["system"] and policies.performs(matter, action.by):
            found.append(Offer(key, action, procedure.forms.get(action.form or "", {})))
    return found


@dataclass(frozen=True)
class Openable:
    """A category of which a unit may open a matter itself, and the unit."""

    category: Category
    unit_id: int


def openable(actor: Actor) -> list[Openable]:
    """What the actor may open for one of her units, with no resident; in the order of the catalogue."""
    held = directory()
    found = []
    for category in held.categories.values():
        by = _opened_by(category)
        own = {reach.unit_id for reach in actor.reaches if reach.role in by}
        found += [
            Openable(category, unit)
            for unit in sorted(unit for unit in own if unit is not None)
            if unit in held.units and held.units[unit].kind in category.competent
        ]
    return found


def at_the_door(category: Category) -> bool:
    """Whether matters of a category may come in by the door; headings, and what staff open, may not."""
    if not category.procedure:
        return False
    return procedures.has_resident(procedures.compiled(procedures.current(category.procedure).pk))


def _opened_by(category: Category) -> list[str]:
    """The roles that may open matters of a category; none for headings, and for what comes by the door."""
    if not category.procedure:
        return []
    return procedures.compiled(procedures.current(category.procedure).pk).opens.by


@dataclass(frozen=True)
class Line:
    """One line of a matter's history as people read it."""

    seq: int
    at: datetime
    kind: str
    title: dict[str, str]
    unit: str
    by_kind: str
    changes: dict[str, Any]
    facts: list[tuple[dict[str, str], str]]
    words: list[tuple[dict[str, str], str | dict[str, str]]]  # rows are told in both languages
    erased: bool
    body: dict[str, Any]


KIND_TITLES = {
    "opened": {"zh": "登记", "en": "Taken in"},
    "changed": {"zh": "更正", "en": "Corrected"},
    "category_confirmed": {"zh": "确认分类", "en": "Category confirmed"},
    "told_apart": {"zh": "认定不是同一件", "en": "Found not to be the same"},
    "escalated": {"zh": "督办梯次", "en": "Escalation"},
    "clock_moved": {"zh": "时限重算", "en": "Clock recomputed"},
    "clock_lapsed": {"zh": "期限届满", "en": "The time is over"},
    "task_done": {"zh": "任务完成", "en": "Task done"},
    "task_withdrawn": {"zh": "任务收回", "en": "Task withdrawn"},
    "joined": {"zh": "并入主事项", "en": "Joined to a master"},
    "took_in": {"zh": "并入了另一件反映", "en": "Took in another filing"},
    "let_go": {"zh": "并入的一件恢复单独办理", "en": "A joined filing stands on its own again"},
    "separated": {"zh": "恢复单独办理", "en": "Stands on its own again"},
    "party_added": {"zh": "添加当事人", "en": "Party added"},
    "contact_read": {"zh": "查看联系方式", "en": "Contact data read"},
    "attached": {"zh": "添加附件", "en": "File added"},
    "noted": {"zh": "备注", "en": "Note"},
    "erased": {"zh": "个人信息已清除", "en": "Personal data erased"},
}


def history(matter: Matter, *, most: int = 300) -> list[Line]:
    """The latest entries of a matter in their order, in words."""
    rows = list(Entry.objects.filter(stream=matter.stream).order_by("-seq")[:most])
    return [_line(matter, entry) for entry in reversed(rows)]


def _line(matter: Matter, entry: Entry) -> Line:
    unit = directory().units.get(entry.by_unit or 0)
    action = entry.body.get("action", "")
    fields = _fields(matter, action)
    written = {name: value for name, value in (entry.words or {}).items() if name != "_salt"}
    filled_in = written.get("text")  # of an action: a text per field; of a note: the text itself
    said = filled_in if isinstance(filled_in, dict) else written
    return Line(
        seq=entry.seq,
        at=entry.at,
        kind=entry.kind,
        title=_title(matter, entry.kind, action),
        unit=unit.name if unit else "",
        by_kind=entry.by_kind,
        changes=entry.body.get("changes", {}),
        facts=[(_label(fields, k), _shown(fields, k, v)) for k, v in entry.body.get("facts", {}).items()],
        words=[(_label(fields, k), _worded(fields.get(k), v)) for k, v in said.items()],
        erased=bool(entry.words_digest) and entry.words is None,
        body=entry.body,
    )


def _title(matter: Matter, kind: str, action: str) -> dict[str, str]:
    known = procedures.of(matter).actions.get(action)
    return known.title if known else KIND_TITLES.get(kind, {"zh": kind, "en": kind})


def _fields(matter: Matter, action: str) -> dict[str, FormField]:
    procedure = procedures.of(matter)
    known = procedure.actions.get(action)
    return procedure.forms.get(known.form or "", {}) if known else {}


WORD_TITLES = {
    "title": {"zh": "标题", "en": "Title"},
    "detail": {"zh": "内容", "en": "What was said"},
    "address": {"zh": "地址", "en": "Address"},
    "point": {"zh": "地图位置", "en": "Point on the map"},
    "reason": {"zh": "理由", "en": "Reason"},
    "result": {"zh": "完成情况", "en": "What was done"},
    "purpose": {"zh": "用途", "en": "Purpose"},
    "text": {"zh": "内容", "en": "Text"},
}


def _label(fields: dict[str, FormField], name: str) -> dict[str, str]:
    return fields[name].title if name in fields else WORD_TITLES.get(name, {"zh": name, "en": name})


def _worded(field: FormField | None, value: Any) -> str | dict[str, str]:
    return tables.text(field, value) if field and field.type == "rows" else str(value)


def _shown(fields: dict[str, FormField], name: str, value: Any) -> str:
    field = fields.get(name)
    if field and field.type == "choice" and value in field.choices:
        choice = field.choices[value]
        return f"{choice.zh} · {choice.en}"
    if field and field.type in ("unit", "units"):
        ids = value if isinstance(value, list) else [value]
        return "、".join(directory().units[i].name for i in ids if i in directory().units)
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def open_clocks(matter: Matter) -> list[Clock]:
    """Running and paused clocks, the most urgent first."""
    return list(matter.clocks.filter(state__in=("running", "paused")).order_by("due_at"))


def apart_from(matter: Matter) -> frozenset[str]:
    """The numbers of filings that somebody found not to be the same as this one."""
    said = Entry.objects.filter(stream=matter.stream, kind=ToldApart.kind)
    return frozenset(body["number"] for body in said.values_list("body", flat=True))
