"""Tables that are text: CSV in any encoding that Chinese offices use, and JSON lines. Streamed."""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables.cells import text_of

DELIMITERS = (",", "\t", ";")
MOST_LINES = 200  # of one row: more means that a quotation mark was never closed
MOST_LETTERS = 1_000_000
_CHUNK = 1 << 20
_NAMES = {"utf-8": "UTF-8", "gb18030": "GB18030 (GBK)", "utf-16": "UTF-16"}


class Record(NamedTuple):
    """The cells of one row as the file has them, and what was wrong with the reading."""

    number: int
    cells: list[str]
    problems: list[FieldError]


def encoding_of(file: IO[bytes]) -> str:
    """The codec of most of the file, told by its bytes: utf-8-sig, utf-16, utf-16-le, utf-16-be, utf-8 or gb18030.

    The whole file is looked at, since a table may hold nothing but ASCII for a million rows.
    """
    file.seek(0)
    head = file.read(4096)
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for codec, newline in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        if 0 < head.count(b"\n") == head.count(newline):  # no line ends without its zero byte
            return codec
    file.seek(0)
    return "utf-8" if _is_utf8(file) else _likelier(file)


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _likelier(file: IO[bytes]) -> str:
    """By lines with more than ASCII: a line of GBK text is hardly ever valid UTF-8."""
    file.seek(0)
    votes = {"utf-8": 0, "gb18030": 0}
    for line in file:
        if not line.isascii():
            votes["utf-8" if _is_chinese_utf8(line) else "gb18030"] += 1
    return "utf-8" if votes["utf-8"] > votes["gb18030"] else "gb18030"


class _Line(NamedTuple):
    """A decoded line with its end; `foreign` if it was in another encoding than the rest."""

    text: str
    foreign: bool


class _Lines:
    """Decoded lines of a file. Where a line is in another encoding it is read in that one, and told."""

    def __init__(self, file: IO[bytes], codec: str) -> None:
        file.seek(0)
        self.codec = codec.removesuffix("-sig")
        self._given_back: list[_Line] = []
        if self.codec.startswith("utf-16"):
            self._decoded = (_Line(line, "�" in line) for line in _utf16_lines(file, codec))
        else:
            file.seek(len(codecs.BOM_UTF8) if codec.endswith("-sig") else 0)
            self._decoded = (self._decode(line) for line in file)

    def next(self) -> _Line | None:
        """The next line, or None."""
        return self._given_back.pop() if self._given_back else next(self._decoded, None)

    def give_back(self, lines: Sequence[_Line]) -> None:
        """Lines to be given out again."""
        self._given_back += reversed(lines)

    def _decode(self, line: bytes) -> _Line:
        if line.isascii():
            return _Line(line.decode("ascii"), False)
        if self.codec == "gb18030" and _is_chinese_utf8(line):
            return _Line(line.decode("utf-8"), True)
        try:
            return _Line(line.decode(self.codec), False)
        except UnicodeDecodeError:
            return _Line(line.decode("gb18030", errors="replace"), True)


def _is_chinese_utf8(line: bytes) -> bool:
    """GB18030 takes nearly any bytes; but GBK text is valid UTF-8 by chance only as Latin, Greek or the like."""
    try:
        return max(line.decode("utf-8")) > "\u07ff"
    except UnicodeDecodeError:
        return False


def _utf16_lines(file: IO[bytes], codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    rest = ""
    while chunk := file.read(_CHUNK):
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        yield from (f"{line}\n" for line in lines)
    rest += decoder.decode(b"", final=True)
    if rest:
        yield rest


def csv_records(file: IO[bytes], codec: str) -> Iterator[Record]:
    """The rows of a CSV file, blank ones too; one with a fault is told and those after it are read on."""
    lines = _Lines(file, codec)
    first = lines.next()
    if first is None:
        return
    lines.give_back([first])
    delimiter = max(DELIMITERS, key=first.text.count)
    number = 0
    while line := lines.next():
        for cells, problems in _rows(line, lines, delimiter):
            number += 1
            yield Record(number, cells, problems)


def _rows(line: _Line, lines: _Lines, delimiter: str) -> Iterator[tuple[list[str], list[FieldError]]]:
    """The row that begins with this line; more than one where a stray quotation mark had joined lines."""
    parts = [line] if '"' not in line.text else _joined(line, lines)
    foreign = _misread(lines) if any(part.foreign for part in parts) else []
    if '"' not in line.text:
        yield line.text.rstrip("\r\n").split(delimiter), foreign
        return
    try:
        rows = list(csv.reader([part.text for part in parts], delimiter=delimiter))
    except csv.Error:
        rows = []
    if rows and (len(rows) == len(parts) or sum(part.text.count('"') for part in parts) % 2 == 0):
        yield from ((cells, list(foreign)) for cells in rows)
        return
    lines.give_back(parts[1:])
    yield line.text.rstrip("\r\n").split(delimiter), [_UNCLOSED, *(_misread(lines) if line.foreign else [])]


def _joined(line: _Line, lines: _Lines) -> list[_Line]:
    """The line and those after it that its open quotation mark takes in."""
    parts = [line]
    letters, marks = len(line.text), line.text.count('"')
    while marks % 2 and len(parts) < MOST_LINES and letters < MOST_LETTERS:
        further = lines.next()
        if further is None:
            break
        parts.append(further)
        letters, marks = letters + len(further.text), marks + further.text.count('"')
    return parts


_UNCLOSED = FieldError(
    "row",
    "引号没有成对（或一格文字过长），请补上或删去引号",
    "a quotation mark is not closed (or a cell is too long); close or delete it",
)


def _misread(lines: _Lines) -> list[FieldError]:
    name = _NAMES[lines.codec[:6] if lines.codec.startswith("utf-16") else lines.codec]
    return [
        FieldError(
            "row",
            f"本行的编码与文件其他部分（{name}）不同，请核对文字后以 UTF-8 保存",
            f"this row is not in the encoding of the rest ({name}); check its text and save as UTF-8",
        )
    ]


def json_records(file: IO[bytes], codec: str) -> Iterator[tuple[int, dict[str, str], list[FieldError]]]:
    """The objects of a JSON lines file as texts; a line that is none is told."""
    lines = _Lines(file, codec)
    number = 0
    while line := lines.next():
        number += 1
        if line.text.strip():
            cells, problems = _object(line.text)
            yield number, cells, problems + (_misread(lines) if line.foreign else [])


def _object(line: str) -> tuple[dict[str, str], list[FieldError]]:
    try:
        pairs = json.loads(line, object_pairs_hook=_Pairs)
    except (ValueError, RecursionError):
        pairs = None
    if not isinstance(pairs, _Pairs):
        shown = line.strip()[:5000]
        return {}, [
            FieldError(
                "row",
                f"本行不是 JSON 对象，请写成一行 {{…}}：{shown}",
                f"this line is no JSON object; write {{…}} in one line: {shown}",
            )
        ]
    cells = {str(key): text_of(_unpaired(value)) for key, value in pairs}
    if len(cells) == len(pairs):
        return cells, []
    return cells, [FieldError("row", "同一字段出现两次，请删去一个", "a field occurs twice; delete one")]


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object in order, so that a repeated one is seen."""


def _unpaired(value: Any) -> Any:
    if isinstance(value, _Pairs):
        return {key: _unpaired(inner) for key, inner in value}
    return [_unpaired(inner) for inner in value] if isinstance(value, list) else value


def refuse_other_kinds(head: bytes) -> None:
    """Raises BadInput for files that are no table at all, saying what to do instead."""
    start = head.lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    for beginning, zh, en in _OTHER_KINDS:
        if re.match(beginning, start, re.IGNORECASE):
            raise BadInput.of("file", zh, en)


def refuse_binary(head: bytes, codec: str) -> None:
    """Raises BadInput for bytes that are no text: more than one in twenty is a control character.

    A stray NUL is a matter of its row. In UTF-16 half of every character may look so, and it is told by its marks.
    """
    controls = sum(byte < 32 and byte not in b"\t\r\n" for byte in head)
    if not codec.startswith("utf-16") and controls * 20 > len(head):
        raise BadInput.of(
            "file",
            "这是二进制文件而不是表格，请用 .xlsx、.csv 或 .jsonl",
            "this is a binary file and no table; use .xlsx, .csv or .jsonl",
        )


_OTHER_KINDS = (
    (rb"\xd0\xcf\x11\xe0", "旧版 .xls 或加密的工作簿不能读取，请另存为 .xlsx（不加密码）或 CSV",
     "an old .xls or a workbook with a password cannot be read; save it as .xlsx without password, or as CSV"),
    (rb"<(html|!doctype|table|\?xml|meta)", "这是网页或 XML 而不是表格，请用 Excel 打开后另存为 .xlsx",
     "this is a web page or XML and no table; open it in Excel and save it as .xlsx"),
    (rb"\[\s*\{", "JSON 请每行写一个对象（JSON Lines），不要写成数组", "write one JSON object per line, not an array"),
    (rb"%pdf|\x89png|\xff\xd8\xff|rar!|7z\xbc\xaf", "这不是表格文件，请用 .xlsx、.csv 或 .jsonl",
     "this is no table; use .xlsx, .csv or .jsonl"),
)  # fmt: skip
