"""What packs declare, frozen: a new version when its text has changed, kept in memory once read.

Procedures, registers and questionnaires are published the same way: a version never changes, and whatever was made
under one keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, TypeVar

from pydantic import BaseModel

from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.events import Event
from onedoor.kernel.models import Version

Row = TypeVar("Row", bound=Version)
Shape = TypeVar("Shape", bound=BaseModel)


def freeze(
    model: type[Row], definitions: Mapping[str, str], tell: Callable[[Row], Event], actor: Actor
) -> list[Row]:
    """Saves a version of every definition (key → JSON) that differs from its last one, each with its entry."""
    last = {row.key: row for row in model._default_manager.order_by("version")}
    fresh = []
    for key, definition in definitions.items():
        digest, held = log.digest(definition), last.get(key)
        if held is None or held.digest != digest:
            version = held.version + 1 if held else 1
            fresh.append(
                model(key=key, version=version, digest=digest, definition=definition, published_at=time.now())
            )
    for made in fresh:
        made.save()
        log.append(made, tell(made), actor)
    return fresh


class Shelf(Generic[Row, Shape]):
    """The published versions of one kind of definition, as they were asked for."""

    def __init__(self, model: type[Row], shape: type[Shape]) -> None:
        self.model, self.shape = model, shape
        self._compiled: dict[int, Shape] = {}
        self._current: dict[str, Row] = {}

    def compiled(self, version_id: int) -> Shape:
        """A version, ready to use."""
        found = self._compiled.get(version_id)
        if found is None:
            rows = self.model._default_manager.values_list("definition", flat=True)
            found = self._compiled[version_id] = self.shape.model_validate_json(rows.get(pk=version_id))
        return found

    def current(self, key: str) -> Row:
        """The newest version. Raises LookupError when it was never published."""
        found = self._current.get(key)
        if found is None:
            found = self.model._default_manager.filter(key=key).order_by("-version").first()
            if found is None:
                raise LookupError(f"{key} is not published; run `onedoor packs publish`")
            self._current[key] = found
        return found

    def forget(self) -> None:
        """Drops what is held in memory: after publishing, and between tests."""
        self._compiled.clear()
        self._current.clear()
