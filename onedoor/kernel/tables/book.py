"""Tables that are .xlsx workbooks: read row by row, formulas never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from onedoor.kernel import archives
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables.cells import MOST_COLUMNS, epoch_of, lost_digits, text_of

MOST_ROWS = 1_048_576
_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([^"']+)["']""")


class Book:
    """One sheet of a workbook."""

    def __init__(self, file: IO[bytes], sheet: str | None) -> None:
        """Opens the named sheet, or the first visible one. Raises BadInput."""
        file.seek(0)
        with archives.opened(file, "file") as archive:
            _refuse_entities(archive)
        self._workbook = _loaded(file)
        self.sheets = [s.title for s in self._workbook.worksheets if s.sheet_state == "visible"]
        if sheet is not None and sheet not in self._workbook.sheetnames:
            there = "、".join(self.sheets)
            raise BadInput.of(
                "sheet", f"没有工作表“{sheet}”；现有：{there}", f"no sheet {sheet!r}; there are: {there}"
            )
        if sheet is None and not self.sheets:
            raise BadInput.of("file", "工作簿中没有可见的工作表", "the workbook has no visible sheet")
        self.sheet = sheet or self.sheets[0]

    @property
    def epoch(self) -> datetime:
        """Day 0 of its serial numbers."""
        return epoch_of(self._workbook.epoch.year == 1904)

    def records(
        self, width: int = MOST_COLUMNS, height: int = MOST_ROWS
    ) -> Iterator[tuple[int, list[str], list[tuple[int, FieldError]]]]:
        """(row number, texts of its first `width` cells, problems by column) of every row that is not empty.

        Raises BadInput where the sheet breaks off.
        """
        rows = self._workbook[self.sheet].iter_rows(max_col=width, max_row=height)
        number = 0
        while True:
            try:
                cells = next(rows, None)
            except Exception as error:  # hostile XML makes the reader raise anything
                raise _broken(number + 1) from error
            if cells is None:
                return
            number += 1
            if all(cell.value is None for cell in cells):
                continue  # a sheet may claim a million of them
            found = [_read(cell) for cell in cells]
            problems = [(place, problem) for place, (_, problem) in enumerate(found) if problem]
            yield number, [text for text, _ in found], problems

    def close(self) -> None:
        """Lets go of the file."""
        self._workbook.close()


def _read(cell: Any) -> tuple[str, FieldError | None]:
    """The text of a cell, and why it cannot be taken."""
    if cell.value is None:
        return "", None
    text = text_of(cell.value)
    if cell.data_type == "f":
        shown = getattr(cell.value, "text", text)
        return shown, FieldError(
            "", f"单元格是公式“{shown[:60]}”，不予计算；请复制后“选择性粘贴为数值”",
            f"the cell is a formula, {shown[:60]!r}, which is not run; copy it and paste it as a value",
        )  # fmt: skip
    if cell.data_type == "e":
        return text, FieldError("", f"单元格是错误值 {text}", f"the cell holds the error {text}")
    if lost_digits(cell.value):
        return text, FieldError(
            "", "长号码按数字保存，末尾几位已丢失；请把该列设为“文本”后重新填写",
            "a long number was kept as a number and lost its last digits; make the column text and fill it in again",
        )  # fmt: skip
    return text, None


def _loaded(file: IO[bytes]) -> Workbook:
    file.seek(0)
    try:
        return load_workbook(file, read_only=True, keep_links=False)
    except Exception as error:  # hostile XML makes the reader raise anything
        raise BadInput.of(
            "file",
            "不是有效的 .xlsx 工作簿，请用 Excel 或 WPS 重新保存",
            "not a sound .xlsx workbook; save it again with Excel or WPS",
        ) from error


def _broken(number: int) -> BadInput:
    return BadInput.of(
        "file",
        f"工作表在第 {number} 行处损坏，请用 Excel 或 WPS 重新保存",
        f"the sheet is broken at row {number}; save it again",
    )


def _refuse_entities(archive: ZipFile) -> None:
    """XML of a workbook never declares entities or a document type; bombs and file readers do."""
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as part:
            tail = b""
            while chunk := part.read(1 << 20):
                seen = tail + chunk
                declared = _DECLARED.search(seen[:400]) if not tail else None
                odd = declared and declared[1].upper() not in (b"UTF-8", b"UTF8", b"ASCII", b"US-ASCII")
                if odd or b"<!DOCTYPE" in seen or b"<!ENTITY" in seen or b"\0" in seen:
                    raise BadInput.of(
                        "file",
                        "工作簿中含有不应有的 XML 声明，已拒绝",
                        "the workbook holds XML declarations that it must not; refused",
                    )
                tail = seen[-16:]
