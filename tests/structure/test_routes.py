"""Every page and every call names the gate it stands behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView

from onedoor.kernel.access import GATES

# django-ninja's own pages: they list the calls, which carry gates of their own, and read no data.
DESCRIPTION = "ninja.openapi.views"


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        where = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, where)
        else:
            yield where, entry


def _path_view(view: Callable[..., Any]) -> PathView | None:
    """The PathView behind a django-ninja route, which keeps one function per method."""
    cells = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
    return next((cell for cell in cells if isinstance(cell, PathView)), None)


def _routes() -> list[tuple[str, Callable[..., Any]]]:
    """Every route and every method of a call, with the function that answers it."""
    found: list[tuple[str, Callable[..., Any]]] = []
    for where, pattern in _patterns(get_resolver()):
        view = pattern.callback
        calls = _path_view(view)
        if calls:
            found += [(f"{'/'.join(call.methods)} {where}", call.view_func) for call in calls.operations]
        else:
            found.append((where, view.func if isinstance(view, partial) else view))
    return found


def test_every_route_names_a_gate_that_exists() -> None:
    routes = [(where, view) for where, view in _routes() if view.__module__ != DESCRIPTION]
    assert routes
    open_doors = [where for where, view in routes if getattr(view, "access", None) not in GATES]
    assert open_doors == []


def test_the_walk_sees_calls_and_pages() -> None:
    wheres = [where for where, _ in _routes()]
    assert any(where.startswith("GET api/") for where in wheres)
    assert any(where.startswith("desk/") for where in wheres)
