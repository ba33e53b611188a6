"""Fills a workbook: every figure that its cells name, formats kept, a note with the formula on each filled cell.

All or nothing: where a cell cannot be filled, all faulty cells are told and nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import IO, Any

from openpyxl import load_workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from onedoor.appraisal.bulletins.content import words_of
from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.indicators.computing import Lake
from onedoor.appraisal.tables import figures
from onedoor.appraisal.tables.figures import Key, Sources
from onedoor.appraisal.tables.language import OF_ROW, Asked, Figure, Misread, Repeat, Word, asked
from onedoor.kernel import archives
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables import safe

AUTHOR = "OneDoor"
MOST_CELLS = 200_000  # of a filled table
NOTE_WIDE, NOTE_HIGH = 420, 150
NO_FORMULA = Misread(
    "有“逐行”的表里不能写公式；合计请写指标，单位写“全市”",
    "a sheet with a repeated row holds no formulas; for a total name the figure of the `city`",
)
TOO_MANY = Misread("行数太多；请写“逐行 层级 属 区划编码”", "too many rows; write {{repeat level in CODE}}")


@dataclass(frozen=True)
class Row:
    """The repeated row that a cell stands in."""

    code: str = ""
    number: int = 0


@dataclass
class Sheet:
    """A sheet on its way: its rows that repeat, and whose row each row then is."""

    page: Worksheet
    repeats: dict[int, Repeat] = field(default_factory=dict)
    rows: dict[int, Row] = field(default_factory=dict)


def fill(template: IO[bytes], lake: Lake, period: str, target: IO[bytes]) -> int:
    """Writes the filled workbook; returns how many figures it has. Raises BadInput naming sheet and cell, NotFound."""
    archives.opened(template, "template").close()
    template.seek(0)
    try:
        book = load_workbook(template)
    except (ValueError, KeyError) as error:
        raise BadInput.of("template", "不是可以打开的 .xlsx 文件", "not an .xlsx file that opens") from error
    sources, titles = Sources(lake, period), {one.zh: key for key, one in catalogue().items()}
    filler = Filler(sources, titles)
    sheets = [Sheet(page) for page in book.worksheets]
    for sheet in sheets:
        filler.check(sheet)
    filler.stop()
    for sheet in sheets:
        filler.repeat(sheet)
    filler.stop()
    count = filler.write(sheets)
    book.save(target)
    return count


class Filler:
    """One filling: collects what is wrong, cell by cell, before anything is written."""

    def __init__(self, sources: Sources, titles: dict[str, str]):
        self.sources, self.titles = sources, titles
        self.errors: list[FieldError] = []

    def stop(self) -> None:
        """Raises BadInput with every fault found so far."""
        if self.errors:
            raise BadInput(self.errors)

    def check(self, sheet: Sheet) -> None:
        """Reads every cell; marks the rows that repeat."""
        for cell, found in self._marked(sheet.page):
            for _, one in found:
                if isinstance(one, Repeat):
                    if cell.row in sheet.repeats:
                        self._fault(cell, Misread("一行只能逐行一次", "a row repeats only once"))
                    sheet.repeats[cell.row] = one
        for cell, found in self._marked(sheet.page):
            for _, one in found:
                if isinstance(one, Word) and one.name in OF_ROW and cell.row not in sheet.repeats:
                    self._fault(
                        cell,
                        Misread(
                            f"“{one.name}”只能写在有“逐行”的一行里",
                            f"`{one.name}` may stand only in a row that has {{{{repeat …}}}}",
                        ),
                    )
        if sheet.repeats:
            self._check_shape(sheet)

    def _check_shape(self, sheet: Sheet) -> None:
        """Rows are pushed down, which no formula and no merged cell across a repeated row survives."""
        for cell in (cell for row in sheet.page.iter_rows() for cell in row if cell.data_type == "f"):
            self._fault(cell, NO_FORMULA)
        for merged in sheet.page.merged_cells.ranges:
            if any(merged.min_row <= row <= merged.max_row for row in sheet.repeats):
                cell = sheet.page.cell(merged.min_row, merged.min_col)
                self._fault(cell, Misread("逐行的一行里不能合并单元格", "a repeated row has no merged cells"))

    def _marked(self, page: Worksheet) -> Iterator[tuple[Any, list[tuple[str, Asked]]]]:
        """Cells that ask for something; a faulty one is noted once."""
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and ("{{" in cell.value or "}}" in cell.value):
                    try:
                        yield cell, list(asked(cell.value, self.titles))
                    except Misread as fault:
                        self._fault(cell, fault)

    def _fault(self, cell: Any, fault: Misread) -> None:
        error = fault.at(f"{cell.parent.title}!{cell.coordinate}")
        if error not in self.errors:
            self.errors.append(error)

    def repeat(self, sheet: Sheet) -> None:
        """Writes repeating rows as often as they stand, from below, so that numbers above stay right."""
        for number in sorted(sheet.repeats, reverse=True):
            try:
                codes = self.sources.rows(sheet.repeats[number])
            except Misread as fault:
                self._fault(sheet.page.cell(number, 1), fault)
                continue
            if len(codes) * sheet.page.max_column > MOST_CELLS:
                self._fault(sheet.page.cell(number, 1), TOO_MANY)
                continue
            _push_down(sheet.page, number, len(codes) - 1)
            sheet.rows = {row + max(len(codes) - 1, 0): held for row, held in sheet.rows.items()}
            sheet.rows |= {number + place: Row(code, place + 1) for place, code in enumerate(codes)}

    def write(self, sheets: list[Sheet]) -> int:
        """Measures everything at once and writes it. Raises BadInput."""
        held = [(sheet, cell, found) for sheet in sheets for cell, found in self._marked(sheet.page)]
        keys: dict[tuple[Figure, str], Key] = {}
        for sheet, cell, found in held:
            code = sheet.rows.get(cell.row, Row()).code
            for one in (one for _, one in found if isinstance(one, Figure)):
                if (one, code) not in keys and not (cell.row in sheet.repeats and not code):
                    try:
                        keys[one, code] = self.sources.key(one, code)
                    except Misread as fault:
                        self._fault(cell, fault)
        self.stop()
        sums = self.sources.measured(set(keys.values()))
        return sum(
            self._cell(cell, found, sheet.rows.get(cell.row, Row()), keys, sums)
            for sheet, cell, found in held
        )

    def _cell(self, cell: Any, found: list[tuple[str, Asked]], row: Row, keys: Any, sums: Any) -> int:
        text, notes, values = cell.value, [], []
        percent = "%" in (cell.number_format or "")
        for written, one in found:
            shown: Any = ""
            if isinstance(one, Figure) and (one, row.code) in keys:
                key = keys[one, row.code]
                shown = figures.value(key, sums.get(key), one.part, percent=percent)
                notes.append(figures.note(key, sums.get(key)))
            elif isinstance(one, Word):
                shown = self._word(one, row)
            if not isinstance(one, Repeat):
                values.append(shown)
            text = text.replace(written, str(shown), 1)
        alone = len(values) == 1 and text.strip() == str(values[0])  # a number stays a number
        cell.value = values[0] if alone and isinstance(values[0], int | float) else safe(text.strip())
        if notes:
            cell.comment = Comment("\n\n".join(notes), AUTHOR, NOTE_HIGH * len(notes), NOTE_WIDE)
        return len(notes)

    def _word(self, one: Word, row: Row) -> str | int:
        if one.name == "period":
            return words_of(self.sources.period)
        if not row.code:
            return figures.NOTHING if one.name == "unit" else ""
        if one.name == "number":
            return row.number
        return figures.name_of(row.code) if one.name == "unit" else row.code


def _push_down(page: Worksheet, row: int, more: int) -> None:
    """Makes room below a row and copies it there: contents, formats, heights; merged cells below move along."""
    if more < 1:
        return
    below = [copy(one) for one in page.merged_cells.ranges if one.min_row > row]
    for one in below:
        page.unmerge_cells(one.coord)
    heights = {number: size.height for number, size in page.row_dimensions.items() if size.height}
    page.insert_rows(row + 1, more)
    for number in [number for number in heights if number > row]:
        page.row_dimensions[number].height = None
    for number, height in heights.items():
        if number > row:
            page.row_dimensions[number + more].height = height
    for one in below:
        one.shift(row_shift=more)
        page.merge_cells(one.coord)
    for number in range(row + 1, row + more + 1):
        page.row_dimensions[number].height = heights.get(row)
        for column in range(1, page.max_column + 1):
            source: Any = page.cell(row, column)
            made: Any = page.cell(number, column)
            made.value, made._style = source.value, copy(source._style)
