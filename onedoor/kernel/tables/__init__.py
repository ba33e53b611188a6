"""Tables come in and go out: CSV in any encoding of Chinese offices, .xlsx, JSON lines.

    with tables.read("grids.csv", rename={"网格编码": "code"}, required=["code"], dates=["since"]) as table:
        with tables.Rejects("refused.csv", table.headers) as rejects:
            for row in table.rows():          # streamed; every time from the beginning
                problems = [*row.problems, *own_checks(row.values)]
                rejects.add(row, problems) if problems else take(row.values)

What a file is, and how it is encoded, is told by its bytes. A fault of one row is a problem of that row; only what
makes the whole file useless (no header, two columns of one name, a bomb) is raised. Formulas are never run: a cell
that holds one is a problem of its row, and on the way out a text that a spreadsheet would take for one gets an
apostrophe, which reading takes off again.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, NamedTuple, Self

from onedoor.kernel import archives
from onedoor.kernel.problems import BadInput, FieldError, TooLarge
from onedoor.kernel.tables.book import Book
from onedoor.kernel.tables.cells import (
    ADDED,
    Row,
    checked_headers,
    moment,
    neutral,
    plain,
    reader_of,
    unreadable,
)
from onedoor.kernel.tables.text import (
    csv_records,
    encoding_of,
    json_records,
    refuse_binary,
    refuse_other_kinds,
)
from onedoor.kernel.tables.writing import Rejects, safe, write_csv, write_xlsx

__all__ = [
    "MOST_BYTES",
    "Rejects",
    "Row",
    "Table",
    "moment",
    "neutral",
    "plain",
    "read",
    "safe",
    "write_csv",
    "write_xlsx",
]

MOST_BYTES = 200 * 1024 * 1024  # of a workbook; text is streamed and may be of any size
_TITLES = 5  # how many lines of title may stand above the header
_BLANKS = 1000  # rows that are looked through for it


class _Raw(NamedTuple):
    """A row before it is read: texts under the file's headers, what lay beyond them, and faults of the reading."""

    number: int
    cells: dict[str, str]
    beyond: list[str]
    problems: list[FieldError]


class Table:
    """An opened table. Use it as a context manager, or `close` it."""

    def __init__(
        self,
        file: IO[bytes],
        rename: Mapping[str, str],
        required: Sequence[str],
        dates: Sequence[str],
        sheet: str | None,
    ) -> None:
        self._file = file
        head = _head(file)
        refuse_other_kinds(head)
        self._book = Book(file, sheet) if head.startswith(archives.MAGIC) else None
        self._codec = "" if self._book else encoding_of(file)
        if self._codec:
            refuse_binary(head, self._codec)
        self._is_json = not self._book and _starts_with_brace(head, self._codec)
        self.kind = "xlsx" if self._book else "jsonl" if self._is_json else "csv"
        self._header_row, cells = self._found_header()
        self._named = checked_headers(cells, rename, required)
        epoch = (self._book.epoch,) if self._book else ()
        self._row = reader_of(self._named, dates, *epoch)

    @property
    def headers(self) -> list[str]:
        """The columns as the file calls them, without those that `Rejects` had added."""
        return [header for header in self._named if header not in ADDED]

    @property
    def names(self) -> list[str]:
        """The same columns by the names of `rename`."""
        return [self._named[header] for header in self.headers]

    @property
    def encoding(self) -> str:
        """How its text is encoded, as people call it; empty for a workbook."""
        return {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "gb18030": "GB18030"}.get(
            self._codec, self._codec.upper()
        )

    @property
    def other_sheets(self) -> list[str]:
        """Visible sheets of the workbook that are not read."""
        return [name for name in self._book.sheets if name != self._book.sheet] if self._book else []

    def unknown(self, known: Sequence[str]) -> list[str]:
        """The headers whose names are not among those known: to be told and left."""
        return [header for header in self.headers if self._named[header] not in known]

    def rows(self) -> Iterator[Row]:
        """Every row below the header that is not blank, always from the beginning. Raises BadInput if it breaks off."""
        for number, cells, beyond, problems in self._raw():
            if beyond:
                problems.append(_beyond(beyond))
            problems.extend(unreadable(cells))
            if problems or any(map(str.strip, cells.values())):
                yield self._row(number, cells, problems)

    def _raw(self) -> Iterator[_Raw]:
        if self._book:
            return self._of_book(self._book)
        return self._of_json() if self._is_json else self._of_csv()

    def _of_csv(self) -> Iterator[_Raw]:
        headers, width = list(self._named), len(self._named)
        for number, cells, problems in csv_records(self._file, self._codec):
            if number > self._header_row:
                texts = dict(zip(headers, [*cells, *[""] * (width - len(cells))], strict=False))
                yield _Raw(number, texts, [text for text in cells[width:] if text.strip()], problems)

    def _of_json(self) -> Iterator[_Raw]:
        for number, cells, problems in json_records(self._file, self._codec):
            yield _Raw(number, {header: cells.get(header, "") for header in self._named}, [], problems)

    def _of_book(self, book: Book) -> Iterator[_Raw]:
        headers, width = list(self._named), len(self._named)
        for number, texts, problems in book.records(width + 1):
            if number > self._header_row:
                told = [
                    FieldError((*headers, "row")[place], problem.zh, problem.en)
                    for place, problem in problems
                ]
                yield _Raw(
                    number,
                    dict(zip(headers, texts, strict=False)),
                    [t for t in texts[width:] if t.strip()],
                    told,
                )

    def _found_header(self) -> tuple[int, list[str]]:
        """(row number, its cells); a few lines of title above it are passed over. Raises BadInput for an empty file."""
        if self._is_json:
            keys = dict.fromkeys(
                key for _, cells, _ in json_records(self._file, self._codec) for key in cells
            )
            return 0, list(keys)
        candidates: list[tuple[int, list[str]]] = []
        for number, cells in self._numbered():
            filled = sum(1 for cell in cells if cell.strip())
            if filled > 1 or (filled and len(cells) == 1):
                return number, cells
            if filled:
                candidates.append((number, cells))
            if len(candidates) > _TITLES or number > _BLANKS:
                break
        if not candidates:
            raise BadInput.of(
                "file",
                "文件中没有内容，第一行应为表头",
                "the file is empty; its first row must be the header",
            )
        return candidates[0]

    def _numbered(self) -> Iterator[tuple[int, list[str]]]:
        if self._book:
            return ((number, texts) for number, texts, _ in self._book.records(height=_BLANKS))
        return ((number, cells) for number, cells, _ in csv_records(self._file, self._codec))

    def close(self) -> None:
        """Lets go of the file."""
        if self._book:
            self._book.close()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def read(
    source: str | Path | IO[bytes] | bytes,
    *,
    rename: Mapping[str, str] | None = None,
    required: Sequence[str] = (),
    dates: Sequence[str] = (),
    sheet: str | None = None,
) -> Table:
    """Opens a table; `source` is a path, bytes, or a binary file that can be sought (it is closed with the table).

    `rename` says what the file's headers mean ({"网格编码": "code"}), `required` which names must be there, and
    `dates` which of them hold dates or moments, given then in ISO form. Raises BadInput with all that makes the file
    useless, and TooLarge for a workbook over 200 MB.
    """
    file = _opened(source)
    try:
        return Table(file, rename or {}, required, dates, sheet)
    except BaseException:
        file.close()
        raise


def _opened(source: str | Path | IO[bytes] | bytes) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    if not isinstance(source, str | Path):
        return source
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise BadInput.of(
            "file",
            f"打不开文件 {source}：请核对路径和权限",
            f"cannot open {source}; check the path and its permissions",
        ) from error


def _head(file: IO[bytes]) -> bytes:
    """The first bytes. Raises TooLarge for what cannot be streamed."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(4096)
    if head.startswith(archives.MAGIC) and size > MOST_BYTES:
        raise TooLarge(size=f"{size // 1024 // 1024} MB", limit=f"{MOST_BYTES // 1024 // 1024} MB")
    return head


def _starts_with_brace(head: bytes, codec: str) -> bool:
    return head.decode(codec, errors="ignore").lstrip("\ufeff \t\r\n").startswith("{")


def _beyond(texts: Sequence[str]) -> FieldError:
    shown = "、".join(text.strip()[:200] for text in texts[:10])
    return FieldError(
        "row",
        f"本行比表头多出内容：“{shown}”；请给含逗号的文字加引号，或删去多余的格",
        f"this row holds more than the header: {shown!r}; quote text that holds commas, or delete the cells",
    )
