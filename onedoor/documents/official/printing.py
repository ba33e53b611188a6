"""The PDF of an official document, by Typst: no network, no office program; and drawings as PNG for old readers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import typst

from onedoor.documents.official import charts
from onedoor.documents.official.model import (
    BOTTOM,
    FONTS,
    LEFT,
    RIGHT,
    TOP,
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
from onedoor.kernel.problems import Problem

LAYOUT = Path(__file__).with_name("official.typ")
DENSITY = 200  # dots an inch of a PNG


class NoFont(Problem):
    """The machine has no font with Chinese characters, so no PDF can be set."""

    code, status = "no_font", 500
    zh, en = (
        "这台机器没有可用的中文字体，无法生成 PDF；请安装任一种：{fonts}",
        "this machine has no Chinese font, so no PDF can be made; install one of {fonts}",
    )


@cache
def fonts() -> dict[str, list[str]]:
    """Role → the fonts of it that the machine has, best first. Raises NoFont where a role has none."""
    held = set(typst.Fonts().families())
    found = {role: [name for name in names if name in held] for role, names in FONTS.items()}
    anything = [name for names in found.values() for name in names]
    if not anything:
        raise NoFont(fonts="Noto Serif CJK SC, Noto Sans CJK SC, FandolFang")
    return {role: names or anything[:1] for role, names in found.items()}


def pdf(official: Official) -> bytes:
    """The document as PDF. The same document and fonts give the same pages. Raises NoFont."""
    files: dict[str, bytes] = {}
    told = _told(official, files)
    content = {"main": LAYOUT.read_bytes(), "document.json": json.dumps(told, ensure_ascii=False).encode()}
    return _compiled(content | files, format="pdf")


def png(chart: Chart) -> bytes:
    """A chart as a picture of dots. Raises NoFont."""
    fonts()
    wide, high = charts.size(chart)
    page = f'#set page(width: {wide}mm, height: {high}mm, margin: 0mm)\n#image("chart.svg", width: {wide}mm)'
    content = {"main": page.encode(), "chart.svg": charts.svg(chart).encode()}
    return _compiled(content, format="png", ppi=DENSITY)


def _compiled(files: Any, **wanted: Any) -> bytes:
    """Typst takes files by their names; its types know only paths."""
    return bytes(typst.compile(files, **wanted))


def _told(official: Official, files: dict[str, bytes]) -> dict[str, Any]:
    """What the layout is filled with; drawings go to `files`."""
    annexes = [
        {"mark": annex_mark(official.annexes, place), "title": annex.title,
         "blocks": list(_blocks(annex.blocks, files))}
        for place, annex in enumerate(official.annexes)
    ]  # fmt: skip
    return {
        "fonts": fonts(),
        "margins": {"top": TOP, "bottom": BOTTOM, "left": LEFT, "right": RIGHT},
        "title": official.title, "number": official.number, "heading": official.heading,
        "addressee": official.addressee, "blocks": list(_blocks(official.blocks, files)), "signed": official.signed,
        "day": day_words(official.day), "indents": signature_indents(official.signed, official.day),
        "annexes": annexes, "annex_lines": annex_lines(official),
    }  # fmt: skip


def annex_lines(official: Official) -> list[str]:
    """附件说明: the lines under the text that name the annexes."""
    if len(official.annexes) == 1:
        return [f"附件：{official.annexes[0].title}"]
    return [
        f"{'附件：' if not place else '　　　'}{place + 1}. {annex.title}"
        for place, annex in enumerate(official.annexes)
    ]


def _blocks(blocks: Sequence[Block], files: dict[str, bytes]) -> Iterator[dict[str, Any]]:
    for block in numbered(blocks):
        if isinstance(block, Heading):
            yield {"kind": "heading", "level": block.level, "text": block.text}
        elif isinstance(block, Paragraph):
            yield {"kind": "paragraph", "text": block.text}
        elif isinstance(block, Table):
            yield {"kind": "table", "headings": list(block.headings), "rows": [list(row) for row in block.rows],
                   "widths": list(block.widths), "left": sorted(block.left)}  # fmt: skip
        else:
            name = f"chart{len(files) + 1}.svg"
            files[name] = charts.svg(block).encode()
            yield {"kind": "chart", "file": name, "wide": charts.size(block)[0], "alt": block.title}
