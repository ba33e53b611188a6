"""Tables as Chinese offices keep them are read as they are; what cannot be read is told by file, row and field."""

from __future__ import annotations

import io
import timeit
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel import tables
from onedoor.kernel.problems import BadInput, TooLarge
from onedoor.kernel.tables import Row, read
from onedoor.kernel.tests.test_archives import packed

PEOPLE = "编号,姓名,日期\n001,张三,2026-11-23\n002,李四,\n"


def rows_of(source: Any, **options: Any) -> list[Row]:
    with read(source, **options) as table:
        return list(table.rows())


def values_of(source: Any, **options: Any) -> list[list[str]]:
    return [list(row.values.values()) for row in rows_of(source, **options)]


def told(row: Row) -> list[tuple[str, str]]:
    return [(problem.field, problem.zh) for problem in row.problems]


def refused(source: Any, **options: Any) -> BadInput:
    with pytest.raises(BadInput) as caught:
        rows_of(source, **options)
    return caught.value


def book(rows: Sequence[Sequence[Any]], *, sheets: Sequence[str] = (), epoch_1904: bool = False) -> bytes:
    workbook = openpyxl.Workbook()
    if epoch_1904:
        workbook.epoch = openpyxl.utils.datetime.MAC_EPOCH
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for name in sheets:
        workbook.create_sheet(name).append(["name"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


# Encodings


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("gb18030", "GB18030"),
        ("gbk", "GB18030"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
    ],
)
def test_every_encoding_in_use_is_told_by_the_bytes(codec: str, name: str) -> None:
    with read(PEOPLE.encode(codec)) as table:
        assert (table.kind, table.encoding, table.headers) == ("csv", name, ["编号", "姓名", "日期"])
        assert [list(row.values.values()) for row in table.rows()] == [
            ["001", "张三", "2026-11-23"],
            ["002", "李四", ""],
        ]
        assert len(list(table.rows())) == 2  # from the beginning again


def test_a_row_in_another_encoding_is_refused_and_the_others_are_read() -> None:
    lines = PEOPLE.splitlines(keepends=True)
    mixed = lines[0].encode() + lines[1].encode("gbk") + lines[2].encode() + "003,王五,\n".encode()
    rows = rows_of(mixed)
    assert [row.values["编号"] for row in rows] == ["001", "002", "003"]
    assert told(rows[0])[0][0] == "row"
    assert "UTF-8" in told(rows[0])[0][1]
    assert rows[0].values["姓名"] == "张三"  # so that it can be checked and fed again
    assert not rows[1].problems
    assert not rows[2].problems


def test_utf8_rows_in_a_gbk_file_are_refused() -> None:
    gbk = "".join(f"{n:03},赵六,\n" for n in range(10)).encode("gbk")
    rows = rows_of("编号,姓名,日期\n".encode("gbk") + gbk + "011,张三,\n".encode())
    assert [bool(row.problems) for row in rows] == [False] * 10 + [True]
    assert rows[-1].values["姓名"] == "张三"


def test_a_late_byte_decides_the_encoding_of_a_large_file() -> None:
    plain = b"id,name\n" + b"".join(b"%d,abcdefghijklmnopqrstuvwxyz\n" % n for n in range(100_000))
    with read(plain + "x,张三\n".encode("gbk")) as table:
        assert table.encoding == "GB18030"


# Shape of CSV


@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_delimiters(delimiter: str) -> None:
    assert values_of(PEOPLE.replace(",", delimiter).encode())[0] == ["001", "张三", "2026-11-23"]


def test_quotes_line_breaks_and_blank_rows() -> None:
    text = 'a,b\r\n"x, y","two\r\nlines"\r\n\r\n , \r\n"he said ""no""",z\r\n'
    rows = rows_of(text.encode())
    assert [(row.number, list(row.values.values())) for row in rows] == [
        (2, ["x, y", "two\r\nlines"]),
        (5, ['he said "no"', "z"]),
    ]


def test_a_stray_quotation_mark_is_a_letter() -> None:
    assert values_of(b'a,b\n5" pipe,x\n6" pipe,y\nplain,z\n') == [
        ['5" pipe', "x"],
        ['6" pipe', "y"],
        ["plain", "z"],
    ]


def test_a_quotation_mark_that_is_never_closed_costs_one_row() -> None:
    text = 'a,b\n1,"open\n' + "".join(f"{n},x\n" for n in range(2, 1000))
    rows = rows_of(text.encode())
    assert len(rows) == 999
    assert rows[0].number == 2
    assert "引号" in told(rows[0])[0][1]
    assert not any(row.problems for row in rows[1:])


def test_short_rows_are_filled_and_long_ones_refused() -> None:
    rows = rows_of(b"a,b,c\n1,2\n1,2,3,4, 5\n1,2,3,,\n")
    assert rows[0].values == {"a": "1", "b": "2", "c": ""}
    assert told(rows[1]) == [("row", "本行比表头多出内容：“4、5”；请给含逗号的文字加引号，或删去多余的格")]
    assert not rows[2].problems


def test_nul_is_refused_by_cell() -> None:
    rows = rows_of(b"code,name\n1,a\0b\n2,c\n")
    assert [problem.field for problem in rows[0].problems] == ["name"]
    assert not rows[1].problems


def test_white_space_and_neutralising_apostrophes_are_taken_off() -> None:
    row = rows_of("a,b,c\n \u3000x\u3000 ,'=1+1,'quoted'\n".encode())[0]
    assert row.values == {"a": "x", "b": "=1+1", "c": "'quoted'"}


def test_a_title_above_the_header_is_passed_over() -> None:
    rows = rows_of("网格员花名册,,\n\n姓名,电话,网格\n张三,1,2\n".encode())
    assert [(row.number, row.values) for row in rows] == [(4, {"姓名": "张三", "电话": "1", "网格": "2"})]


def test_one_column() -> None:
    assert values_of("姓名\n张三\n".encode()) == [["张三"]]
    assert values_of(book([["姓名"], ["张三"], ["李四"]])) == [["张三"], ["李四"]]


# Headers


def test_renamed_required_and_unknown_columns() -> None:
    with read(PEOPLE.encode(), rename={"编号": "code"}, required=["code"]) as table:
        assert table.names == ["code", "姓名", "日期"]
        assert table.unknown(["code", "姓名"]) == ["日期"]
        row = next(table.rows())
        assert row.values["code"] == row.cells["编号"] == "001"


@pytest.mark.parametrize(
    ("text", "options", "fields"),
    [
        ("a,b,a\n1,2,3\n", {}, ["a"]),
        ("a,,c\n1,2,3\n", {}, ["header"]),
        ("a,b\n1,2\n", {"required": ["code", "name"]}, ["code", "name"]),
        ("a,b\n1,2\n", {"rename": {"x": "code"}}, ["x"]),
        ("a,b\n1,2\n", {"rename": {"a": "b"}}, ["b"]),
        (",".join(map(str, range(600))) + "\n", {}, ["header"]),
    ],
)
def test_headers_that_cannot_be_used_are_told_together(text: str, options: Any, fields: list[str]) -> None:
    assert [error.field for error in refused(text.encode(), **options).errors] == fields


def test_a_missing_column_is_told_with_those_that_are_there() -> None:
    problem = refused(PEOPLE.encode(), required=["code"])
    assert "编号、姓名、日期" in problem.text("zh")


@pytest.mark.parametrize("content", [b"", b"\n\n", b" , ,\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert "表头" in refused(content).text("zh")


# Dates


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-11-23", "2026-11-23"),
        ("2026/1/3", "2026-01-03"),
        ("2026.1.3", "2026-01-03"),
        ("2026年11月23日", "2026-11-23"),
        ("２０２６年１１月２３日", "2026-11-23"),
        ("20261123", "2026-11-23"),
        ("2026-11-23 09:30", "2026-11-23T09:30:00"),
        ("2026/11/23 9:30:05", "2026-11-23T09:30:05"),
        ("2026年11月23日9时30分", "2026-11-23T09:30:00"),
        ("2026年11月23日 9点", "2026-11-23T09:00:00"),
        ("2026-11-23T09:30:05Z", "2026-11-23T09:30:05+00:00"),
        ("2026-11-23T09:30:05.123+0800", "2026-11-23T09:30:05+08:00"),
        ("43466", "2019-01-01"),
        ("43466.75", "2019-01-01T18:00:00"),
        ("43466.7659837963", "2019-01-01T18:23:01"),
        ("2026-02-30", None),
        ("2026-13-01", None),
        ("2026-11-23 25:00", None),
        ("23.11.2026", None),
        ("2019", None),
        ("138", None),
        ("99999", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_dates_as_people_and_spreadsheets_write_them(text: str, iso: str | None) -> None:
    assert tables.moment(text) == iso


def test_date_columns_become_iso_and_others_stay() -> None:
    rows = rows_of(b"id,since\n43466,43466\n2,soon\n3,\n", dates=["since"])
    assert rows[0].values == {"id": "43466", "since": "2019-01-01"}
    assert told(rows[1]) == [("since", "“soon”不是日期，请写成 2026-11-23 或 2026-11-23 09:30")]
    assert (rows[2].values["since"], rows[2].problems) == ("", ())


@given(st.datetimes(datetime(1930, 1, 1), datetime(2110, 1, 1)))
def test_any_moment_survives_its_serial_number(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    serial = (whole - datetime(1899, 12, 30)).total_seconds() / 86_400
    seen = tables.moment(f"{serial:.10f}")
    assert seen is not None
    assert datetime.fromisoformat(seen) == whole


# Workbooks


def test_a_workbook_gives_texts() -> None:
    content = book([["编号", "数", "小数", "真", "日", "时刻", "空"],
                    ["007", 12, 1.5, True, date(2026, 11, 23), datetime(2026, 11, 23, 9, 30), None]])  # fmt: skip
    with read(content) as table:
        assert (table.kind, table.encoding, table.other_sheets) == ("xlsx", "", [])
        assert list(next(table.rows()).values.values()) == [
            "007", "12", "1.5", "TRUE", "2026-11-23", "2026-11-23T09:30:00", "",
        ]  # fmt: skip


def test_serial_numbers_follow_the_workbooks_epoch() -> None:
    assert values_of(book([["since"], [43466]]), dates=["since"]) == [["2019-01-01"]]
    assert values_of(book([["since"], [42004]], epoch_1904=True), dates=["since"]) == [["2019-01-01"]]


def test_a_formula_is_never_run_and_refused_by_cell() -> None:
    rows = rows_of(
        book([["a", "b"], ["=1+1", "x"], ['=HYPERLINK("http://evil","x")', "=cmd|' /C calc'!A0"], ["1", "2"]])
    )
    assert [[problem.field for problem in row.problems] for row in rows] == [["a"], ["a", "b"], []]
    assert rows[0].values["a"] == "=1+1"
    assert "选择性粘贴为数值" in told(rows[0])[0][1]


def test_text_that_looks_like_a_formula_is_text() -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["a"])
    sheet.cell(2, 1, "=1+1").data_type = "s"
    out = io.BytesIO()
    workbook.save(out)
    rows = rows_of(out.getvalue())
    assert (rows[0].values, rows[0].problems) == ({"a": "=1+1"}, ())


def test_error_cells_and_lost_digits_are_refused() -> None:
    rows = rows_of(
        book([["a", "身份证"], ["#REF!", 1], ["x", 410611198001011234], ["y", "410611198001011234"]])
    )
    assert "错误值" in told(rows[0])[0][1]
    assert told(rows[1])[0][0] == "身份证"
    assert "文本" in told(rows[1])[0][1]
    assert not rows[2].problems


def test_cells_beyond_the_header_are_told() -> None:
    rows = rows_of(book([["a", "b"], ["1", "2", "note"], ["1", "2"]]))
    assert told(rows[0])[0][0] == "row"
    assert not rows[1].problems


def test_sheets_are_chosen_by_name() -> None:
    content = book([["a"], ["1"]], sheets=["村居", "网格"])
    with read(content) as table:
        assert table.other_sheets == ["村居", "网格"]
    with read(content, sheet="网格") as table:
        assert table.headers == ["name"]
    assert "村居" in refused(content, sheet="没有").text("zh")


def test_a_title_row_in_a_workbook() -> None:
    assert values_of(book([["花名册"], [], ["姓名", "电话"], ["张三", "1"]])) == [["张三", "1"]]


def sheet_xml(xml: str, workbook_head: str = "") -> bytes:
    """A workbook whose one sheet is this XML."""
    template = book([["a"]])
    with ZipFile(io.BytesIO(template)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = xml.encode()
    if workbook_head:
        whole = parts["xl/workbook.xml"].decode()
        parts["xl/workbook.xml"] = (workbook_head + whole.partition("?>")[2]).encode()
    return packed(parts)


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


def cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbook_that_lies_about_its_size_costs_nothing() -> None:
    rows = f'<row r="1">{cell("A1", "a")}</row><row r="2">{cell("A2", "x")}{cell("XFD2", "far")}</row>'
    far = f'<row r="900000000">{cell("A900000000", "y")}</row>'
    claim = '<dimension ref="A1:XFD1048576"/>'
    content = sheet_xml(SHEET.format(f"{claim}<sheetData>{rows}{far}</sheetData>"))
    assert timeit.timeit(lambda: rows_of(content), number=1) < 5
    assert [row.values for row in rows_of(content)] == [{"a": "x"}]


def test_entities_are_refused() -> None:
    lol = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]>'
    body = SHEET.format(f'<sheetData><row r="1">{cell("A1", "&b;")}</row></sheetData>')
    assert "XML" in refused(sheet_xml(lol + body)).text("zh")
    outside = '<?xml version="1.0"?><!-- ' + "x" * 200_000 + ' --><!DOCTYPE x SYSTEM "file:///etc/passwd">'
    assert "XML" in refused(sheet_xml(SHEET.format(""), workbook_head=outside)).text("zh")
    odd = '<?xml version="1.0" encoding="utf-7"?>'
    assert "XML" in refused(sheet_xml(odd + body.replace("&b;", "x"))).text("zh")


def test_a_bomb_is_refused() -> None:
    bomb = packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * 64 * 1024 * 1024})
    assert "MB" in refused(bomb).text("zh")


def test_a_workbook_over_200_mb_is_refused_unread_and_a_csv_is_not(tmp_path: Path) -> None:
    claim = tmp_path / "big.xlsx"
    with claim.open("wb") as file:
        file.write(book([["a"]]))
        file.truncate(201 * 1024 * 1024)
    with pytest.raises(TooLarge) as caught:
        read(claim)
    assert "200 MB" in caught.value.text("zh")


def test_a_large_csv_streams(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("code,name,since\n")
        file.writelines(f"{n},第{n}网格,2026-11-23\n" for n in range(100_000))

    def count() -> None:
        with read(path, dates=["since"]) as table:
            assert sum(not row.problems for row in table.rows()) == 100_000

    assert timeit.timeit(count, number=1) < 60


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<worksheet",
        SHEET.format("<sheetData><row r='x'/></sheetData>"),
        SHEET.format("<sheetData><row>"),
        "\0\1",
    ],
)
def test_a_broken_sheet_is_refused(xml: str) -> None:
    assert refused(sheet_xml(xml)).errors[0].field == "file"


def test_a_break_in_the_middle_is_told_after_the_good_rows() -> None:
    rows = "".join(f'<row r="{n}">{cell(f"A{n}", f"x{n}")}</row>' for n in range(1, 5000))
    content = sheet_xml(SHEET.format(f'<dimension ref="A1:A9"/><sheetData>{rows}<row></sheetData>'))
    taken = 0

    def take_all(table: tables.Table) -> None:
        nonlocal taken
        for _ in table.rows():
            taken += 1

    with read(content) as table, pytest.raises(BadInput, match="broken at row"):
        take_all(table)
    assert taken > 4000


# Other kinds


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, ".xlsx"),
        (b"<html><table><tr><td>a</td></tr></table></html>", "网页"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><Workbook/>", "XML"),
        (b'[{"a": 1}]', "每行"),
        (b"%PDF-1.7", ".csv"),
        (b"PK\x03\x04 broken", "损坏"),
        (packed({"word/document.xml": b"<x/>"}), ".xlsx"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(content: bytes, hint: str) -> None:
    assert hint in refused(content).text("zh")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    assert "nowhere.csv" in refused(tmp_path / "nowhere.csv").text("zh")


def test_json_lines() -> None:
    text = '{"code": "1", "n": 2, "since": "2026/1/3"}\n\n{"code": null, "more": {"a": [true, 1.0]}}\n'
    with read(text.encode(), dates=["since"]) as table:
        assert (table.kind, table.headers) == ("jsonl", ["code", "n", "since", "more"])
        assert [row.values for row in table.rows()] == [
            {"code": "1", "n": "2", "since": "2026-01-03", "more": ""},
            {"code": "", "n": "", "since": "", "more": '{"a": [true, 1.0]}'},
        ]


def test_bad_json_lines_are_refused_one_by_one() -> None:
    lines = ['{"a": 1}', "{broken", "[1]", '{"a": 1, "a": 2}', '{"a": "\\ud800"}', "[" * 100_000, '{"a": 3}']
    rows = rows_of("\n".join(lines).encode())
    assert [bool(row.problems) for row in rows] == [False, True, True, True, True, True, False]
    assert "{broken" in told(rows[1])[0][1]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        rows = rows_of(content)
    except BadInput:
        return
    assert all(isinstance(row, Row) for row in rows)


@given(st.text(alphabet='ab,"\n\r\t;0', max_size=80))
def test_any_csv_shape_is_read_and_nothing_is_lost(text: str) -> None:
    try:
        rows = rows_of(f"h1,h2,h3\n{text}\n".encode())
    except BadInput:
        return
    kept = "".join("".join(row.cells.values()) + "".join(p.zh for p in row.problems) for row in rows)
    assert all(kept.count(letter) >= text.count(letter) for letter in "ab0")
