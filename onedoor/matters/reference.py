"""The reference of the procedure language, made from the models, the registry and the packs themselves.

`docs/procedures.md` holds it between marks, `<!-- made: states -->` and `<!-- end -->`; `renewed` fills them anew
(`onedoor packs reference docs/procedures.md`), and a test holds the document to it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from onedoor.kernel.packs import SHIPPED, Source, read
from onedoor.kernel.spans import Span, Unit
from onedoor.matters import catalogue, ladders, language
from onedoor.matters.fragments import SECTIONS, shared_forms
from onedoor.matters.names import ARGUMENTS, OF_CITY
from onedoor.matters.registry import EFFECTS, GUARDS, NEEDS, PERFORMERS, TAKES

MADE = re.compile(r"(?<=<!-- made: )(?P<name>[a-z ]+)(?P<mark> -->\n).*?(?=<!-- end -->)", re.S)
Rows = Iterable[tuple[str, ...]]


def renewed(text: str) -> str:
    """The document with everything between its marks made anew. Raises KeyError for a mark of another name."""
    return MADE.sub(lambda found: f"{found['name']}{found['mark']}{PARTS[found['name']]()}", text)


def whole() -> str:
    """All parts of the reference, each under its name."""
    return "\n".join(f"### {name}\n\n{make()}" for name, make in PARTS.items())


def markdown_table(head: tuple[str, ...], rows: Rows) -> str:
    """A table of Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def _keys(model: type[BaseModel]) -> str:
    """A line for every key of a model: how it is written, whether it must be, what it means."""
    fields = model.model_fields.items()
    rows = (
        (f"`{field.alias or name}`", _must(field), f"{field.description}{_choices(field)}")
        for name, field in fields
    )
    return markdown_table(("key · 写法", "must · 必填", "meaning · 含义"), rows)


def _must(field: FieldInfo) -> str:
    if field.is_required():
        return "yes"
    usual = field.default
    return "" if usual in (None, False, "", [], {}) else f"else `{'true' if usual is True else usual}`"


def _choices(field: FieldInfo) -> str:
    """The values that a key may have, where there are only some."""
    kinds = [field.annotation, *get_args(field.annotation)]
    values = [value for kind in kinds for value in get_args(kind) if isinstance(value, str)]
    return f": {', '.join(f'`{value}`' for value in dict.fromkeys(values))}" if values else ""


def _calls(table: dict[str, Callable[..., Any]]) -> str:
    """A line for every guard or effect: its argument, the fields that its form must ask for, what it does."""
    rows = (
        (f"`{name}`", _argument(name), ", ".join(f"`{field}`" for field in NEEDS.get(name, ())), _said(run))
        for name, run in sorted(table.items())
    )
    return markdown_table(
        ("name · 名称", "argument · 参数", "needs in its form · 表单须有", "what it does · 作用"), rows
    )


def _argument(name: str) -> str:
    return "" if TAKES[name] == "nothing" else TAKES[name]


def _said(described: Any) -> str:
    """All that a docstring says, in one line."""
    text = inspect.getdoc(described)
    if not text:
        raise LookupError(f"{described} says nothing of itself")
    return " ".join(text.split())


def _arguments() -> str:
    rows = ((kind, _said(check)) for kind, check in sorted(ARGUMENTS.items()) if kind != "nothing")
    return markdown_table(("argument · 参数", "what is written · 写什么"), rows)


def _performers() -> str:
    rows = ((f"`{name}`", who.zh, who.en, _said(who.rows)) for name, who in sorted(PERFORMERS.items()))
    return markdown_table(("name · 名称", "中文", "English", "who that is · 指谁"), rows)


def _types() -> str:
    rows = ((f"`{name}`", language.TYPES[name]) for name in get_args(language.FieldType))
    return markdown_table(("type · 类型", "what is filled in · 填什么"), rows)


def _spans() -> str:
    rows = [(f"`{Span(3, unit)}`", Span(3, unit).text("zh")) for unit in Unit]
    rows += [
        ("`category.act`", "由事项分类给出的期限，名称自定 · the span that the category gives under `limits: act`"),
        ("`fact.term`", "表单中约定的期限 · the span filled into a form field that is a fact"),
        *((f"`city.{name}`", "城市设定的期限 · a span that every city sets for itself") for name in OF_CITY),
    ]  # fmt: skip
    return markdown_table(("written · 写法", "in Chinese, or meaning · 中文或含义"), rows)


def _reserved() -> str:
    return "".join(f"- {text}\n" for text in language.RESERVED.values())


def _fragments() -> str:
    rows = (
        (f"`{source.file.stem}`", *_of_fragment(source)) for source in map(read, _shipped("fragments/*.yaml"))
    )
    return markdown_table(("fragment · 片段", "about · 说明", "parameters · 参数", "brings · 带来"), rows)


def _of_fragment(source: Source) -> Iterator[str]:
    heading = source.file.read_text("utf-8").splitlines()
    yield " ".join(line.removeprefix("#").strip() for line in _comments(heading))
    yield ", ".join(f"`{name}`" for name in source.data.get("parameters", ()))
    yield "; ".join(
        f"{section}: {', '.join(f'`{key}`' for key in source.data[section])}"
        for section in SECTIONS
        if source.data.get(section)
    )


def _comments(lines: Iterable[str]) -> Iterator[str]:
    """The lines of the comment at the head of a file."""
    for line in lines:
        if not line.startswith("#"):
            return
        yield line


def _shipped(pattern: str) -> list[Any]:
    return sorted((SHIPPED / "common").glob(pattern))


def _forms() -> str:
    rows = (
        (f"`{name}`", "; ".join(f"`{key}` {field['zh']} · {field['en']}" for key, field in form.items()))
        for name, form in shared_forms().data["forms"].items()
    )
    return markdown_table(("form · 表单", "fields · 各项"), rows)


def _ladders() -> str:
    written = read(SHIPPED / "common" / "ladders.yaml").data["ladders"]
    rows = (
        (f"`{name}`", "; ".join(f"{rung.get('at', rung.get('after'))}: {rung['zh']} · {rung['en']}" for rung in rungs))
        for name, rungs in written.items()
    )  # fmt: skip
    return markdown_table(
        ("ladder · 梯次", "share of the time, or after it: what happens · 何时做什么"), rows
    )


def _keys_of(*models: type[BaseModel]) -> dict[str, Callable[[], str]]:
    """Tables of keys by the names of the models: `ClockRule` is `clock rule`."""
    named = ((re.sub("(?<!^)(?=[A-Z])", " ", model.__name__).lower(), model) for model in models)
    return {name: partial(_keys, model) for name, model in named}


PARTS: dict[str, Callable[[], str]] = {
    **_keys_of(
        language.Procedure, language.Opening, language.Title, language.Titled, language.State, language.ClockRule,
        language.PartyRule, language.FormField, language.Column, language.Action, language.Call,
        language.Use, language.Uses, language.Fragment,
        ladders.LadderFile, ladders.RungShape,
        catalogue.PackFile, catalogue.CategoriesFile, catalogue.CategoryShape, catalogue.Limit,
    ),
    "reserved": _reserved, "types": _types, "spans": _spans, "performers": _performers,
    "guards": partial(_calls, GUARDS), "effects": partial(_calls, EFFECTS), "arguments": _arguments,
    "fragments": _fragments, "forms": _forms, "ladders": _ladders,
}  # fmt: skip
