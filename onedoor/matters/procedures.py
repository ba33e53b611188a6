"""Procedures as loaded, checked, published and pinned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from onedoor.kernel.packs import Fault, FaultyFile, folders, read, shape_path, shape_words
from onedoor.kernel.versions import Shelf
from onedoor.matters import graph, names
from onedoor.matters.fragments import Expanded
from onedoor.matters.language import Procedure
from onedoor.matters.models import Matter, ProcedureVersion


@dataclass(frozen=True)
class Loaded:
    """A procedure with the files it was written in."""

    procedure: Procedure
    expanded: Expanded
    pack: str


def load(file: Path) -> Loaded:
    """Reads one procedure through all three checks. Raises FaultyFile with every fault of the first failing check."""
    expanded = Expanded(read(file))
    try:
        procedure = Procedure.model_validate(expanded.data)
    except ValidationError as error:
        raise FaultyFile(_shape_faults(expanded, error)) from error
    faults = [*graph.check(procedure)] or [*names.check(procedure)]
    if faults:
        told = (expanded.fault(list(f.path), f.zh, f.en, f.hint_zh, f.hint_en, f.about) for f in faults)
        raise FaultyFile(dict.fromkeys(told))  # a parameter used twice is wrong once
    return Loaded(procedure, expanded, file.parent.parent.name)


def _shape_faults(expanded: Expanded, error: ValidationError) -> Iterator[Fault]:
    """Faults of shape found in the merged data, told where each part was written."""
    for detail in error.errors():
        path = shape_path(detail["loc"])
        zh, en, hint_zh, hint_en = shape_words(path, detail)
        yield expanded.fault(path, zh, en, hint_zh, hint_en, str(detail["input"]))


def files(root: Path | None = None) -> list[Path]:
    """All procedure files: of one pack folder, or of every pack."""
    wanted = [root] if root else folders()
    return [file for folder in wanted for file in sorted(folder.glob("procedures/*.yaml"))]


@cache
def loaded() -> dict[str, Loaded]:
    """Every procedure of every pack, by key. Raises FaultyFile."""
    return {item.procedure.procedure: item for item in map(load, files())}


_shelf: Shelf[ProcedureVersion, Procedure] = Shelf(ProcedureVersion, Procedure)


def of(matter: Matter) -> Procedure:
    """The procedure under which a matter was opened: the pinned version, not today's."""
    return compiled(matter.procedure_id)


def compiled(version_id: int) -> Procedure:
    """A published version, ready to use; kept in memory, since versions never change."""
    return _shelf.compiled(version_id)


def awaited() -> set[str]:
    """The performers for whom a state of some published version waits."""
    versions = map(compiled, ProcedureVersion.objects.values_list("pk", flat=True))
    return {state.answers for version in versions for state in version.states.values() if state.answers}


def current(key: str) -> ProcedureVersion:
    """The newest published version of a procedure. Raises LookupError when it was never published."""
    return _shelf.current(key)


def has_resident(procedure: Procedure) -> bool:
    """Whether one of its steps is a resident's. Matters of a procedure without are opened by staff, not at the door."""
    return any("resident" in action.by for action in procedure.actions.values())


def forget() -> None:
    """Drops what is held in memory: after publishing, and between tests."""
    _shelf.forget()
