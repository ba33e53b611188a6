"""Every package has the same rooms, so that the tenth is already familiar.

A module that is none of the usual rooms is allowed where its package says what it is for: the docstring of
the package's `__init__.py` names it in backticks.
"""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from tests.structure.sources import PACKAGE, ROOT, files, packages, python, short, tree

EVERYWHERE = {"__init__", "apps", "tests", "migrations", "templates", "static", "templatetags"}
DOMAIN = {"models", "rules", "queries", "actions", "policies", "events", "checks"}
SURFACE = {"urls", "views", "forms", "schemas", "queries", "policies", "checks"}
FREE = {
    "kernel",
    "cli",
    "packs",
}  # the ground, the commands, the data: no rooms, but every module is documented
SURFACES = {"portal", "desk", "field", "board", "api"}


def _rooms(package: Path) -> set[str]:
    """The modules and folders that a package holds."""
    own = [path.relative_to(package) for path in files() if package in path.parents]
    return {Path(path.parts[0]).stem for path in own if path.suffix == ".py" or len(path.parts) > 1}


def _declared(package: Path) -> set[str]:
    """What the docstring of a package names in backticks."""
    return set(re.findall(r"`(\w+)(?:\.py|/)?`", ast.get_docstring(tree(package / "__init__.py")) or ""))


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_rooms_are_the_usual_ones_or_explained(package: Path) -> None:
    usual = SURFACE if package.name in SURFACES else DOMAIN
    unusual = _rooms(package) - EVERYWHERE - usual
    allowed = unusual if package.name in FREE else _declared(package)
    assert unusual - allowed == set(), (
        f"say in {short(package)}/__init__.py what these are for, in `backticks`"
    )


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_a_package_names_no_room_it_has_not(package: Path) -> None:
    layers = {folder.name for folder in packages()}
    assert _declared(package) - _rooms(package) - layers == set()


def test_every_package_stands_in_a_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract for contract in contracts if contract["type"] == "layers")["layers"]
    placed = {name.strip() for layer in layers for name in layer.split("|")}
    assert {package.name for package in packages()} - {"packs"} == placed


def test_packs_hold_data_and_no_python() -> None:
    packs = PACKAGE / "packs"
    assert [short(path) for path in python() if packs in path.parents and path != packs / "__init__.py"] == []
