"""The .docx of an official document, for Word and WPS: fonts by name, with free ones named as their substitutes.

Charts are SVG with a PNG beside them, as Word stores them: programs that know no SVG show the PNG.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any, BinaryIO

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from lxml import etree

from onedoor.documents.official import charts, printing
from onedoor.documents.official.model import (
    BOTTOM,
    FONTS,
    HEAD,
    LEFT,
    PAPER_HIGH,
    PAPER_WIDE,
    PITCH,
    RIGHT,
    SMALL,
    TEXT,
    TOP,
    WIDE,
    Block,
    Chart,
    Heading,
    Official,
    Paragraph,
    Table,
    annex_mark,
    day_words,
    numbered,
    signature_indents,
)

NAMES = {role: names[0] for role, names in FONTS.items()}
LEVEL_FONTS = ("first", "second", "text", "text")
LATIN = "Times New Roman"
RED = RGBColor(0xC0, 0, 0)
CENTER, RIGHTWARDS, JUSTIFY, LEFTWARDS = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.RIGHT,
    WD_ALIGN_PARAGRAPH.JUSTIFY,
    WD_ALIGN_PARAGRAPH.LEFT,
)
SVG = (
    '<a:extLst {a}><a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip xmlns:asvg='
    '"http://schemas.microsoft.com/office/drawing/2016/SVG/main" {r} r:embed="{id}"/></a:ext></a:extLst>'
)


def write(official: Official, target: BinaryIO | str) -> None:
    """Writes the document. Nothing in it says when it was written. Raises NoFont for one with charts."""
    document = Document()
    _page(document)
    _substitutes(document)
    _opening(document, official)
    _write_blocks(document, official.blocks)
    for place, text in enumerate(printing.annex_lines(official)):
        _line(document, text, before=0 if place else PITCH)
    _signature(document, official)
    for place, annex in enumerate(official.annexes):
        first = _line(document, annex_mark(official.annexes, place), "first", indent=False)
        first.paragraph_format.page_break_before = True
        _headline(document, annex.title)
        _write_blocks(document, annex.blocks)
    about = document.core_properties
    about.title, about.author, about.comments = official.title, "", ""
    about.created = about.modified = datetime.combine(official.day, time())
    document.save(target)


def _opening(document: Any, official: Official) -> None:
    if official.heading:
        paragraph = _line(
            document, official.heading, "title", 36, align=CENTER, indent=False, before=99 - TEXT
        )
        paragraph.runs[0].font.color.rgb = RED
        ruled = _line(document, official.number, align=CENTER, indent=False, before=PITCH)
        edges = f'<w:pBdr {nsdecls("w")}><w:bottom w:val="single" w:sz="12" w:space="6" w:color="C00000"/></w:pBdr>'
        ruled._p.get_or_add_pPr().insert_element_before(
            parse_xml(edges), "w:shd", "w:tabs", "w:snapToGrid", "w:spacing", "w:ind", "w:jc"
        )
    _headline(document, official.title)
    if official.number and not official.heading:
        _line(document, official.number, align=CENTER, indent=False, after=PITCH)
    if official.addressee:
        _line(document, f"{official.addressee}：", indent=False)


def _headline(document: Any, text: str) -> None:
    _line(document, text, "title", HEAD, align=CENTER, indent=False, before=PITCH // 2, after=PITCH)


def _signature(document: Any, official: Official) -> None:
    name, day = signature_indents(official.signed, official.day)
    document.paragraphs[-1].paragraph_format.keep_with_next = True  # a signature never stands alone on a page
    before = 2 * PITCH
    if official.signed:
        line = _line(document, official.signed, align=RIGHTWARDS, indent=False, before=before)
        line.paragraph_format.right_indent, line.paragraph_format.keep_with_next = Pt(name * TEXT), True
        before = 0
    line = _line(document, day_words(official.day), align=RIGHTWARDS, indent=False, before=before)
    line.paragraph_format.right_indent = Pt(day * TEXT)


def _write_blocks(document: Any, blocks: Sequence[Block]) -> None:
    for block in numbered(blocks):
        if isinstance(block, Heading):
            line = _line(document, block.text, LEVEL_FONTS[block.level - 1])
            line.paragraph_format.keep_with_next = True
        elif isinstance(block, Paragraph):
            _line(document, block.text)
        elif isinstance(block, Table):
            _table(document, block)
        else:
            _chart(document, block)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAPER_WIDE), Mm(PAPER_HIGH)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance = Mm(BOTTOM - 12)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, RIGHTWARDS), (section.even_page_footer, LEFTWARDS)):
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        shape = paragraph.paragraph_format
        shape.left_indent = shape.right_indent = Pt(14)
        _run(paragraph, "— ", "pages", 14)
        _page_field(_run(paragraph, "", "pages", 14))
        _run(paragraph, " —", "pages", 14)


def _page_field(run: Any) -> None:
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = text
        run._r.append(mark)


def _substitutes(document: Any) -> None:
    """Names free fonts in the table of fonts: Word takes them where the one that is named is missing."""
    part = next(rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/fontTable"))
    fonts = parse_xml(part.blob)
    for font in [one for one in fonts if one.get(qn("w:name")) in NAMES.values()]:
        fonts.remove(font)
    for names in FONTS.values():
        others = ",".join(names[1:])
        fonts.append(
            parse_xml(f'<w:font {nsdecls("w")} w:name="{names[0]}"><w:altName w:val="{others}"/></w:font>')
        )
    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _line(
    document: Any, text: str, font: str = "text", size: int = TEXT, *, align: Any = JUSTIFY, indent: bool = True,
    before: int = 0, after: int = 0,
) -> Any:  # fmt: skip
    paragraph = document.add_paragraph()
    shape = paragraph.paragraph_format
    shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    shape.line_spacing = Pt(PITCH if size == TEXT else size + 12)
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    paragraph.alignment = align
    if indent:
        shape.first_line_indent = Pt(2 * size)
    _run(paragraph, text, font, size)
    return paragraph


def _run(paragraph: Any, text: str, font: str, size: int) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), LATIN
    run._element.rPr.rFonts.set(qn("w:eastAsia"), NAMES[font])
    return run


def _table(document: Any, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.headings), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    _cells(table.rows[0], block.headings, block, "first")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for values in block.rows:
        _cells(table.add_row(), values, block, "text")
    for row in table.rows:
        row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))
    for column, width in zip(table.columns, block.widths, strict=True):
        column.width = Mm(width)
    _spacer(document)


def _spacer(document: Any) -> None:
    """What keeps two tables apart."""
    shape = document.add_paragraph().paragraph_format
    shape.line_spacing_rule, shape.line_spacing, shape.space_after = WD_LINE_SPACING.EXACTLY, Pt(8), Pt(0)


def _cells(row: Any, values: Sequence[str], block: Table, font: str) -> None:
    for place, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
        cell.width = Mm(block.widths[place])
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        paragraph.alignment = LEFTWARDS if place in block.left and font != "first" else CENTER
        _run(paragraph, value, font, SMALL)


def _chart(document: Any, chart: Chart) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTER
    shape = paragraph.add_run().add_picture(BytesIO(printing.png(chart)), width=Mm(WIDE))
    shape._inline.docPr.set("descr", chart.title)
    package = document.part.package
    name = PackURI(f"/word/media/chart{shape._inline.docPr.id}.svg")
    part = Part(name, "image/svg+xml", charts.svg(chart).encode(), package)
    held = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    [blip] = shape._inline.iter(qn("a:blip"))
    blip.append(parse_xml(SVG.format(a=nsdecls("a"), r=nsdecls("r"), id=held)))
