"""The workbook: figures as numbers, shares beside their counts, nothing that computes."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from onedoor.appraisal import export
from onedoor.appraisal.rules import COLUMNS, Cell, Row, Sheet, Week, empty_cells
from onedoor.kernel.time import CITY_ZONE

WEEK = Week.parse("2026-W46")
HOUSING = Row(1, "419801-housing", "住建局", "Housing", "东河区", empty_cells() | {
    "received": Cell(12), "accepted_in_time": Cell(3, 4), "answered_in_time": Cell(9, 10), "overdue": Cell(2),
})  # fmt: skip
EVIL = Row(2, "=1+1", '=HYPERLINK("http://x")', cells=empty_cells() | {"overdue": Cell(1)})
IDLE = Row(3, "419801-court", "法院", "Court", "东河区", empty_cells() | {"received": Cell(4)})


@pytest.fixture(scope="module")
def book() -> Any:
    sheet = Sheet(WEEK, "unit", "419800", "小城市", datetime(2026, 11, 12, 9, tzinfo=CITY_ZONE),
                  [HOUSING, EVIL], [IDLE], Row(0, "", "合计", "All together"))  # fmt: skip
    held = BytesIO()
    export.write(sheet, held)
    held.seek(0)
    return load_workbook(held)


def column_of(page: Any, title: str) -> int:
    return next(cell.column for cell in page[export.HEAD_ROW] if str(cell.value or "").startswith(title))


def test_a_share_stands_beside_its_counts(book: Any) -> None:
    page = book.worksheets[0]
    at, row = column_of(page, "按时答复"), export.HEAD_ROW + 2
    assert [page.cell(row, at + offset).value for offset in range(3)] == [9, 10, 0.9]
    assert page.cell(row, at + 2).number_format == export.PERCENT


def test_a_share_of_few_carries_its_mark_and_none_at_all_a_dash(book: Any) -> None:
    page, row = book.worksheets[0], export.HEAD_ROW + 2
    assert page.cell(row, column_of(page, "按时签收") + 2).number_format == export.PERCENT_OF_FEW
    assert page.cell(row, column_of(page, "满意") + 2).value == "—"


def test_nothing_in_it_is_a_formula(book: Any) -> None:
    cells = [cell for page in book.worksheets for line in page.iter_rows() for cell in line]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert book.worksheets[0].cell(export.HEAD_ROW + 3, 1).value == "'=1+1"


def test_the_title_says_week_days_and_that_it_is_not_over(book: Any) -> None:
    page = book.worksheets[0]
    assert "2026-W46" in page["A1"].value
    assert "2026-11-09 — 2026-11-15" in page["A2"].value
    assert "本周未结束" in page["A2"].value


def test_the_heading_stays_in_sight_and_on_every_printed_page(book: Any) -> None:
    page = book.worksheets[0]
    assert page.freeze_panes == "D6"
    assert page.print_title_rows == "$4:$5"
    assert page.page_setup.orientation == "landscape"


def test_the_total_stands_last(book: Any) -> None:
    page = book.worksheets[0]
    assert page.cell(page.max_row, 2).value == "合计 All together"


def test_those_with_nothing_due_are_on_a_sheet_of_their_own(book: Any) -> None:
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert rows == [("419801-court", "法院 Court", "东河区", 4)]


def test_every_column_is_defined(book: Any) -> None:
    defined = [cell.value for cell in book.worksheets[2]["A"][1:]]
    assert defined == [f"{column.zh}\n{column.en}" for column in COLUMNS]
