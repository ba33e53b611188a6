"""A scheme as a workbook that officials draft in: the template, a filled one written out, and one read back.

Six sheets: the scheme, groups of peers, offices, evidence, items, and the indicators to choose from. A fault names the
sheet and the cell. Titles may be written where a key is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from onedoor.appraisal.schemes.language import Item, Scheme, SubItem
from onedoor.kernel.packs import Fault, Source
from onedoor.kernel.tables import read as read_table
from onedoor.kernel.tables import safe

LEVELS = {
    "市": "city",
    "县区": "county",
    "部门": "department",
    "乡镇街道": "township",
    "村社区": "village",
    "网格": "grid",
}
CADENCES = {"周": "week", "月": "month", "季": "quarter", "年": "year"}
HEAD, GROUPS, OFFICES, EVIDENCE, ITEMS, CHOICES = "方案", "同类组", "来源单位", "佐证材料", "条目", "可用指标"
COLUMNS: Mapping[str, Mapping[str, str]] = {  # sheet → the header and the field it fills
    HEAD: {"编码": "scheme", "名称": "zh", "英文名称": "en", "依据": "source", "可靠程度": "sure"},
    GROUPS: {"编码": "key", "名称": "zh", "英文名称": "en", "层级": "level", "满分": "marks", "单位类型": "kinds",
             "最低应考比例": "enough"},
    OFFICES: {"编码": "key", "名称": "zh", "英文名称": "en", "单位类型": "kind", "层级": "level"},
    EVIDENCE: {"编码": "key", "名称": "zh", "英文名称": "en"},
    ITEMS: {
        "条目编号": "code", "同类组": "group", "条目名称": "item_zh", "条目英文名称": "item_en",
        "条目分值": "item_weight", "细项名称": "zh", "细项英文名称": "en", "分值": "weight",
        "指标": "indicator", "参数": "with",
        "佐证": "evidence",
        "评分规则": "rule", "周期": "every", "来源单位": "office", "最少件数": "least", "一票否决": "veto",
        "说明": "note_zh",
        "英文说明": "note_en",
    },
}  # fmt: skip
OF_ITEM = ("code", "group", "item_zh", "item_en", "item_weight")
YES = ("是", "yes", "true", "1", "√")
Path_ = tuple[str | int, ...]
Cells = dict[str, tuple[str, str]]  # field → (text, cell)


@dataclass(frozen=True)
class Sheets(Source):
    """A workbook as read, and the cell of every path into it."""

    cells: Mapping[Path_, tuple[str, str, int]] = field(default_factory=dict)  # → sheet, cell, row

    def _cell(self, path: Sequence[str | int]) -> tuple[str, str, int] | None:
        tries = (tuple(path[:length]) for length in range(len(path), 0, -1))
        return next((self.cells[one] for one in tries if one in self.cells), None)

    def line(self, path: Sequence[str | int] = ()) -> int:
        """The row of the deepest part of `path` that has one."""
        found = self._cell(path)
        return found[2] if found else 1

    def fault(
        self, path: Sequence[str | int], zh: str, en: str, hint_zh: str = "", hint_en: str = ""
    ) -> Fault:
        """A fault at `path`, with its sheet and cell."""
        found = self._cell(path)
        at_zh, at_en = (
            (f"工作表“{found[0]}”{found[1]} 格：", f"sheet {found[0]} cell {found[1]}: ")
            if found
            else ("", "")
        )
        return Fault(self.file, self.line(path), at_zh + zh, at_en + en, hint_zh, hint_en)


class _Reading:
    """The tree of a scheme growing out of the rows of a workbook."""

    def __init__(self, file: Path, indicators: Mapping[str, str]) -> None:
        self.file, self.cells = file, dict[Path_, tuple[str, str, int]]()
        self.keys: dict[str, dict[str, str]] = {"indicator": {zh: key for key, zh in indicators.items()}}

    def rows(self, sheet: str, required: Sequence[str]) -> Iterator[tuple[int, Cells]]:
        """(row number, its filled cells by field) of one sheet. Raises BadInput."""
        with read_table(self.file, rename=COLUMNS[sheet], required=required, sheet=sheet) as table:
            letters = {name: get_column_letter(place) for place, name in enumerate(table.names, 1)}
            for row in table.rows():
                yield (
                    row.number,
                    {
                        name: (row.values[name].strip(), f"{letters[name]}{row.number}")
                        for name in letters
                        if row.values.get(name, "").strip()
                    },
                )

    def put(
        self, sheet: str, number: int, cells: Cells, path: Path_, names: Mapping[str, str]
    ) -> dict[str, Any]:
        """The values of `names` (field → key in the tree) that are filled, each cell remembered under its path."""
        here = next(iter(cells.values()), ("", f"A{number}"))[1]
        self.cells.setdefault(path, (sheet, here, number))
        held: dict[str, Any] = {}
        for name, key in names.items():
            if name in cells:
                held[key] = cells[name][0]
                self.cells[(*path, key)] = (sheet, cells[name][1], number)
        return held

    def keyed(self, sheet: str, part: str, names: Sequence[str]) -> dict[str, Any]:
        """A sheet of things by key. What they are called may be written for their key elsewhere."""
        found: dict[str, Any] = {}
        titles = self.keys.setdefault(part, {})
        for number, cells in self.rows(sheet, ("key", "zh")):
            key = cells.get("key", ("", ""))[0]
            held = self.put(sheet, number, cells, (part, key), {name: name for name in names})
            titles[held.get("zh", "")] = key
            found[key] = bilingual(held)
        return found


def bilingual(held: dict[str, Any]) -> dict[str, Any]:
    """With the Chinese title for the English one where nobody wrote it."""
    return held | {"en": held.get("en") or held.get("zh", "")}


def read(file: Path, indicators: Mapping[str, str]) -> Sheets:
    """Reads a filled workbook; `indicators` are their Chinese titles by key. Raises BadInput."""
    reading = _Reading(file, indicators)
    tree: dict[str, Any] = {}
    for number, cells in reading.rows(HEAD, ("scheme", "zh")):
        names = {"scheme": "scheme", "source": "source", "sure": "sure"}
        title = reading.put(HEAD, number, cells, ("title",), {"zh": "zh", "en": "en"})
        tree = reading.put(HEAD, number, cells, (), names) | {"title": bilingual(title)}
        break
    tree["groups"] = reading.keyed(GROUPS, "groups", ("zh", "en", "level", "marks", "kinds", "enough"))
    tree["offices"] = reading.keyed(OFFICES, "offices", ("zh", "en", "kind", "level"))
    tree["evidence"] = reading.keyed(EVIDENCE, "evidence", ("zh", "en"))
    for held in [*tree["groups"].values(), *tree["offices"].values()]:
        held["level"] = LEVELS.get(held.get("level", ""), held.get("level", ""))
    for held in tree["groups"].values():
        held["kinds"] = [
            kind
            for kind in held.get("kinds", "")
            .replace("、", ",")
            .replace("，", ",")
            .replace(" ", "")
            .split(",")
            if kind
        ]
    tree["items"] = _items(reading)
    return Sheets(file, tree, reading.cells)


def _items(reading: _Reading) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    for number, cells in reading.rows(ITEMS, ("code", "zh", "weight", "rule")):
        if "code" in cells or "item_zh" in cells or not items:
            place = len(items)
            names = {
                "code": "code",
                "group": "group",
                "item_zh": "zh",
                "item_en": "en",
                "item_weight": "weight",
            }
            held = bilingual(reading.put(ITEMS, number, cells, ("items", place), names))
            held["group"] = reading.keys["groups"].get(held.get("group", ""), held.get("group", ""))
            items.append(held | {"sub_items": []})
        if cells.keys() - set(OF_ITEM):
            items[-1]["sub_items"].append(
                _part(reading, number, cells, len(items) - 1, len(items[-1]["sub_items"]))
            )
    return items


def _part(reading: _Reading, number: int, cells: Cells, item: int, place: int) -> dict[str, Any]:
    path: Path_ = ("items", item, "sub_items", place)
    own = {"zh", "en", "weight", "indicator", "with", "evidence", "rule", "every", "office", "least", "veto"}
    held = reading.put(
        ITEMS, number, {n: c for n, c in cells.items() if n not in OF_ITEM}, path, {n: n for n in own}
    )
    for name, part in (("indicator", "indicator"), ("evidence", "evidence"), ("office", "offices")):
        if name in held:
            held[name] = reading.keys[part].get(held[name], held[name])
    if "every" in held:
        held["every"] = CADENCES.get(held["every"], held["every"])
    if "with" in held:
        held["with"] = _parameters(held["with"])
        for name in held["with"]:
            reading.cells[(*path, "with", name)] = reading.cells[(*path, "with")]
    if "veto" in held:
        held["veto"] = held["veto"].lower() in YES
    if "note_zh" in cells:
        held["note"] = {"zh": cells["note_zh"][0], "en": cells.get("note_en", cells["note_zh"])[0]}
        reading.cells[(*path, "note")] = (ITEMS, cells["note_zh"][1], number)
    return bilingual(held)


def _parameters(text: str) -> dict[str, str]:
    pairs = text.replace("；", ";").replace("＝", "=").split(";")
    return {
        name.strip(): value.strip()
        for name, _, value in (pair.partition("=") for pair in pairs)
        if name.strip()
    }


def write(file: Path, scheme: Scheme, indicators: Mapping[str, tuple[str, str]]) -> None:
    """Writes a scheme as a workbook that `read` takes back as the same; `indicators` are (Chinese, English) by key."""
    book = Workbook()
    book.remove(book.worksheets[0])
    title = {
        "scheme": scheme.scheme,
        "zh": scheme.title.zh,
        "en": scheme.title.en,
        "source": scheme.source,
        "sure": scheme.sure,
    }
    _page(book, HEAD, COLUMNS[HEAD], [title])
    levels = {level: zh for zh, level in LEVELS.items()}
    _page(book, GROUPS, COLUMNS[GROUPS], [
        {"key": key, **g.model_dump(), "level": levels[g.level], "kinds": "、".join(g.kinds)}
        for key, g in scheme.groups.items()
    ])  # fmt: skip
    _page(book, OFFICES, COLUMNS[OFFICES], [
        {"key": key, **o.model_dump(), "level": levels[o.level]} for key, o in scheme.offices.items()
    ])  # fmt: skip
    _page(
        book,
        EVIDENCE,
        COLUMNS[EVIDENCE],
        [{"key": key, **e.model_dump()} for key, e in scheme.evidence.items()],
    )
    rows = [
        _row(scheme, item, part, first=not j)
        for item in scheme.items
        for j, part in enumerate(item.sub_items)
    ]
    _page(book, ITEMS, COLUMNS[ITEMS], rows)
    names = {"指标": "key", "名称": "zh", "英文名称": "en"}
    _page(book, CHOICES, names, [{"key": key, "zh": zh, "en": en} for key, (zh, en) in indicators.items()])
    book.save(file)


def _row(scheme: Scheme, item: Item, part: SubItem, first: bool) -> dict[str, Any]:
    cadences = {every: zh for zh, every in CADENCES.items()}
    head = {
        "code": item.code, "group": scheme.groups[item.group].zh, "item_zh": item.zh, "item_en": item.en,
        "item_weight": item.weight,
    }  # fmt: skip
    return (head if first else {}) | {
        "zh": part.zh, "en": part.en, "weight": part.weight, "indicator": part.indicator,
        "with": "；".join(f"{name}={value}" for name, value in part.parameters.items()),
        "evidence": scheme.evidence[part.evidence].zh if part.evidence else None, "rule": part.rule,
        "every": cadences[part.every], "office": scheme.offices[part.office].zh, "least": part.least,
        "veto": "是" if part.veto else None, "note_zh": part.note.zh if part.note else None,
        "note_en": part.note.en if part.note else None,
    }  # fmt: skip


def _page(
    book: Workbook, name: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> Worksheet:
    page: Worksheet = book.create_sheet(name)
    page.append(list(columns))
    for row in rows:
        page.append([safe(row.get(key)) for key in columns.values()])
    for place, header in enumerate(columns, 1):
        page.cell(1, place).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = (
            36 if "名称" in header or header == "评分规则" else 14
        )
    for cells in page.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    page.freeze_panes = "A2"
    return page
