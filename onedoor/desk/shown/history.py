"""A matter's history as the timeline shows it: each entry with its icon, its words and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.timezone import localtime

from onedoor.desk.shown import values, words
from onedoor.desk.shown.words import Both
from onedoor.matters import procedures
from onedoor.matters.clocks import moment
from onedoor.matters.models import Matter
from onedoor.matters.queries import Line

Pair = tuple[Any, Any]

# kind of entry → (icon, tone)
MARKS = {
    "opened": ("door", "teal"), "acted": ("check", "plain"), "changed": ("pen", "plain"), "escalated": ("bell", "warn"),
    "clock_moved": ("calendar", "plain"), "task_done": ("check", "good"), "task_withdrawn": ("back", "plain"),
    "category_confirmed": ("check", "good"), "told_apart": ("split", "plain"),
    "joined": ("link", "info"), "took_in": ("link", "info"), "separated": ("split", "info"),
    "party_added": ("person", "plain"), "contact_read": ("eye", "secret"), "attached": ("clip", "plain"),
    "clock_lapsed": ("clock", "plain"), "let_go": ("split", "info"), "noted": ("chat", "plain"),
    "erased": ("shield", "plain"), "opinion_given": ("chat", "teal"),
    "attendance_recorded": ("people", "plain"), "rendered": ("paper", "plain"), "document_read": ("eye", "plain"),
    "not_reached": ("alert", "warn"), "told_otherwise": ("phone", "plain"), "notice_shown": ("eye", "plain"),
    "reminder_seen": ("bell", "plain"),
}  # fmt: skip
# What the packages above the engine wrote.
TITLES: dict[str, Both] = {
    "opinion_given": {"zh": "发表会商意见", "en": "Opinion given"},
    "attendance_recorded": {"zh": "登记到会情况", "en": "Attendance recorded"},
    "rendered": {"zh": "制作文书", "en": "Document made"},
    "document_read": {"zh": "查看文书", "en": "Document opened"},
    "not_reached": {"zh": "告知未送达", "en": "Notice not delivered"},
    "told_otherwise": {"zh": "已另行告知", "en": "Told another way"},
    "notice_shown": {"zh": "反映人已查看告知", "en": "The reporter read her notice"},
    "reminder_seen": {"zh": "已阅提醒", "en": "Reminder noted"},
}
DID = {
    "start": {"zh": "起算", "en": "started"}, "met": {"zh": "按此办结", "en": "ended"},
    "dropped": {"zh": "不再计时", "en": "no longer counts"}, "pause": {"zh": "暂停", "en": "paused"},
    "resume": {"zh": "恢复", "en": "resumed"}, "extend": {"zh": "延长", "en": "extended"},
    "bind": {"zh": "改由新单位", "en": "binds the new unit"}, "rung": {"zh": "督办", "en": "escalated"},
}  # fmt: skip
RUNGS = {
    "remind": {"zh": "提醒", "en": "reminded"}, "urge": {"zh": "超期督办", "en": "overdue, urged"},
    "raise_level": {"zh": "提级办理", "en": "raised a level"},
    "tell_leader": {"zh": "报告领导", "en": "the leader was told"},
}  # fmt: skip
LEVELS = {
    1: {"zh": "一个单位", "en": "one unit"},
    2: {"zh": "多个单位", "en": "several units"},
    3: {"zh": "领导包案", "en": "a leader takes charge"},
}
UNIT, STATE, LEVEL = (
    {"zh": "承办", "en": "Unit"},
    {"zh": "状态", "en": "State"},
    {"zh": "级别", "en": "Level"},
)
CATEGORY, PLACE = {"zh": "分类", "en": "Category"}, {"zh": "地点", "en": "Place"}
CLOCKS, WHY = {"zh": "时限", "en": "Clocks"}, {"zh": "依据", "en": "Why"}
SPOT = {
    ("point", "set"): {"zh": "地图位置已更正", "en": "The point on the map was set"},
    ("point", "dropped"): {
        "zh": "原地图位置不在此地，已移除",
        "en": "The point lay elsewhere and was removed",
    },
    ("address", "set"): {"zh": "地址已更正", "en": "The address was corrected"},
    ("address", "dropped"): {"zh": "地址已移除", "en": "The address was removed"},
}
ERASED = {"zh": "内容已按期清除", "en": "what was written has been erased on time"}
BY = {
    "system": {"zh": "系统", "en": "The system"},
    "resident": {"zh": "群众", "en": "The resident"},
    "staff": {"zh": "工作人员", "en": "Staff"},
}


def timeline(matter: Matter, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """The lines, newest first, as the component takes them."""
    prefetch_related_objects([matter], "parties")  # once, for the lines that name one
    return [_entry(matter, line) for line in reversed(lines)]


def _entry(matter: Matter, line: Line) -> dict[str, Any]:
    icon, tone = _mark(line)
    return {
        "at": line.at,
        "seq": line.seq,
        "title": TITLES.get(line.kind, line.title),
        "unit": line.unit or BY.get(line.by_kind, line.by_kind),
        "icon": icon,
        "tone": tone,
        "words": _said(line),
        "facts": [*_facts(matter, line)],
    }


def _mark(line: Line) -> tuple[str, str]:
    verdict = line.body.get("done", {}).get("verdict")
    if verdict:
        return "stamp", {True: "good", False: "late"}.get(verdict["solved"], "plain")
    if "meeting" in line.body.get("done", {}):
        return "meeting", "teal"
    if "objection" in line.body.get("done", {}):
        return "scale", "info"
    return MARKS.get(line.kind, ("check", "plain"))


def _said(line: Line) -> Both | str:
    """What was written; with its labels where it was several things."""
    if line.erased:
        return ERASED
    said = [(label, text) for label, text in line.words if text]
    if len(said) < 2 and line.kind != "changed":  # a lone point or address would not say what it is
        return said[0][1] if said else ""
    return {
        lang: "\n".join(f"{label[lang]}：{_in(text, lang)}" for label, text in said) for lang in ("zh", "en")
    }


def _in(text: Both | str, lang: str) -> str:
    """A text in a language; rows begin on a line of their own."""
    return text if isinstance(text, str) else f"\n{text[lang]}"


def _facts(matter: Matter, line: Line) -> Iterator[Pair]:
    yield from _given(matter, line)
    yield from _changes(matter, line.changes)
    yield from _done(line)
    clocks = line.body.get("clocks")
    if isinstance(clocks, list) and clocks:
        yield CLOCKS, values.joined(_clock(matter, clock) for clock in clocks)
    if line.kind == "escalated":
        done = RUNGS.get(line.body.get("do", ""), {"zh": "", "en": ""})
        yield CLOCKS, _with(words.clock(matter, line.body.get("clock", "")), done)


def _given(matter: Matter, line: Line) -> Iterator[Pair]:
    """What was filled in, beside the words, each value by its kind."""
    procedure = procedures.of(matter)
    action = procedure.actions.get(line.body.get("action", ""))
    form = procedure.forms.get(action.form or "", {}) if action else {}
    for name, value in line.body.get("facts", {}).items():
        if field := form.get(name):
            yield field.title, values.shown(matter, field, value)


def _changes(matter: Matter, changes: dict[str, Any]) -> Iterator[Pair]:
    states = procedures.of(matter).states
    if changes.get("state") in states:
        yield STATE, states[changes["state"]].title
    if changes.get("unit_id"):
        yield UNIT, words.unit(changes["unit_id"])
    if changes.get("level", 1) > 1:
        yield LEVEL, LEVELS.get(changes["level"], "")
    if changes.get("category_id"):
        yield CATEGORY, words.category(changes["category_id"])
    if changes.get("division_id"):
        yield PLACE, words.place(changes["division_id"], placed=changes.get("placed", True))


def _done(line: Line) -> Iterator[Pair]:
    done = line.body.get("done", {})
    for why in (done.get("why"), done.get("route"), line.body.get("why", {}).get("route")):
        if isinstance(why, dict) and "zh" in why:
            yield WHY, why
    if same := line.body.get("why", {}).get("same_as"):
        yield {"zh": "反映人认为同一件", "en": "The same, says the reporter"}, same
    if spot := [SPOT[what, done[what]] for what in ("point", "address") if (what, done.get(what)) in SPOT]:
        yield PLACE, values.joined(spot)
    if told := done.get("told"):
        yield {"zh": "告知", "en": "Told"}, {"zh": f"{len(told)} 位反映人", "en": f"{len(told)} reporter(s)"}
    if reminded := done.get("reminded"):
        units = [words.unit(found["unit"]) for found in reminded]
        yield {"zh": "提醒", "en": "Reminded"}, values.joined(dict.fromkeys(map(values.pair, units)))
    if "number" in line.body and line.kind in ("took_in", "joined", "told_apart"):
        yield {"zh": "编号", "en": "Number"}, line.body["number"]
    if "master" in line.body:
        yield {"zh": "主事项", "en": "Master"}, line.body["master"]
    if line.kind == "attendance_recorded":
        yield UNIT, words.unit(line.body.get("unit"))
        yield (
            {"zh": "到会", "en": "Came"},
            values.YES if line.body.get("attended") else values.NO,
        )


def _clock(matter: Matter, clock: dict[str, Any]) -> Both:
    title = words.clock(matter, clock["clock"], of_task="task" in clock)
    did = DID.get(clock["did"], {"zh": clock["did"], "en": clock["did"]})
    if clock["did"] not in ("start", "extend", "resume"):
        return _with(title, did)
    due = localtime(moment(clock["due"])).strftime("%m-%d %H:%M")
    return _with(_with(title, did), {"zh": f"至 {due}", "en": f"until {due}"})


def _with(first: Both, second: Both) -> Both:
    return {lang: f"{first.get(lang, '')} {second.get(lang, '')}".strip() for lang in ("zh", "en")}
