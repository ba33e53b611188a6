"""`onedoor packs new`: a small pack that passes every check, to be changed line by line.

Its files stand in `scaffold/`, with `$key` and the like where the new pack's own words come.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from string import Template

import click

from onedoor.city.queries import unit_kinds
from onedoor.cli.bilingual import both, command, say
from onedoor.kernel.packs import folders
from onedoor.kernel.problems import BadInput
from onedoor.registers import kinds

SCAFFOLD = Path(__file__).resolve().parent / "scaffold"
FILES = {  # what stands in the scaffold → what it is called in the new pack
    "pack.yaml": "pack.yaml",
    "categories.yaml": "categories.yaml",
    "procedures/procedure.yaml": "procedures/$key.yaml",
    "registers/register.yaml": "registers/${key}_item.yaml",
}
NAME = re.compile(r"[a-z][a-z0-9_]*")
TITLE = re.compile(r"[^\"\\\n:#]{1,40}")


@command("new", help=both("新建一个可用的业务包", "Begin a pack that passes every check"))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--zh", default="", help=both("中文标题", "Its title in Chinese"))
@click.option("--en", default="", help=both("英文标题", "Its title in English"))
@click.option(
    "--owner",
    default="centre",
    show_default=True,
    help=both("承办的单位类型", "The kind of units that answer for it"),
)
def new(folder: Path, zh: str, en: str, owner: str) -> None:
    """Writes pack.yaml, categories, a procedure and a register into a folder that is not there yet."""
    key = folder.resolve().name
    words = {"key": key, "zh": zh or key, "en": en or key.replace("_", " ").capitalize(), "owner": owner}
    _sound(folder, words)
    words["prefix"] = prefix(key)
    for name, called in FILES.items():
        file = folder / Template(called).substitute(words)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(Template((SCAFFOLD / name).read_text("utf-8")).substitute(words), "utf-8")
        say(f"已写出：{file}", f"written: {file.name}")
    say(f"改好后运行：onedoor packs check {folder}", f"change it, then run: onedoor packs check {folder}")


def _sound(folder: Path, words: dict[str, str]) -> None:
    """Nothing is written over, and every word can stand where it comes. Raises BadInput."""
    key = words["key"]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput.of(
            "folder", f"{folder} 已存在，请换一个名称", f"{folder} exists already; choose another name"
        )
    if not NAME.fullmatch(key):
        raise BadInput.of(
            "folder", f"文件夹名「{key}」不合规：用小写字母、数字和下划线，以字母开头",
            f"`{key}` is not a name: use small letters, digits and underscores, beginning with a letter",
        )  # fmt: skip
    if key in {other.name for other in folders()}:
        raise BadInput.of(
            "folder",
            f"已有业务包「{key}」，请换一个名称",
            f"there is a pack `{key}` already; choose another name",
        )
    for name in ("zh", "en"):
        if not TITLE.fullmatch(words[name]):
            raise BadInput.of(
                name, f"标题「{words[name]}」不能用：1 至 40 字，不含引号、冒号、井号",
                f"`{words[name]}` cannot be a title: 1 to 40 letters without quotes, colons or number signs",
            )  # fmt: skip
    if words["owner"] not in unit_kinds():
        known = ", ".join(sorted(unit_kinds()))
        raise BadInput.of(
            "owner",
            f"没有单位类型「{words['owner']}」，可用：{known}",
            f"there is no kind of unit `{words['owner']}`; there are: {known}",
        )


def prefix(key: str) -> str:
    """Capitals out of a pack's name that no register's numbers begin with yet. Raises BadInput where none is left."""
    taken = {register.prefix for register in kinds.loaded().values()}
    free = next((letters for letters in _prefixes(key) if letters not in taken), None)
    if free is None:
        raise BadInput.of(
            "folder",
            "编号字母已用完，请换一个名称",
            "all capitals for numbers are taken; choose another name",
        )
    return free


def _prefixes(key: str) -> Iterator[str]:
    """The initials of its words, its first letters, and then any of its letters in their order."""
    letters = re.sub("[^a-z]", "", key).upper()
    initials = "".join(part[0] for part in key.split("_") if part[:1].isalpha()).upper()
    yield from (found[:3] for found in (initials, letters) if len(found) > 1)
    for count in (3, 2, 1):
        yield from map("".join, combinations(letters, count))
