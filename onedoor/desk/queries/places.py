"""Divisions by what somebody types: a name, a part of one, several in a row, or a code. From memory."""

from __future__ import annotations

from onedoor.city.queries import tree
from onedoor.city.tree import Node

MOST = 12


def places(text: str) -> list[Node]:
    """The divisions whose name holds the text, or whose code begins with it; the higher ones first."""
    wanted = text.strip()
    if not wanted:
        return []
    held = tree()
    found = [node for node in held.nodes.values() if wanted in node.name or node.code.startswith(wanted)]
    if not found:  # several names in a row: 钜桥岗坡
        found = [node for node in held.nodes.values() if _runs(wanted, held.full_name(node.id))]
    return sorted(found, key=lambda node: (len(node.path), node.code))[:MOST]


def _runs(wanted: str, full: str) -> bool:
    """Whether the characters wanted stand in a full name in their order."""
    rest = iter(full)
    return all(letter in rest for letter in wanted)


def code_of(text: str) -> str:
    """The code of the division somebody typed or chose; empty where there is none."""
    wanted = text.strip()[:80]
    if wanted in tree().by_code:
        return wanted
    found = places(wanted.replace(" · ", ""))
    return found[0].code if found else ""
