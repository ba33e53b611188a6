"""One row of a table and the texts of its cells: numbers, dates, formulas, headers."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from onedoor.kernel.problems import BadInput, FieldError

ADDED = ("problem_zh", "problem_en")  # what `Rejects` adds to a row; a table that brings them is read without
MOST_COLUMNS = 512
# Excel takes a cell that begins so for a formula; in Chinese and Japanese editions in full width too.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r\n]")
_NEUTRALISED = re.compile(r"'+[=+\-@＝＋－＠\t\r\n]")
_UNREADABLE = re.compile("[\\0\\ud800-\\udfff]")
_EXACT = 10**15  # beyond this Excel has lost digits
_MOMENT = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[\sT]*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?(?:\s*:?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?"
    r"\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
)
_COMPACT = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_NUMBER = re.compile(r"\d{1,6}(?:\.\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000  # 1927 to 2119: no other number is taken for a date


class Row(NamedTuple):
    """One row of a table. `number` counts as a spreadsheet does; `cells` are the texts under the file's own headers.

    `values` are the same by the names asked for, dates in ISO form. A row with `problems` must be refused.
    """

    number: int
    cells: dict[str, str]
    values: dict[str, str]
    problems: tuple[FieldError, ...] = ()


Values = Callable[[int, dict[str, str], list[FieldError]], Row]


def neutral(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would take for a formula. `plain` undoes it."""
    return f"'{text}" if _FORMULA.match(text) else text


def bare(text: str) -> str:
    """The text without the apostrophe of `neutral`."""
    return text[1:] if text.startswith("'") and _NEUTRALISED.match(text) else text


def plain(text: str) -> str:
    """The text without the apostrophe of `neutral` and without outer white space."""
    return bare(text).strip()


def text_of(value: Any) -> str:
    """The text of a typed value: whole numbers without a point, dates in ISO form, nothing as nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def lost_digits(value: Any) -> bool:
    """Whether a number is so long that the spreadsheet can no longer have kept it whole."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= _EXACT


def moment(text: str, epoch: datetime = WINDOWS_EPOCH) -> str | None:
    """ISO form of a date or moment as people and spreadsheets write it; None if it is not one.

    2026-11-23, 2026/11/23 9:30, 2026年11月23日9时30分, 20261123, or the serial number of a spreadsheet.
    """
    tidy = unicodedata.normalize("NFKC", text).strip()
    found = _MOMENT.fullmatch(tidy) or _COMPACT.fullmatch(tidy)
    try:
        if found:
            return _iso(found.groupdict())
        if _NUMBER.fullmatch(tidy) and _FIRST_SERIAL <= float(tidy) <= _LAST_SERIAL:
            return text_of(_to_second(from_excel(float(tidy), epoch)))
    except ValueError:
        return None
    return None


def epoch_of(year_1904: bool) -> datetime:
    """Day 0 of a workbook's serial numbers."""
    return MAC_EPOCH if year_1904 else WINDOWS_EPOCH


def checked_headers(
    cells: Sequence[str], rename: Mapping[str, str], required: Sequence[str]
) -> dict[str, str]:
    """The file's headers in order, each with the name it goes by. Raises BadInput with all that is wrong."""
    headers = [plain(cell) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    named = {header: rename.get(header, header) for header in headers}
    errors = [*_unclear(headers), *_unfound(named, rename, required)]
    if errors:
        raise BadInput(errors)
    return named


def listed(headers: Sequence[str]) -> str:
    """The headers as a message shows them: the first thirty, none longer than forty letters."""
    more = "…" if len(headers) > 30 else ""
    return "、".join(f"{header[:40]}…" if len(header) > 40 else header for header in headers[:30]) + more


def _unclear(headers: Sequence[str]) -> list[FieldError]:
    if len(headers) > MOST_COLUMNS:
        zh, en = f"列数超过 {MOST_COLUMNS}", f"more than {MOST_COLUMNS} columns"
        return [FieldError("header", zh, en)]
    twice = sorted({header for header in headers if header and headers.count(header) > 1})
    errors = [
        FieldError(
            header,
            "表头重复，请改名或删去一列",
            "this header occurs more than once; rename or delete one column",
        )
        for header in twice
    ]
    empty = [place for place, header in enumerate(headers, 1) if not header]
    if empty or not headers:
        places = "、".join(map(str, empty)) or "1"
        errors.append(
            FieldError(
                "header",
                f"第 {places} 列没有表头，请补上列名",
                f"column {places} has no header; give it a name",
            )
        )
    return errors


def _unfound(
    named: Mapping[str, str], rename: Mapping[str, str], required: Sequence[str]
) -> list[FieldError]:
    there = listed(list(named))
    names = [name for header, name in named.items() if header not in ADDED]
    errors = [
        FieldError(
            header, f"文件中没有这一列；现有：{there}", f"the file has no such column; it has: {there}"
        )
        for header in rename
        if header not in named
    ]
    errors += [
        FieldError(name, f"缺少这一列；现有：{there}", f"this column is missing; the file has: {there}")
        for name in required
        if name not in names
    ]
    return errors + [
        FieldError(name, "有两列都对应此字段", "two columns stand for this field")
        for name in sorted({name for name in names if names.count(name) > 1})
        if len(set(named)) == len(named) and name in rename.values()
    ]


def reader_of(named: Mapping[str, str], dates: Sequence[str], epoch: datetime = WINDOWS_EPOCH) -> Values:
    """A function that turns (number, texts under the file's headers, problems so far) into a Row."""
    pairs = [(header, name, name in dates) for header, name in named.items() if header not in ADDED]

    def row(number: int, cells: dict[str, str], problems: list[FieldError]) -> Row:
        values = {}
        for header, name, is_date in pairs:
            text = plain(cells.get(header, ""))
            if is_date and text:
                found = moment(text, epoch)
                if found is None:
                    problems.append(_no_date(header, text))
                text = found or text
            values[name] = text
        return Row(number, cells, values, tuple(problems))

    return row


def unreadable(cells: Mapping[str, str]) -> list[FieldError]:
    """Cells that hold what no database takes: NUL, or halves of characters."""
    return [
        FieldError(
            header,
            "含有无法保存的字符（NUL 等），请删去",
            "holds characters that cannot be kept (NUL or half ones); delete them",
        )
        for header, text in cells.items()
        if _UNREADABLE.search(text)
    ]


def _no_date(header: str, text: str) -> FieldError:
    return FieldError(
        header,
        f"“{text[:40]}”不是日期，请写成 2026-11-23 或 2026-11-23 09:30",
        f"{text[:40]!r} is no date; write 2026-11-23 or 2026-11-23 09:30",
    )


def _iso(parts: Mapping[str, str | None]) -> str:
    """Raises ValueError for a day or hour that does not exist."""
    day = date(*(int(parts[part] or 0) for part in ("year", "month", "day")))
    if parts.get("hour") is None:
        return day.isoformat()
    hour, minute, second = (int(parts[part] or 0) for part in ("hour", "minute", "second"))
    clock = time(hour, minute, second)
    return f"{day.isoformat()}T{clock.isoformat()}{_zone(parts['zone'])}"


def _zone(text: str | None) -> str:
    if not text or text == "Z":
        return "+00:00" if text else ""
    return f"{text[:3]}:{text[-2:]}"


def _to_second(value: Any) -> Any:
    """Spreadsheets keep moments as fractions of a day, so that 18:23:01 may come as 18:23:00.999999."""
    return (
        (value + timedelta(milliseconds=500)).replace(microsecond=0) if isinstance(value, datetime) else value
    )
