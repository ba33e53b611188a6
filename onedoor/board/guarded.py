"""The conditions of actions in plain words: one sentence for every guard that a procedure may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from onedoor.kernel.spans import Span
from onedoor.matters.language import Call, Procedure

Both = dict[str, str]
Said = Callable[[Any, Procedure], Both]

STANCES: Mapping[str, Both] = {
    "mediation": {"zh": "调解意愿", "en": "mediation"},
    "agreement": {"zh": "协议签署", "en": "the agreement"},
}


def _plain(zh: str, en: str) -> Said:
    return lambda argument, procedure: {"zh": zh, "en": en}


def _clock(zh: str, en: str) -> Said:
    def said(name: Any, procedure: Procedure) -> Both:
        title = procedure.clocks[name].title
        return {"zh": zh.format(title["zh"]), "en": en.format(title["en"])}

    return said


def _number(zh: str, en: str) -> Said:
    return lambda amount, procedure: {"zh": zh.format(amount), "en": en.format(amount)}


def _within(text: Any, procedure: Procedure) -> Both:
    span = Span.parse(str(text))
    return {
        "zh": f"办结不超过{span.text('zh')}",
        "en": f"no later than {span.text('en')} after it was closed",
    }


def _fact(name: Any, procedure: Procedure) -> Both:
    title = _field(name, procedure)["title"]
    return {"zh": f"已登记：{title['zh']}", "en": f"recorded: {title['en']}"}


def _fact_is(wanted: Mapping[str, Any], procedure: Procedure) -> Both:
    said = [_valued(name, value, procedure) for name, value in wanted.items()]
    return {"zh": "，".join(words["zh"] for words in said), "en": ", ".join(words["en"] for words in said)}


def _valued(name: str, value: Any, procedure: Procedure) -> Both:
    title = _field(name, procedure)
    choice = title["choices"].get(str(value), {"zh": str(value), "en": str(value)})
    return {
        lang: f"{title['title'][lang]}{'为' if lang == 'zh' else ' is '}{choice[lang]}"
        for lang in ("zh", "en")
    }


def _every_row(wanted: Mapping[str, Any], procedure: Procedure) -> Both:
    where, value = next(iter(wanted.items()))
    name, _, cell = where.partition(".")
    field = next(form[name] for form in procedure.forms.values() if name in form)
    column = field.columns[cell]
    choice = column.choices[value]
    return {
        "zh": f"“{field.title['zh']}”每一条的{column.title['zh']}均为“{choice.zh}”",
        "en": f"“{field.title['en']}”: {column.title['en']} is “{choice.en}” in every row",
    }


def _field(name: str, procedure: Procedure) -> dict[str, Any]:
    """The title and the choices of a fact, by the first form that asks for it."""
    for form in procedure.forms.values():
        if name in form:
            choices = {key: {"zh": title.zh, "en": title.en} for key, title in form[name].choices.items()}
            return {"title": form[name].title, "choices": choices}
    return {"title": {"zh": name, "en": name}, "choices": {}}


def _parties(zh: str, en: str) -> Said:
    def said(wanted: Mapping[str, str], procedure: Procedure) -> Both:
        topic, value = next(iter(wanted.items()))
        about = STANCES.get(topic, {"zh": topic, "en": topic})
        word = _stance(value, procedure)
        return {"zh": zh.format(about["zh"], word["zh"]), "en": en.format(about["en"], word["en"])}

    return said


def _stance(value: str, procedure: Procedure) -> Both:
    fields = (form["stance"] for form in procedure.forms.values() if "stance" in form)
    found = next((field.choices[value] for field in fields if value in field.choices), None)
    return {"zh": found.zh, "en": found.en} if found else {"zh": value, "en": value}


WORDS: Mapping[str, Said] = {
    "not_the_handler": _plain("由没有经手办理的人", "by somebody who did not handle it"),
    "tasks_done": _plain("各项分办任务均已完成", "every task is done"),
    "no_open_objection": _plain("没有待裁定的分办异议", "no objection waits to be decided"),
    "open_objection": _plain("有待裁定的分办异议", "an objection waits to be decided"),
    "in_time": _clock("在“{}”之内", "within “{}”"),
    "clock_runs": _clock("“{}”仍在计时", "“{}” is still running"),
    "fact": _fact,
    "fact_is": _fact_is,
    "every_row": _every_row,
    "every_party": _parties("{}：双方当事人均“{}”", "{}: every party “{}”"),
    "some_party": _parties("{}：有当事人“{}”", "{}: a party “{}”"),
    "level_below": _number("级别低于第 {} 级", "its level is below {}"),
    "level_at_least": _number("级别达到第 {} 级", "its level is {} or above"),
    "all_heard": _plain("合并的各件反映人均已评判", "everybody whose filing was joined has spoken"),
    "others_to_speak": _plain(
        "还有合并进来的反映人没有评判", "somebody whose filing was joined has still to speak"
    ),
    "has_reporter": _plain("有群众反映", "a resident reported it"),
    "no_reporter": _plain(
        "由工作人员自行发现，没有群众反映", "staff found it themselves; no resident reported it"
    ),
    "once": _plain("只能一次", "only once"),
    "respondent_named": _plain("已登记被反映的一方", "it is said whom it is about"),
    "nothing_joined": _plain("没有其他反映并入", "no other filing is joined to it"),
    "closed_within": _within,
    "appeals_fewer_than": _number("申诉少于 {} 次", "fewer than {} appeals so far"),
    "everyone_noted": _plain(
        "各受邀单位均已发表意见或记录缺席", "every invited unit spoke or its absence is recorded"
    ),
    "notified": _plain("已通知反映人并满规定时间", "the resident was told and has had the whole time"),
}


def only_when(call: Call, procedure: Procedure) -> Both | None:
    """A guard in words; None for one that nobody has put into words."""
    said = WORDS.get(call.name)
    return said(call.argument, procedure) if said else None
