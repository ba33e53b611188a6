"""What packs bring to the life of a demo city, as data: `life.yaml` in a pack's folder.

`opens` says of which categories units open matters themselves, and how often; `states` are habits as `habits.yaml` has
them; `words` what is written into a procedure's text fields, by field or by `action/field` (of rows: `field.cell`);
`fills` what an action's other fields are given: a kind of unit, or values to choose from.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import Field

from onedoor.kernel import packs
from onedoor.matters.language import Part

FILE = "life.yaml"


class Opens(Part):
    """Matters that units open themselves: how many a year in the whole city, by which role, about what."""

    a_year: int = Field(ge=1)
    by: str
    titles: list[str] = Field(min_length=1)


class Brought(Part):
    """One pack's file, or all of them together."""

    opens: dict[str, Opens] = Field(default={})
    states: dict[str, list[dict[str, Any]]] = Field(default={})
    words: dict[str, dict[str, list[str]]] = Field(default={})
    fills: dict[str, dict[str, dict[str, Any]]] = Field(default={})

    def said(self, procedure: str, action: str, field: str) -> list[str]:
        """What may be written into a text field; nothing where no pack says."""
        words = self.words.get(procedure, {})
        return words.get(f"{action}/{field}") or words.get(field) or []

    def given(self, procedure: str, action: str, field: str) -> Any:
        """What another field is given; None where no pack says."""
        return self.fills.get(procedure, {}).get(action, {}).get(field)


@cache
def brought() -> Brought:
    """What all packs bring. Raises FaultyFile for a file of another shape."""
    files = [folder / FILE for folder in packs.folders() if (folder / FILE).is_file()]
    parts = [packs.shape(source, Brought) for source in map(packs.read, files)]
    return Brought(
        opens={code: how for part in parts for code, how in part.opens.items()},
        states={key: ways for part in parts for key, ways in part.states.items()},
        words={key: words for part in parts for key, words in part.words.items()},
        fills={key: fills for part in parts for key, fills in part.fills.items()},
    )
