"""Pack folders and their YAML, read so that every error can name file, line and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

SHIPPED = Path(__file__).resolve().parent.parent / "packs"

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True)
class Fault:
    """One mistake in a data file."""

    file: Path
    line: int
    zh: str
    en: str
    hint_zh: str = ""
    hint_en: str = ""

    def __str__(self) -> str:
        hint = f" → {self.hint_zh} · {self.hint_en}" if self.hint_en else ""
        return f"{self.file}:{self.line}: {self.zh} · {self.en}{hint}"

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return {
            "file": str(self.file), "line": self.line, "zh": self.zh, "en": self.en,
            "hint_zh": self.hint_zh, "hint_en": self.hint_en,
        }  # fmt: skip


class FaultyFile(Exception):
    """A data file that cannot be used; carries all its faults."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Source:
    """A YAML file as read: plain data, and the line of any path into it."""

    file: Path
    tree: Any

    @property
    def data(self) -> Any:
        """Plain dicts, lists and scalars."""
        return plain(self.tree)

    def line(self, path: Sequence[str | int] = ()) -> int:
        """The 1-based line of the deepest part of `path` that exists."""
        node, line = self.tree, 1
        for step in path:
            if isinstance(node, CommentedMap) and step in node:
                line = node.lc.key(step)[0] + 1
                node = node[step]
            elif isinstance(node, CommentedSeq) and isinstance(step, int) and step < len(node):
                line = node.lc.item(step)[0] + 1
                node = node[step]
            else:
                break
        return line

    def fault(
        self, path: Sequence[str | int], zh: str, en: str, hint_zh: str = "", hint_en: str = ""
    ) -> Fault:
        """A fault at `path` of this file."""
        return Fault(self.file, self.line(path), zh, en, hint_zh, hint_en)


def plain(node: Any) -> Any:
    """The node without ruamel's types; keys become strings (YAML reads `on:` and `1:` as others)."""
    if isinstance(node, dict):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return node


def read(file: Path) -> Source:
    """Reads one YAML file (safe: no tags, no code). Raises FaultyFile."""
    try:
        tree = YAML(typ="rt").load(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise FaultyFile(
            [
                Fault(
                    file,
                    1,
                    "文件不是 UTF-8 编码",
                    "the file is not UTF-8",
                    "另存为 UTF-8",
                    "save it as UTF-8",
                )
            ]
        ) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FaultyFile([
            Fault(file, line, "YAML 写法有误", f"not valid YAML: {error.problem}", "检查缩进、引号与冒号",
                  "check indentation, quotes and colons")
        ]) from error  # fmt: skip
    return Source(file, tree)


def shape(source: Source, model: type[Shape], data: Any = None, at: Sequence[str | int] = ()) -> Shape:
    """Validates the data (or a part of it found at `at`) against a pydantic model. Raises FaultyFile."""
    try:
        return model.model_validate(source.data if data is None else data)
    except ValidationError as error:
        raise FaultyFile([_shape_fault(source, [*at, *e["loc"]], e) for e in error.errors()]) from error


_SHAPE_WORDS = {
    "missing": ("缺少必填项「{field}」", "`{field}` is missing", "补上 {field}:", "add `{field}:`"),
    "extra_forbidden": ("不认识的项「{field}」", "`{field}` is not known here", "删去或改正", "remove it or mend it"),
    "string_type": ("「{field}」应为文字", "`{field}` must be text", "加上引号", "put it in quotes"),
}  # fmt: skip


def _shape_fault(source: Source, loc: Sequence[str | int], error: Any) -> Fault:
    path = [
        step for step in loc if not (isinstance(step, str) and step.startswith(("function-", "constrained-")))
    ]
    field = str(path[-1]) if path else ""
    default = ("「{field}」写法有误", "`{field}`: " + error["msg"], "", "")
    zh, en, hint_zh, hint_en = (
        text.replace("{field}", field) for text in _SHAPE_WORDS.get(error["type"], default)
    )
    where = ".".join(map(str, path[:-1]))
    place = f" ({where})" if where else ""
    return source.fault(path, zh + place, en + place, hint_zh, hint_en)


@cache
def folders() -> tuple[Path, ...]:
    """The pack folders: shipped ones, then those of ONEDOOR_PACKS, by name."""
    roots = [SHIPPED, *map(Path, getattr(settings, "ONEDOOR_PACKS", ()))]
    return tuple(
        folder for root in roots for folder in sorted(root.iterdir()) if (folder / "pack.yaml").is_file()
    )
