"""Figures out of the lake, by DuckDB: of all subjects of a level at once, and of one with everything behind it.

Sums that share a table and a time are asked in one statement, so that a table is read once for each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from onedoor.appraisal.indicators import compiling
from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.indicators.compiling import Check, Figure, Sum
from onedoor.appraisal.indicators.language import Indicator
from onedoor.appraisal.indicators.places import Places, stands
from onedoor.appraisal.periods import Window, window
from onedoor.appraisal.scores.gathering import Measured, Request
from onedoor.city.queries import tree
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.lake import files
from onedoor.lake.columns import tables
from onedoor.lake.files import Manifest

LEVELS = ("county", "township", "village", "grid", "department")
DEPARTMENT = "department"
MOST_MEMORY = "1GB"
SUMS_AT_ONCE = 200  # aggregates of one statement

ABOVE = pa.schema([("place", pa.string()), ("subject", pa.string())])

Totals = dict[Sum, dict[str, int]]  # sum → subject → how much


@dataclass(frozen=True)
class Asked:
    """What is looked into: an indicator with its parameters, a period, a level, and one subject of it or all."""

    indicator: str
    parameters: Mapping[str, str]
    period: str
    level: str
    subject: str | None = None

    @property
    def request(self) -> Request:
        """As figures of many indicators are asked for."""
        return self.indicator, tuple(sorted(self.parameters.items()))


@dataclass(frozen=True)
class LeftOut:
    """Rows that do not count: by which column, what stands there, and how many they are."""

    column: str
    value: str | None
    rows: int


@dataclass(frozen=True)
class Trace:
    """Where a figure comes from: what was left out of the denominator, what of it is not in the numerator.

    `not_due` are rows of the period that are not due yet; `nowhere` those in no place or unit of the level.
    """

    outside: Sequence[LeftOut]
    against: Sequence[LeftOut]
    not_due: int
    nowhere: int


class Lake:
    """The lake of a city, opened for reading."""

    def __init__(
        self, root: Path, manifest: Manifest, lake: duckdb.DuckDBPyConnection, levels: Mapping[str, str]
    ):
        self.root, self.manifest, self.lake, self.levels = root, manifest, lake, levels
        self._places: dict[Window, Places] = {}

    @property
    def as_of(self) -> datetime:
        """The moment up to which it is known what happened."""
        return datetime.fromisoformat(self.manifest.as_of)

    def window(self, period: str) -> Window:
        """A period as far as the lake knows it. Raises BadInput."""
        return window(period, self.as_of)

    def measure(self, requests: Sequence[Request], period: str, level: str) -> Iterator[Measured]:
        """The figures of all subjects of a level: a count is 0 for whoever has none, of a share there is nothing then.

        Raises BadInput, NotFound.
        """
        held = self.window(period)
        wanted = {request: self._figure(request, held, level) for request in requests}
        sums = (part for one in wanted.values() for part in (one.numerator, one.denominator) if part)
        totals = self._totals(list(dict.fromkeys(sums)), held, level)
        for (key, parameters), one in wanted.items():
            yield from self._measured(key, dict(parameters), one, totals, held, level)

    def _measured(
        self, key: str, parameters: Mapping[str, str], one: Figure, totals: Totals, held: Window, level: str
    ) -> Iterator[Measured]:
        above = totals[one.numerator]
        if one.denominator is None:
            for subject in sorted({*self.subjects(held, level), *above}):
                yield Measured(key, parameters, subject, above.get(subject, 0), None)
            return
        for subject, below in sorted(totals[one.denominator].items()):
            if below:
                yield Measured(key, parameters, subject, above.get(subject, 0), below)

    def _figure(self, request: Request, held: Window, level: str) -> Figure:
        key, parameters = request
        one = indicator(key, dict(parameters))
        if level not in one.subjects:
            raise BadInput.of(
                "level", f"指标“{key}”不统计到 {level}，可用：{'、'.join(one.subjects)}",
                f"`{key}` is not measured for {level}: {', '.join(one.subjects)}",
            )  # fmt: skip
        return compiling.figure(one, tables(), dict(parameters), held)

    def subjects(self, held: Window, level: str) -> list[str]:
        """The codes of all whom a level has at a period's end."""
        if level == DEPARTMENT:
            return sorted({row["unit"] for row in self._rows("units") if stands(row, held.last)})
        return self.places(held).standing(self._level(level))

    def places(self, held: Window) -> Places:
        """The divisions as they stood at a period's end."""
        if held not in self._places:
            self._places[held] = Places.of(self._rows("divisions"), held.last)
        return self._places[held]

    def _level(self, level: str) -> str:
        """The key by which the city calls a level; one that no place has, where it has no such level."""
        if level not in LEVELS:
            raise BadInput.of("level", f"应为 {'、'.join(LEVELS)}", f"a level is one of {', '.join(LEVELS)}")
        return self.levels.get(level, "")

    def _rows(self, table: str) -> Iterator[dict[str, Any]]:
        for path in self.manifest.paths(table):
            yield from files.rows_in(self.root / path)

    def _totals(self, sums: Sequence[Sum], held: Window, level: str) -> Totals:
        found: Totals = {one: {} for one in sums}
        groups: dict[tuple[str, str], list[Sum]] = defaultdict(list)
        for one in sums:
            groups[one.table, one.time].append(one)
        for (table, when), some in groups.items():
            for start in range(0, len(some), SUMS_AT_ONCE):
                self._add_up(found, some[start : start + SUMS_AT_ONCE], table, when, held, level)
        return found

    def _add_up(
        self, found: Totals, sums: Sequence[Sum], table: str, when: str, held: Window, level: str
    ) -> None:
        columns = ", ".join(one.sql for one in sums)
        asked = f"SELECT subject, {columns} FROM ({self._source(table, held, level)}) WHERE {when} GROUP BY subject"  # noqa: S608
        for subject, *values in self._ask(asked, table):
            if subject is not None:
                for one, value in zip(sums, values, strict=True):
                    found[one][subject] = value

    def _source(self, table: str, held: Window, level: str) -> str:
        """The rows of a table, each with the subject of the level that it falls to."""
        rows = "read_parquet($files, hive_partitioning = false)"
        if level == DEPARTMENT:
            return f"SELECT *, unit AS subject FROM {rows}"  # noqa: S608
        above = self.places(held).at(self._level(level))
        columns = {"place": list(above), "subject": list(above.values())}
        self.lake.register("above", pa.table(columns, ABOVE))
        return f"SELECT r.*, a.subject FROM {rows} AS r LEFT JOIN above AS a ON r.division = a.place"  # noqa: S608

    def _ask(self, asked: str, table: str) -> list[tuple[Any, ...]]:
        """What a statement over one table gives; nothing where the table has no rows."""
        paths = [str(self.root / path) for path in self.manifest.paths(table)]
        return self.lake.execute(asked, {"files": paths}).fetchall() if paths else []

    def trace(self, asked: Asked) -> Trace:
        """Why rows are in the figure, or not. Raises BadInput, NotFound."""
        held = self.window(asked.period)
        own = self._figure(asked.request, held, asked.level)
        below = own.denominator or own.numerator
        within = own.denominator is not None and own.numerator.checks[: len(below.checks)] == below.checks
        further = own.numerator.checks[len(below.checks) :] if within else ()
        return Trace(
            outside=self._left_out(
                asked, held, below, below.checks[len(asked.parameters) :], asked_for(below, asked)
            ),
            against=self._left_out(asked, held, below, further, below.checks) if further else (),
            not_due=self._not_due(asked, held, below),
            nowhere=self._count(asked, held, below, "subject IS NULL", everybody=True),
        )

    def _left_out(
        self, asked: Asked, held: Window, one: Sum, checks: Sequence[Check], among: Sequence[Check]
    ) -> list[LeftOut]:
        """The rows among some that fail one of the checks, by the first that they fail."""
        if not checks:
            return []
        fails = [(check, f"WHEN NOT coalesce({check.sql}, false) THEN") for check in checks]
        why = " ".join(f"{fail} {number}" for number, (_, fail) in enumerate(fails))
        value = " ".join(f"{fail} CAST({compiling.quoted(check.column)} AS VARCHAR)" for check, fail in fails)
        text = (
            f"SELECT CASE {why} END AS why, CASE {value} END AS value, count(*) "  # noqa: S608
            f"FROM ({self._source(one.table, held, asked.level)}) WHERE {one.time} AND {_all(among)} "
            f"AND {_subject(asked)} GROUP BY 1, 2 HAVING why IS NOT NULL ORDER BY 1, 3 DESC, 2"
        )
        return [
            LeftOut(checks[number].column, said, rows) for number, said, rows in self._ask(text, one.table)
        ]

    def _not_due(self, asked: Asked, held: Window, one: Sum) -> int:
        measure = indicator(asked.indicator, asked.parameters)
        _, day, _ = measure.rows_of(measure.denominator or measure.numerator)
        if day is None:
            return 0
        later = Sum(one.table, compiling.not_due_yet(tables()[one.table], day, held), one.checks)
        return self._count(asked, held, later, "true")

    def _count(self, asked: Asked, held: Window, one: Sum, extra: str, *, everybody: bool = False) -> int:
        text = (
            f"SELECT count(*) FROM ({self._source(one.table, held, asked.level)}) "  # noqa: S608
            f"WHERE {one.time} AND {_all(one.checks)} AND {extra}"
        )
        found = self._ask(text if everybody else f"{text} AND {_subject(asked)}", one.table)
        return int(found[0][0]) if found else 0

    def behind(self, asked: Asked, *, counted: bool | None = None, most: int = 1000) -> list[dict[str, Any]]:
        """The rows behind a figure, by the table's key, each with whether it is in the numerator (`counted`).

        Those that tell against the subject come first. counted: only those that are in it, or that are not. Of a ratio
        only the denominator's rows are told.
        """
        held = self.window(asked.period)
        own = self._figure(asked.request, held, asked.level)
        below = own.denominator or own.numerator
        inside = _all(own.numerator.checks) if own.numerator.table == below.table else "true"
        key = ", ".join(f"CAST({compiling.quoted(name)} AS VARCHAR)" for name in tables()[below.table].key)
        worst = "DESC" if indicator(asked.indicator, asked.parameters).direction == "down" else "ASC"
        part = "" if counted is None else f"AND coalesce({inside}, false) = {compiling.literal(counted)} "
        text = (
            f"SELECT coalesce({inside}, false) AS counted, {key} "  # noqa: S608
            f"FROM ({self._source(below.table, held, asked.level)}) WHERE {below.time} AND {_all(below.checks)} "
            f"AND {_subject(asked)} {part}ORDER BY counted {worst}, {key} LIMIT {int(most)}"
        )
        names = tables()[below.table].key
        return [dict(zip(("counted", *names), row, strict=True)) for row in self._ask(text, below.table)]


def asked_for(one: Sum, asked: Asked) -> Sequence[Check]:
    """The checks that the parameters are."""
    return one.checks[: len(asked.parameters)]


def _all(checks: Iterable[Check]) -> str:
    return " AND ".join(check.sql for check in checks) or "true"


def _subject(asked: Asked) -> str:
    return "subject IS NOT NULL" if asked.subject is None else f"subject = {compiling.literal(asked.subject)}"


def indicator(key: str, parameters: Mapping[str, str]) -> Indicator:
    """An indicator that takes these parameters. Raises NotFound, BadInput."""
    found = catalogue().get(key)
    if found is None:
        raise NotFound(what=key)
    if unknown := parameters.keys() - found.parameters.keys():
        names = ", ".join(found.parameters) or "—"
        raise BadInput.of(
            "with",
            f"指标“{key}”不带参数“{min(unknown)}”，可带：{names}",
            f"`{key}` takes no `{min(unknown)}`: {names}",
        )
    return found


@contextmanager
def opened(root: Path | None = None, levels: Mapping[str, str] | None = None) -> Iterator[Lake]:
    """The lake, open while the block lasts. Raises NotFound where there is none, NoCity.

    levels: role → the key by which the city calls that level; the loaded city's where it is left out.
    """
    root = root or files.folder()
    manifest = files.read_manifest(root)
    if manifest is None:
        raise NotFound(what=f"{root / files.MANIFEST}（先运行 onedoor lake export · run it first）")
    with duckdb.connect(config={"memory_limit": MOST_MEMORY, "temp_directory": str(root / ".spill")}) as lake:
        yield Lake(root, manifest, lake, _levels() if levels is None else levels)


def _levels() -> dict[str, str]:
    profile = tree().profile
    found = ((role, profile.level(role)) for role in ("county", "township", "village", "grid"))
    return {role: level.key for role, level in found if level is not None}
