"""Which place stands for a place at a level, at the end of a period: levels are added up along the tree of divisions.

What lies in a division that was abolished by then falls to its successor; what lies above the level falls to nobody.
Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

FARTHEST = 50  # steps up the tree or on to successors: more is a circle


@dataclass(frozen=True)
class Places:
    """The divisions as they stood on one day."""

    own: Mapping[str, Mapping[str, Any]]  # code → the row that speaks for it on the day
    day: date

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]], day: date) -> Places:
        """Out of the rows of the lake's table `divisions`."""
        held: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in rows:
            held[row["division"]].append(row)
        return cls({code: _speaking(some, day) for code, some in held.items()}, day)

    def at(self, level: str) -> dict[str, str]:
        """Place → the place of a level that it lies in; without those that lie in none."""
        found = {code: self._above(code, level) for code in self.own}
        return {code: above for code, above in found.items() if above is not None}

    def standing(self, level: str) -> list[str]:
        """The places of a level that stand on the day."""
        return sorted(
            code for code, row in self.own.items() if row["level"] == level and stands(row, self.day)
        )

    def _above(self, code: str | None, level: str) -> str | None:
        for _ in range(FARTHEST):
            row = self.own.get(code or "")
            if row is None:
                return None
            if not stands(row, self.day) and row["successor"] in self.own:
                code = row["successor"]
            elif row["level"] == level:
                return str(row["division"])
            else:
                code = row["parent"]
        return None


def stands(row: Mapping[str, Any], day: date) -> bool:
    """Whether a row of history holds on a day."""
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"]))


def _speaking(rows: list[Mapping[str, Any]], day: date) -> Mapping[str, Any]:
    """The row that holds on the day; else the last one before it; else the first one after."""
    ordered = sorted(rows, key=lambda row: row["valid_from"])
    past = [row for row in ordered if row["valid_from"] <= day]
    return next((row for row in past if stands(row, day)), past[-1] if past else ordered[0])
