"""Tables going out: CSV that Excel opens as Chinese, .xlsx, and the file of refused rows to be mended."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Any, Self
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from onedoor.kernel.problems import FieldError
from onedoor.kernel.tables.cells import ADDED, Row, bare, neutral, text_of

CITY = ZoneInfo("Asia/Shanghai")
_LONGEST_CELL = 32_767  # of Excel
_WIDEST = 60

Target = str | Path | IO[bytes]


def safe(value: Any) -> Any:
    """A value that may stand in a spreadsheet's cell: numbers, dates and truth values as they are, text neutralised.

    Moments with a time zone become the city's clock time, for spreadsheets know no zones.
    """
    if isinstance(value, datetime) and value.tzinfo:
        return value.astimezone(CITY).replace(tzinfo=None)
    if isinstance(value, str):
        return neutral(value)
    if isinstance(value, int | float | Decimal):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, date | time) else neutral(text_of(value))


def write_csv(target: Target, headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Writes a CSV file (UTF-8 with its mark, so that Excel reads Chinese); returns how many rows."""
    with _binary(target) as file:
        text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow([neutral(header) for header in headers])
        count = 0
        for row in rows:
            count += 1
            writer.writerow([text_of(safe(value)) for value in row])
        text.detach()
    return count


def write_xlsx(
    target: Target, headers: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "Sheet1"
) -> int:
    """Writes a workbook of one sheet with its header row kept in sight; returns how many rows."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    sheet.freeze_panes = "A2"
    for place, header in enumerate(headers, 1):
        wide = sum(2 if ord(char) > 0x2E7F else 1 for char in header)
        sheet.column_dimensions[get_column_letter(place)].width = min(max(wide + 4, 10), _WIDEST)
    sheet.append([_bold(sheet, header) for header in headers])
    count = 0
    for row in rows:
        count += 1
        sheet.append([_fitting(safe(value)) for value in row])
    with _binary(target) as file:
        workbook.save(file)
    return count


class Rejects:
    """The file of refused rows: all columns as they came, and what is wrong in both languages.

    Mended, it is fed again as it is. It appears when the block ends, and only if a row was refused; `path` may be
    the file that is being read. The ending of the path chooses CSV or .xlsx.
    """

    def __init__(self, path: str | Path, headers: Iterable[str]) -> None:
        self.path = Path(path)
        self.headers = [header for header in headers if header not in ADDED]
        self.count = 0
        self._draft = TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115

    def add(self, row: Row, problems: Iterable[FieldError] = ()) -> None:
        """Keeps a refused row; problems that the row itself brought need not be given again."""
        told = list(dict.fromkeys([*row.problems, *problems]))
        cells = [bare(row.cells.get(header, "")) for header in self.headers]
        json.dump([*cells, _joined(told, "zh"), _joined(told, "en")], self._draft, ensure_ascii=False)
        self._draft.write("\n")
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Puts the file in its place, if a row was refused. Raises OSError where it cannot be written."""
        if self._draft.closed:
            return
        with self._draft:
            if self.count:
                self._draft.seek(0)
                self._write(json.loads(line) for line in self._draft)

    def _write(self, rows: Iterable[Sequence[str]]) -> None:
        finished = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        write = write_xlsx if self.path.suffix.lower() == ".xlsx" else write_csv
        write(finished, [*self.headers, *ADDED], rows)
        finished.replace(self.path)


def _joined(problems: Iterable[FieldError], language: str) -> str:
    return ("；" if language == "zh" else "; ").join(f"{p.field}: {p.text(language)}" for p in problems)


def _fitting(value: Any) -> Any:
    """What a cell of Excel can hold: no control characters, no more than 32,767 letters."""
    return ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL] if isinstance(value, str) else value


def _bold(sheet: Any, header: str) -> Any:
    cell = WriteOnlyCell(sheet, _fitting(neutral(header)))
    cell.font = Font(bold=True)
    return cell


class _Borrowed:
    """A file of the caller, left open."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __enter__(self) -> IO[bytes]:
        return self._file

    def __exit__(self, *_: object) -> None:
        self._file.flush()


def _binary(target: Target) -> Any:
    return Path(target).open("wb") if isinstance(target, str | Path) else _Borrowed(target)
