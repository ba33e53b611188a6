"""The third check of a procedure: every name it uses is something the house knows, and means what it should.

Guards and effects say what their argument is (`registry.takes`) and which fields they read from the form
(`registry.needs`); both are checked here, so that no slip in a file is met first by somebody at a counter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from onedoor.kernel.spans import Span
from onedoor.matters.graph import GraphFault, unknown
from onedoor.matters.ladders import ladders
from onedoor.matters.language import LEVELS, Action, Call, FormField, Procedure
from onedoor.matters.registry import EFFECTS, GUARDS, NEEDS, PERFORMERS, TAKES

TEMPLATES: set[str] = set()  # document templates; `documents` adds those it finds in packs
Path = tuple[str | int, ...]
OF_CITY = ["silence"]  # spans that every city sets in its profile


def check(procedure: Procedure) -> Iterator[GraphFault]:
    """Guards, effects and their arguments, performers, forms, form fields, spans, ladders that do not resolve."""
    for key, state in procedure.states.items():
        if state.answers:
            yield from _answers(procedure, key, state.answers)
    for key, action in procedure.actions.items():
        yield from _action(procedure, key, action)
    yield from _clocks(procedure)
    yield from _rows(procedure)


def _answers(procedure: Procedure, key: str, who: str) -> Iterator[GraphFault]:
    """Who answers is somebody known, and has an action that leads on."""
    path = ("states", key, "answers")
    yield from unknown(path, [who], sorted(PERFORMERS), "岗位", "role")
    actions = [procedure.actions[name] for name in procedure.actions_from(key)]
    if who in PERFORMERS and not any(who in a.by and procedure.target(a, key) != key for a in actions):
        yield GraphFault(
            path, f"状态「{procedure.states[key].zh}」由「{who}」负责，却没有它能用来往下走的动作",
            f"`{who}` answers in state `{key}`, but has no action that leads on from it",
            "加一个 by: 含它、to: 另一状态的动作，或改 answers:",
            "add an action `by:` it that leads to another state, or change `answers:`",
        )  # fmt: skip


def _action(procedure: Procedure, key: str, action: Action) -> Iterator[GraphFault]:
    yield from unknown(("actions", key, "by"), action.by, sorted(PERFORMERS), "岗位", "role")
    if action.form:
        yield from unknown(("actions", key, "form"), [action.form], sorted(procedure.forms), "表单", "form")
    for word, calls, known, zh in (
        ("guard", action.guard, GUARDS, "条件"),
        ("effect", action.effect, EFFECTS, "效果"),
    ):
        for index, call in enumerate(calls):
            path = ("actions", key, word, index)
            yield from _at(path, unknown((), [call.name], sorted(known), zh, word))
            yield from _at((*path, call.name), _argument(procedure, call))
    form = procedure.forms.get(action.form or "", {})
    for call in action.effect:
        yield from _needed(("actions", key, "form"), call, form)


def _at(path: Path, faults: Iterator[GraphFault]) -> Iterator[GraphFault]:
    """The faults, told at a path."""
    for fault in faults:
        yield GraphFault(path, fault.zh, fault.en, fault.hint_zh, fault.hint_en, fault.about)


def _needed(path: Path, call: Call, form: dict[str, FormField]) -> Iterator[GraphFault]:
    for name in NEEDS.get(call.name, ()):
        if name not in form or not form[name].required:
            yield GraphFault(
                path, f"效果「{call.name}」要用表单项「{name}」，表单里没有或不是必填",
                f"effect `{call.name}` needs the form field `{name}`, which the form lacks or does not require",
                f"在表单中加必填项 {name}", f"add a required field `{name}` to the form",
            )  # fmt: skip


def _argument(procedure: Procedure, call: Call) -> Iterator[GraphFault]:
    kind = TAKES.get(call.name)
    if kind is None:
        return
    check_argument = ARGUMENTS[kind]
    yield from check_argument(procedure, call.argument)


def _nothing(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """None."""
    if value is not None:
        yield _wrong(value, "不带参数", "takes no argument")


def _clock(procedure: Procedure, value: Any) -> Iterator[GraphFault]:
    """A clock of the procedure."""
    yield from unknown((), [value], list(procedure.clocks), "时限", "clock")


def _span(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """A span of time."""
    yield from span_faults((), str(value))


def _count(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """A whole number from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        yield _wrong(value, "应为正整数", "must be a whole number from 1 on")


def _level(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """A level: 1, 2 or 3."""
    if value not in LEVELS or isinstance(value, bool):
        yield _wrong(value, "应为 1、2 或 3", "must be 1, 2 or 3")


def _channel(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """`resident` or `callback`."""
    if value not in ("resident", "callback"):
        yield _wrong(value, "应为 resident 或 callback", "must be `resident` or `callback`")


def _fact(procedure: Procedure, value: Any) -> Iterator[GraphFault]:
    """A form field that is a fact."""
    yield from unknown(
        (), [value], sorted(_facts(procedure)), "作为事实的表单项", "form field that is a fact:"
    )


def _fact_list(procedure: Procedure, value: Any) -> Iterator[GraphFault]:
    """A list of form fields that are facts."""
    names = value if isinstance(value, list) else [value]
    yield from unknown((), names, sorted(_facts(procedure)), "作为事实的表单项", "form field that is a fact:")


def _fact_value(procedure: Procedure, value: Any) -> Iterator[GraphFault]:
    """`{field: choice}`, of a form field that is a fact."""
    pair = _pair(value)
    if pair is None:
        yield _wrong(value, "应写成 {表单项: 值}", "must be written `{field: value}`")
        return
    yield from _fact(procedure, pair[0])
    field = _facts(procedure).get(pair[0])
    if field:
        yield from unknown((), [pair[1]], list(field.choices), "选项", "choice")


def _stance(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """`{topic: stance}`."""
    if _pair(value) is None:
        yield _wrong(value, "应写成 {议题: 态度}", "must be written `{topic: stance}`")


def _word(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """A name of your own choice."""
    if not isinstance(value, str) or not value:
        yield _wrong(value, "应为一个名称", "must be a name")


def _word_or_nothing(procedure: Procedure, value: Any) -> Iterator[GraphFault]:
    """A name of your own choice, or nothing."""
    if value is not None:
        yield from _word(procedure, value)


def _title(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """A text in both languages: `{zh: …, en: …}`."""
    if not isinstance(value, dict) or set(value) != {"zh", "en"} or not all(value.values()):
        yield _wrong(value, "应写明 zh 与 en 两种文字", "needs the text in both `zh` and `en`")


def _template(_: Procedure, value: Any) -> Iterator[GraphFault]:
    """A document template, or one for every category: `{a.category: its_paper}`."""
    wanted = list(value.values()) if isinstance(value, dict) else [value]
    yield from unknown((), [str(one) for one in wanted], sorted(TEMPLATES), "文书模板", "document template")


def _row_value(procedure: Procedure, value: Any) -> Iterator[GraphFault]:
    """`{rows.column: choice}`, of a form field that is rows."""
    pair = _pair(value)
    name, _, column = pair[0].partition(".") if pair else ("", "", "")
    field = procedure.fields().get(name)
    if pair is None or field is None or column not in field.columns:
        yield _wrong(value, "应写成 {多条表单项.列: 选项}", "must be written `{rows.column: choice}`")
    else:
        yield from unknown((), [pair[1]], list(field.columns[column].choices), "选项", "choice")


def _rows(procedure: Procedure) -> Iterator[GraphFault]:
    """Rows answer rows of the same procedure, and do not call a cell as those call theirs."""
    fields = procedure.fields()
    for form, asked in procedure.forms.items():
        for name, field in asked.items():
            if not field.answers:
                continue
            path = ("forms", form, name, "answers")
            known = [key for key, one in fields.items() if one.type == "rows" and key != name]
            yield from unknown(path, [field.answers], known, "多条表单项", "field of rows")
            if field.answers in known and (
                same := field.columns.keys() & fields[field.answers].columns.keys()
            ):
                yield GraphFault(
                    path, f"与所对应的各条同名的项：{min(same)}", f"both have a column `{min(same)}`",
                    "换一个名称", "give the column another name",
                )  # fmt: skip


ARGUMENTS: dict[str, Callable[[Procedure, Any], Iterator[GraphFault]]] = {
    "nothing": _nothing, "clock": _clock, "span": _span, "count": _count, "level": _level, "channel": _channel,
    "fact": _fact, "facts": _fact_list, "fact value": _fact_value, "stance": _stance, "word": _word,
    "word or nothing": _word_or_nothing, "title": _title,
    "template": _template, "row value": _row_value,
}  # fmt: skip


def _pair(value: Any) -> tuple[str, Any] | None:
    if not isinstance(value, dict) or len(value) != 1:
        return None
    [(key, held)] = value.items()
    return str(key), held


def _wrong(value: Any, zh: str, en: str) -> GraphFault:
    return GraphFault(
        (),
        f"参数「{value}」不对：{zh}",
        f"the argument `{value}` {en}",
        f"改写：{zh}",
        f"change it: it {en}",
        str(value),
    )


def _facts(procedure: Procedure) -> dict[str, FormField]:
    return {name: field for name, field in procedure.fields().items() if field.fact}


def _clocks(procedure: Procedure) -> Iterator[GraphFault]:
    spans = [name for name, field in _facts(procedure).items() if field.type == "span"]
    for key, clock in procedure.clocks.items():
        path = ("clocks", key, "for")
        if clock.span.startswith("fact."):
            yield from unknown(
                path, [clock.span.removeprefix("fact.")], spans, "期限表单项", "span field that is a fact:"
            )
        elif clock.span.startswith("city."):
            yield from unknown(
                path, [clock.span.removeprefix("city.")], OF_CITY, "城市设定的期限", "span of the city:"
            )
        elif not clock.span.startswith("category."):
            yield from span_faults(path, clock.span)
        if clock.ladder:
            yield from unknown(
                ("clocks", key, "ladder"), [clock.ladder], list(ladders()), "督办梯次", "ladder"
            )


def span_faults(path: Path, text: str) -> Iterator[GraphFault]:
    """A fault where a span cannot be read."""
    try:
        Span.parse(text)
    except ValueError as error:
        yield GraphFault(
            path, f"时限「{text}」读不懂", f"cannot read the span: {error}",
            "写成「5 working days」「30 days」「2 hours」或 category.act",
            "write `5 working days`, `30 days`, `2 hours` or `category.act`", text,
        )  # fmt: skip
