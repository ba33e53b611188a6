"""Charts as SVG: plain bars that print well in black and white; what is written in them is escaped."""

from __future__ import annotations

from html import escape

from onedoor.documents.official.model import FONTS, WIDE, Chart

ROW, HEAD, BAR = 8, 12, 5  # mm: a row, the title, a bar
NAMES, FIGURES = 42, 20  # mm: left of the bars, and right of them
LONGEST = 11  # characters of a label
PIXELS = 10  # units of the drawing in a mm
INK, SHADE, LINE = "#1f1f1f", "#5b7f95", "#c9c9c9"


def size(chart: Chart) -> tuple[int, int]:
    """(width, height) in mm."""
    return WIDE, HEAD + ROW * len(chart.bars) + 2


def svg(chart: Chart) -> str:
    """The drawing. The same chart gives the same text."""
    wide, high = size(chart)
    fonts = ", ".join(name for name in FONTS["first"] if name.isascii())
    room = wide - NAMES - FIGURES
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}mm" height="{high}mm" '
        f'viewBox="0 0 {wide * PIXELS} {high * PIXELS}" font-family="{fonts}" fill="{INK}">'
    )
    parts = [
        opening,
        _text(wide / 2, 7, chart.title, 44, "middle"),
    ]
    for place, bar in enumerate(chart.bars):
        top = HEAD + place * ROW
        long = room * min(max(bar.value / chart.full, 0), 1) if chart.full > 0 else 0
        parts += [
            _text(NAMES - 2, top + 4, _short(bar.label), 34, "end"),
            _box(NAMES, top, room, LINE, "0.25"),
            _box(NAMES, top, long, SHADE, "1"),
            _text(NAMES + room + 2, top + 4, bar.text, 34, "start"),
        ]
    return "\n".join([*parts, "</svg>"])


def _short(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _text(x: float, y: float, words: str, height: int, anchor: str) -> str:
    place = f'x="{x * PIXELS:.0f}" y="{y * PIXELS:.0f}"'
    return f'<text {place} font-size="{height}" text-anchor="{anchor}">{escape(words)}</text>'


def _box(x: float, y: float, wide: float, colour: str, opacity: str) -> str:
    place = f'x="{x * PIXELS:.0f}" y="{y * PIXELS:.0f}" width="{wide * PIXELS:.0f}" height="{BAR * PIXELS}"'
    return f'<rect {place} fill="{colour}" fill-opacity="{opacity}"/>'
