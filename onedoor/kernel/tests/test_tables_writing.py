"""What goes out opens in Excel, runs nothing there, and comes back in as it was."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onedoor.kernel.problems import FieldError
from onedoor.kernel.tables import Rejects, neutral, plain, read, safe, write_csv, write_xlsx

DANGEROUS = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "'=1", "''=1", "=cmd|' /C calc'!A0"]
HARMLESS = ["x=1", "'quoted'", "1-2", "张三", "", " =1"]

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30) | st.sampled_from(DANGEROUS)


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert safe(text) == "'" + text
    assert plain(neutral(text)) == text.strip()


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("value", [-1, 1.5, True, None, Decimal("-2.5"), date(2026, 11, 23)])
def test_numbers_typed_as_numbers_stay(value: Any) -> None:
    assert safe(value) == value


def test_what_spreadsheets_do_not_know_is_made_to_fit() -> None:
    assert safe(datetime(2026, 11, 23, 1, 0, tzinfo=UTC)) == datetime(2026, 11, 23, 9, 0)
    assert safe(float("nan")) is None
    assert safe(["=1"]) == '["=1"]'


def written(write: Any, headers: list[str], rows: list[list[Any]]) -> bytes:
    out = io.BytesIO()
    assert write(out, headers, rows) == len(rows)
    return out.getvalue()


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
@given(rows=st.lists(st.lists(texts, min_size=2, max_size=2), max_size=5))
def test_texts_come_back_as_they_were(write: Any, rows: list[list[str]]) -> None:
    content = written(write, ["name", "=note"], rows)
    filled = [[text.strip() for text in row] for row in rows if any(text.strip() for text in row)]
    with read(content) as table:
        assert table.headers == ["name", "=note"]
        assert [list(row.values.values()) for row in table.rows()] == filled


def test_csv_opens_as_chinese_in_excel() -> None:
    content = written(write_csv, ["姓名", "数"], [["张三", -1.5], ["=1", None]])
    assert content == "\ufeff姓名,数\r\n张三,-1.5\r\n'=1,\r\n".encode()


def test_a_workbook_holds_typed_cells_and_no_formula() -> None:
    moment = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
    content = written(write_xlsx, ["a", "b", "c", "d"], [["=1+1", -1.5, moment, "bad\x0bletter"]])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    cells = next(sheet.iter_rows(min_row=2))
    assert [cell.value for cell in cells] == ["'=1+1", -1.5, datetime(2026, 11, 23, 9, 30), "badletter"]
    assert [cell.data_type for cell in cells] == ["s", "n", "d", "s"]
    assert sheet.freeze_panes == "A2"


def test_a_title_that_no_sheet_may_have_is_tidied(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_xlsx(path, ["a"], [[1]], title="2026/W46: [周报] " + "长" * 40)
    assert openpyxl.load_workbook(path).sheetnames == ["2026 W46   周报  " + "长" * 16]


@pytest.mark.parametrize("name", ["refused.csv", "refused.xlsx"])
def test_refused_rows_come_back_mended(tmp_path: Path, name: str) -> None:
    source = tmp_path / "in.csv"
    source.write_bytes("编号,姓名,多余\n1,张三,'=x\n,李四,=y\n3,王五,z,extra\n".encode("gbk"))
    path = tmp_path / name
    with read(source, rename={"编号": "code"}) as table, Rejects(path, table.headers) as rejects:
        taken = []
        for row in table.rows():
            missing = [] if row.values["code"] else [FieldError("编号", "不能为空", "must not be empty")]
            if row.problems or missing:
                rejects.add(row, missing)
            else:
                taken.append(row.values["code"])
    assert (taken, rejects.count) == (["1"], 2)

    with read(path, rename={"编号": "code"}) as table:
        assert table.headers == ["编号", "姓名", "多余"]
        assert table.unknown(["code", "姓名"]) == ["多余"]
        again = list(table.rows())
    assert [row.values for row in again] == [
        {"code": "", "姓名": "李四", "多余": "=y"},
        {"code": "3", "姓名": "王五", "多余": "z"},
    ]
    assert again[0].cells["problem_zh"] == "编号: 不能为空"
    assert again[0].cells["problem_en"] == "编号: must not be empty"
    assert "extra" in again[1].cells["problem_en"]
    assert not any(row.problems for row in again)


def test_refused_twice_keeps_one_pair_of_columns(tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    path.write_text("a,problem_zh,problem_en\n1,旧,old\n", encoding="utf-8")
    with read(path) as table, Rejects(path, table.headers) as rejects:  # into the file that is read
        for row in table.rows():
            rejects.add(row, [FieldError("a", "新", "new")])
    assert path.read_text("utf-8-sig").splitlines() == ["a,problem_zh,problem_en", "1,a: 新,a: new"]
    assert [file.name for file in tmp_path.iterdir()] == ["again.csv"]


def test_nothing_refused_leaves_no_file_and_touches_none(tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"
    with Rejects(path, ["a"]):
        pass
    assert not path.exists()
    path.write_text("mine", encoding="utf-8")
    with Rejects(path, ["a"]) as rejects:
        pass
    rejects.close()
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_load_that_breaks_off_still_gives_the_refused_rows(tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"

    def load() -> None:
        with read(b"a\n1\n") as table, Rejects(path, table.headers) as rejects:
            rejects.add(next(table.rows()), [FieldError("a", "错", "wrong")])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load()
    assert "wrong" in path.read_text("utf-8-sig")
