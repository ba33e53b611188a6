"""Where packages register what a procedure may name: guards, effects, performers; and what they end and erase.

The engine never imports upwards: `intake` registers `route`, `meetings` registers `convene`, and so on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from onedoor.kernel.actor import Actor

if TYPE_CHECKING:
    from onedoor.matters.models import Matter
    from onedoor.matters.moving import Moving
    from onedoor.matters.rows import Rows
    from onedoor.matters.steps import Step

Refusal = tuple[str, str]  # why not, in Chinese and English
GuardCheck = Callable[["Step", Any], Refusal | None]
EffectRun = Callable[["Step", Any], None]
WhichRows = Callable[[Actor], "Rows | None"]
Erase = Callable[["Matter"], None]
End = Callable[["Moving"], None]
TellJoined = Callable[["Moving", "Moving"], None]
Named = TypeVar("Named", bound=Callable[..., Any])


@dataclass(frozen=True)
class Performer:
    """Who may take an action, written once as the matters for which an actor is that performer."""

    name: str
    zh: str
    en: str
    rows: WhichRows  # None: for no matter at all


GUARDS: dict[str, GuardCheck] = {}
EFFECTS: dict[str, EffectRun] = {}
PERFORMERS: dict[str, Performer] = {}
ERASERS: dict[str, Erase] = {}
ENDERS: dict[str, End] = {}
JOINERS: dict[str, TellJoined] = {}
NEEDS: dict[str, tuple[str, ...]] = {}  # effect → the fields that its action's form must ask for
TAKES: dict[str, str] = {}  # guard or effect → what its argument is (see `names.ARGUMENTS`)


def guard(check: GuardCheck) -> GuardCheck:
    """Registers a guard under the function's name: it returns None, or why the step may not be taken."""
    return _register(GUARDS, check.__name__, check)


def effect(run: EffectRun) -> EffectRun:
    """Registers an effect under the function's name: it changes rows within the step's transaction."""
    return _register(EFFECTS, run.__name__, run)


def needs(*fields: str) -> Callable[[Named], Named]:
    """Says which required fields the form of an action with this effect must have."""

    def say(run: Named) -> Named:
        NEEDS[run.__name__] = fields
        return run

    return say


def takes(what: str) -> Callable[[Named], Named]:
    """Says what the argument of a guard or effect is, so that a wrong one is refused when the file is read."""

    def say(run: Named) -> Named:
        TAKES[run.__name__] = what
        return run

    return say


def performer(name: str, zh: str, en: str) -> Callable[[WhichRows], WhichRows]:
    """Registers a performer: the decorated function gives the rows (`rows.Rows`)."""

    def register(rows: WhichRows) -> WhichRows:
        _register(PERFORMERS, name, Performer(name, zh, en, rows))
        return rows

    return register


def eraser(erase: Erase) -> Erase:
    """Registers what a package erases of a matter when its personal data is erased on time, in that transaction."""
    return _register(ERASERS, f"{erase.__module__}.{erase.__name__}", erase)


def ender(end: End) -> End:
    """Registers what a package ends of a matter when the matter itself ends, in that transaction."""
    return _register(ENDERS, f"{end.__module__}.{end.__name__}", end)


def joiner(tell: TellJoined) -> TellJoined:
    """Registers what a package does when a filing is joined to a master, in that transaction: (filing, master)."""
    return _register(JOINERS, f"{tell.__module__}.{tell.__name__}", tell)


def _register(table: dict[str, Any], name: str, value: Any) -> Any:
    if name in table:
        raise TypeError(f"{name} is registered twice")
    table[name] = value
    return value
