"""What OneDoor never does, as far as code can show it: no score of a person, no stranger called."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from onedoor.kernel.refusals import JUDGES
from tests.structure.sources import PACKAGE, files, named, packages, python, short, tree

# 1. Over matters, places and promises, never over people.
MEASURES = re.compile(r"(Score|Rank|Rating|Indicator|Figure)")
PERSONS = {"city.Account", "city.Post", "city.Grant", "matters.Party"}


def _own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("onedoor.")]


def _points_at(model: type[Model]) -> set[str]:
    return {
        field.related_model._meta.label
        for field in model._meta.get_fields()
        if field.many_to_one and isinstance(field.related_model, type)
    }


def test_the_person_models_are_there_to_be_checked() -> None:
    assert {model._meta.label for model in _own_models()} >= PERSONS
    assert settings.AUTH_USER_MODEL in PERSONS


def test_no_column_judges_or_follows_a_person() -> None:
    about_persons = [
        m for m in _own_models() if m._meta.label in PERSONS or _points_at(m) & {"matters.Party"}
    ]
    found = [
        f"{m._meta.label}.{f.name}" for m in about_persons for f in m._meta.fields if JUDGES.search(f.name)
    ]
    assert found == []


def test_no_measure_is_of_a_person() -> None:
    measures = [model for model in _own_models() if MEASURES.search(model.__name__)]
    assert [model._meta.label for model in measures if _points_at(model) & PERSONS] == []


@pytest.mark.parametrize(
    "name", ["risk_level", "credit_score", "last_gps", "watchlist", "trust_level", "scores"]
)
def test_the_words_are_recognised(name: str) -> None:
    assert JUDGES.search(name)


# 2. Everything a browser loads comes from the city's own server; no file names a package registry.
REGISTRIES = [
    "py" + "pi.org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "crates" + ".io",
    "un" + "pkg.com", "js" + "delivr", "cdn" + "js.", "googleapis" + ".com", "gstatic" + ".com",
    "proxy.golang" + ".org",
]  # fmt: skip
LOADS = re.compile(
    r"""(?:\b(?:src|srcset|data|action)\s*=\s*["']?|<link\b[^>]*href\s*=\s*["']?|url\(\s*["']?)\s*(?:https?:)?//"""
)
TEXT = {".png", ".jpg", ".jpeg", ".docx", ".xlsx", ".mo", ".ico", ".woff2", ".gz", ".zip"}


def _text(path: Path) -> str:
    return "" if path.suffix in TEXT else path.read_text("utf-8", errors="replace")


def test_no_file_names_a_registry_or_a_cdn() -> None:
    assert [f"{short(path)}: {host}" for path in files() for host in REGISTRIES if host in _text(path)] == []


def test_pages_load_nothing_from_elsewhere() -> None:
    assert [short(path) for path in named(".html", ".css", ".js", ".svg") if LOADS.search(_text(path))] == []


def test_pages_carry_no_inline_script_or_style() -> None:
    inline = re.compile(
        r"<script(?![^>]*\b(src|type=\"application/json\"))[^>]*>|\son\w+=|\sstyle=|<style\b", re.I
    )
    assert [short(path) for path in named(".html") if inline.search(_text(path))] == []


# 3. A new system of the city is a new pack, not new code.
# The simulation may: its synthetic residents are written for the packs that ship.
ENGINE = {package.name for package in packages()} - {"packs", "simulation"}


def _packs() -> set[str]:
    """The packs that are systems of the city; `common` holds what all of them share.

    One may be called as the engine's package is that it is written for: that name is the package's own.
    """
    shared = {"common"} | {package.name for package in packages()}
    return {path.parent.name for path in (PACKAGE / "packs").glob("*/*")} - shared


def test_no_engine_module_names_a_pack() -> None:
    packs = _packs()
    assert packs
    engine = [path for path in python(tests=False) if set(path.relative_to(PACKAGE.parent).parts) & ENGINE]
    named_packs = [
        f"{short(path)}:{node.lineno} {node.value!r}"
        for path in engine
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.split(r"[./:]", node.value)[0] in packs
    ]
    assert named_packs == []
