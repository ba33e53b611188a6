"""The project's own files, read once: what the structural tests look at."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "onedoor"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository (git's view, ignored ones left out)."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def named(*suffixes: str) -> list[Path]:
    """The files with one of these endings."""
    return [path for path in files() if path.suffix in suffixes]


def short(path: Path) -> str:
    """The path as a person writes it."""
    return path.relative_to(ROOT).as_posix()


def python(*, tests: bool = True) -> list[Path]:
    """Python files written by hand; `tests=False` leaves the tests out."""
    return [
        path
        for path in named(".py")
        if "migrations" not in path.parts and (tests or not is_test(path))
    ]  # fmt: skip


def is_test(path: Path) -> bool:
    """True for tests, their fixtures and their support."""
    return "tests" in path.relative_to(ROOT).parts or path.name == "conftest.py"


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file, nested ones too."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def packages() -> list[Path]:
    """The packages of the house: the folders of `onedoor/` that hold Python of their own."""
    return sorted(
        path.parent for path in python() if path.parent.parent == PACKAGE and path.name == "__init__.py"
    )


def module_name(path: Path) -> str:
    """`onedoor/matters/rules.py` -> `onedoor.matters.rules`; a package's `__init__` is the package."""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
