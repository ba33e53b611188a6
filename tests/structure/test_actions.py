"""Nothing changes without an entry: every public action reaches `kernel.log`.

The check reads the code: from each public function of an `actions` module it follows every function of this
project that the code mentions, until it meets one of the writers of the log.
"""

from __future__ import annotations

import ast
from functools import cache

from tests.structure.sources import Function, functions, module_name, python, tree

WRITERS = {f"onedoor.kernel.log.{name}" for name in ("append", "append_many", "write")}

# Actions that leave no entry, each with its reason.
SILENT: dict[str, str] = {}


@cache
def _graph() -> dict[str, frozenset[str]]:
    """Every function of the project (`module.name`) with the functions that its code mentions."""
    return {
        f"{module_name(path)}.{node.name}": _mentions(node, _names(module_name(path), tree(path)))
        for path in python(tests=False)
        for node in functions(path)
    }


def _names(module: str, source: ast.Module) -> dict[str, str]:
    """What each top-level name of a module stands for: its own functions, and what it imports."""
    names = {
        node.name: f"{module}.{node.name}"
        for node in source.body
        if isinstance(node, Function | ast.ClassDef)
    }
    for node in ast.walk(source):
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
    return names


def _mentions(function: Function, names: dict[str, str]) -> frozenset[str]:
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and node.id in names:
            found.add(names[node.id])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            found.add(f"{names[node.value.id]}.{node.attr}")
    return frozenset(found)


def _writes(start: str) -> bool:
    """Whether a function reaches a writer of the log."""
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name in WRITERS:
            return True
        if name not in seen:
            seen.add(name)
            waiting += _graph().get(name, ())
    return False


def _actions() -> list[str]:
    """Every public function of an `actions` module or of a module in an `actions` folder."""
    rooms = [path for path in python(tests=False) if path.stem == "actions" or path.parent.name == "actions"]
    return [
        f"{module_name(path)}.{node.name}"
        for path in rooms
        for node in tree(path).body
        if isinstance(node, Function) and not node.name.startswith("_")
    ]


def test_every_action_appends_an_entry() -> None:
    assert _actions()
    assert [name for name in _actions() if name not in SILENT and not _writes(name)] == []


def test_the_silent_ones_exist_and_are_silent() -> None:
    assert [name for name in SILENT if name not in _actions() or _writes(name)] == []
