"""The schemes of all packs and of files: read and checked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.schemes import sheets, soundness
from onedoor.appraisal.schemes.language import Scheme
from onedoor.city.queries import unit_kinds
from onedoor.kernel import packs
from onedoor.kernel.packs import Fault, FaultyFile, Source
from onedoor.kernel.problems import NotFound
from onedoor.matters import catalogue as categories
from onedoor.matters import procedures
from onedoor.registers import kinds
from onedoor.surveys import catalogue as questionnaires

STARTER = Path(__file__).with_name("starter.yaml")
BOOKS = (".xlsx", ".xlsm")


@cache
def known() -> soundness.Known:
    """What a scheme may name in this city. Raises FaultyFile."""
    values = {
        "category": categories.leaves(packs.folders()),
        "procedure": [file.stem for file in procedures.files()],
        "register": kinds.loaded().keys(),
        "survey": questionnaires.loaded().keys(),
    }
    return soundness.Known(catalogue(), unit_kinds(), values)


def files(root: Path | None = None) -> list[Path]:
    """All scheme files: of one pack's folder, or of every pack."""
    wanted = [root] if root else packs.folders()
    return [file for folder in wanted for file in sorted(folder.glob("schemes/*.yaml"))]


def read(file: Path) -> Source:
    """A scheme as written, out of YAML or a workbook. Raises FaultyFile, BadInput."""
    titles = {key: measure.zh for key, measure in catalogue().items()}
    return sheets.read(file, titles) if file.suffix.lower() in BOOKS else packs.read(file)


def load(file: Path) -> Scheme:
    """Reads one scheme through all its checks. Raises FaultyFile with every fault of the first failing one."""
    source = read(file)
    scheme = packs.shape(source, Scheme)
    found = [source.fault(flaw.path, *flaw[1:]) for flaw in soundness.check(scheme, known())]
    if (file.parent.parent / "pack.yaml").is_file() and scheme.scheme != file.stem:
        found.append(
            source.fault(["scheme"], "名称与文件名不符", "the key is not the file's name",
                         "改为文件名", "write the file's name")
        )  # fmt: skip
    if found:
        raise FaultyFile(found)
    return scheme


def faults(root: Path | None = None) -> list[Fault]:
    """Everything wrong with the schemes of a pack's folder, or of all packs."""
    found: list[Fault] = []
    for file in files(root):
        try:
            load(file)
        except FaultyFile as error:
            found += error.faults
    return found


@cache
def loaded() -> dict[str, Scheme]:
    """Every scheme of every pack, by key. Raises FaultyFile."""
    return {scheme.scheme: scheme for scheme in map(load, files())}


def found(name: str) -> Path:
    """The file of that path, or of a shipped scheme's key. Raises NotFound."""
    there = Path(name)
    if there.is_file():
        return there
    shipped = next((file for file in files() if file.stem == name), None)
    if shipped is None:
        raise NotFound(what=name)
    return shipped
