"""How residents tell of their troubles: the grammar of `language/` filled with the names of a place. Pure.

A `Trouble` is one matter with its slots filled once; every telling of it is another person's words for the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from onedoor.kernel import packs

LANGUAGE = Path(__file__).resolve().parent / "language"
_CHOICE, _MAYBE, _SLOT = (
    re.compile(r"\[([^\[\]]*)\]"),
    re.compile(r"\(([^()]*)\)\?"),
    re.compile(r"\{(\w+)\}"),
)
VOICES = {"web": "web", "hotline": "hotline", "counter": "counter", "grid_worker": "grid"}


@dataclass(frozen=True)
class Telling:
    """One way to tell a matter: whose voice, and the templates of title and detail."""

    voice: str
    title: str
    detail: str


@dataclass(frozen=True)
class Kind:
    """A category as residents speak of it."""

    category: str
    share: float
    channels: Mapping[str, float]
    tellings: tuple[tuple[Telling, ...], ...]
    ranges: Mapping[str, Sequence[int]]
    endings: Mapping[str, Sequence[str]]
    done: tuple[str, ...]
    rule: str
    again: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """One matter that people may tell of: its kind, its tellings, and the slots filled for all of them."""

    kind: Kind
    tellings: tuple[Telling, ...]
    slots: Mapping[str, str]

    def tell(self, rng: Random, channel: str) -> tuple[str, str]:
        """(title, detail) as somebody says it on a channel."""
        voice = VOICES[channel]
        fit = [t for t in self.tellings if t.voice == voice] or [t for t in self.tellings if t.voice == "any"]
        told = rng.choice(fit or list(self.tellings))
        title, detail = (
            filled(own_words(text, rng, channel), self.slots, rng) for text in (told.title, told.detail)
        )
        return title[:120], detail


def filled(template: str, slots: Mapping[str, str], rng: Random) -> str:
    """The template with one of every `[a|b]` taken, every `(…)?` kept or dropped, every slot filled."""
    text = _MAYBE.sub(lambda found: found[1] if rng.random() < 0.5 else "", template)
    text = _CHOICE.sub(lambda found: rng.choice(found[1].split("|")), text)
    return _SLOT.sub(lambda found: slots.get(found[1], found[0]), text)


def own_words(text: str, rng: Random, channel: str) -> str:
    """The text with some of its words as people of the city say them (`language/sayings.yaml`)."""
    share: float = spoken("sayings")["share"][channel]
    ways: Mapping[str, Sequence[str]] = spoken("sayings")["words"]
    return _sayings().sub(
        lambda found: rng.choice(ways[found[0]]) if rng.random() < share else found[0], text
    )


@cache
def _sayings() -> re.Pattern[str]:
    """Any word that people say in ways of their own, the longest first."""
    return re.compile("|".join(sorted(spoken("sayings")["words"], key=lambda word: (-len(word), word))))


@cache
def spoken(name: str) -> Any:
    """One of the shared files of `language/`: slots, sayings, voices, verdicts, replies, meetings, and so on."""
    return packs.read(LANGUAGE / f"{name}.yaml").data


@cache
def kinds() -> tuple[Kind, ...]:
    """Every category that residents of the demo city speak of."""
    families = [packs.read(file).data for file in sorted((LANGUAGE / "matters").glob("*.yaml"))]
    return tuple(
        _kind(code, own, family) for family in families for code, own in family["categories"].items()
    )


def _kind(code: str, own: dict[str, Any], family: dict[str, Any]) -> Kind:
    both = family | own
    return Kind(
        category=code,
        share=float(own.get("share", 1)),
        channels=both.get("by") or {"web": 1},
        tellings=tuple(tuple(Telling(*telling) for telling in matter) for matter in own["matters"]),
        ranges={name: both[name] for name in ("amount", "days") if name in both},
        endings={name: both[name] for name in ("company", "shop") if name in both},
        done=tuple(own.get("done", ())),
        rule=str(own.get("rule", "")),
        again=tuple(own.get("again", ())),
    )


@cache
def setting(tellings: tuple[Telling, ...]) -> str:
    """Where such a matter lies: `country` if a village is named, `town` for an estate, else anywhere."""
    named = {slot for telling in tellings for slot in _SLOT.findall(telling.title + telling.detail)}
    return "country" if "village" in named else "town" if named & {"estate", "community"} else ""


def trouble(rng: Random, kind: Kind, tellings: tuple[Telling, ...], places: Mapping[str, str]) -> Trouble:
    """A new matter of a kind at a place, whose names (`estate`, `road`, `village` …) are given."""
    drawn = {
        name: _drawn(rng, name, kind)
        for name, how in spoken("slots")["slots"].items()
        if how["from"] != "city"
    }
    return Trouble(kind, tellings, {**drawn, **places})


def _drawn(rng: Random, name: str, kind: Kind) -> str:
    data = spoken("slots")
    how = data["slots"][name]
    if how["from"] == "names":
        deck = data["names"][name]
        return rng.choice(deck["first"]) + rng.choice(list(kind.endings.get(name) or deck["endings"]))
    if how["from"] == "list":
        return rng.choice(data[name])
    low, high = kind.ranges.get(name) or how["range"]
    value = rng.randint(int(low), int(high))
    return str(_rounded(value, data["rounding"]) if name == "amount" else value)


def _rounded(value: int, steps: list[dict[str, int]]) -> int:
    step = next((s["to"] for s in steps if value < s["below"]), 1)
    return max(step, round(value / step) * step)
