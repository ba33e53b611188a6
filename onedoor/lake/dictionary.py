"""The data dictionary of the lake, written out of its catalogue: `python -m onedoor.lake.dictionary FILE`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from onedoor.lake.columns import Column, Table, tables

_KINDS = {
    "text": "文字 text", "flag": "是否 true/false", "count": "整数 integer", "number": "数 number",
    "moment": "时刻 UTC timestamp", "day": "日期 date",
}  # fmt: skip
_HEAD = """# 数据字典 · Data dictionary

由 `onedoor/lake/columns.yaml` 生成，请勿手改。数据湖只有下列的表和列，任何一列都不指向个人。
怎样导出、怎样读取，见 `docs/lake.md`。

Generated from `onedoor/lake/columns.yaml`; do not edit it here.
The lake has these tables and columns and no others; none of them
points at a person. How it is written and read stands in
`docs/lake.md`.
"""


def pages(found: Mapping[str, Table]) -> Iterator[str]:
    """The dictionary as Markdown, a part per table."""
    yield _HEAD
    for key, table in found.items():
        yield f"\n## {key}\n\n{table.zh} · {table.en}\n"
        split = f"；按 `{table.month}` 的月份和县区分开 · divided by the month of `{table.month}` and county"
        yield f"\n键与次序 · Key and order: {', '.join(f'`{k}`' for k in table.key)}{split if table.month else ''}\n"
        yield "\n| 列 column | 类型 kind | 可空 null | 含义 | meaning |\n|---|---|---|---|---|\n"
        yield from (_row(name, column) for name, column in table.columns.items())


def _row(name: str, column: Column) -> str:
    empty = "是 yes" if column.empty else ""
    return f"| `{name}` | {_KINDS[column.kind]} | {empty} | {column.zh} | {column.en} |\n"


def text() -> str:
    """The whole of it."""
    return "".join(pages(tables()))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), "utf-8")
