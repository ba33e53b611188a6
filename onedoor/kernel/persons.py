"""No pack declares a field or an indicator that follows persons, or that scores or ranks them.

The forms of procedures and the indicators are looked at here, as they are written; registers and questionnaires, whose
checks are stricter, say so in their own packages. The vocabulary is one, `kernel.refusals`: words can be avoided, so
this is a fence and not a proof.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from onedoor.kernel import refusals
from onedoor.kernel.packs import Fault, FaultyFile, Source, read

FORMS = ("procedures/*.yaml", "fragments/*.yaml", "forms.yaml")
INDICATORS = ("indicators.yaml", "indicators/*.yaml")
COUNTED_BY = ("per", "by", "of", "each", "group_by", "groups", "grain")  # what an indicator is a figure of
# An agreement may be signed by a fingerprint (人民调解法第二十九条): that it was, and when, is a fact about a paper.
SIGNED, OF_PAPER = ("fingerprint", "指纹"), ("date", "moment", "yes_no", "choice")
Path_ = list[str | int]


def faults(folder: Path) -> list[Fault]:
    """Everything that a pack declares about persons and may not; a file that cannot be read is told elsewhere."""
    return [
        *(fault for source in _read(folder, FORMS) for fault in _forms(source)),
        *(fault for source in _read(folder, INDICATORS) for fault in _indicators(source)),
    ]


def _read(folder: Path, patterns: tuple[str, ...]) -> Iterator[Source]:
    for file in (file for pattern in patterns for file in sorted(folder.glob(pattern))):
        try:
            yield read(file)
        except FaultyFile:
            continue


def _forms(source: Source) -> Iterator[Fault]:
    for form, fields in _items(source.data.get("forms")):
        for name, field in _items(fields):
            if not _signature(field, refusals.follows(str(name), *_texts(field))):
                yield from _judged(source, ["forms", form, name], name, field)


def _signature(field: Any, word: str) -> bool:
    return word.startswith(SIGNED) and isinstance(field, Mapping) and field.get("type") in OF_PAPER


def _indicators(source: Source) -> Iterator[Fault]:
    for at, indicator in _items(source.data.get("indicators")):
        if isinstance(indicator, dict):
            name = str(indicator.get("indicator") or indicator.get("key") or at)
            yield from _judged(source, ["indicators", at], name, indicator)
            yield from _of_persons(source, ["indicators", at], indicator)


def _items(held: Any) -> Iterator[tuple[str | int, Any]]:
    """The parts of a mapping or a list, each with its place."""
    if isinstance(held, Mapping):
        yield from held.items()
    elif isinstance(held, list):
        yield from enumerate(held)


def _judged(source: Source, path: Path_, name: str | int, declared: Any) -> Iterator[Fault]:
    texts = list(_texts(declared))
    if word := refusals.follows(str(name), *texts):
        yield source.fault(
            path, f"「{word}」：不登记对人的跟踪、识别和名单",
            f"“{word}”: nothing that follows, recognises or lists persons is declared",
            "删去此项：一门只看事、看地、看承诺，不盯人",
            "remove it: OneDoor watches over matters, places and promises, never over people",
        )  # fmt: skip
    elif word := refusals.scores_persons(str(name).replace("_", " "), *texts):
        yield source.fault(
            path, f"「{word}」：不给人打分、排名、定等级", f"“{word}”: nothing scores, ranks or grades persons",
            "改为单位、地方或事项的指标，或删去此项", "make it a figure of units, places or matters, or remove it",
        )  # fmt: skip


def _of_persons(source: Source, path: Path_, indicator: Mapping[str, Any]) -> Iterator[Fault]:
    for key in COUNTED_BY:
        counted = indicator.get(key)
        for word in counted if isinstance(counted, list) else [counted]:
            if isinstance(word, str) and refusals.person(word):
                yield source.fault(
                    [*path, key], f"指标按「{word}」统计：不给个人统计数字",
                    f"it is counted by `{word}`: no figure is of a person",
                    "改为按单位或地方统计", "count by units or places",
                )  # fmt: skip


def _texts(declared: Any) -> Iterator[str]:
    """The words that people read: titles, help, choices, in whatever language."""
    if isinstance(declared, str):
        yield declared
    elif isinstance(declared, Mapping):
        for part in declared.values():
            yield from _texts(part)
    elif isinstance(declared, list):
        for part in declared:
            yield from _texts(part)
