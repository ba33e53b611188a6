"""Pack folders and their YAML, read so that every error can name file, line and what to write instead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import YAMLError

SHIPPED = Path(__file__).resolve().parent.parent / "packs"
DESCRIPTION = "pack.yaml"  # what makes a folder a pack

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


class Mistake(ValueError):
    """What a data model of ours refuses, in words: Mistake(zh, en, hint_zh, hint_en)."""


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
            [Fault(file, _line_of(file, error.start), "文件不是 UTF-8 编码", "the file is not UTF-8",
                   "另存为 UTF-8", "save it as UTF-8")]
        ) from error  # fmt: skip
    except YAMLError as error:
        raise FaultyFile([_syntax(file, error)]) from error
    if not isinstance(tree, dict):
        raise FaultyFile(
            [Fault(file, 1, "文件应由「名称: 内容」组成", "the file must be made of `name: value` lines",
                   "参照其他同类文件", "look at another file of its kind")]
        )  # fmt: skip
    return Source(file, tree)


def _line_of(file: Path, offset: int) -> int:
    return file.read_bytes()[:offset].count(b"\n") + 1


def _syntax(file: Path, error: YAMLError) -> Fault:
    """Where the YAML breaks off, and what usually is wrong there."""
    mark = getattr(error, "problem_mark", None)
    if isinstance(error, DuplicateKeyError):
        return Fault(file, mark.line + 1 if mark else 1, "同一名称写了两次", "the same name is written twice",
                     "删去或改名其中一处", "remove or rename one of them")  # fmt: skip
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Fault(file, mark.line + 1 if mark else 1, "YAML 写法有误", f"not valid YAML: {problem}",
                 "检查缩进、引号与冒号", "check indentation, quotes and colons")  # fmt: skip


def shape(source: Source, model: type[Shape], data: Any = None, at: Sequence[str | int] = ()) -> Shape:
    """Validates the data (or a part of it found at `at`) against a pydantic model. Raises FaultyFile."""
    try:
        return model.model_validate(source.data if data is None else data)
    except ValidationError as error:
        raise FaultyFile(_shape_faults(source, at, error)) from error


def _shape_faults(source: Source, at: Sequence[str | int], error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors():
        path = [*at, *shape_path(detail["loc"])]
        yield source.fault(path, *shape_words(path, detail))


_SHAPE_WORDS = {  # what pydantic calls it → what is wrong and what to write, in both languages
    "missing": ("缺少必填项「{field}」", "`{field}` is missing", "补上 {field}:", "add `{field}:`"),
    "extra_forbidden": ("不认识的项「{field}」", "`{field}` is not known here", "删去或改正", "remove it or mend it"),
    "string_type": ("「{field}」应为文字", "`{field}` must be text", "加上引号", "put it in quotes"),
    "string_too_short": ("「{field}」不能为空", "`{field}` must not be empty", "填写文字", "write it"),
    "string_pattern_mismatch": (
        "名称「{value}」不合规", "`{value}` is not a name", "用小写字母、数字和下划线，以字母开头",
        "use small letters, digits and underscores, beginning with a letter",
    ),
    "literal_error": (
        "「{field}」不能写「{value}」", "`{field}` cannot be `{value}`", "应为：{expected}", "write {expected}",
    ),
    "bool_parsing": (
        "「{field}」应为 true 或 false", "`{field}` must be true or false", "写 true 或 false", "write true or false",
    ),
}  # fmt: skip
_OTHERWISE = (
    "「{field}」写法有误",
    "`{field}`: {said}",
    "参照同类文件中的写法",
    "write it as other files of its kind do",
)


def shape_words(path: Sequence[str | int], error: Any) -> tuple[str, str, str, str]:
    """What is wrong (Chinese, English) and what to write instead, for one error of pydantic's at `path`."""
    told = error.get("ctx", {}).get("error")
    if isinstance(told, Mistake):
        return told.args
    facts = {
        "field": str(path[-1]) if path else "",
        "value": error["input"],
        "said": error["msg"],
        "expected": error.get("ctx", {}).get("expected", ""),
    }
    zh, en, hint_zh, hint_en = (
        text.format_map(facts) for text in _SHAPE_WORDS.get(error["type"], _OTHERWISE)
    )
    where = ".".join(map(str, path[:-1]))
    place = f" ({where})" if where else ""
    return zh + place, en + place, hint_zh, hint_en


def shape_path(loc: Sequence[str | int]) -> list[str | int]:
    """The path into the data of where pydantic found an error, without its own additions (`[key]`, `function-…`)."""
    return [
        step for step in loc
        if not (isinstance(step, str) and (step == "[key]" or step.startswith(("function-", "constrained-"))))
    ]  # fmt: skip


def roots() -> list[Path]:
    """Where the city keeps packs of its own: the folders of ONEDOOR_PACKS."""
    return [Path(root).expanduser().resolve() for root in settings.ONEDOOR_PACKS]


def within(root: Path) -> list[Path]:
    """The packs of a folder: the folder itself where it is one, else those that it holds, by name."""
    if (root / DESCRIPTION).is_file():
        return [root]
    held = sorted(root.iterdir()) if root.is_dir() else []
    return [folder for folder in held if (folder / DESCRIPTION).is_file()]


@cache
def folders() -> tuple[Path, ...]:
    """The pack folders: shipped ones, then those of ONEDOOR_PACKS. What is wrong there, `kernel.installed` tells."""
    return tuple(folder for root in (SHIPPED, *roots()) for folder in within(root))
