"""`onedoor scheme`: a template to draft in, a draft checked, a scheme loaded, evidence judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from onedoor.appraisal import actions
from onedoor.appraisal.actions import Found
from onedoor.appraisal.indicators.catalogue import catalogue as indicators
from onedoor.appraisal.schemes import catalogue, published, sheets
from onedoor.cli import preparing
from onedoor.cli.bilingual import Group, both, print_json, say
from onedoor.cli.loading import FILE, as_json
from onedoor.kernel import log
from onedoor.kernel.packs import Fault, FaultyFile
from onedoor.kernel.problems import BadInput
from onedoor.kernel.tables import read

TARGET = click.Path(dir_okay=False, path_type=Path)
JUDGED = {"细项编号": "code", "单位代码": "subject", "结论": "value", "依据": "ground"}


@click.group(
    cls=Group, help=both("考核方案：模板、检查、导入、评定", "Schemes: template, check, load, judge")
)
def scheme() -> None:
    """Commands about schemes."""


@scheme.command("template", help=both("导出填写用的模板（.xlsx）", "Write a template to draft in, as .xlsx"))
@click.argument("file", type=TARGET)
@click.option("--scheme", "key", help=both("以这个方案为底稿", "Begin with this scheme"))
def template(file: Path, key: str | None) -> None:
    """A short example, or a whole scheme to change; the indicators that may be named stand in it as well."""
    if file.exists():
        raise BadInput.of(
            "file", f"{file} 已存在，请换一个文件名", f"{file} exists already; choose another name"
        )
    draft = catalogue.load(catalogue.found(key) if key else catalogue.STARTER)
    names = {name: (measure.zh, measure.en) for name, measure in indicators().items()}
    sheets.write(file, draft, names)
    say(f"已写入 {file}", f"written to {file}")


@scheme.command(
    "check", help=both("检查方案，逐条说明位置和改法", "Check a scheme; every fault with its place")
)
@click.argument("file")
@as_json
def check(file: str, as_json: bool) -> None:
    """A workbook, a YAML file, or the key of a shipped scheme. Exits with status 1 when anything is wrong."""
    found = catalogue.found(file)
    items, parts, faults = _checked(found)
    if as_json:
        print_json({"scheme": found.stem, "items": items, "sub_items": parts,
                    "problems": [fault.as_dict() for fault in faults]})  # fmt: skip
    else:
        for fault in faults:
            click.echo(str(fault))
        say(f"{items} 项、{parts} 个细项，{len(faults)} 处需要更正",
            f"{items} item(s), {parts} sub-item(s), {len(faults)} fault(s)")  # fmt: skip
    if faults:
        raise click.exceptions.Exit(1)


def _checked(file: Path) -> tuple[int, int, list[Fault]]:
    """(items, sub-items, faults); counted as written, whatever is wrong with them."""
    try:
        items = catalogue.read(file).data.get("items") or []
    except FaultyFile as error:
        return 0, 0, error.faults
    whole = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
    parts = sum(len(item["sub_items"]) for item in whole if isinstance(item.get("sub_items"), list))
    try:
        catalogue.load(file)
    except FaultyFile as error:
        return len(whole), parts, error.faults
    return len(whole), parts, []


@scheme.command("load", help=both("导入方案并发布", "Take in a scheme and publish it"))
@click.argument("file", type=FILE)
@as_json
def load(file: Path, as_json: bool) -> None:
    """Frozen as it is: a change is a new version. Refused with every fault and its cell or line."""
    preparing.tables()
    made = actions.publish_scheme(preparing.OPERATOR, catalogue.load(file))
    log.anchor()
    held = published.of(made.pk)
    facts: dict[str, Any] = {
        "scheme": made.key, "version": made.version, "items": len(held.items), "sub_items": held.sub_items,
    }  # fmt: skip
    if as_json:
        print_json(facts)
        return
    say(f"{held.title.zh}：第 {made.version} 版，{len(held.items)} 项、{held.sub_items} 个细项",
        f"{held.title.en}: version {made.version}, {len(held.items)} items, {held.sub_items} sub-items")  # fmt: skip


@scheme.command("judge", help=both("导入评定结论", "Take in what offices found about evidence"))
@click.argument("key")
@click.argument("file", type=FILE)
@click.option("--period", required=True, help=both("时期，如 2026-11", "Period, such as 2026-11"))
def judge(key: str, file: Path, period: str) -> None:
    """Columns 细项编号, 单位代码, 结论, 依据; all of it or nothing."""
    preparing.tables()
    preparing.published()
    with read(file, rename=JUDGED, required=("code", "subject", "value")) as table:
        found = [
            Found(*(row.values.get(name, "").strip() for name in ("code", "subject", "value", "ground")))
            for row in table.rows()
        ]
    count = actions.judge(preparing.OPERATOR, key, period, found)
    log.anchor()
    say(f"已评定 {count} 项", f"{count} judged")
