"""The report of a period: every figure by unit, what fell silent, and the matters behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from onedoor.appraisal.indicators.computing import Lake
from onedoor.appraisal.integrity import silence
from onedoor.appraisal.integrity.figures import BY_KEY, FIGURES, Counted
from onedoor.appraisal.integrity.silence import Drop
from onedoor.appraisal.periods import Window
from onedoor.kernel.calendars import Calendar
from onedoor.kernel.problems import NotFound

MOST = 500  # matters listed behind one figure


@dataclass(frozen=True)
class Cell:
    """One figure of one unit: how many count, of how many (None for a plain count)."""

    count: int
    of: int | None

    @property
    def share(self) -> float | None:
        """The part that counts."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Report:
    """Of a period as far as the lake knows it."""

    period: str
    as_of: str
    cells: dict[str, dict[str, Cell]]  # by unit, then by figure
    drops: tuple[Drop, ...]

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        figures = [{"key": one.key, "title": one.title, "about": one.about} for one in FIGURES]
        units = {unit: {key: asdict(cell) for key, cell in own.items()} for unit, own in self.cells.items()}
        return {"period": self.period, "as_of": self.as_of, "figures": figures, "units": units,
                "silence": [asdict(one) for one in self.drops]}  # fmt: skip


def report(lake: Lake, period: str, calendar: Calendar) -> Report:
    """Every unit for which anything counts. Raises BadInput for no period, or one still to come."""
    held = lake.window(period)
    cells: dict[str, dict[str, Cell]] = defaultdict(dict)
    for one in FIGURES:
        text = (
            f"SELECT subject, count(*) FILTER (counts), count(*) FROM ({one.statement}) "  # noqa: S608
            "WHERE subject IS NOT NULL GROUP BY subject ORDER BY subject"
        )
        for unit, count, of in _ask(lake, one, held, text):
            cells[unit][one.key] = Cell(count, of if one.of else None)
    told = {unit: cells[unit] for unit in sorted(cells) if any(cell.count for cell in cells[unit].values())}
    drops = silence.drops(lake, held.first, min(held.after, held.known), calendar)
    return Report(period, lake.manifest.as_of, told, tuple(drops))


def behind(lake: Lake, period: str, key: str, unit: str) -> list[str]:
    """The numbers of the matters that a figure counts at a unit. Raises NotFound, BadInput."""
    if key not in BY_KEY:
        raise NotFound(what=key)
    text = (
        f"SELECT DISTINCT number FROM ({BY_KEY[key].statement}) "  # noqa: S608
        f"WHERE subject = $unit AND counts ORDER BY number LIMIT {MOST}"
    )
    return [number for (number,) in _ask(lake, BY_KEY[key], lake.window(period), text, unit=unit)]


def _ask(lake: Lake, one: Counted, held: Window, text: str, **more: str) -> Sequence[tuple[Any, ...]]:
    """What a statement gives; nothing where one of its tables has no rows."""
    files = {table: [str(lake.root / path) for path in lake.manifest.paths(table)] for table in one.tables}
    if not all(files.values()):
        return []
    moments = {"begin": held.begins.timestamp(), "end": held.until.timestamp()}
    return lake.lake.execute(text, files | moments | more).fetchall()


def lines(found: Report) -> Iterator[tuple[str, str, Cell]]:
    """(unit, figure, cell) of everything, for tables."""
    for unit, own in found.cells.items():
        for key, cell in own.items():
            yield unit, key, cell
