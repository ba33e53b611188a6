"""`onedoor packs`: check what an official wrote, draw it, publish it. What packs hold: `describing.py`."""

from __future__ import annotations

from pathlib import Path

import click

from onedoor.appraisal.indicators import catalogue as indicators
from onedoor.appraisal.schemes import catalogue as schemes
from onedoor.cli import preparing
from onedoor.cli.bilingual import Group, both, print_json, say
from onedoor.documents import checks as documents
from onedoor.kernel import installed
from onedoor.kernel.packs import Fault, FaultyFile, folders, within
from onedoor.matters import catalogue, drawing, ladders, names, procedures, reference
from onedoor.matters.language import Procedure
from onedoor.matters.registry import PERFORMERS
from onedoor.registers import kinds
from onedoor.surveys import catalogue as questionnaires

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group(
    "packs",
    cls=Group,
    help=both("业务包：列出、新建、检查、绘图、说明、发布", "Packs: list, new, check, draw, docs, publish"),
)
def packs() -> None:
    """Commands about packs."""


@packs.command(
    "check",
    help=both(
        "检查业务包，逐条说明文件、行号和改法", "Check packs; every fault with file, line and what to write"
    ),
)
@click.argument("folder", type=FOLDER, required=False)
@click.option("--json", "as_json", is_flag=True, help=both("输出 JSON", "Print JSON"))
def check(folder: Path | None, as_json: bool) -> None:
    """Checks one pack's folder, or every pack that the city uses. Exits with status 1 when anything is wrong."""
    chosen = within(folder.resolve()) or [folder.resolve()] if folder else list(folders())
    found = [] if folder else [*installed.root_faults(), *ladders.faults()]
    known = everywhere()
    for pack in chosen:
        found += faults(pack, known)
    if as_json:
        print_json({"packs": [pack.name for pack in chosen], "faults": [fault.as_dict() for fault in found]})
    else:
        for fault in found:
            click.echo(str(fault))
        say(
            f"检查了 {len(chosen)} 个业务包，{len(found)} 处需要更正",
            f"{len(chosen)} pack(s) checked, {len(found)} fault(s)",
        )
    if found:
        raise click.exceptions.Exit(1)


def faults(folder: Path, known: catalogue.Known) -> list[Fault]:
    """Everything wrong with one pack's folder: procedures, categories, documents, registers, questionnaires,
    indicators, schemes.
    """
    names.TEMPLATES.update(file.stem for file in folder.glob("documents/*.yaml"))
    found, own = _procedures(folder)
    found += installed.pack_faults(folder)
    found += catalogue.faults(folder, {**known, **own})
    for file in sorted(folder.glob("documents/*.yaml")):
        found += documents.faults(file)
    found += kinds.faults(folder)
    found += questionnaires.faults(folder)
    found += indicators.faults(folder)
    found += schemes.faults(folder)
    return list(dict.fromkeys(found))


def _procedures(folder: Path) -> tuple[list[Fault], dict[str, Procedure | None]]:
    """The faults of a folder's procedures, and the procedures; None for one that is there but faulty."""
    found: list[Fault] = []
    there: dict[str, Procedure | None] = {}
    for file in procedures.files(folder):
        try:
            procedure = procedures.load(file).procedure
        except FaultyFile as error:
            found += error.faults
            there[file.stem] = None
        else:
            there[procedure.procedure] = procedure
    return found, there


def everywhere() -> dict[str, Procedure | None]:
    """The procedures of all packs in use; faults are told where each pack is checked."""
    return {name: procedure for pack in folders() for name, procedure in _procedures(pack)[1].items()}


@packs.command(
    "draw", help=both("绘制流程：Mermaid（.mmd）与 BPMN 2.0(.bpmn)", "Draw procedures: Mermaid and BPMN 2.0")
)
@click.argument("target", type=click.Path(file_okay=False, path_type=Path), default=Path("drawings"))
@click.option("--pack", "folder", type=FOLDER, help=both("只画这个业务包", "Only this pack's folder"))
def draw(target: Path, folder: Path | None) -> None:
    """Writes two files per procedure into a folder (`drawings` if left out)."""
    target.mkdir(parents=True, exist_ok=True)
    lanes = {name: both(entry.zh, entry.en) for name, entry in PERFORMERS.items()}
    for file in procedures.files(folder.resolve() if folder else None):
        procedure = procedures.load(file).procedure
        (target / f"{procedure.procedure}.mmd").write_text(drawing.mermaid(procedure), encoding="utf-8")
        (target / f"{procedure.procedure}.bpmn").write_text(drawing.bpmn(procedure, lanes), encoding="utf-8")
        say(f"{procedure.title.zh}:{target / procedure.procedure}.mmd、.bpmn", f"{procedure.title.en}")


@packs.command(
    "reference",
    help=both("列出流程语言的全部写法", "Write down everything that a procedure may say"),
)
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
def write_reference(document: Path | None) -> None:
    """Prints the reference; of a document that holds it between marks, such as `docs/procedures.md`, renews these."""
    if document is None:
        click.echo(reference.whole())
        return
    document.write_text(reference.renewed(document.read_text("utf-8")), "utf-8")
    say(f"已更新：{document}", f"renewed: {document}")


@packs.command(
    "publish",
    help=both("发布有改动的流程，导入事项分类", "Publish procedures that changed, take in the categories"),
)
def publish() -> None:
    """Open matters keep the version under which they were opened. Refuses packs that have faults."""
    preparing.tables()
    known = everywhere()
    found = [*installed.root_faults(), *(fault for pack in folders() for fault in faults(pack, known))]
    if found:
        raise FaultyFile(found)
    versions, categories = preparing.published()
    say(
        f"发布 {versions} 个新版本，事项分类 {categories} 个",
        f"{versions} new version(s), {categories} categories",
    )
