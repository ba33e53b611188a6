"""What a pack says of itself (`pack.yaml`) and its categories (`categories.yaml`), checked before they are taken in.

Shape first, then names: every leaf names a procedure that exists and kinds of units that exist, gives a span for every
clock of the procedure that asks the category for one, and begins with its parent's code. Pure but for the kinds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from onedoor.city.queries import unit_kinds
from onedoor.kernel.packs import DESCRIPTION, Fault, FaultyFile, Source, folders, read, shape
from onedoor.kernel.spans import Span
from onedoor.matters.language import Key, Part, Procedure, Title, as_list

CODE = r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$"
FROM_CATEGORY = "category."
Known = Mapping[str, Procedure | None]  # None: there is such a procedure, but it is faulty itself
Path_ = list[str | int]


class PackFile(Part):
    """The file that makes a folder a pack."""

    pack: Key = Field(description="名称，与文件夹名相同 · its name, which is the folder's")
    title: Title = Field(description="标题 · its title")
    version: str = Field(default="1", min_length=1, description="版本 · its version")
    about: Title = Field(description="包含什么 · what it holds")
    city_says: Title | None = Field(
        default=None, description="本市怎么说这项工作 · how the city itself describes this work"
    )
    never: list[Title] = Field(default=[], description="从不做什么 · what it never does")
    page: Title | None = Field(
        default=None, description="说明页上的一段话 · the paragraph on its page that is written by hand"
    )


class Limit(Part):
    """How long a clock that asks the category runs, and by which rule."""

    span: str = Field(description="多长 · how long")
    source: str = Field(min_length=1, description="依据哪条规定 · the rule it comes from")
    sure: Literal["V", "V-weak", "O"] = Field(
        description="依据的可靠程度 · how sure the rule is, as for clocks"
    )


class CategoryShape(Part):
    """A category: a heading with children, or a leaf that matters are about."""

    code: Annotated[str, Field(pattern=CODE, max_length=60)] = Field(
        description="代码，以上级代码开头 · its code, which begins with its parent's"
    )
    title: Title = Field(description="标题 · its title")
    about: Title | None = Field(default=None, description="说明 · what belongs to it")
    words: list[str] = Field(
        default=[], description="群众常用的词，用于自动建议 · words residents use for it, for suggestions"
    )
    procedure: str = Field(
        default="", description="走哪个流程；有下级的不写 · the procedure it follows; none for a heading"
    )
    competent: Annotated[list[str], BeforeValidator(as_list)] = Field(
        default=[],
        description="哪类单位承办，牵头的在先 · the kinds of units that answer for it, the leading one first",
    )
    limits: dict[Key, Limit] = Field(
        default={},
        description="流程中写 category.* 的期限 · the spans that its procedure's clocks ask it for",
    )
    confidential: bool = Field(default=False, description="一律保密 · always kept confidential")
    children: list[CategoryShape] = Field(default=[], description="下级分类 · the categories below it")


class CategoriesFile(Part):
    """The file of a pack."""

    categories: list[CategoryShape] = Field(description="事项分类 · its categories, in two levels")


def faults(folder: Path, procedures: Known) -> list[Fault]:
    """Everything wrong with a pack's own description and its categories; `procedures` are those it may name."""
    return [*_description(folder), *_categories(folder, procedures)]


def described(folder: Path) -> PackFile:
    """What a pack says of itself. Raises FaultyFile."""
    return shape(read(folder / DESCRIPTION), PackFile)


def _description(folder: Path) -> Iterator[Fault]:
    file = folder / DESCRIPTION
    if not file.is_file():
        yield Fault(
            file,
            1,
            "没有 pack.yaml，这不是业务包",
            "there is no pack.yaml, so this is no pack",
            "写明 pack：、title：、about:",
            "write `pack:`, `title:` and `about:`",
        )
        return
    try:
        source = read(file)
        said = shape(source, PackFile)
    except FaultyFile as error:
        yield from error.faults
        return
    if said.pack != folder.name:
        yield source.fault(
            ["pack"],
            f"「{said.pack}」与文件夹名不同",
            f"`{said.pack}` is not the name of its folder",
            f"写 pack: {folder.name}",
            f"write `pack: {folder.name}`",
        )


def _categories(folder: Path, procedures: Known) -> Iterator[Fault]:
    file = folder / "categories.yaml"
    if not file.is_file():
        return
    try:
        source = read(file)
        found = shape(source, CategoriesFile)
    except FaultyFile as error:
        yield from error.faults
        return
    seen: dict[str, Path_] = {}
    for index, category in enumerate(found.categories):
        yield from _one(source, ["categories", index], category, "", procedures, seen)
    yield from _elsewhere(source, folder, seen)


def _elsewhere(source: Source, folder: Path, seen: Mapping[str, Path_]) -> Iterator[Fault]:
    """Codes that a pack of another name has already."""
    for other in folders():
        held = leaves([other]) if other.name != folder.name else ()
        for code in sorted(seen.keys() & {part for leaf in held for part in (leaf, leaf.rpartition(".")[0])}):
            yield source.fault(
                [*seen[code], "code"],
                f"编码「{code}」已属于业务包 {other.name}",
                f"the code `{code}` belongs to the pack `{other.name}`",
                "换一个编码",
                "give another code",
            )


def _one(
    source: Source,
    path: Path_,
    category: CategoryShape,
    parent: str,
    procedures: Known,
    seen: dict[str, Path_],
) -> Iterator[Fault]:
    if category.code in seen:
        line = source.line(seen[category.code])
        yield source.fault(
            [*path, "code"],
            f"编码「{category.code}」已在第 {line} 行",
            f"the code `{category.code}` stands on line {line}",
            "换一个编码",
            "give another code",
        )
    seen.setdefault(category.code, path)
    if parent and not category.code.startswith(f"{parent}."):
        yield source.fault(
            [*path, "code"],
            f"下级编码应以「{parent}.」开头",
            f"the code of a child begins with `{parent}.`",
            f"写 code: {parent}.{category.code.rpartition('.')[2]}",
            f"write `code: {parent}.{category.code.rpartition('.')[2]}`",
        )
    if category.children:
        for index, child in enumerate(category.children):
            yield from _one(source, [*path, "children", index], child, category.code, procedures, seen)
    else:
        yield from _leaf(source, path, category, procedures)


def _leaf(source: Source, path: Path_, category: CategoryShape, procedures: Known) -> Iterator[Fault]:
    procedure = procedures.get(category.procedure)
    if category.procedure not in procedures:
        yield _unknown(
            source, [*path, "procedure"], category.procedure, list(procedures), "流程", "procedure"
        )
    kinds = unit_kinds()
    if not category.competent:
        yield source.fault(
            path,
            "没有写明主管单位类型",
            "it does not say which kinds of units answer",
            "补上 competent:",
            "add `competent:`",
        )
    for index, kind in enumerate(category.competent):
        if kind not in kinds:
            yield _unknown(source, [*path, "competent", index], kind, list(kinds), "单位类型", "kind of unit")
    for name, limit in category.limits.items():
        try:
            Span.parse(limit.span)
        except ValueError:
            yield source.fault(
                [*path, "limits", name, "span"],
                f"时限「{limit.span}」读不懂",
                f"cannot read the span `{limit.span}`",
                "写成「5 working days」「30 days」「4 working hours」",
                "write `5 working days`, `30 days` or `4 working hours`",
            )
    for name in sorted(_asked(procedure) - category.limits.keys()) if procedure else []:
        yield source.fault(
            [*path, "limits"],
            f"流程 {category.procedure} 要求时限「{name}」",
            f"procedure `{category.procedure}` asks for the limit `{name}`",
            f"在 limits: 下补 {name}: {{span, source, sure}}",
            f"add `{name}: {{span, source, sure}}` under `limits:`",
        )


def _asked(procedure: Procedure) -> set[str]:
    """The limits that a procedure's clocks take from the category."""
    spans = (clock.span for clock in procedure.clocks.values())
    return {span.removeprefix(FROM_CATEGORY) for span in spans if span.startswith(FROM_CATEGORY)}


def _unknown(source: Source, path: Path_, name: str, known: list[str], zh: str, en: str) -> Fault:
    near = get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)
    return source.fault(
        path,
        f"没有{zh}「{name}」",
        f"there is no {en} `{name}`",
        "可用：" + "、".join(near),
        "there are: " + ", ".join(near),
    )


def leaves(packs: Iterable[Path]) -> list[str]:
    """The codes of all categories that matters are about, of these pack folders; faulty files are told elsewhere."""
    files = (folder / "categories.yaml" for folder in packs)
    return [code for file in files if file.is_file() for code in _leaves(file, file.stat().st_mtime_ns)]


@cache
def _leaves(file: Path, _: int) -> tuple[str, ...]:
    try:
        written = read(file).data.get("categories")
    except FaultyFile:
        return ()
    return tuple(code for category in written or () for code in _codes(category))


def _codes(category: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(category, dict):
        return
    if category.get("children"):
        for child in category["children"]:
            yield from _codes(child)
    else:
        yield str(category.get("code"))
