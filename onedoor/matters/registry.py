"""Where packages register what a procedure may name: guards, effects, performers; and what they erase.

The engine never imports upwards: `intake` registers `route`, `meetings` registers `convene`, and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from onedoor.kernel.actor import Actor

if TYPE_CHECKING:
    from onedoor.matters.models import Matter
    from onedoor.matters.steps import Step

Refusal = tuple[str, str]  # why not, in Chinese and English
GuardCheck = Callable[["Step", Any], Refusal | None]
EffectRun = Callable[["Step", Any], None]
Rows = Callable[[Actor], Q | None]
Erase = Callable[["Matter"], None]


@dataclass(frozen=True)
class Performer:
    """Who may take an action, written once as the matters for which an actor is that performer."""

    name: str
    zh: str
    en: str
    rows: Rows  # None: for no matter at all


GUARDS: dict[str, GuardCheck] = {}
EFFECTS: dict[str, EffectRun] = {}
PERFORMERS: dict[str, Performer] = {}
ERASERS: dict[str, Erase] = {}


def guard(check: GuardCheck) -> GuardCheck:
    """Registers a guard under the function's name: it returns None, or why the step may not be taken."""
    return _register(GUARDS, check.__name__, check)


def effect(run: EffectRun) -> EffectRun:
    """Registers an effect under the function's name: it changes rows within the step's transaction."""
    return _register(EFFECTS, run.__name__, run)


def performer(name: str, zh: str, en: str) -> Callable[[Rows], Rows]:
    """Registers a performer: the decorated function gives the rows, as a Q on Matter."""

    def register(rows: Rows) -> Rows:
        _register(PERFORMERS, name, Performer(name, zh, en, rows))
        return rows

    return register


def eraser(erase: Erase) -> Erase:
    """Registers what a package erases of a matter when its personal data is erased on time, in that transaction."""
    return _register(ERASERS, f"{erase.__module__}.{erase.__name__}", erase)


def _register(table: dict[str, Any], name: str, value: Any) -> Any:
    if name in table:
        raise TypeError(f"{name} is registered twice")
    table[name] = value
    return value
