"""How what a matter has is called, in both languages: units, categories, states. From memory: no query is made."""

from __future__ import annotations

from collections.abc import Mapping

from onedoor.city.queries import directory
from onedoor.matters import procedures
from onedoor.matters.language import State
from onedoor.matters.models import Matter

Both = Mapping[str, str]
JOINED = State(zh="已并入主事项", en="Joined to another matter")  # the engine's own state, in no procedure


def unit(unit_id: int | None) -> Both:
    """The name of a unit; empty where it no longer stands."""
    held = directory().units.get(unit_id or 0)
    return held.title if held else {}


def category(category_id: int) -> Both:
    """The title of a category; empty where it is no longer used."""
    held = directory().category_by_id.get(category_id)
    return held.title if held else {}


def state(matter: Matter) -> Both:
    """How a matter stands, in the words of the procedure it was opened under."""
    return procedures.of(matter).states.get(matter.state, JOINED).title
