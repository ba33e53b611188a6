"""Registers as loaded, checked, published and pinned: as procedures are (`matters.procedures`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from onedoor.kernel.packs import Fault, FaultyFile, folders, read, shape
from onedoor.kernel.problems import NotFound
from onedoor.kernel.versions import Shelf
from onedoor.matters import catalogue
from onedoor.matters.graph import GraphFault
from onedoor.registers import names
from onedoor.registers.language import Register
from onedoor.registers.models import Record, RegisterVersion

_shelf: Shelf[RegisterVersion, Register] = Shelf(RegisterVersion, Register)


def files(root: Path | None = None) -> list[Path]:
    """All register files: of one pack folder, or of every pack."""
    wanted = [root] if root else folders()
    return [file for folder in wanted for file in sorted(folder.glob("registers/*.yaml"))]


def load(file: Path) -> Register:
    """Reads one register through both checks. Raises FaultyFile with every fault of the first failing one."""
    source = read(file)
    register = shape(source, Register)
    categories = catalogue.leaves((*folders(), file.parent.parent))
    found = [*names.check(register, file.stem, categories), *_same_numbers(register, file)]
    if faults := [source.fault(list(f.path), f.zh, f.en, f.hint_zh, f.hint_en) for f in found]:
        raise FaultyFile(faults)
    return register


def _same_numbers(register: Register, file: Path) -> Iterator[GraphFault]:
    """A register of another name whose numbers begin with the same letters: nobody could tell them apart."""
    for other in files():
        if other.stem != file.stem and _prefix(other, other.stat().st_mtime_ns) == register.prefix:
            yield GraphFault(
                ("prefix",), f"编号「{register.prefix}」已用于台账 {other.stem}",
                f"numbers of the register `{other.stem}` begin with `{register.prefix}` already",
                "换一到三个大写字母", "choose other capitals, one to three",
            )  # fmt: skip


@cache
def _prefix(file: Path, _: int) -> object:
    try:
        return read(file).data.get("prefix")
    except FaultyFile:
        return None


def faults(root: Path | None = None) -> list[Fault]:
    """Everything wrong with the registers of a pack's folder, or of every pack."""
    found: list[Fault] = []
    for file in files(root):
        try:
            load(file)
        except FaultyFile as error:
            found += error.faults
    return found


@cache
def loaded() -> dict[str, Register]:
    """Every register of every pack, by key. Raises FaultyFile."""
    return {register.key: register for register in map(load, files())}


def current(key: str) -> Register:
    """A register as it is now. Raises NotFound for one that was never published."""
    return _shelf.compiled(version(key).pk)


def version(key: str) -> RegisterVersion:
    """The newest published version of a register. Raises NotFound."""
    try:
        return _shelf.current(key)
    except LookupError:
        raise NotFound(what=key) from None


def of(record: Record) -> Register:
    """The register under whose version the record was last written."""
    return _shelf.compiled(record.version_id)


def published() -> list[Register]:
    """All registers as they are now, by key."""
    keys = RegisterVersion.objects.order_by("key").values_list("key", flat=True).distinct()
    return [current(key) for key in keys]


def forget() -> None:
    """Drops what is held in memory: after publishing, and between tests."""
    _shelf.forget()
