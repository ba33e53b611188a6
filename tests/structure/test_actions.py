"""Nothing changes without an entry: every public action reaches `kernel.log`.

The check reads the code: from each public function of an `actions` module it follows every function of this
project that the code mentions, until it meets one of the writers of the log.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.structure.sources import Function, module_name, python, tree

WRITERS = {f"onedoor.kernel.log.{name}" for name in ("append", "append_many", "write")}

# Actions that leave no entry, each with its reason.
SILENT: dict[str, str] = {
    "onedoor.intake.actions.consider": "what the door would make of a report, for live suggestions; opens nothing",
}


@cache
def _graph() -> dict[str, frozenset[str]]:
    """Every function and class of the project (`module.name`) with those that its code mentions.

    A class mentions what its methods and its bases mention; an imported name leads on to its origin.
    """
    graph: dict[str, frozenset[str]] = {}
    for path in python(tests=False):
        module, names = module_name(path), _names(path)
        graph |= {f"{module}.{name}": frozenset({origin}) for name, origin in names.items()}
        for node in tree(path).body:
            if isinstance(node, Function | ast.ClassDef):
                graph[f"{module}.{node.name}"] = _mentions(node, names)
    return graph


def _names(path: Path) -> dict[str, str]:
    """What each top-level name of a module stands for: what it defines itself, and what it imports."""
    module, source = module_name(path), tree(path)
    names = {
        node.name: f"{module}.{node.name}"
        for node in source.body
        if isinstance(node, Function | ast.ClassDef)
    }
    for node in source.body:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def _mentions(node: Function | ast.ClassDef, names: dict[str, str]) -> frozenset[str]:
    """The project's functions and classes in the code of `node`; annotations do nothing."""
    found = set()
    for part in _code(node):
        if isinstance(part, ast.Name) and part.id in names:
            found.add(names[part.id])
        elif isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id in names:
            found.add(f"{names[part.value.id]}.{part.attr}")
    return frozenset(found)


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, without annotations."""
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "returns"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield child
                yield from _code(child)


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
    """Every action: the public functions of `actions.py`; of an `actions` folder, those used outside it.

    The modules of such a folder may share helpers; what its front door exports or others import is an action.
    """
    found = []
    for path in (path for path in python(tests=False) if "actions" in (path.stem, path.parent.name)):
        public = [node.name for node in tree(path).body if isinstance(node, Function) and node.name[0] != "_"]
        names = {f"{module_name(path)}.{name}" for name in public}
        found += sorted(names if path.stem == "actions" else names & _used_outside(path.parent))
    return found


@cache
def _used_outside(folder: Path) -> frozenset[str]:
    """The functions that the front door of `folder` or any module outside it imports."""
    users = [path for path in python(tests=False) if path.parent != folder or path.stem == "__init__"]
    return frozenset(origin for path in users for origin in _names(path).values())


def test_every_action_appends_an_entry() -> None:
    assert _actions()
    assert [name for name in _actions() if name not in SILENT and not _writes(name)] == []


def test_the_silent_ones_exist_and_are_silent() -> None:
    assert [name for name in SILENT if name not in _actions() or _writes(name)] == []


def test_a_function_that_only_speaks_of_an_action_is_not_taken_for_one() -> None:
    source = ast.parse("def change(step: Step) -> Step:\n    return step.label")
    assert _mentions(source.body[0], {"Step": "onedoor.matters.steps.Step"}) == frozenset()  # type: ignore[arg-type]
