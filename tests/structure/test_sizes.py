"""Short files, short functions, imports in the open."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median

from tests.structure.sources import Function, functions, named, python, short

FILE_LINES = 500
FUNCTION_LINES = 60
MEDIAN_LINES = 12


def _lines(function: Function) -> int:
    """The length of a function's code: its documentation costs nothing."""
    length = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None and len(function.body) > 1:
        length -= (first.end_lineno or first.lineno) - first.lineno + 1
    return length


def _too_long(path: Path) -> list[str]:
    return [
        f"{short(path)}:{function.lineno} {function.name} has {length} lines"
        for function in functions(path)
        if (length := _lines(function)) > FUNCTION_LINES
    ]


def test_no_file_is_longer_than_it_may_be() -> None:
    sources = [path for path in named(".py", ".html", ".css", ".js", ".sh") if "migrations" not in path.parts]
    counts = {short(path): path.read_text("utf-8").count("\n") for path in sources}
    assert counts
    assert {name: count for name, count in counts.items() if count > FILE_LINES} == {}


def test_no_function_is_longer_than_it_may_be() -> None:
    assert [line for path in python() for line in _too_long(path)] == []


def test_the_usual_function_is_small() -> None:
    lengths = [_lines(function) for path in python(tests=False) for function in functions(path)]
    assert median(lengths) <= MEDIAN_LINES


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{short(path)}:{node.lineno}"
        for path in python()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        short(path)
        for path in python(tests=False)
        if (body := path.read_text("utf-8").strip()) and not body.startswith(('"""', "#!"))
    ]
    assert silent == []
