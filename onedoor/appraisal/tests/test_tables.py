"""A table is filled from figures: what a cell asks for, rows that repeat, notes with formulas, faults by the cell."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.tables import filling, language
from onedoor.appraisal.tables.language import Figure, Misread, Repeat, Word
from onedoor.kernel import packs, time
from onedoor.kernel.problems import BadInput
from onedoor.lake import exporting
from onedoor.matters import actions as matters
from tests.support.cities import MORNING
from tests.support.filings import opened
from tests.support.smallcity import SmallCity

SHIPPED = sorted(path for folder in packs.folders() for path in (folder / "tables").glob("*.xlsx"))
PERIOD = "2026-11"


@pytest.fixture
def lived(city: SmallCity) -> SmallCity:
    """Twelve matters of a November, nine received in time."""
    made = [opened(city) for _ in range(12)]
    for matter in made[:9]:
        matters.act(city.actor("liqiang"), matter.number, "accept")
    with time.at(MORNING.replace(month=12, day=5)):
        exporting.export()
    return city


def book(**cells: Any) -> BytesIO:
    """A workbook of one sheet `表` with these cells."""
    made, held = Workbook(), BytesIO()
    page = made.active
    assert isinstance(page, Worksheet)
    page.title = "表"
    for name, value in cells.items():
        page[name] = value
    made.save(held)
    return held


def filled(template: BytesIO) -> Any:
    held = BytesIO()
    with computing.opened() as lake:
        filling.fill(template, lake, PERIOD, held)
    return load_workbook(held).worksheets[0]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{{a | row | period}}", Figure("a", (), "row", "period")),
        (
            "{{按时签收率 ｜ 本行 ｜ 上期 ｜ 分母}}",
            Figure("accepted_in_time", (), "row", "before", "denominator"),
        ),
        ("{{a[x=1，b=2] | 4198 | 2026-10}}", Figure("a", (("b", "2"), ("x", "1")), "4198", "2026-10")),
        ("{{ 单位 }}", Word("unit")),
        ("{{逐行 乡镇街道 属 419801}}", Repeat("township", "419801")),
        ("{{repeat grid}}", Repeat("grid")),
    ],
)
def test_what_a_cell_asks_for(text: str, wanted: language.Asked) -> None:
    titles = {one.zh: key for key, one in catalogue().items()}
    assert list(language.asked(f"前{text}后", titles)) == [(text, wanted)]


@pytest.mark.parametrize(
    "text", ["{{a}", "{{a | b}}", "{{a | b | c | d}}", "{{repeat person}}", "{{a[x] | row | period}}", "{{}}"]
)
def test_what_cannot_be_read_says_what_to_write(text: str) -> None:
    with pytest.raises(Misread) as told:
        list(language.asked(text, {}))
    assert told.value.zh
    assert told.value.en


@pytest.mark.django_db
def test_figures_rows_notes_and_formats(lived: SmallCity) -> None:
    template = book(
        A1="{{period}}统计", A2="合并", A3="{{repeat county}}{{number}}", B3="{{unit}}",
        C3="{{accepted_in_time | row | period}}",
        D3="{{accepted_in_time | row | period}}", A4="全市",
        C4="{{按时签收率 | 全市 | 本期 | 分子}}/{{按时签收率 | 全市 | 本期 | 分母}}",
        A5="末行",
    )  # fmt: skip
    made = load_workbook(template)
    page = made.worksheets[0]
    page["C3"].number_format, page["C3"].font = "0.0%", Font(bold=True)
    page.merge_cells("A5:D5")
    page.row_dimensions[3].height, page.row_dimensions[5].height = 33, 44
    held = BytesIO()
    made.save(held)
    page = filled(held)
    assert page["A1"].value == "2026年11月统计"
    assert [(page.cell(row, 1).value, page.cell(row, 2).value) for row in (3, 4)] == [
        (1, "东河区"),
        (2, "西河区"),
    ]
    assert (page["C3"].value, page["D3"].value, page["C4"].value) == (0.75, 75, "—")
    assert (page["C4"].number_format, page["C4"].font.b) == ("0.0%", True)
    assert "＝ 9 ÷ 12" in page["C3"].comment.text
    assert (page["A5"].value, page["C5"].value) == ("全市", "9/12")
    assert [one.coord for one in page.merged_cells.ranges] == ["A6:D6"]
    assert [page.row_dimensions[row].height for row in (3, 4, 6)] == [33, 33, 44]


@pytest.mark.django_db
def test_every_faulty_cell_is_told_and_nothing_written(lived: SmallCity) -> None:
    template = book(
        A1="{{no_such | 全市 | 本期}}", A2="{{accepted_in_time | 本行 | 本期}}",
        A3="{{accepted_in_time | nobody | 本期}}",
        A4="{{accepted_in_time[person=1] | 全市 | 本期}}", A5="{{accepted_in_time | 全市 | 2099-01}}", A6="正常",
    )  # fmt: skip
    held = BytesIO()
    with computing.opened() as lake, pytest.raises(BadInput) as told:
        filling.fill(template, lake, PERIOD, held)
    assert [error.field for error in told.value.errors] == [f"表!A{row}" for row in range(1, 6)]
    assert held.getvalue() == b""


@pytest.mark.django_db
@pytest.mark.parametrize("cells", [{"A1": "{{repeat county}}", "A2": "=SUM(B1:B1)"}, {"A1": "{{unit}}"}])
def test_a_sheet_that_cannot_grow_is_refused(lived: SmallCity, cells: dict[str, str]) -> None:
    with pytest.raises(BadInput, match="表!"):
        filled(book(**cells))
    with pytest.raises(BadInput, match="template"):
        filled(BytesIO(b"no workbook"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_templates_fill(lived: SmallCity, path: Any) -> None:
    page = filled(BytesIO(path.read_bytes()))
    texts = [cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert not [text for text in texts if "{{" in text]
    assert [cell for row in page.iter_rows() for cell in row if cell.comment]


def test_there_are_three() -> None:
    assert [path.stem for path in SHIPPED] == ["monthly_disputes", "event_ledger", "three_zero_progress"]
