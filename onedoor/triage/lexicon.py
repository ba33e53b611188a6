"""What residents say, by the terms of official catalogues (`lexicon.yaml`): words for categories that have none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("lexicon.yaml")


@dataclass(frozen=True)
class Entry:
    """Everyday words, with weights, and the official terms they speak for."""

    terms: tuple[str, ...]
    words: dict[str, float]

    def speaks_for(self, name: str) -> bool:
        """Whether a category of this name is meant."""
        return any(term in name for term in self.terms)


def weighted(text: Any) -> tuple[str, float]:
    """`物业费*2` → ("物业费", 2.0); a bare word weighs 1."""
    word, _, weight = str(text).partition("*")
    return word.strip(), float(weight) if weight else 1.0


@cache
def entries() -> tuple[Entry, ...]:
    """The lexicon in the order of its file; the terms themselves are words too."""
    made = []
    for terms, said in YAML(typ="safe").load(FILE.read_text("utf-8")).items():
        split = tuple(terms.split("、"))
        made.append(Entry(split, dict.fromkeys(split, 1.0) | strongest(map(weighted, said.split()))))
    return tuple(made)


def strongest(pairs: Any) -> dict[str, float]:
    """Words by weight; of one that stands twice, the greater weight."""
    found: dict[str, float] = {}
    for word, weight in pairs:
        found[word] = max(weight, found.get(word, 0.0))
    return found
