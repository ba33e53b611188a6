"""Procedures in plain words: what can happen to a matter, who may do what, how long it may take and by which rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from onedoor.board.guarded import only_when
from onedoor.city.tree import NoCity, tree
from onedoor.kernel.packs import folders, read
from onedoor.kernel.problems import NotFound
from onedoor.kernel.spans import both
from onedoor.matters import procedures
from onedoor.matters.ladders import ladders
from onedoor.matters.language import Action, ClockRule, FormField, Procedure
from onedoor.matters.models import ProcedureVersion
from onedoor.matters.registry import PERFORMERS

Both = dict[str, str]

SURE: dict[str, Both] = {
    "V": {"zh": "法规或标准有明文", "en": "Stated in a law or standard"},
    "V-weak": {"zh": "有依据，待核对原文", "en": "Reported; the text itself not yet checked"},
    "O": {"zh": "本市自定，可调整", "en": "The city's own rule, may be changed"},
}
BINDS: dict[str, Both] = {
    "unit": {"zh": "责任单位", "en": "The responsible unit"},
    "arbiter": {"zh": "裁定单位", "en": "The arbiter"},
    "nobody": {"zh": "不考核任何单位", "en": "No unit is measured by it"},
}
KINDS: dict[str, Both] = {
    "text": {"zh": "文字", "en": "text"},
    "long_text": {"zh": "长文字", "en": "long text"},
    "choice": {"zh": "选择", "en": "choice"},
    "yes_no": {"zh": "是或否", "en": "yes or no"},
    "date": {"zh": "日期", "en": "date"},
    "moment": {"zh": "时间", "en": "date and time"},
    "number": {"zh": "数字", "en": "number"},
    "money": {"zh": "金额", "en": "amount"},
    "span": {"zh": "期限", "en": "time limit"},
    "unit": {"zh": "单位", "en": "unit"},
    "units": {"zh": "多个单位", "en": "several units"},
    "party": {"zh": "当事人", "en": "party"},
    "category": {"zh": "事项分类", "en": "category"},
    "tasks": {"zh": "分办任务", "en": "tasks"},
    "rating": {"zh": "1 至 5 分", "en": "rating, 1 to 5"},
    "filing": {"zh": "另一件反映的编号", "en": "number of another filing"},
    "rows": {"zh": "逐条填写", "en": "row by row"},
}
OUTCOMES: dict[str, Both] = {
    "solved": {"zh": "已解决", "en": "Solved"},
    "unresolved": {"zh": "未解决", "en": "Unresolved"},
    "withdrawn": {"zh": "已撤回", "en": "Withdrawn"},
    "referred": {"zh": "已转其他途径", "en": "Referred elsewhere"},
    "joined": {"zh": "已并入", "en": "Joined to another"},
}
BY_CATEGORY: Both = {"zh": "按事项分类规定的时限", "en": "the limit of the matter's category"}
BY_CITY: Both = {"zh": "按本市规定的时限", "en": "the time that the city sets"}


@dataclass(frozen=True)
class Found:
    """A published version and what it says."""

    version: ProcedureVersion
    procedure: Procedure


def listing() -> list[dict[str, Any]]:
    """The newest version of every published procedure, by key. One query, and one per version not in memory."""
    newest: dict[str, ProcedureVersion] = {}
    for version in ProcedureVersion.objects.order_by("key", "version").defer("definition"):
        newest[version.key] = version
    return [_line(version, procedures.compiled(version.pk)) for version in newest.values()]


def _line(version: ProcedureVersion, procedure: Procedure) -> dict[str, Any]:
    return {
        "key": version.key,
        "version": version.version,
        "published_at": version.published_at,
        "title": procedure.title,
        "says": procedure.says,
        "pack": pack_title(version.key),
        "states": len(procedure.states),
        "actions": len(procedure.actions),
        "clocks": len(procedure.clocks),
    }


def found(key: str, number: str = "") -> Found:
    """A procedure by its key: the newest version, or the one of that number. Raises NotFound."""
    rows = ProcedureVersion.objects.filter(key=key).defer("definition")
    if number:
        rows = rows.filter(version=int(number)) if number.isascii() and number.isdigit() else rows.none()
    version = rows.order_by("-version").first()
    if version is None:
        raise NotFound(what=f"{key} {number}".strip())
    return Found(version, procedures.compiled(version.pk))


def versions(key: str) -> list[ProcedureVersion]:
    """All versions of a procedure, the newest first."""
    return list(ProcedureVersion.objects.filter(key=key).order_by("-version").defer("definition"))


def pack_title(key: str) -> Both:
    """The title of the pack that a procedure comes from; empty where no pack holds it any more."""
    loaded = procedures.loaded().get(key)
    folder = next((folder for folder in folders() if loaded and folder.name == loaded.pack), None)
    return dict(read(folder / "pack.yaml").data["title"]) if folder else {}


def lanes() -> dict[str, str]:
    """How the lanes of a drawing are called, in both languages."""
    return {name: f"{performer.zh} · {performer.en}" for name, performer in PERFORMERS.items()}


def told(procedure: Procedure) -> dict[str, Any]:
    """The whole procedure as the page tells it."""
    anywhere = [key for key, action in procedure.actions.items() if "open" in action.from_]
    return {
        "title": procedure.title,
        "says": procedure.says,
        "stages": _stages(procedure),
        "clocks": [_clock(procedure, key) for key in procedure.clocks],
        "states": [_state(procedure, key, anywhere) for key in procedure.states],
        "anywhere": [_action(procedure, key, "") for key in anywhere],
        "begins": procedure.states[procedure.opens.state],
    }


def _stages(procedure: Procedure) -> list[dict[str, Any]]:
    return [
        {"title": title, "states": [state for state in procedure.states.values() if state.stage == key]}
        for key, title in procedure.stages.items()
    ]


def _state(procedure: Procedure, key: str, anywhere: Iterable[str]) -> dict[str, Any]:
    state = procedure.states[key]
    own = [name for name in procedure.actions_from(key) if name not in anywhere]
    return {
        "key": key,
        "title": state.title,
        "first": key == procedure.opens.state,
        "end": state.end,
        "outcome": OUTCOMES.get(state.outcome or ""),
        "answers": who([state.answers])[0] if state.answers else "",
        "stage": procedure.stages.get(state.stage or ""),
        "resident": state.resident,
        "actions": [_action(procedure, name, key) for name in own],
    }


def _action(procedure: Procedure, key: str, state: str) -> dict[str, Any]:
    action = procedure.actions[key]
    target = "" if action.to in ("same", state) else action.to
    form = procedure.forms.get(action.form or "", {})
    return {
        "title": action.title,
        "help": action.help,
        "by": who(action.by),
        "automatic": action.by == ["system"],
        "to": procedure.states[target].title if target else "",
        "to_key": target,
        "asks": [_field(field) for field in form.values()],
        "when": [words for call in action.guard if (words := only_when(call, procedure))],
        "tells": [call.argument for call in action.effect if call.name == "tell"],
        "moves": list(_moves(procedure, action)),
    }


def _moves(procedure: Procedure, action: Action) -> Iterator[tuple[str, Both]]:
    """(what happens, the clock's title) for every clock that an action turns."""
    for what in ("starts", "stops", "pauses", "resumes"):
        for name in getattr(action, what):
            yield what, procedure.clocks[name].title


def _field(field: FormField) -> dict[str, Any]:
    return {
        "title": field.title,
        "kind": KINDS[field.type],
        "required": field.required,
        "choices": [*field.choices.values(), *(column.title for column in field.columns.values())],
        "help": field.help,
    }


def who(names: Iterable[str]) -> list[Both]:
    """Performers by their titles."""
    known = [(name, PERFORMERS.get(name)) for name in names]
    return [{"zh": found.zh, "en": found.en} if found else {"zh": name, "en": name} for name, found in known]


def _clock(procedure: Procedure, key: str) -> dict[str, Any]:
    rule = procedure.clocks[key]
    starters = [action.title for action in procedure.actions.values() if key in action.starts]
    opened: list[Both] = [{"zh": "登记", "en": "Taken in"}] if key in procedure.opens.starts else []
    return {
        "title": rule.title,
        "span": span_of(procedure, rule.span),
        "source": {
            "zh": rule.source.partition(" · ")[0],
            "en": rule.source,
        },  # the English names no law by itself
        "sure": SURE[rule.sure],
        "tone": {"V": "good", "V-weak": "warn", "O": "plain"}[rule.sure],
        "binds": BINDS[rule.binds],
        "starts": [*opened, *starters],
        "over": _over(procedure, rule),
    }


def span_of(procedure: Procedure, text: str) -> Both:
    """How long: a span, the category's own limit, a fact of the matter, or what the city sets."""
    if text.startswith("category."):
        return BY_CATEGORY
    if text.startswith("fact."):
        fields = (form[text[5:]] for form in procedure.forms.values() if text[5:] in form)
        title = next((field.title for field in fields), {"zh": text, "en": text})
        return {"zh": f"按商定的“{title['zh']}”", "en": f"as agreed: {title['en']}"}
    if text.startswith("city."):
        return _of_city(text[5:])
    return both(text)


def _of_city(name: str) -> Both:
    """A limit that the city sets in its profile; where no city is loaded yet, only that it does."""
    try:
        return both(getattr(tree().profile, name))
    except NoCity:
        return BY_CITY


def _over(procedure: Procedure, rule: ClockRule) -> list[Both]:
    """What happens as the time runs out and after, in order."""
    found: list[Both] = []
    for rung in ladders().get(rule.ladder or "", []):
        if rung.after:
            when = {"zh": f"超过{rung.after.text('zh')}", "en": f"{rung.after.text('en')} late"}
        elif rung.at == 1:
            when = {"zh": "到期", "en": "when it is over"}
        else:
            when = {"zh": f"用去 {rung.at:.0%}", "en": f"at {rung.at:.0%}"}
        found.append({"zh": f"{when['zh']}：{rung.zh}", "en": f"{when['en']}: {rung.en}"})
    if rule.on_due:
        action = procedure.actions[rule.on_due]
        found.append({"zh": f"到期自动：{action.zh}", "en": f"By itself when it is over: {action.en}"})
    if rule.lapses:
        found.append({"zh": "到期后此项权利不再可用", "en": "The right can no longer be used"})
    return found
