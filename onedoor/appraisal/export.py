"""The weekly sheet as a workbook: figures as numbers, shares as percentages, definitions on a sheet of their own.

Every share stands beside the two counts it is made of. Text is neutralised, so that no name is taken for a formula;
nothing in the workbook is computed when it is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as Box
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from onedoor.appraisal.rules import COLUMNS, FEW, Cell, Column, Row, Sheet
from onedoor.kernel.tables import safe

FONT = "Noto Sans CJK SC"
LEADING = (("编码\nCode", 24), ("名称\nName", 30), ("所在区县\nPlace", 16))
HEAD = PatternFill("solid", fgColor="DCE8E6")
TOTAL = PatternFill("solid", fgColor="F2F5F4")
THIN = Side(style="thin", color="B8C4C2")
GRID = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
PERCENT, PERCENT_OF_FEW = "0.0%", '0.0%"*"'
LEGEND = "“—” 无应办 nothing was due · 受理数不评判 what was received is not judged"
HEAD_ROW = 4  # titles above it, two rows of headings from here on


def write(sheet: Sheet, target: IO[bytes]) -> None:
    """Writes the sheet as .xlsx."""
    book = Workbook()
    front = book.active
    assert isinstance(front, Worksheet)
    front.title = "周通报 Weekly sheet"
    _figures(front, sheet, [*sheet.rows, sheet.total])
    _apart(book.create_sheet("本周无应办 Nothing due"), sheet.apart)
    _definitions(book.create_sheet("口径 Definitions"))
    book.properties.title = f"{sheet.place} {sheet.week}"
    book.properties.creator = "OneDoor 一门"
    book.save(target)


def _figures(page: Worksheet, sheet: Sheet, rows: Sequence[Row]) -> None:
    width = _headings(page)
    _titles(page, sheet, width)
    for number, row in enumerate(rows, HEAD_ROW + 2):
        last = number == HEAD_ROW + 1 + len(rows)
        _line(page, number, row, bold=last)
    page.freeze_panes = f"{get_column_letter(len(LEADING) + 1)}{HEAD_ROW + 2}"
    page.auto_filter.ref = f"A{HEAD_ROW + 1}:{get_column_letter(width)}{HEAD_ROW + len(rows)}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.page_setup.fitToHeight = 0
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW + 1}"
    if page.oddFooter:
        page.oddFooter.center.text = "&P / &N"


def _titles(page: Worksheet, sheet: Sheet, width: int) -> None:
    kind = {"county": "分区县 by county", "unit": "分单位 by unit"}[sheet.level]
    days = f"{sheet.week.monday:%Y-%m-%d} — {sheet.week.sunday:%Y-%m-%d}"
    still = "" if sheet.over else " · 本周未结束，数字仍会增加 the week is not over; figures still grow"
    lines = (
        f"{sheet.place} 事项办理周通报 · Weekly sheet {sheet.week}",
        f"{days} · {kind} · 制表 made {sheet.made_at:%Y-%m-%d %H:%M}{still}",
        f"* 应办不足 {FEW} 件，不宜比较 out of fewer than {FEW} · {LEGEND}",
    )
    for number, (text, size) in enumerate(zip(lines, (16, 10, 10), strict=True), 1):
        _set(page.cell(number, 1), text, Font(name=FONT, size=size, bold=number == 1))
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
    page.row_dimensions[1].height = 28


def _headings(page: Worksheet) -> int:
    """Two rows of headings; returns the number of columns."""
    place = 0
    for title, wide in LEADING:
        place += 1
        _heading(page, place, 1, title, ("",), wide)
    for column in COLUMNS:
        parts = ("计\nn", "应\nof", "率\n%") if column.is_share else ("件\nn",)
        _heading(
            page, place + 1, len(parts), f"{column.zh}\n{column.en}", parts, 10 if len(parts) > 1 else 13
        )
        place += len(parts)
    page.row_dimensions[HEAD_ROW].height = 48
    page.row_dimensions[HEAD_ROW + 1].height = 30
    return place


def _heading(page: Worksheet, first: int, span: int, title: str, parts: Sequence[str], wide: int) -> None:
    tall = parts == ("",)
    for offset, part in enumerate(parts):
        for row, text in ((HEAD_ROW, title if not offset else ""), (HEAD_ROW + 1, part)):
            box = page.cell(row, first + offset)
            _set(box, text, Font(name=FONT, bold=True))
            box.fill, box.border = HEAD, GRID
            box.alignment = Alignment("center", "center", wrap_text=True)
        page.column_dimensions[get_column_letter(first + offset)].width = wide
    if span > 1 or tall:
        page.merge_cells(
            start_row=HEAD_ROW, end_row=HEAD_ROW + tall, start_column=first, end_column=first + span - 1
        )


def _line(page: Worksheet, number: int, row: Row, *, bold: bool) -> None:
    values: list[tuple[object, str]] = [(row.code, "@"), (_name(row), "@"), (row.place, "@")]
    for column in COLUMNS:
        values += _values(column, row.cells[column.key])
    for place, (value, style) in enumerate(values, 1):
        box = page.cell(number, place)
        _set(box, value, Font(name=FONT, bold=bold))
        box.number_format, box.border = style, GRID
        if place > len(LEADING):
            box.alignment = Alignment("right")
        if bold:
            box.fill = TOTAL


def _values(column: Column, cell: Cell) -> list[tuple[object, str]]:
    """The figures of one column with the formats they are shown in."""
    if not column.is_share:
        return [(cell.count, "#,##0")]
    share = "—" if cell.share is None else cell.share
    return [(cell.count, "#,##0"), (cell.of, "#,##0"), (share, PERCENT_OF_FEW if cell.few else PERCENT)]


def _name(row: Row) -> str:
    return f"{row.name} {row.name_en}".strip()


def _apart(page: Worksheet, rows: Sequence[Row]) -> None:
    """Those with nothing due: by name, with what they received, and without a share."""
    table = [("编码 Code", "名称 Name", "所在区县 Place", "受理 Received")]
    table += [(row.code, _name(row), row.place, row.cells["received"].count) for row in rows]  # type: ignore[misc]
    _table(page, table, (24, 36, 18, 14))


def _definitions(page: Worksheet) -> None:
    table = [("列 Column", "分子 Counts", "分母 Out of", "不计入 Leaves out", "评判 Judged")]
    for column in COLUMNS:
        out_of = f"{column.out_of.zh}\n{column.out_of.en}" if column.out_of else "—"
        table.append(
            (
                f"{column.zh}\n{column.en}",
                f"{column.counts.zh}\n{column.counts.en}",
                out_of,
                f"{column.leaves_out.zh}\n{column.leaves_out.en}",
                "是 yes" if column.judged else "否 no",
            )
        )
    _table(page, table, (22, 52, 52, 52, 12))


def _table(page: Worksheet, lines: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line, 1):
            box = page.cell(number, place)
            _set(box, value, Font(name=FONT, bold=number == 1))
            box.border, box.alignment = GRID, Alignment(vertical="top", wrap_text=True)
            if number == 1:
                box.fill = HEAD
    for place, wide in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(place)].width = wide
    page.freeze_panes = "A2"


def _set(box: Box | MergedCell, value: object, font: Font) -> None:
    assert isinstance(box, Box), "written before cells are merged"
    box.value = safe(value)
    box.font = font
