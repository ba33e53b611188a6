"""A bulletin as an official document (公文): one model, from which the .docx and the PDF are written."""

from __future__ import annotations

from typing import BinaryIO

from onedoor.appraisal.bulletins.content import Bulletin, Part
from onedoor.documents.official import printing, word
from onedoor.documents.official.model import Bar, Block, Chart, Heading, Official, Paragraph, Table

HEADINGS = ("名次", "单位", "得分", "比上期")
WIDTHS = (18, 86, 28, 24)
CHARTED = 20  # units in a chart; a longer ranking is read in its table
CLOSING = (
    "本通报只考核单位，不涉及个人；群众来件多少不计分。各项得分可逐项查询计算过程和明细，"
    "对得分有异议的，按规定期限提出。"
)


def write(bulletin: Bulletin, target: BinaryIO | str) -> None:
    """Writes the draft as .docx. The same draft gives the same words; nothing in it says when it was written."""
    word.write(compose(bulletin), target)


def pdf(bulletin: Bulletin) -> bytes:
    """The draft as PDF. Raises NoFont."""
    return printing.pdf(compose(bulletin))


def compose(bulletin: Bulletin) -> Official:
    """The draft as a document; whoever signs it adds number, addressee and name."""
    blocks: list[Block] = [
        Paragraph(f"根据《{bulletin.basis}》，现将{bulletin.period}考核情况通报如下。"),
        Heading(1, "总体情况"),
        *(Paragraph(_whole(part)) for part in bulletin.parts),
        Heading(1, "得分和名次"),
        *(block for part in bulletin.parts for block in _ranking(part)),
        Heading(1, "表扬和改进"),
        *(Paragraph(_words(part)) for part in bulletin.parts),
        Heading(1, "更正情况"),
        *map(Paragraph, bulletin.corrections or ["上期通报以来，没有经异议裁定的更正。"]),
        Paragraph(CLOSING),
    ]
    return Official(bulletin.title, blocks, bulletin.day)


def _ranking(part: Part) -> list[Block]:
    """A group's heading, chart, table and those who stand apart."""
    blocks: list[Block] = [Heading(2, f"{part.title}（满分 {part.marks} 分）")]
    if 1 < len(part.lines) <= CHARTED:
        bars = [Bar(line.name, float(line.marks), line.marks) for line in part.lines]
        blocks.append(Chart(f"{part.title}得分（满分 {part.marks} 分）", bars, float(part.marks)))
    rows = [(line.place, line.name, line.marks, line.moved) for line in part.lines]
    if rows:
        blocks.append(Table(HEADINGS, rows, WIDTHS, frozenset({1})))
    return blocks + [
        Paragraph(f"单列（{apart.why}）{len(apart.names)} 个：{'、'.join(apart.names)}。")
        for apart in part.apart
    ]


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
