"""Start-up checks: every template of every pack is sound, with file, line and what to write instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from django.core.checks import Error, register

from onedoor.documents import catalogue, rendering
from onedoor.documents.catalogue import Template
from onedoor.documents.rendering import BadTemplate
from onedoor.documents.supply import ALWAYS, SUPPLIES
from onedoor.kernel import packs
from onedoor.kernel.packs import Fault, FaultyFile, Source
from onedoor.matters.registry import PERFORMERS


@register("packs")
def templates_are_sound(**_: Any) -> list[Error]:
    """Shape, names, and that the .docx shows nothing that its description does not declare."""
    return [
        Error(str(fault), hint=fault.hint_en or None, id="documents.E001")
        for file in catalogue.files().values()
        for fault in faults(file)
    ]


def faults(file: Path) -> list[Fault]:
    """All that is wrong with one template."""
    try:
        template = catalogue.load(file)
    except FaultyFile as error:
        return error.faults
    return list(_names(packs.read(file), template))


def _names(source: Source, template: Template) -> Iterator[Fault]:
    wanted: list[tuple[str, list[str], Collection[str]]] = [
        ("uses", template.uses, SUPPLIES),
        ("by", template.by, PERFORMERS),
        ("readers", template.readers, PERFORMERS),
        ("needs", template.needs, catalogue.files()),
    ]  # fmt: skip
    for part, names, known in wanted:
        for name in names:
            if name not in known:
                listed = ", ".join(sorted(known))
                yield source.fault(
                    [part],
                    f"没有「{name}」",
                    f"there is no `{name}`",
                    f"可用：{listed}",
                    f"there are: {listed}",
                )
    try:
        shown = rendering.names_in(catalogue.paper(source.file))
    except BadTemplate as error:
        yield source.fault(
            (), error.text("zh"), error.text("en"), "在 Word 或 WPS 中改正", "mend it in Word or WPS"
        )
        return
    declared = {*ALWAYS, *template.uses, *template.fields}
    for name in sorted(shown - declared):
        yield source.fault(
            ["fields"], f"模板用到「{name}」，说明中没有", f"the .docx shows `{name}`, which is not declared",
            "在 fields: 或 uses: 中写明", "declare it under `fields:` or `uses:`",
        )  # fmt: skip
