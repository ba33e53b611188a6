"""The answer to the roster question as its page and its file show it: places that lack somebody, never persons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from onedoor.city import roster
from onedoor.city.roster import Answer
from onedoor.city.rules import Role
from onedoor.city.tree import Node, tree

AT_ONCE = 100  # places shown before one asks for more
HEADERS = ("编码 Code", "名称 Name", "所在 Place", "缺少 Lacks", "空缺始于 Vacant since")
NEVER = "从未配备 never filled"


@dataclass(frozen=True)
class Asked:
    """Which gaps are wanted: below which county or township (codes), of which role; empty for all."""

    county: str = ""
    township: str = ""
    role: str = ""

    @classmethod
    def read(cls, sent: Mapping[str, str]) -> Asked:
        """From an address. A township of another county than the one chosen is dropped, as is an unknown role."""
        county, township = (sent.get(name, "") for name in ("county", "township"))
        node = tree().by_code.get(township)
        above = tree().ancestor(node.id, "county") if node else None
        if county and (above is None or above.code != county):
            township = ""
        known = {asked.role for asked in roster.asked()}
        role = sent.get("role", "")
        return cls(county or (above.code if above else ""), township, role if role in known else "")

    @property
    def values(self) -> dict[str, str]:
        """As an address carries them."""
        return {name: value for name, value in vars(self).items() if value}

    def url(self, name: str = "board:roster", **changed: str) -> str:
        """The address of the page, or of its file, with some of it changed."""
        return f"{reverse(name)}?{urlencode(replace(self, **changed).values)}"

    def answer(self, *, every_role: bool = False) -> Answer:
        """The gaps today. Three queries. Raises NotFound for a division that does not stand."""
        below = self.township or self.county or None
        return roster.gaps(division=below, role=None if every_role else self.role or None)


@dataclass(frozen=True)
class Lacking:
    """A place and the roles that it lacks: (role, since when it is vacant, None where it was never filled)."""

    code: str
    name: str
    path: tuple[str, ...]
    roles: list[tuple[dict[str, str], date | None]]


def by_place(answer: Answer, role: str = "") -> list[Lacking]:
    """The gaps gathered by place, in the order of their codes; of one role where it is named."""
    titles = {asked.role: asked.title for asked in roster.asked()}
    found: dict[str, Lacking] = {}
    for gap in answer.gaps:
        if role in ("", gap.role):
            place = found.setdefault(gap.code, Lacking(gap.code, gap.name, gap.path[:-1], []))
            place.roles.append((titles[gap.role], gap.since))
    return [found[code] for code in sorted(found)]


def figures(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """One figure per role: how many places lack it, of how many, as the `figure` component takes it."""
    return [
        {
            "label": covered.title,
            "value": f"{covered.lacking:,}",
            "url": asked.url(role="" if asked.role == covered.role else covered.role),
            "note": _("lacking · %(filled)s of %(needed)s filled")
            % {"filled": f"{covered.filled:,}", "needed": f"{covered.needed:,}"},
            "share": round(100 * covered.filled / covered.needed) if covered.needed else None,
            "chosen": asked.role == covered.role,
        }
        for covered in answer.coverage
    ]


def controls(asked: Asked) -> list[dict[str, Any]]:
    """The drop-down lists of the filter bar; townships are offered once a county is chosen."""
    places = tree()
    below = places.by_code.get(asked.county)
    found = [("county", _("All counties"), _options("county", places.root), asked.county)]
    if below is not None or not found[0][2]:
        found.append(
            ("township", _("All townships"), _options("township", below or places.root), asked.township)
        )
    roles = [(known.role, known.title) for known in roster.asked()]
    found.append(("role", _("All roles"), roles, asked.role))
    return [
        {
            "name": name,
            "label": label,
            "options": [{"value": v, "label": t, "chosen": v == chosen} for v, t in options],
        }
        for name, label, options, chosen in found
        if options
    ]


def _options(role: Role, below: Node) -> list[tuple[str, Any]]:
    """The places of a level below one, by code."""
    places = tree()
    level = places.profile.level(role)
    found = [node for node in places.below(below.id) if level and node.level == level.key]
    return sorted((node.code, node.name) for node in found)


def lines(answer: Answer) -> Iterator[tuple[str, ...]]:
    """One line per gap for the file, under `HEADERS`."""
    titles = {asked.role: asked.title for asked in roster.asked()}
    for gap in answer.gaps:
        title = titles[gap.role]
        since = gap.since.isoformat() if gap.since else NEVER
        yield gap.code, gap.name, " · ".join(gap.path[:-1]), f"{title['zh']} {title['en']}", since
