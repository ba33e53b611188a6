"""`onedoor registers`: what stands, in tables out and in, and what is due."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from onedoor.city.loaders import Options
from onedoor.city.loaders.columns import parse_choice
from onedoor.cli import preparing, telling
from onedoor.cli.bilingual import Group, both, print_json, progress, say
from onedoor.cli.loading import FILE, TARGET, as_json, columns, dry_run, rejects
from onedoor.cli.tabular import table
from onedoor.kernel import log
from onedoor.kernel.problems import BadInput
from onedoor.registers import kinds, lists, policies, sheets
from onedoor.registers.language import Register

COUNTED = ("valid", "expiring", "expired", "withdrawn", "visit_due", "visit_late", "findings")


@click.group(
    "registers", cls=Group, help=both("台账：列出、导入、导出、到期", "Registers: list, load, export, due")
)
def registers() -> None:
    """Commands about what stands."""


def _counts(register: Register) -> dict[str, Any]:
    """How many records of a register there are, by how they stand."""
    counts = {
        state: lists.narrowed(preparing.OPERATOR, register, lists.Filters(state=state)).count()
        for state in COUNTED
    }
    total = policies.visible(preparing.OPERATOR, register).count()
    return {
        "register": register.key,
        "zh": register.title.zh,
        "en": register.title.en,
        "records": total,
        **counts,
    }


@registers.command("list", help=both("列出台账和记录数", "List the registers and how many records they hold"))
@as_json
def list_all(as_json: bool) -> None:
    """Every published register."""
    found = [_counts(register) for register in kinds.published()]
    if as_json:
        print_json(found)
        return
    headings = (
        "台账 Register",
        "标题 Title",
        "记录 Records",
        "有效 Valid",
        "过期 Expired",
        "未销号 Findings",
    )
    rows = [(one["register"], both(one["zh"], one["en"]), one["records"], one["valid"], one["expired"],
             one["findings"]) for one in found]  # fmt: skip
    click.echo(table(headings, rows))


@registers.command("template", help=both("写出一份待填的表格", "Write a table to be filled in"))
@click.argument("kind")
@click.argument("file", type=TARGET)
def template(kind: str, file: Path) -> None:
    """The columns of a register, as .xlsx."""
    _free(file)
    sheets.template(file, kinds.current(kind))
    say(
        f"已写出 {file}，填好后用 registers load {kind} {file} 导入",
        f"written to {file}; fill it in, then load it",
    )


@registers.command(
    "load", help=both("导入记录；有编号的行为更正", "Load records; a row with a number corrects that one")
)
@click.argument("kind")
@click.argument("file", type=FILE)
@dry_run
@rejects
@columns
@as_json
def load(kind: str, file: Path, **chosen: Any) -> None:
    """CSV, .xlsx or JSON lines. Rows that cannot be taken are told, and written where --rejects says."""
    known = sheets.columns(kinds.current(kind)).names
    options = Options(
        preparing.OPERATOR, dry_run=chosen["dry_run"], rejects=chosen["rejects"],
        columns=parse_choice(chosen["columns"], known),
    )  # fmt: skip
    with progress(f"导入 {file.name}", f"loading {file.name}"):
        loaded = sheets.load(file, kind, options)
    log.anchor()
    telling.loaded(loaded, as_json=chosen["as_json"])


@registers.command(
    "export", help=both("导出记录（.xlsx），个人联系信息除外", "Export records as .xlsx, without contacts")
)
@click.argument("kind")
@click.argument("file", type=TARGET)
def export(kind: str, file: Path) -> None:
    """All records of a register."""
    _free(file)
    count = sheets.export(file, preparing.OPERATOR, kinds.current(kind))
    say(f"已导出 {count} 条到 {file}", f"{count} record(s) written to {file}")


def _free(file: Path) -> None:
    if file.exists():
        raise BadInput.of(
            "file", f"{file} 已存在，请换一个文件名", f"{file} exists already; choose another name"
        )


@registers.command("due", help=both("到期、过期和应走访的数量", "What expires and what is to be visited"))
@as_json
def due(as_json: bool) -> None:
    """Within 30 days, and what is late already."""
    found = [_counts(register) for register in kinds.published()]
    if as_json:
        names = ("register", "expiring", "expired", "visit_due", "visit_late", "findings")
        print_json([{name: one[name] for name in names} for one in found])
        return
    headings = (
        "台账 Register",
        "30日内到期 Expiring",
        "过期 Expired",
        "应走访 To visit",
        "逾期 Overdue",
        "未销号 Findings",
    )
    rows = [(both(one["zh"], one["en"]), one["expiring"], one["expired"], one["visit_due"], one["visit_late"],
             one["findings"]) for one in found]  # fmt: skip
    click.echo(table(headings, rows))
