"""The indicators of all packs: read and checked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from onedoor.appraisal.indicators import soundness
from onedoor.appraisal.indicators.language import Indicator, IndicatorFile
from onedoor.kernel import packs
from onedoor.kernel.packs import Fault, FaultyFile
from onedoor.lake.columns import tables

NAME = "indicators.yaml"
EXPRESSIONS: frozenset[str] = frozenset()  # the named expressions that there are


def files(root: Path | None = None) -> list[Path]:
    """The indicator files: of one pack's folder, or of every pack."""
    wanted = [root] if root else packs.folders()
    return [file for folder in wanted if (file := folder / NAME).is_file()]


def load(file: Path) -> Mapping[str, Indicator]:
    """The indicators of one file. Raises FaultyFile with every fault of the first failing check."""
    source = packs.read(file)
    read = packs.shape(source, IndicatorFile).indicators
    if found := [source.fault(f.path, *f[1:]) for f in soundness.check(read, tables(), EXPRESSIONS)]:
        raise FaultyFile(found)
    return read


def faults(root: Path | None = None) -> list[Fault]:
    """Everything wrong with the indicators of a pack's folder, or of all packs."""
    found: list[Fault] = []
    for file in files(root):
        try:
            load(file)
        except FaultyFile as error:
            found += error.faults
    return found


@cache
def catalogue() -> Mapping[str, Indicator]:
    """Every indicator of every pack, by key. Raises FaultyFile; also where two packs declare the same key."""
    found: dict[str, Indicator] = {}
    for file in files():
        for key, one in load(file).items():
            if key in found:
                source = packs.read(file)
                twice = source.fault(
                    ["indicators", key],
                    f"指标“{key}”别的业务包已有",
                    f"another pack has `{key}` already",
                    "换一个名称",
                    "choose another name",
                )
                raise FaultyFile([twice])
            found[key] = one
    return found
