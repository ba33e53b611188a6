"""The second check of a register: every name it uses is known, and it declares nothing that OneDoor refuses.

Refused everywhere: what follows, recognises or lists persons. Refused, save of places and things on whose records no
person stands: what scores, ranks or gives a level of risk (issue 3; DESIGN, the five refusals).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from onedoor.city.queries import roles, unit_kinds
from onedoor.kernel import refusals
from onedoor.matters.graph import GraphFault, unknown
from onedoor.matters.language import Titled
from onedoor.matters.names import span_faults
from onedoor.registers.language import Register

Path = tuple[str, ...]
FACTS_ALONE = ("places", "things")


def check(register: Register, file_name: str, categories: Collection[str]) -> Iterator[GraphFault]:
    """Everything that does not resolve, and everything refused. `categories` are those that a matter may be of."""
    if register.key != file_name:
        yield GraphFault(
            ("register",), f"「{register.key}」与文件名不同", f"`{register.key}` is not the name of its file",
            f"写 register: {file_name}", f"write `register: {file_name}`",
        )  # fmt: skip
    yield from _people(register)
    yield from _fields(register)
    yield from _spans(register)
    yield from _opened(register, categories)
    yield from _refused(register)


def _people(register: Register) -> Iterator[GraphFault]:
    known = sorted(roles())
    yield from unknown(("kept_by",), register.kept_by, known, "岗位", "role")
    yield from unknown(("seen_by",), register.seen_by, known, "岗位", "role")
    yield from unknown(("owner",), register.owner, sorted(unit_kinds()), "单位类型", "kind of unit")
    for name, field in register.fields.items():
        yield from unknown(("fields", name, "seen_by"), field.seen_by, known, "岗位", "role")
    if register.visits:
        yield from unknown(("visits", "by"), register.visits.by, known, "岗位", "role")


def _fields(register: Register) -> Iterator[GraphFault]:
    known = list(register.asked)
    if register.validity:
        yield from unknown(("validity", "renews"), register.validity.renews, known, "项目", "field")
    if register.transfer:
        yield from unknown(("transfer", "asks"), register.transfer.asks, known, "项目", "field")
    called = register.fields.get(register.called)
    if called is None:
        yield from unknown(("called",), [register.called], known, "项目", "field")
    elif called.type != "text" or not called.required or called.seen_by:
        yield GraphFault(
            ("called",), f"「{register.called}」不能作为记录的标题", f"`{register.called}` cannot be the title",
            "选一个人人可见的必填文字项", "choose a required `text` field that everybody sees",
        )  # fmt: skip


def _spans(register: Register) -> Iterator[GraphFault]:
    said: dict[Path, str] = {}
    for name, field in register.fields.items():
        if field.lasts:
            said["fields", name, "lasts", "for"] = field.lasts.span
    if register.validity:
        said["validity", "for"] = register.validity.span
    if register.transfer:
        said["transfer", "for"] = register.transfer.span
    if register.withdrawal.within:
        said["withdrawal", "within", "for"] = register.withdrawal.within.span
    if register.visits:
        said["visits", "every"] = register.visits.every
    for path, text in said.items():
        yield from span_faults(path, text)


def _opened(register: Register, categories: Collection[str]) -> Iterator[GraphFault]:
    for name, item in register.visits.checklist.items() if register.visits else ():
        path = ("visits", "checklist", name, "opens")
        for answer, code in item.categories.items():
            near = [] if code in categories else get_close_matches(code, categories, n=3, cutoff=0.4)
            at = (*path, answer) if isinstance(item.opens, dict) else path
            yield from unknown(at, [code], near or categories, "事项分类", "category")


def _refused(register: Register) -> Iterator[GraphFault]:
    judged = register.about not in FACTS_ALONE or bool(register.contacts)
    for path, name, texts in _said(register):
        if word := refusals.follows(name, *texts):
            yield GraphFault(
                path, f"「{word}」：不登记对人的跟踪、识别和名单",
                f"“{word}”: nothing that follows, recognises or lists persons is registered",
                "删去此项：一门只看事、看地、看承诺，不盯人",
                "remove it: OneDoor watches over matters, places and promises, never over people",
            )  # fmt: skip
        elif judged and (word := refusals.scores(name, *texts)):
            yield GraphFault(
                path, f"「{word}」：记录上有人，不得评分、排名或定风险等级",
                f"“{word}”: where a person stands on a record, nothing scores, ranks or gives a level of risk",
                "删去此项，或改记可核对的事实", "remove it, or register a fact that can be checked",
            )  # fmt: skip


def _said(register: Register) -> Iterator[tuple[Path, str, list[str]]]:
    """(path, name, texts) of everything that a register asks, offers or calls itself."""
    yield (("title",), register.key, [register.title.zh, register.title.en])
    for name, field in register.fields.items():
        yield (("fields", name), name, _texts(field, field.choices))
    for name, item in register.visits.checklist.items() if register.visits else ():
        yield (("visits", "checklist", name), name, _texts(item, item.answers))


def _texts(titled: Titled, options: Mapping[str, object]) -> list[str]:
    shown = [
        text for option in options.values() for text in (getattr(option, "zh", ""), getattr(option, "en", ""))
    ]
    return [titled.zh, titled.en, *options, *shown]
