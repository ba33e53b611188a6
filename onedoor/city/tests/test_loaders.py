"""Files as cities have them: other encodings, other column names, formulas, serial dates, broken maps."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from onedoor.city import loaders
from onedoor.city.loaders.columns import DIVISIONS, parse_choice
from onedoor.city.models import Account, Division, Post, Profile, Unit
from onedoor.city.tests.files import SYSTEM, options, written
from onedoor.kernel import tables
from onedoor.kernel.models import Entry
from onedoor.kernel.packs import FaultyFile
from onedoor.kernel.problems import BadInput, Conflict
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db


# Tables


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_divisions_in_any_encoding_and_under_chinese_names(
    city: SmallCity, tmp_path: Path, encoding: str
) -> None:
    text = '区划代码,名称,类型,上级代码,户数,领导\n419801003,新柳镇,town_镇,419801,"1,200",某某\n'
    loaded = loaders.load_divisions(written(tmp_path / "d.csv", text, encoding), options())
    assert (loaded.taken.added, loaded.refusals) == (1, [])
    assert loaded.unknown == ["领导"]
    made = Division.objects.get(code="419801003")
    assert (made.name, made.kind, made.households) == ("新柳镇", "town", 1200)


def test_columns_may_be_named_by_hand_either_way_round(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "d.csv", "A,B\n419801003,新柳镇\n")
    for text in ("code=A,name=B", "A=code，B=name"):
        chosen = parse_choice(text, DIVISIONS.names)
        assert chosen == {"code": "A", "name": "B"}
    assert loaders.load_divisions(file, options(columns=chosen)).taken.added == 1
    with pytest.raises(BadInput, match="code"):
        loaders.load_divisions(file, options())
    with pytest.raises(BadInput, match="no such column"):
        loaders.load_divisions(file, options(columns={"code": "C"}))
    with pytest.raises(BadInput, match="no field"):
        loaders.load_divisions(file, options(columns={"colour": "A"}))
    with pytest.raises(BadInput, match="field=column"):
        parse_choice("code", DIVISIONS.names)


def test_refused_rows_come_back_as_a_file_to_mend_and_load_again(city: SmallCity, tmp_path: Path) -> None:
    text = "code,name,parent_code\n419801003,新柳镇,419801\n419801004,,419801\n41980,坏码,419801\n"
    rejects = tmp_path / "refused.csv"
    loaded = loaders.load_divisions(written(tmp_path / "d.csv", text), options(rejects=rejects))
    assert loaded.taken.added == 1
    assert [(refusal.row, refusal.errors[0].field) for refusal in loaded.refusals] == [
        (3, "name"),
        (4, "code"),
    ]
    mended = (
        rejects.read_text("utf-8-sig")
        .replace("419801004,,", "419801004,补名镇,")
        .replace("41980,", "419801005,")
    )
    again = loaders.load_divisions(written(rejects, mended), options(rejects=rejects))
    assert (again.taken.added, again.refusals, again.unknown) == (2, [], [])
    assert Division.objects.filter(code__in=["419801004", "419801005"]).count() == 2


def test_a_dry_run_says_the_same_and_keeps_nothing(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "d.csv", "code,name\n419801003,新柳镇\n419801001,改名镇\n")
    before = Entry.objects.count()
    loaded = loaders.load_divisions(file, options(dry_run=True))
    assert (loaded.taken.added, loaded.taken.changed) == (1, 1)
    assert Entry.objects.count() == before
    assert not Division.objects.filter(name="改名镇").exists()
    assert loaders.load_divisions(file, options()).taken.added == 1


def test_a_workbook_with_a_formula_and_serial_dates(city: SmallCity, tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["代码", "名称", "生效日期"])
    page.append(["419801003", "新柳镇", 45292])  # 2024-01-01 as Excel counts
    page.append(["419801004", '=HYPERLINK("http://evil","x")', "2024年3月1日"])
    page.append([419801005, "数码镇", datetime(2024, 5, 6)])
    page.append(["419801006", "坏日镇", "前年"])
    book.create_sheet("说明")
    book.save(tmp_path / "d.xlsx")
    loaded = loaders.load_divisions(tmp_path / "d.xlsx", options(rejects=tmp_path / "no.csv"))
    assert loaded.taken.added == 2
    assert Division.objects.get(code="419801003").valid_from == date(2024, 1, 1)
    assert Division.objects.get(code="419801005").valid_from == date(2024, 5, 6)
    assert [refusal.row for refusal in loaded.refusals] == [3, 5]
    assert "说明" in loaded.remarks[0].zh
    returned = (tmp_path / "no.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK" in returned  # neutralised, so that no spreadsheet runs it


def test_households_that_are_no_number_are_told(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "d.csv", "code,name,households\n419801003,新柳镇,约三百\n")
    assert [e.field for e in loaders.load_divisions(file, options()).refusals[0].errors] == ["households"]


def test_units_and_roster_under_names_as_people_write_them(city: SmallCity, tmp_path: Path) -> None:
    units = "单位名称,单位类型,管辖区划,联系电话\n东河区供水公司,供水公司,419801,0392-1234567\n"
    assert loaders.load_units(written(tmp_path / "u.csv", units, "gb18030"), options()).taken.added == 1
    assert Unit.objects.get(code="419801-water").phone == "0392-1234567"
    people = (
        "姓名,单位,岗位,责任网格,到任日期\n赵六,东河区供水公司,经办人,,2025/3/1\n,东河区供水公司,经办人,,\n"
    )
    loaded = loaders.load_roster(written(tmp_path / "r.csv", people), options())
    assert (loaded.taken.added, loaded.rows) == (1, 2)
    assert "not filled in" in loaded.remarks[0].en
    assert Post.objects.get(account__name="赵六").valid_from == date(2025, 3, 1)
    assert not Account.objects.get(name="赵六").has_usable_password()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        b"%PDF-1.4 nothing",
        b"PK\x03\x04 broken",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"PAR1" + bytes(range(256)) * 20,
        b"x" * 5000,
    ],
    ids=["empty", "picture", "pdf", "broken workbook", "old .xls", "parquet", "one long line"],
)
def test_what_is_no_table_is_said_plainly(city: SmallCity, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "d.csv"
    file.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        loaders.load_divisions(file, options())
    assert raised.value.errors[0].zh


def test_too_many_rows_are_refused_before_they_fill_the_memory(
    city: SmallCity, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onedoor.city.loaders.reading.MOST_ROWS", 2)
    file = written(tmp_path / "d.csv", "code,name\n419801003,甲镇\n419801004,乙镇\n419801005,丙镇\n")
    with pytest.raises(BadInput, match="split the file"):
        loaders.load_divisions(file, options())


# The city's own file


CITY = """key: test
title: {zh: 试, en: Test}
levels:
  - {key: city, title: {zh: 市, en: City}, code: '\\d{6}', plays: [city]}
  - {key: county, title: {zh: 县, en: County}, code: '\\d{9}', plays: [county]}
"""


def test_a_city_is_loaded_once_and_changed_by_loading_again(tmp_path: Path) -> None:
    file = written(tmp_path / "city.yaml", CITY)
    profile, fresh = loaders.load_city(file, SYSTEM)
    assert (profile.key, fresh) == ("test", True)
    assert loaders.load_city(file, SYSTEM)[1] is False
    assert loaders.load_city(written(file, CITY + "match_metres: 300\n"), SYSTEM)[1] is True
    assert Profile.objects.get().revision == 2
    assert Entry.objects.filter(kind="profile_loaded").count() == 2
    with pytest.raises(Conflict):
        loaders.load_city(written(file, CITY.replace("key: test", "key: other")), SYSTEM)


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("{zh: 市, en: City}", "{zh: 市}"), 4, "en"),
        (("'\\d{9}'", "'(\\d{9}'"), 5, "regular expression"),
        (("plays: [county]", "plays: [village]"), 3, "county"),
        (("key: county", "key: city"), 5, "twice"),
        (("key: test", "key: test\nsilence: 很久"), 2, "span"),
        (("key: test", "key: test\nnumber: '{county}{moon}'"), 2, "unknown"),
    ],
)
def test_a_faulty_city_file_is_told_by_line(
    tmp_path: Path, change: tuple[str, str], line: int, said: str
) -> None:
    with pytest.raises(FaultyFile) as raised:
        loaders.load_city(written(tmp_path / "city.yaml", CITY.replace(*change)), SYSTEM)
    fault = raised.value.faults[0]
    assert (fault.line, said in str(fault)) == (line, True)


def test_a_level_in_use_cannot_be_left_out(city: SmallCity, tmp_path: Path) -> None:
    text = CITY.replace("key: test", "key: small")
    with pytest.raises(Conflict, match="grid"):
        loaders.load_city(written(tmp_path / "city.yaml", text), SYSTEM)


def test_the_example_that_ships_is_sound() -> None:
    file = Path(loaders.__file__).parent.parent / "profiles" / "henan_prefecture.yaml"
    profile, _ = loaders.load_city(file, SYSTEM)
    codes = {
        "410600": "city",
        "410602": "county",
        "410602001": "township",
        "410602001001": "village",
        "410602001001001": "grid",
    }
    assert {code: level.key for code in codes if (level := profile.level_of_code(code))} == codes
    assert profile.kind_of_code("410671") == profile.kind_of_code("410671400") == "statistical"
    assert profile.kind_of_code("410671400008") == profile.kind_of_code("410602") == ""


def test_reading_and_writing_agree_on_what_was_added() -> None:
    assert {"problem_zh", "problem_en"} == set(tables.cells.ADDED)
