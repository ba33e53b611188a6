"""A city's own tree of categories, of any depth, and what it says before the first example: the cold start.

Every node brings words: its own where the catalogue gives them, else the parts of its name and the everyday words that
the lexicon has for it. Where a text must choose between the nodes below one node,

    said(option) = Σ over words in the text of
                   (4 in the title, 1 + ln(times) in the body) · weight(word, option) / √(options the word speaks for)

where weight(word, option) is the greatest that any node under the option gives it. Words of a node speak against its
siblings, never among its own children.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from onedoor.triage.lexicon import entries, strongest, weighted
from onedoor.triage.text import Floats

ROOT = ""  # the code of what stands above the top categories
_PARTS = re.compile(r"[、，,/（）()“”\s]|以及|和|与|及")


@dataclass(frozen=True)
class Node:
    """A category: its code, its parent's ("" at the top), its name, its own words (`物业费*2`), and whether a matter
    may be filed under it."""

    code: str
    parent: str
    name: str
    words: tuple[str, ...] = ()
    filed: bool = True


class Tree:
    """The nodes, and where a text must choose: at each node the options under it."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.code: node for node in nodes}
        children: dict[str, list[str]] = defaultdict(list)
        for node in self.nodes.values():
            children[node.parent if node.parent in self.nodes else ROOT].append(node.code)
        self._children = children
        self.options: dict[str, tuple[str, ...]] = {}
        self._choose(ROOT)

    def _choose(self, code: str) -> bool:
        """Notes the options of a node and of all below; whether anything may be filed there."""
        options = [child for child in self._children[code] if self._choose(child)]
        own = code != ROOT and self.nodes[code].filed
        if options and own:
            options.append(code)  # the matter may be about the node itself, and none of those below it
        self.options[code] = tuple(options)
        return own or bool(options)

    def path(self, code: str) -> list[tuple[str, str]]:
        """The choices that lead to a category: (at which node, the option taken), from the top."""
        steps = [(code, code)] if code in self.options[code] else []
        while code in self.nodes:
            parent = self.nodes[code].parent if self.nodes[code].parent in self.nodes else ROOT
            steps.append((parent, code))
            code = parent
        return steps[::-1]

    def under(self, code: str) -> list[str]:
        """A node and all below it."""
        return [code, *(below for child in self._children[code] for below in self.under(child))]

    def own(self, at: str, option: str) -> list[str]:
        """The nodes whose words speak for an option."""
        return [] if option == at else self.under(option)


class Prior:
    """The words of a tree: how each speaks for the options of a choice, and the groups of words that mean one thing."""

    def __init__(self, tree: Tree) -> None:
        sources = _sources(list(tree.nodes.values()))
        self.words = sorted({word for found in sources.values() for words in found for word in words})
        self._ids = {word: number for number, word in enumerate(self.words)}
        self.options = {}
        for at, options in tree.options.items():
            table = self._table([_merged(sources, tree.own(at, option)) for option in options])
            self.options[at] = table / np.sqrt(np.maximum(1, (table > 0).sum(1, keepdims=True)))
        alike = {tuple(sorted(words.items())): words for found in sources.values() for words in found}
        self.groups = self._table([words for words in alike.values() if len(words) > 1])

    def _table(self, said: Sequence[dict[str, float]]) -> Floats:
        """Weights by word and column."""
        table = np.zeros((len(self.words), len(said)), np.float32)
        for column, words in enumerate(said):
            for word, weight in words.items():
                table[self._ids[word], column] = weight
        return table


def _sources(nodes: Sequence[Node]) -> dict[str, list[dict[str, float]]]:
    """By node its words with weights, by where they come from: its own; else its name and entries of the lexicon."""
    found = {
        node.code: [strongest([(node.name, 1.0), *map(weighted, node.words)])] for node in nodes if node.words
    }
    silent = [node for node in nodes if not node.words]
    lent: dict[str, list[dict[str, float]]] = defaultdict(list)
    names = list(dict.fromkeys(node.name for node in silent))
    for entry in entries() if silent else ():
        for name in entry.speaks_for(names):
            lent[name].append(entry.words)
    for node in silent:
        parts = {part: 1.0 for part in _PARTS.split(node.name) if len(part) > 1 and part != "其他"}
        found[node.code] = [parts, *lent[node.name]]
    return found


def _merged(sources: dict[str, list[dict[str, float]]], codes: Iterable[str]) -> dict[str, float]:
    return strongest(pair for code in codes for words in sources[code] for pair in words.items())
