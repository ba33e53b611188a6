"""The city's own description out of its YAML file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from onedoor.city import actions
from onedoor.city.rules import CityProfile
from onedoor.kernel.actor import Actor
from onedoor.kernel.packs import Fault, FaultyFile, Source, read, shape
from onedoor.kernel.spans import Span


def load_city(file: Path, actor: Actor) -> tuple[CityProfile, bool]:
    """Takes in a city's file: (what it says, whether that was new). Raises FaultyFile, Conflict."""
    source = read(file)
    profile = shape(source, CityProfile)
    faults = list(_faults(source, profile))
    if faults:
        raise FaultyFile(faults)
    return profile, actions.load_profile(actor, profile)


def _faults(source: Source, profile: CityProfile) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, level in enumerate(profile.levels):
        at: list[str | int] = ["levels", index]
        if level.key in seen:
            yield source.fault(
                [*at, "key"],
                f"层级「{level.key}」重复",
                f"level `{level.key}` occurs twice",
                "改名",
                "rename it",
            )
        seen.add(level.key)
        yield from _pattern(source, [*at, "code"], level.code)
    for index, rule in enumerate(profile.kinds):
        yield from _pattern(source, ["kinds", index, "code"], rule.code)
    yield from _patterned(source, "number", profile.number, county="1", year=2026, seq=1)
    yield from _patterned(source, "grid_code", profile.grid_code, parent="1", n=1)
    if profile.level("county") is None:
        yield source.fault(
            ["levels"],
            "没有层级担任 county（区县）",
            "no level plays `county`",
            "在某层级写 plays: [county]",
            "write `plays: [county]` at a level",
        )
    try:
        Span.parse(profile.silence)
    except ValueError:
        yield source.fault(
            ["silence"],
            f"期限「{profile.silence}」读不懂",
            f"cannot read the span `{profile.silence}`",
            "写成「10 working days」",
            "write `10 working days`",
        )


def _pattern(source: Source, path: list[str | int], pattern: str) -> Iterator[Fault]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield source.fault(
            path,
            f"编码规则不是合法的正则表达式：{error}",
            f"not a regular expression: {error}",
            r"如 \d{9}",
            r"for example \d{9}",
        )


def _patterned(source: Source, name: str, pattern: str, **parts: object) -> Iterator[Fault]:
    try:
        pattern.format(**parts)
    except (KeyError, IndexError, ValueError, AttributeError):
        listed = "、".join(f"{{{part}}}" for part in parts)
        yield source.fault(
            [name],
            f"「{pattern}」中有不认识的部分，可用：{listed}",
            f"`{pattern}` holds something unknown; there are {listed}",
            "改正花括号内的名称",
            "mend what stands in braces",
        )
