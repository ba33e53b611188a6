"""Records by the table: a template that is filled in, refused rows that are mended and fed again, an export."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from onedoor.city.loaders import Options
from onedoor.kernel.actor import Actor
from onedoor.kernel.audit import verify
from onedoor.registers import kinds, sheets
from onedoor.registers.models import Record
from onedoor.registers.tests.making import DOG, HERE, dog, place
from tests.support.smallcity import SmallCity

pytestmark = pytest.mark.django_db
ROW = {"犬名": "旺财", "品种": "中华田园犬", "毛色": "黄", "狂犬病免疫日期": "2026-10-08", "养犬人姓名": "刘娟",
       "养犬人电话": "13800001234", "地址": "东柳路 1 号", "经度": HERE[0], "纬度": HERE[1]}  # fmt: skip


def written(file: Path, *rows: dict[str, Any]) -> Path:
    """A template of the dogs' register with rows filled in."""
    sheets.template(file, kinds.current("dog"))
    book = openpyxl.load_workbook(file)
    page = book.active
    assert page is not None
    heads = [cell.value for cell in page[1]]
    for row in rows:
        page.append([row.get(str(head)) for head in heads])
    book.save(file)
    return file


def read(content: Any) -> list[dict[str, Any]]:
    """The rows of a workbook by their headings."""
    page = openpyxl.load_workbook(content).active
    assert page is not None
    heads, *rows = page.iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def test_a_template_filled_in_is_taken(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "dogs.xlsx", ROW, ROW | {"犬名": "来福", "品种": "Corgi"}, {})
    loaded = sheets.load(file, "dog", Options(city.actor("chenmin")))
    assert (loaded.taken.added, loaded.refusals) == (2, [])
    assert [(r.title, r.values["breed"], r.division) for r in Record.objects.order_by("pk")] == [
        ("旺财", "rural", city.first_grid), ("来福", "corgi", city.first_grid),
    ]  # fmt: skip
    assert list(verify()) == []


def test_refused_rows_are_mended_and_fed_again(city: SmallCity, tmp_path: Path) -> None:
    wrong = ROW | {"犬名": "来福", "品种": "龙", "养犬人电话": ""}
    file = written(tmp_path / "dogs.xlsx", ROW, wrong, ROW | {"经度": "东边"}, ROW | {"经度": 120.5})
    rejects = tmp_path / "rejects.xlsx"
    loaded = sheets.load(file, "dog", Options(city.actor("chenmin"), rejects=rejects))
    assert loaded.taken.added == 1
    assert [{e.field for e in refusal.errors} for refusal in loaded.refusals] == [
        {"breed", "owner_phone"}, {"lon"}, {"lon"},
    ]  # fmt: skip
    book = openpyxl.load_workbook(rejects)
    page = book.active
    assert page is not None
    columns = {cell.value: cell.coordinate.rstrip("1") for cell in page[1]}
    for row in range(2, 5):
        for name in ("品种", "养犬人电话", "经度"):
            page[f"{columns[name]}{row}"] = str(ROW[name])
    book.save(rejects)
    again = sheets.load(rejects, "dog", Options(city.actor("chenmin"), rejects=rejects))
    assert (again.taken.added, again.refusals) == (3, [])


def test_tried_only_nothing_is_kept(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "dogs.xlsx", ROW)
    assert sheets.load(file, "dog", Options(city.actor("chenmin"), dry_run=True)).taken.added == 1
    assert not Record.objects.exists()


def test_who_may_not_enter_has_every_row_refused(city: SmallCity, tmp_path: Path) -> None:
    file = written(tmp_path / "dogs.xlsx", ROW, ROW)
    loaded = sheets.load(file, "dog", Options(city.actor("hean")))
    assert (loaded.taken.added, len(loaded.refusals)) == (0, 2)


def test_an_export_hides_what_its_reader_may_not_see_and_is_loaded_again(
    city: SmallCity, tmp_path: Path
) -> None:
    record = dog(city, name="=HYPERLINK(1)")
    file = tmp_path / "out.xlsx"
    assert sheets.export(file, city.actor("chenmin"), kinds.current("dog")) == 1
    [row] = read(file)
    assert (row["犬名"], row["品种"], row["养犬人电话"]) == ("'=HYPERLINK(1)", "中华田园犬", None)
    book = openpyxl.load_workbook(file)
    page = book.active
    assert page is not None
    colour = [cell.value for cell in page[1]].index("毛色") + 1
    page.cell(2, colour).value = "黑"
    book.save(file)
    loaded = sheets.load(file, "dog", Options(city.actor("chenmin")))
    assert (loaded.taken.changed, loaded.refusals, loaded.unknown) == (1, [], [])
    record.refresh_from_db()
    assert (record.values["colour"], record.title, record.contacts.count()) == ("黑", "=HYPERLINK(1)", 2)


def test_an_export_holds_what_one_sees_in_few_statements(
    city: SmallCity, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        place(city, name=f"{number} 号仓库")
    register = kinds.current("inspected_place")
    for actor, count in ((city.actor("chenmin"), 5), (city.actor("farhandler"), 0), (Actor.resident(), 0)):
        with django_assert_max_num_queries(2):
            assert sheets.export(io.BytesIO(), actor, register) == count


def test_every_field_of_a_sample_is_in_the_template(city: SmallCity) -> None:
    register = kinds.current("dog")
    assert {register.fields[name].zh for name in DOG} <= set(sheets.headings(register))
