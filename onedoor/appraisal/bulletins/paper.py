"""A bulletin laid out as Chinese official documents are (GB/T 9704-2012): page, fonts, levels, page numbers.

Margins 37 mm above and 28 mm left, text block 156 x 225 mm; title in 小标宋 22 pt, text in 仿宋 16 pt at 28 pt, first
level 黑体 一、, second 楷体 （一）. Fonts are named; where one is missing, Word and WPS take their own.
"""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, BinaryIO

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from onedoor.appraisal.bulletins.content import Bulletin, Line, Part

TITLE, BODY, FIRST, SECOND, FIGURES = (
    "方正小标宋简体",
    "仿宋_GB2312",
    "黑体",
    "楷体_GB2312",
    "Times New Roman",
)
NUMBERS = "一二三四五六七八九十"
HEADINGS = ("名次", "单位", "得分", "比上期")
CLOSING = (
    "本通报只考核单位，不涉及个人；群众来件多少不计分。各项得分可逐项查询计算过程和明细，"
    "对得分有异议的，按规定期限提出。"
)
WIDTHS = (Mm(18), Mm(86), Mm(28), Mm(24))


def write(bulletin: Bulletin, target: BinaryIO | str) -> None:
    """Writes the draft as .docx. The same draft gives the same words; nothing in it says when it was written."""
    document = Document()
    _page(document)
    _line(document, bulletin.title, TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, indent=False, after=28)
    _line(document, f"根据《{bulletin.basis}》，现将{bulletin.period}考核情况通报如下。")
    _line(document, "一、总体情况", FIRST)
    for part in bulletin.parts:
        _line(document, _whole(part))
    _line(document, "二、得分和名次", FIRST)
    for number, part in enumerate(bulletin.parts):
        _line(document, f"（{NUMBERS[number]}）{part.title}（满分 {part.marks} 分）", SECOND)
        _ranking(document, part)
    _line(document, "三、表扬和改进", FIRST)
    for part in bulletin.parts:
        _line(document, _words(part))
    _line(document, "四、更正情况", FIRST)
    for text in bulletin.corrections or ["上期通报以来，没有经异议裁定的更正。"]:
        _line(document, text)
    _line(document, CLOSING)
    day = bulletin.day
    _line(document, f"{day.year}年{day.month}月{day.day}日", align=WD_ALIGN_PARAGRAPH.RIGHT, before=28)
    document.core_properties.title = bulletin.title
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = datetime.combine(day, time())
    document.save(target)


def _whole(part: Part) -> str:
    apart = sum(len(one.names) for one in part.apart)
    count = len(part.lines) + apart
    text = f"{part.title}应考核 {count} 个，参加排名 {len(part.lines)} 个"
    if part.lines:
        text += f"，最高 {part.lines[0].marks} 分，最低 {part.lines[-1].marks} 分"
    if apart:
        text += f"；单列 {apart} 个，不参加排名"
    return f"{text}。"


def _words(part: Part) -> str:
    parts = []
    if part.commended:
        parts.append(f"对{'、'.join(part.commended)}予以表扬")
    if part.behind:
        parts.append(f"{'、'.join(part.behind)}得分靠后，请查找原因、改进工作")
    if part.lost:
        parts.append(f"本组失分较多的条目为：{'、'.join(part.lost)}")
    return f"{part.title}：{'；'.join(parts) or '本期没有可比较的单位'}。"


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(28)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(footer, "— ", "宋体", 14)
    field = _run(footer, "", "宋体", 14)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        field._r.append(mark)
    _run(footer, " —", "宋体", 14)


def _line(
    document: Any, text: str, font: str = BODY, size: int = 16, *, align: Any = WD_ALIGN_PARAGRAPH.JUSTIFY,
    indent: bool = True, before: int = 0, after: int = 0,
) -> None:  # fmt: skip
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(28 if size == 16 else 34)
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    paragraph.alignment = align
    if indent and align == WD_ALIGN_PARAGRAPH.JUSTIFY:
        shape.first_line_indent = Pt(2 * size)
    shape.keep_with_next = font in (FIRST, SECOND)
    _run(paragraph, text, font, size)


def _run(paragraph: Any, text: str, font: str, size: int) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), FIGURES
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return run


def _ranking(document: Any, part: Part) -> None:
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _cells(table.rows[0], HEADINGS, FIRST)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for line in part.lines:
        _cells(table.add_row(), _values(line), BODY)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    for apart in part.apart:
        _line(document, f"单列（{apart.why}）{len(apart.names)} 个：{'、'.join(apart.names)}。", before=6)
    if not part.apart:
        _line(document, "", indent=False)


def _values(line: Line) -> tuple[str, ...]:
    return line.place, line.name, line.marks, line.moved


def _cells(row: Any, values: tuple[str, ...], font: str) -> None:
    for cell, value, width in zip(row.cells, values, WIDTHS, strict=True):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if width == WIDTHS[1] else WD_ALIGN_PARAGRAPH.CENTER
        _run(paragraph, value, font, 12)
