"""`onedoor packs list` and `onedoor packs docs`: what packs hold, as a table and as pages.

A page is written from the pack's files alone; its one paragraph by hand stands in `pack.yaml`, under `page:`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from onedoor.appraisal.schemes import catalogue as schemes
from onedoor.city.queries import roles, unit_kinds
from onedoor.cli.bilingual import both, command, print_json, say
from onedoor.cli.loading import as_json
from onedoor.cli.packs import FOLDER
from onedoor.cli.tabular import table
from onedoor.documents import catalogue as templates
from onedoor.kernel.packs import SHIPPED, folders, read, within
from onedoor.matters import catalogue, drawing, procedures
from onedoor.matters.catalogue import CategoryShape
from onedoor.matters.language import Procedure, Title, Titled
from onedoor.matters.reference import markdown_table
from onedoor.matters.registry import PERFORMERS
from onedoor.registers import kinds
from onedoor.registers.language import Item, Register
from onedoor.surveys import catalogue as questionnaires

HOLDS = {  # what a pack may hold, in this order: how it is called, and its files
    "procedures": ("流程", "procedures", "procedures/*.yaml"),
    "categories": ("事项分类", "categories", ""),
    "registers": ("台账", "registers", "registers/*.yaml"),
    "surveys": ("问卷", "questionnaires", "surveys/*.yaml"),
    "schemes": ("考核方案", "schemes", "schemes/*.yaml"),
    "documents": ("文书", "documents", "documents/*.yaml"),
    "fragments": ("流程片段", "fragments of procedures", "fragments/*.yaml"),
}
MADE = (
    "<!-- Made by `onedoor packs docs` from the pack's files: change those, not this page. "
    "本页由程序生成，请改业务包的文件。 -->"
)
Lines = Iterator[str]


def held(folder: Path) -> dict[str, int]:
    """How many of everything a pack holds, by name."""
    counts = {name: len(list(folder.glob(glob))) for name, (_, _, glob) in HOLDS.items() if glob}
    counts["categories"] = len(catalogue.leaves([folder]))
    return {name: counts[name] for name in HOLDS}


def _held_text(folder: Path) -> str:
    counts = [(HOLDS[name], count) for name, count in held(folder).items() if count]
    zh = "、".join(f"{words[0]} {count}" for words, count in counts)
    return both(zh, ", ".join(f"{words[1]} {count}" for words, count in counts)) if counts else ""


def _facts(folder: Path) -> dict[str, Any]:
    said = catalogue.described(folder)
    return {
        "pack": said.pack,
        "version": said.version,
        "title": said.title.model_dump(),
        "about": said.about.model_dump(),
        "city_says": said.city_says.model_dump() if said.city_says else None,
        "never": [one.model_dump() for one in said.never],
        "shipped": folder.parent == SHIPPED,
        "folder": str(folder),
        "holds": held(folder),
    }


@command("list", help=both("列出在用的业务包及其内容", "List the packs in use and what they hold"))
@click.option(
    "--long",
    "whole",
    is_flag=True,
    help=both("连同市里的说法和从不做的事", "With what the city says, and what is never done"),
)
@as_json
def list_all(whole: bool, as_json: bool) -> None:
    """The packs that ship, then those of ONEDOOR_PACKS."""
    if as_json:
        print_json([_facts(folder) for folder in folders()])
        return
    headings = ("业务包 Pack", "版本 Version", "标题 Title", "内容 Holds", "来源 From")
    described = [(folder, catalogue.described(folder)) for folder in folders()]
    rows = [
        (said.pack, said.version, both(said.title.zh, said.title.en), _held_text(folder), _from(folder))
        for folder, said in described
    ]
    click.echo(table(headings, rows))
    for _, said in described if whole else ():
        click.echo(f"\n{said.pack} · {both(said.title.zh, said.title.en)}")
        for line in (said.about, *filter(None, [said.city_says])):
            click.echo(f"  {both(line.zh, line.en)}")
        for line in said.never:
            click.echo(f"  × {both(line.zh, line.en)}")


def _from(folder: Path) -> str:
    return "随软件 shipped" if folder.parent == SHIPPED else str(folder.parent)


@command("docs", help=both("由业务包的内容写出说明页", "Write the pages about packs from what they hold"))
@click.argument("target", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/packs"))
@click.option("--pack", "folder", type=FOLDER, help=both("只写这个业务包", "Only this pack's folder"))
def write_pages(target: Path, folder: Path | None) -> None:
    """A page for every pack that ships and an index of them; or the page of one pack's folder."""
    target.mkdir(parents=True, exist_ok=True)
    for name, text in pages([folder.resolve()] if folder else within(SHIPPED)).items():
        (target / name).write_text(text, "utf-8")
        say(f"已写出：{target / name}", f"written: {name}")


def pages(packs: list[Path]) -> dict[str, str]:
    """The text of the packs' pages by the name of their file; of several, with an index. Raises FaultyFile."""
    made = {f"{folder.name}.md": page(folder) for folder in packs}
    return made if len(packs) == 1 else {"README.md": _index(packs), **made}


def _index(packs: list[Path]) -> str:
    said = [(folder, catalogue.described(folder)) for folder in packs]
    rows = [
        (
            f"[{both(one.title.zh, one.title.en)}]({folder.name}.md)",
            f"{one.about.zh} {one.about.en}",
            _held_text(folder),
        )
        for folder, one in said
    ]
    return "\n".join([
        "# Packs · 业务包", "", MADE, "",
        "A system of the city is a pack: a folder of data that an official can read. These ship with OneDoor;",
        "a city adds its own (`docs/your-own-pack.md`).", "",
        "城市的每一项工作是一个业务包：一个看得懂的数据文件夹。以下随软件提供，本市可以自己添加。", "",
        markdown_table(("pack · 业务包", "about · 说明", "holds · 内容"), rows),
    ])  # fmt: skip


def page(folder: Path) -> str:
    """The page of one pack. Raises FaultyFile."""
    return "\n".join(_page(folder)).rstrip() + "\n"


def _page(folder: Path) -> Lines:
    said = catalogue.described(folder)
    yield from (f"# {_both(said.title)}", "", MADE, "")
    yield from _paragraphs(said.about)
    if said.city_says:
        yield from (f"> {said.city_says.zh}", ">", f"> {said.city_says.en}", "")
    if said.page:
        yield from _paragraphs(said.page)
    if said.never:
        yield from ("**What it never does · 从不做的事**", "", *(f"- {_both(one)}" for one in said.never), "")
    for heading, make in SECTIONS:
        lines = list(make(folder))
        if lines:
            yield from (f"## {heading}", "", *lines)


def _paragraphs(title: Title) -> Lines:
    yield from (title.zh, "", title.en, "")


def _both(titled: Title | Titled) -> str:
    return both(titled.zh, titled.en)


def _people(names: Iterable[str]) -> str:
    known = roles()
    return "、".join(
        both(PERFORMERS[name].zh, PERFORMERS[name].en) if name in PERFORMERS
        else _both(Title(**known[name]["title"])) if name in known and "title" in known[name]
        else f"`{name}`"
        for name in names
    )  # fmt: skip


def _procedures(folder: Path) -> Lines:
    for file in procedures.files(folder):
        procedure = procedures.load(file).procedure
        yield from (f"### {_both(procedure.title)} `{procedure.procedure}`", "")
        if procedure.says:
            yield from _paragraphs(procedure.says)
        yield from ("```mermaid", drawing.mermaid(procedure).rstrip(), "```", "")
        yield from _clocks(procedure)
        yield from _steps(procedure)


def _clocks(procedure: Procedure) -> Lines:
    rows = [
        (_both(clock), f"`{clock.span}`", clock.source, clock.sure) for clock in procedure.clocks.values()
    ]
    yield markdown_table(("time limit · 时限", "how long · 多长", "rule · 依据", "sure · 可靠程度"), rows)


def _steps(procedure: Procedure) -> Lines:
    rows = [(_both(action), _people(action.by)) for action in procedure.actions.values()]
    yield markdown_table(("step · 动作", "by · 由谁"), rows)


def _categories(folder: Path) -> Lines:
    file = folder / "categories.yaml"
    if file.is_file():
        written = catalogue.CategoriesFile.model_validate(read(file).data).categories
        rows = list(_category_rows(written))
        yield markdown_table(
            ("category · 分类", "code · 编码", "procedure · 流程", "answered for by · 承办", "limits · 时限"),
            rows,
        )


def _category_rows(written: list[CategoryShape]) -> Iterator[tuple[str, ...]]:
    for category in written:
        if category.children:
            yield (f"**{_both(category.title)}**", f"`{category.code}`", "", "", "")
            yield from _category_rows(category.children)
        else:
            limits = "; ".join(
                f"{name} {limit.span} ({limit.source})" for name, limit in category.limits.items()
            )
            yield (
                _both(category.title), f"`{category.code}`", f"`{category.procedure}`",
                "、".join(unit_kinds()[kind]["title"]["zh"] for kind in category.competent), limits,
            )  # fmt: skip


def _registers(folder: Path) -> Lines:
    for file in kinds.files(folder):
        register = kinds.load(file)
        yield from (f"### {_both(register.title)} `{register.key}`", "")
        yield from _paragraphs(register.says)
        yield from _fields(register)
        yield from _terms(register)
        yield from _checklist(register)


def _fields(register: Register) -> Lines:
    rows = [
        (_both(field), f"`{field.type}`", "yes" if field.required else "", _people(field.seen_by))
        for field in register.fields.values()
    ]
    yield markdown_table(("field · 项目", "type · 类型", "must · 必填", "seen only by · 仅供"), rows)


def _terms(register: Register) -> Lines:
    said = [
        ("valid · 有效期", register.validity), ("a transfer is said within · 变更申报", register.transfer),
        ("a withdrawal is said within · 注销申报", register.withdrawal.within),
        *((_both(field), field.lasts) for field in register.fields.values() if field.lasts),
    ]  # fmt: skip
    rows = [(name, f"`{term.span}`", term.source, term.sure) for name, term in said if term]
    if register.visits:
        visits = register.visits
        rows.append((_both(visits), f"`{visits.every}`", visits.source, visits.sure))
    if rows:
        yield markdown_table(("term · 期限", "how long · 多长", "rule · 依据", "sure · 可靠程度"), rows)


def _checklist(register: Register) -> Lines:
    if register.visits:
        rows = [
            (
                _both(item),
                "、".join(_both(item.answers[answer]) for answer in item.finding),
                _opened(item),
            )
            for item in register.visits.checklist.values()
        ]
        yield markdown_table(("looked at · 检查", "a finding · 算问题", "opens · 登记为"), rows)


def _opened(item: Item) -> str:
    return "、".join(f"`{code}`" for code in dict.fromkeys(item.categories.values()))


def _surveys(folder: Path) -> Lines:
    for file in questionnaires.files(folder):
        asked = questionnaires.load(file)
        yield from (f"### {_both(asked.title)} `{asked.questionnaire}`", "")
        yield markdown_table(
            ("question · 题目",), [(_both(question),) for question in asked.questions.values()]
        )


def _schemes(folder: Path) -> Lines:
    for file in schemes.files(folder):
        scheme = schemes.load(file)
        yield from (f"### {_both(scheme.title)} `{scheme.scheme}`", "")
        rows = [
            (
                f"`{item.code}`",
                _both(item),
                _both(scheme.groups[item.group]),
                str(item.weight),
                str(len(item.sub_items)),
            )
            for item in scheme.items
        ]
        yield markdown_table(
            ("code · 编号", "item · 条目", "group · 同类组", "marks · 分值", "sub-items · 细项"), rows
        )


def _documents(folder: Path) -> Lines:
    found = [templates.load(file) for file in sorted(folder.glob("documents/*.yaml"))]
    if found:
        rows = [(_both(one.title), one.number, _people(one.by), one.source, one.sure) for one in found]
        yield markdown_table(
            ("document · 文书", "number · 文号", "made by · 由谁", "rule · 依据", "sure · 可靠程度"), rows
        )


SECTIONS: tuple[tuple[str, Callable[[Path], Lines]], ...] = (
    ("Procedures · 流程", _procedures),
    ("Registers · 台账", _registers),
    ("Questionnaires · 问卷", _surveys),
    ("Schemes · 考核方案", _schemes),
    ("Documents · 文书", _documents),
    ("Categories · 事项分类", _categories),
)
