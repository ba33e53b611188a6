"""Events: small dataclasses whose docstrings are the documentation of the log.

A field marked `words()` holds what a person wrote. It is kept beside the hashed body and only its salted digest
enters the chain, so that it can be erased on time while the chain still verifies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

KINDS: dict[str, type[Event]] = {}


def words(default: Any = "") -> Any:
    """Marks a field as erasable text."""
    return field(default=default, metadata={"words": True})


@dataclass(frozen=True)
class Event:
    """One thing that happened. The class name in snake_case is its kind in the log."""

    kind: ClassVar[str] = ""
    _split: ClassVar[tuple[tuple[str, ...], tuple[str, ...]] | None] = None

    def __init_subclass__(cls) -> None:
        cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        if cls.kind in KINDS:
            raise TypeError(f"two events are called {cls.kind}")
        KINDS[cls.kind] = cls
        cls._split = None

    @classmethod
    def _names(cls) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if cls._split is None:
            marked = [(f.name, bool(f.metadata.get("words"))) for f in fields(cls)]
            cls._split = tuple(n for n, w in marked if not w), tuple(n for n, w in marked if w)
        return cls._split

    def body(self) -> dict[str, Any]:
        """The hashed part: every plain field that is set."""
        return {n: v for n in self._names()[0] if (v := getattr(self, n)) not in (None, "", {}, [])}

    def words(self) -> dict[str, Any]:
        """The erasable part: every `words()` field that is set."""
        return {n: v for n in self._names()[1] if (v := getattr(self, n)) not in (None, "", {}, [])}
