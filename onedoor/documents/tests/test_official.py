"""One document, two writers: levels are counted, what is said is never markup, a chart is SVG with a PNG beside it."""

from __future__ import annotations

import io
from datetime import date
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from onedoor.documents.official import charts, model, printing, word
from onedoor.documents.official.model import Annex, Bar, Chart, Heading, Official, Paragraph, Table

HOSTILE = '#panic("x") $ * _ <b>&"甲"'
CHART = Chart(f"得分 {HOSTILE}", [Bar(HOSTILE, 80, "80"), Bar("乙", 200, "200")], 100)
PAPER = Official(
    "关于开展网格走访的通报", [
        Heading(1, "情况"), Heading(2, "县区"), Heading(3, "乡镇"), Heading(4, "村居"), Paragraph(HOSTILE),
        Heading(2, "部门"), Table(("名次", "单位"), [("1", HOSTILE), ("2", "乙")], (20, 80), frozenset({1})),
        CHART, Heading(1, "要求"),
    ],
    date(2026, 11, 24), number="清督〔2026〕3号", heading="清河市督查办公室文件", addressee="各县区",
    signed="清河市督查办公室",
    annexes=(Annex("明细", [Heading(1, "名单")]), Annex("口径", [Paragraph("略")])),
)  # fmt: skip


def written(official: Official) -> bytes:
    held = io.BytesIO()
    word.write(official, held)
    return held.getvalue()


def test_levels_are_counted_and_annexes_named() -> None:
    document = Document(io.BytesIO(written(PAPER)))
    lines = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    wanted = ["一、情况", "（一）县区", "1. 乡镇", "（1）村居", HOSTILE, "（二）部门", "二、要求", "附件：1. 明细",
              "　　　2. 口径", "清河市督查办公室", "2026年11月24日",
              "附件1", "明细", "一、名单", "附件2", "口径", "略"]  # fmt: skip
    assert lines == ["清河市督查办公室文件", "清督〔2026〕3号", PAPER.title, "各县区：", *wanted]
    assert document.tables[0].cell(1, 1).text == HOSTILE


def test_a_chart_is_svg_with_a_png_beside_it() -> None:
    with ZipFile(io.BytesIO(written(PAPER))) as archive:
        names = archive.namelist()
        [drawn] = [name for name in names if name.endswith(".svg")]
        assert [name for name in names if name.endswith(".png")]
        assert archive.read(drawn).decode() == charts.svg(CHART)
        assert b"svgBlip" in archive.read("word/document.xml")
        types = archive.read("[Content_Types].xml")
        assert b"image/svg+xml" in types
        fonts = etree.fromstring(archive.read("word/fontTable.xml"))
    assert "Noto Serif CJK SC" in {
        name for one in fonts.iter(qn("w:altName")) for name in one.get(qn("w:val"), "").split(",")
    }
    words = [
        one.text
        for one in etree.fromstring(charts.svg(CHART).encode()).iter()
        if one.text and one.text.strip()
    ]
    assert CHART.title in words


def test_both_are_the_same_every_time() -> None:
    first, second = (printing.pdf(PAPER) for _ in range(2))
    assert first == second
    assert first.startswith(b"%PDF")
    with ZipFile(io.BytesIO(written(PAPER))) as one, ZipFile(io.BytesIO(written(PAPER))) as two:
        assert [one.read(name) for name in one.namelist()] == [two.read(name) for name in two.namelist()]


def test_a_machine_without_chinese_fonts_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "FONTS", dict.fromkeys(model.FONTS, ("no such font",)))
    printing.fonts.cache_clear()
    try:
        with pytest.raises(printing.NoFont, match="Noto Serif CJK SC"):
            printing.pdf(PAPER)
    finally:
        printing.fonts.cache_clear()


@given(st.integers(1, 99))
def test_numerals(number: int) -> None:
    text = model.numeral(number)
    head, ten, tail = text.rpartition("十")
    tens = (model.DIGITS.index(head) if head else 1) if ten else 0
    assert 10 * tens + (model.DIGITS.index(tail) if tail else 0) == number
    assert not text.startswith("一十")


@pytest.mark.parametrize("bad", [0, 5])
def test_there_are_four_levels(bad: int) -> None:
    with pytest.raises(ValueError, match=str(bad)):
        list(model.numbered([Heading(bad, "")]))
