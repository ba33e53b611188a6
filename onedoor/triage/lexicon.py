"""What residents say, by the terms of official catalogues (`lexicon.yaml`): words for categories that have none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FILE = Path(__file__).with_name("lexicon.yaml")


@dataclass(frozen=True)
class Entry:
    """Everyday words, with weights, and the official terms they speak for; the terms of the field they belong to."""

    terms: tuple[str, ...]
    field: tuple[str, ...]
    words: dict[str, float]

    def speaks_for(self, names: Iterable[str]) -> list[str]:
        """Those of a tree's names that are meant."""
        named = [name for name in names if any(term in name for term in self.terms)]
        return named or [name for name in names if any(term in name for term in self.field)]


def weighted(text: Any) -> tuple[str, float]:
    """`物业费*2` → ("物业费", 2.0); a bare word weighs 1."""
    word, _, weight = str(text).partition("*")
    return word.strip(), float(weight) if weight else 1.0


@cache
def entries() -> tuple[Entry, ...]:
    """The lexicon in the order of its file; the terms themselves are words too."""
    made = []
    for field, listed in YAML(typ="safe").load(FILE.read_text("utf-8")).items():
        for terms, said in listed.items():
            split = tuple(terms.split("、"))
            words = dict.fromkeys(split, 1.0) | strongest(map(weighted, said.split()))
            made.append(Entry(split, tuple(field.split("、")), words))
    return tuple(made)


def strongest(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Words by weight; of one that stands twice, the greater weight."""
    found: dict[str, float] = {}
    for word, weight in pairs:
        found[word] = max(weight, found.get(word, 0.0))
    return found
