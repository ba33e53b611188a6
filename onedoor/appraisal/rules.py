"""What the weekly sheet counts, in plain words and in numbers. Pure.

Every share is a count over a count; where nothing was due there is no share, never 0 %. A limit belongs to the week
in which it falls due, so that each is counted once and in one week alone, however early it was met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any, Literal

from onedoor.kernel.problems import BadInput
from onedoor.kernel.time import CITY_ZONE

FEW = 5  # a share of fewer than this is marked: one matter more would turn it over
SATISFIED_FROM = 4  # of 1 to 5

Level = Literal["county", "unit"]
_WEEK = re.compile(r"(\d{4})-?W(\d{2})", re.ASCII)


@dataclass(frozen=True, order=True)
class Week:
    """A calendar week (ISO 8601): Monday 00:00 to the next Monday 00:00 in the city's zone."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """Reads `2026-W46`. Raises BadInput."""
        found = _WEEK.fullmatch(text.strip().upper())
        try:
            if not found:
                raise ValueError
            week = cls(int(found[1]), int(found[2]))
            if not 2000 <= week.year <= 2199:
                raise ValueError
            date.fromisocalendar(week.year, week.number, 1)
        except ValueError:
            raise BadInput.of(
                "week",
                f"没有这一周“{text[:20]}”，请写成 2026-W46",
                f"no such week {text[:20]!r}; write it as 2026-W46",
            ) from None
        return week

    @classmethod
    def of(cls, moment: datetime | date) -> Week:
        """The week in which a moment (in the city's zone) or a day lies."""
        day = moment.astimezone(CITY_ZONE).date() if isinstance(moment, datetime) else moment
        year, number, _ = day.isocalendar()
        return cls(year, number)

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    @property
    def begins(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.monday, time(), CITY_ZONE)

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return self.begins + timedelta(days=7)

    def moved(self, weeks: int) -> Week:
        """So many weeks later, or earlier."""
        return Week.of(self.monday + timedelta(weeks=weeks))

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Column:
    """One figure of the sheet: what is counted, out of what, and what is left out."""

    key: str
    zh: str
    en: str
    counts: Words  # the numerator, or the count itself
    out_of: Words | None  # the denominator; None for a plain count
    leaves_out: Words
    judged: bool = True

    @property
    def is_share(self) -> bool:
        """Whether the figure is a share, and not a plain count."""
        return self.out_of is not None


COLUMNS: tuple[Column, ...] = (
    Column(
        "received", "受理", "Received",
        Words("本周登记的反映件数，计在现承办单位（区县）；合并的每件各计一次",
              "Filings taken in during the week, at the unit (county) that has them now; joined ones count one each"),
        None,
        Words("不评判：收得多少不说明好坏", "Nothing; never judged: to receive much is no fault and no merit"),
        judged=False,
    ),
    Column(
        "accepted_in_time", "按时签收", "Accepted in time",
        Words("到期时限中，在到期前已签收的", "Of these, the ones accepted before the limit fell due"),
        Words("签收时限在本周内到期的次数（未到期的不计）",
              "Limits for acceptance that fell due in the week and by now"),
        Words("因撤回、合并、改派而不再适用的时限；暂停中的时限",
              "Limits that ceased to apply (withdrawn, joined, handed over) and limits that rest"),
    ),
    Column(
        "answered_in_time", "按时答复", "Answered in time",
        Words("到期时限中，在到期前已办理答复的", "Of these, the ones handled and answered before the limit fell due"),
        Words("办理时限（含批准的延期）在本周内到期的次数；重新办理的另计一次",
              "Handling limits, approved extensions included, that fell due in the week and by now; handling a "
              "reopened matter again counts again"),
        Words("因撤回、合并而不再适用的时限；等待群众补充而暂停的时限",
              "Limits that ceased to apply (withdrawn, joined) and limits that rest while the resident adds something"),
    ),
    Column(
        "solved", "群众认可解决", "Solved, in the resident's word",
        Words("反映人本人或回访中说“已解决”的", "Verdicts “solved”, by the resident herself or on call-back"),
        Words("本周给出的明确评判，计在作出答复的单位",
              "Clear verdicts given in the week, at the unit that had answered"),
        Words("逾期未评判的、回访未接通的（另列）", "Silence and call-backs that reached nobody (shown apart)"),
    ),
    Column(
        "satisfied", "满意", "Satisfied",
        Words(f"评分为 {SATISFIED_FROM} 或 5 的", f"Ratings of {SATISFIED_FROM} or 5"),
        Words("本周给出的满意度评分，计在作出答复的单位", "Ratings given in the week, at the unit that had answered"),
        Words("没有评分的评判", "Verdicts without a rating"),
    ),
    Column(
        "unheard", "未能听到", "Not heard",
        Words("本周逾期未评判或回访未接通的次数", "Silences and call-backs in vain in the week"),
        None,
        Words("不评判：列出以便核对", "Nothing; shown so that what the shares leave out can be seen"),
        judged=False,
    ),
    Column(
        "reopened", "重新办理", "Reopened",
        Words("本周因群众说“没有解决”或申诉而重新办理的次数，计在作出答复的单位",
              "Times in the week that “not solved” or an appeal began the work again, at the unit that had answered"),
        None,
        Words("核查退回（群众没有参与的）", "Work sent back on a check in which no resident had a part"),
    ),
    Column(
        "overdue", "现有超期", "Overdue now",
        Words("制表时仍在办、且有对其计时的时限已过的事项数",
              "Matters still open when the sheet is made, with a limit that binds the unit and has passed"),
        None,
        Words("等待群众的期限、暂停的时限", "Time that residents have, and limits that rest"),
    ),
)  # fmt: skip
BY_KEY: Mapping[str, Column] = {column.key: column for column in COLUMNS}
SHARES: tuple[str, ...] = tuple(column.key for column in COLUMNS if column.is_share)


@dataclass(frozen=True)
class Cell:
    """One figure: a count, and for a share what it is out of."""

    count: int = 0
    of: int | None = None

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None for a plain count and where there was nothing to count."""
        return self.count / self.of if self.of else None

    @property
    def few(self) -> bool:
        """Whether the share stands on too few cases to be compared."""
        return self.of is not None and 0 < self.of < FEW

    def __add__(self, other: Cell) -> Cell:
        of = None if self.of is None else self.of + (other.of or 0)
        return Cell(self.count + other.count, of)


def empty_cells() -> dict[str, Cell]:
    """A row in which nothing happened."""
    return {column.key: Cell(0, 0 if column.is_share else None) for column in COLUMNS}


@dataclass(frozen=True)
class Row:
    """The figures of one county or unit."""

    id: int
    code: str
    name: str
    name_en: str = ""
    place: str = ""  # of a unit: its county or city
    cells: Mapping[str, Cell] = field(default_factory=empty_cells)

    @property
    def nothing_due(self) -> bool:
        """Whether there is nothing to judge it by this week: it is listed apart, and not with zeros."""
        cells = self.cells
        return (
            not any(cells[key].of for key in SHARES)
            and not cells["reopened"].count
            and not cells["overdue"].count
        )


@dataclass(frozen=True)
class Sheet:
    """The weekly sheet: those with something due, those without, and all together."""

    week: Week
    level: Level
    division: str  # the code of the place it covers
    place: str  # and its name
    made_at: datetime
    rows: Sequence[Row]
    apart: Sequence[Row]
    total: Row

    @property
    def over(self) -> bool:
        """Whether the week was over when the sheet was made; before that its figures still grow."""
        return self.made_at >= self.week.ends

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, with the definition of every column."""
        return {
            "week": str(self.week),
            "from": self.week.monday.isoformat(),
            "to": self.week.sunday.isoformat(),
            "level": self.level,
            "division": {"code": self.division, "name": self.place},
            "made_at": self.made_at.isoformat(),
            "over": self.over,
            "few": FEW,
            "columns": [_column_dict(column) for column in COLUMNS],
            "rows": [_row_dict(row) for row in self.rows],
            "apart": [_row_dict(row) for row in self.apart],
            "total": _row_dict(self.total),
        }


def _column_dict(column: Column) -> dict[str, Any]:
    return {
        "key": column.key,
        "title": {"zh": column.zh, "en": column.en},
        "counts": vars(column.counts),
        "out_of": vars(column.out_of) if column.out_of else None,
        "leaves_out": vars(column.leaves_out),
        "judged": column.judged,
    }


def _row_dict(row: Row) -> dict[str, Any]:
    return {
        "code": row.code,
        "name": row.name,
        "name_en": row.name_en,
        "place": row.place,
        "cells": {
            key: {"count": cell.count, "of": cell.of, "share": cell.share, "few": cell.few}
            for key, cell in row.cells.items()
        },
    }


def summed(rows: Sequence[Row]) -> dict[str, Cell]:
    """All rows together, figure by figure."""
    return {
        key: reduce(Cell.__add__, (row.cells[key] for row in rows), start)
        for key, start in empty_cells().items()
    }
