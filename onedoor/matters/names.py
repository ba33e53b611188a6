"""The third check of a procedure: every name it uses is something the house knows."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from onedoor.kernel.spans import Span
from onedoor.matters import clocks
from onedoor.matters.graph import GraphFault
from onedoor.matters.language import Procedure
from onedoor.matters.registry import EFFECTS, GUARDS, PERFORMERS

TEMPLATES: set[str] = set()  # document templates; `documents` adds those it finds in packs


def check(procedure: Procedure) -> Iterator[GraphFault]:
    """Guards, effects, performers, forms, form fields, spans, ladders and documents that do not resolve."""
    for key, state in procedure.states.items():
        if state.answers:
            yield from _one(("states", key, "answers"), state.answers, PERFORMERS, "岗位", "role")
    for key, action in procedure.actions.items():
        for name in action.by:
            yield from _one(("actions", key, "by"), name, PERFORMERS, "岗位", "role")
        for call in action.guard:
            yield from _one(("actions", key, "guard"), call.name, GUARDS, "条件", "guard")
        for call in action.effect:
            yield from _one(("actions", key, "effect"), call.name, EFFECTS, "效果", "effect")
            if call.name == "render":
                yield from _one(
                    ("actions", key, "effect"), str(call.argument), TEMPLATES, "文书模板", "document template"
                )
        if action.form:
            yield from _one(("actions", key, "form"), action.form, procedure.forms, "表单", "form")
    yield from _facts(procedure)
    yield from _clocks(procedure)


def _facts(procedure: Procedure) -> Iterator[GraphFault]:
    """A guard `fact: x` needs a form field `x` marked `fact: true`."""
    facts = {name for form in procedure.forms.values() for name, field in form.items() if field.fact}
    for key, action in procedure.actions.items():
        for call in action.guard:
            if call.name == "fact":
                yield from _one(("actions", key, "guard"), str(call.argument), facts, "表单项", "form field")


def _clocks(procedure: Procedure) -> Iterator[GraphFault]:
    spans = {n for form in procedure.forms.values() for n, f in form.items() if f.fact and f.type == "span"}
    for key, clock in procedure.clocks.items():
        if clock.span.startswith("fact."):
            yield from _one(
                ("clocks", key, "for"), clock.span.removeprefix("fact."), spans, "期限表单项", "span field"
            )
        elif not clock.span.startswith("category."):
            try:
                Span.parse(clock.span)
            except ValueError as error:
                yield GraphFault(
                    ("clocks", key, "for"), f"时限「{clock.span}」读不懂", f"cannot read the span: {error}",
                    "写成「5 working days」「30 days」「2 hours」或 category.act",
                    "write `5 working days`, `30 days`, `2 hours` or `category.act`",
                )  # fmt: skip
        if clock.ladder:
            yield from _one(("clocks", key, "ladder"), clock.ladder, clocks.ladders(), "督办梯次", "ladder")


def _one(path: tuple[str, ...], name: str, known: Collection[str], zh: str, en: str) -> Iterator[GraphFault]:
    if name not in known:
        listed = sorted(known)
        yield GraphFault(
            path, f"没有{zh}「{name}」", f"there is no {en} `{name}`",
            "可用:" + "、".join(listed), "there are: " + ", ".join(listed),
        )  # fmt: skip
