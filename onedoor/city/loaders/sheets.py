"""Divisions, units and the roster out of tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from onedoor.city import actions
from onedoor.city.loaders.columns import DIVISIONS, ROSTER, UNITS
from onedoor.city.loaders.reading import Loaded, Options, day, load_table, text, whole
from onedoor.city.rows import DivisionRow, PostRow, UnitRow


def load_divisions(file: Path, options: Options) -> Loaded:
    """Divisions: code, name, level, parent_code, type, households … Raises BadInput for a file that is useless."""
    return load_table(file, DIVISIONS, options, division, actions.take_divisions)


def load_units(file: Path, options: Options) -> Loaded:
    """Units: name, kind, division_code, code, parent_code, phone … Raises as `load_divisions` does."""
    return load_table(file, UNITS, options, _unit, actions.take_units)


def load_roster(file: Path, options: Options) -> Loaded:
    """The roster: name, unit, role, division_code, login, from and to. Raises as `load_divisions` does."""
    return load_table(file, ROSTER, options, _post, actions.take_posts)


def division(values: Mapping[str, str]) -> DivisionRow:
    """A division out of a row. `villagers_村委会` is the kind `villagers`. Raises BadInput."""
    return DivisionRow(
        code=text(values, "code"),
        name=text(values, "name"),
        level=text(values, "level"),
        parent_code=text(values, "parent_code"),
        kind=(text(values, "kind") or text(values, "type").partition("_")[0])[:40],
        households=whole(values, "households"),
        valid_from=day(values, "valid_from"),
        valid_to=day(values, "valid_to"),
        successor_code=text(values, "successor_code"),
    )


def _unit(values: Mapping[str, str]) -> UnitRow:
    return UnitRow(
        name=text(values, "name"),
        kind=text(values, "kind"),
        division_code=text(values, "division_code"),
        code=text(values, "code"),
        parent_code=text(values, "parent_code"),
        name_en=text(values, "name_en"),
        phone=text(values, "phone"),
        valid_from=day(values, "valid_from"),
        valid_to=day(values, "valid_to"),
    )


def _post(values: Mapping[str, str]) -> PostRow | None:
    if not text(values, "name") and not text(values, "login"):
        return None  # a post that nobody holds yet, as a roster to be filled in has them
    return PostRow(
        name=text(values, "name"),
        unit_code=text(values, "unit_code"),
        role=text(values, "role"),
        division_code=text(values, "division_code"),
        login=text(values, "login"),
        valid_from=day(values, "valid_from"),
        valid_to=day(values, "valid_to"),
        reason=text(values, "reason")[:200],
    )
