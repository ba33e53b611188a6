"""The questionnaires of all packs: read, checked, and as published versions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from onedoor.city.queries import unit_kinds
from onedoor.kernel import packs
from onedoor.kernel.packs import Fault, FaultyFile
from onedoor.surveys import soundness
from onedoor.surveys.language import Questionnaire


def files(root: Path | None = None) -> list[Path]:
    """All questionnaire files: of one pack's folder, or of every pack."""
    wanted = [root] if root else packs.folders()
    return [file for folder in wanted for file in sorted(folder.glob("surveys/*.yaml"))]


def load(file: Path) -> Questionnaire:
    """Reads one questionnaire through all its checks. Raises FaultyFile with every fault of the first failing one."""
    source = packs.read(file)
    asked = packs.shape(source, Questionnaire)
    found = [source.fault(flaw.path, *flaw[1:]) for flaw in soundness.check(asked, unit_kinds())]
    if asked.questionnaire != file.stem:
        found.append(
            source.fault(["questionnaire"], "名称与文件名不符", "the key is not the file's name",
                         "改为文件名", "write the file's name")
        )  # fmt: skip
    if found:
        raise FaultyFile(found)
    return asked


def faults(root: Path | None = None) -> list[Fault]:
    """Everything wrong with the questionnaires of a pack's folder, or of all packs."""
    found: list[Fault] = []
    for file in files(root):
        try:
            load(file)
        except FaultyFile as error:
            found += error.faults
    return found


@cache
def loaded() -> dict[str, Questionnaire]:
    """Every questionnaire of every pack, by key. Raises FaultyFile."""
    return {asked.questionnaire: asked for asked in map(load, files())}
