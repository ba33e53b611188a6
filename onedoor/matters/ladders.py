"""Escalation ladders (督办梯次) of all packs: what happens, rung by rung, as a clock runs to its end and past it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from onedoor.kernel.packs import Fault, FaultyFile, Mistake, folders, read, shape
from onedoor.kernel.spans import Span
from onedoor.matters.language import Key, Part, Titled
from onedoor.matters.registry import EFFECTS


@dataclass(frozen=True)
class Rung:
    """One rung: an effect at a share of the time, or a span after the due moment."""

    do: str
    zh: str
    en: str
    at: float | None = None
    after: Span | None = None


def _readable(text: str) -> str:
    try:
        Span.parse(text)
    except ValueError as error:
        raise Mistake(f"期限「{text}」读不懂", f"cannot read the span: {error}", "写成「2 working days」",
                      "write for example `2 working days`") from None  # fmt: skip
    return text


class RungShape(Titled):
    """A rung as it is written."""

    do: Key = Field(description="效果 · the effect")
    at: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="时间过了几成时 · at this share of the time, up to 1"
    )
    after: Annotated[str, AfterValidator(_readable)] | None = Field(
        default=None, description="到期后多久 · this long after the due moment"
    )

    @model_validator(mode="after")
    def _one_moment(self) -> RungShape:
        if (self.at is None) == (self.after is None):
            raise Mistake(
                "at 与 after 须写且只写一项", "it needs either `at` or `after`",
                "写 at: 0.75 或 after: 2 working days", "write `at: 0.75` or `after: 2 working days`",
            )  # fmt: skip
        return self


class LadderFile(Part):
    """The file of a pack."""

    ladders: dict[Key, Annotated[list[RungShape], Field(min_length=1)]] = Field(
        description="督办梯次，按时间先后 · the ladders, each rung after rung in the order of time"
    )


@cache
def ladders() -> dict[str, list[Rung]]:
    """All ladders of all packs, by name. Raises FaultyFile."""
    return {name: rungs for file in _files() for name, rungs in _load(file).items()}


def faults() -> list[Fault]:
    """What is wrong in the ladders' files; empty when all is well."""
    found: list[Fault] = []
    for file in _files():
        try:
            _load(file)
        except FaultyFile as error:
            found += error.faults
    return found


def _files() -> list[Path]:
    return [file for folder in folders() if (file := folder / "ladders.yaml").is_file()]


def _load(file: Path) -> dict[str, list[Rung]]:
    source = read(file)
    written = shape(source, LadderFile).ladders
    wrong = [source.fault(["ladders", name, *path], *words) for name, rungs in written.items()
             for path, words in _wrong(rungs)]  # fmt: skip
    if wrong:
        raise FaultyFile(wrong)
    return {name: [_rung(rung) for rung in rungs] for name, rungs in written.items()}


def _wrong(rungs: list[RungShape]) -> Iterator[tuple[list[str | int], tuple[str, str, str, str]]]:
    """Effects that nobody knows, and shares that do not rise up to the rungs after the due moment."""
    last = 0.0
    for index, rung in enumerate(rungs):
        if rung.do not in EFFECTS:
            known_zh, known_en = "、".join(sorted(EFFECTS)), ", ".join(sorted(EFFECTS))
            words = (f"没有效果「{rung.do}」", f"there is no effect `{rung.do}`",
                     f"可用：{known_zh}", f"there are: {known_en}")  # fmt: skip
            yield [index, "do"], words
        share = 2.0 if rung.at is None else rung.at
        if share < last:
            yield [index], ("梯次须按时间先后排列", "the rungs must stand in the order of time",
                            "把较早的一级放在前面", "put the earlier rung first")  # fmt: skip
        last = share


def _rung(rung: RungShape) -> Rung:
    return Rung(rung.do, rung.zh, rung.en, rung.at, Span.parse(rung.after) if rung.after else None)
