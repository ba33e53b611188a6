"""The templates of all packs: `documents/<key>.docx`, which an official edits, and `documents/<key>.yaml` about it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from onedoor.kernel import packs
from onedoor.kernel.packs import FaultyFile, Source
from onedoor.matters.language import Key, Part, Title, Titled, as_list

Keys = Annotated[list[Key], BeforeValidator(as_list)]


class Shown(Titled):
    """A form field of the procedure that the document shows by its name."""

    required: bool = True


class Template(Part):
    """What a document is, by which rule, who may make and read it, and what of the matter it shows."""

    document: Key
    title: Title
    number: str  # the series: {place} the county's name, {county} its code, {year}, {seq}
    source: str = Field(min_length=1)
    sure: Literal["V", "V-weak", "O"] = "O"
    by: Keys  # performers who may make it and read it
    readers: Keys = Field(default_factory=list)  # performers who may read it besides
    again: Literal["version", "new"] = "version"  # made again: a new version, or a paper of its own
    kept: bool = True  # False: handed out, and no copy stays
    at_the_door: bool = False  # staff may make it only until the matter is taken up
    procedures: Keys = Field(
        default_factory=list
    )  # those whose matters it is offered for; of all, where none is named
    needs: Keys = Field(default_factory=list)  # documents that must have been made before
    uses: Keys = Field(default_factory=list)  # supplies beyond those that every document has
    # What of the parties it shows; every reading is logged.
    unseals: Annotated[list[Literal["name", "contact"]], BeforeValidator(as_list)] = Field(
        default_factory=list
    )
    fields: dict[Key, Shown] = Field(default_factory=dict)

    def belongs_to(self, procedure: str) -> bool:
        """Whether staff are offered it on matters of that procedure."""
        return not self.procedures or procedure in self.procedures


def files() -> dict[str, Path]:
    """The .yaml of every template of every pack, by key."""
    return {file.stem: file for folder in packs.folders() for file in sorted(folder.glob("documents/*.yaml"))}


def known() -> list[str]:
    """The keys of all templates."""
    return sorted(files())


def load(file: Path) -> Template:
    """Reads one description. Raises FaultyFile: its shape, its key, its series, or a missing .docx."""
    source = packs.read(file)
    template = packs.shape(source, Template)
    faults = [fault for fault in (_misnamed(source, template), _bad_series(source, template)) if fault]
    if not paper(file).is_file():
        name = paper(file).name
        faults.append(
            source.fault(
                (), f"缺少 {name}", f"{name} is missing", "放在同一文件夹", "put it beside this file"
            )
        )
    if faults:
        raise FaultyFile(faults)
    return template


def paper(file: Path) -> Path:
    """The .docx that a description belongs to."""
    return file.with_suffix(".docx")


def _misnamed(source: Source, template: Template) -> packs.Fault | None:
    if template.document == source.file.stem:
        return None
    return source.fault(
        ["document"],
        "名称与文件名不符",
        "the key is not the file's name",
        "改为文件名",
        "write the file's name",
    )


def _bad_series(source: Source, template: Template) -> packs.Fault | None:
    try:
        template.number.format(place="", county="", year=2026, seq=1)
    except (KeyError, IndexError, ValueError) as error:
        return source.fault(
            ["number"], "编号规则读不懂", f"cannot read the series: {error}",
            "可用 {place} {county} {year} {seq}", "use {place} {county} {year} {seq}",
        )  # fmt: skip
    return None


@cache
def template(key: str) -> Template | None:
    """The template of that key; None where there is none. Raises FaultyFile."""
    file = files().get(key)
    return load(file) if file else None


@cache
def title(key: str) -> dict[str, str]:
    """The title of a template in both languages; the key itself where no pack has it any more."""
    found = template(key)
    return found.title.model_dump() if found else {"zh": key, "en": key}
