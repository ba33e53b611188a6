"""Rows of city data as files and forms bring them, and what became of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shapely.geometry.base import BaseGeometry

from onedoor.kernel.problems import BadInput, FieldError

Refusals = dict[int, list[FieldError]]


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division. What is None or empty is left as it is, or worked out from the code."""

    code: str
    name: str = ""
    level: str = ""  # key or title of a level; empty: told by the code's pattern
    parent_code: str = ""  # empty: told by the beginning of the code
    kind: str = ""
    households: int | None = None
    alt_codes: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None
    valid_to: date | None = None  # closes it
    successor_code: str = ""  # … and what goes on there
    provisional: bool | None = None


@dataclass(frozen=True, slots=True)
class BoundaryRow:
    """The outline of a division, already in WGS84."""

    code: str
    land: BaseGeometry
    source: str
    datum: str  # the datum it came in
    valid_from: date | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit. An empty code is composed of division and kind."""

    name: str
    kind: str
    division_code: str
    code: str = ""
    parent_code: str = ""
    name_en: str = ""
    phone: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post. An empty login means: whoever of that name already has a post in the unit, else somebody new."""

    name: str
    unit_code: str
    role: str
    division_code: str = ""  # empty: the unit's own
    login: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that stands in no row's way but that people should know."""

    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.zh} · {self.en}"


@dataclass
class Taken:
    """What came of rows handed to an action. `refused` is by the row's place in what was handed over."""

    added: int = 0
    changed: int = 0
    closed: int = 0
    same: int = 0
    refused: Refusals = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def all_or_raise(self) -> Taken:
        """Itself when no row was refused. Raises BadInput with every error otherwise, inside the transaction."""
        if self.refused:
            raise BadInput([error for errors in self.refused.values() for error in errors])
        return self
