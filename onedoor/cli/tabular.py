"""Tables on a terminal, where a Chinese character takes the room of two letters; and tables as workbooks."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from onedoor.kernel.tables import safe

GAP = "  "
WIDEST = 48


def width(text: str) -> int:
    """How many letters' room a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The rows below their headings, in columns."""
    texts = [[str(cell) for cell in row] for row in [headings, *rows]]
    widths = [max(width(row[column]) for row in texts) for column in range(len(headings))]
    lines = [
        GAP.join(_padded(cell, most) for cell, most in zip(row, widths, strict=True)).rstrip()
        for row in texts
    ]
    return "\n".join([lines[0], GAP.join("-" * most for most in widths), *lines[1:]])


def _padded(text: str, most: int) -> str:
    return text + " " * (most - width(text))


def workbook(file: Path, title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Writes the rows as .xlsx. Text is neutralised: nothing in it is taken for a formula."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = title[:31]
    page.append(list(headings))
    for row in rows:
        page.append([safe(cell) if isinstance(cell, str) else cell for cell in row])
    for column in range(1, len(headings) + 1):
        page.cell(1, column).font = Font(bold=True)
        cells = (str(row[column - 1]) for row in [headings, *rows])
        page.column_dimensions[get_column_letter(column)].width = min(WIDEST, max(map(width, cells)) + 2)
    page.freeze_panes = "A2"
    book.save(file)
