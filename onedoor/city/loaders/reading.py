"""What all loaders share: options, the outcome, and the way from a table's rows to an action and back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction

from onedoor.city import tree as places
from onedoor.city.loaders.columns import Columns
from onedoor.city.rows import Remark, Taken
from onedoor.kernel import tables
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables import Rejects, Row

MOST_ROWS = 300_000  # of one file of city data: a province has some fifty thousand divisions
TOLD_REFUSALS = 20

T = TypeVar("T")


@dataclass(frozen=True)
class Options:
    """How a file is to be loaded."""

    actor: Actor
    dry_run: bool = False
    rejects: Path | None = None
    columns: Mapping[str, str] = field(default_factory=dict)  # field → header
    datum: str = ""  # of maps; empty: told by the file
    mend: bool = False  # of maps: mend outlines that cross themselves
    sure: bool = False  # of maps: load although the datum seems wrong


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not taken: where it stands, what it is, and why."""

    row: int
    what: str
    errors: tuple[FieldError, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {"row": self.row, "what": self.what, "errors": [vars_of(error) for error in self.errors]}


def vars_of(error: FieldError) -> dict[str, str]:
    """A field's error as a dict."""
    return {"field": error.field, "zh": error.zh, "en": error.en}


@dataclass
class Loaded:
    """What became of a file."""

    file: str
    rows: int = 0
    taken: Taken = field(default_factory=Taken)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    rejects: Path | None = None
    dry_run: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "file": self.file,
            "rows": self.rows,
            "added": self.taken.added,
            "changed": self.taken.changed,
            "closed": self.taken.closed,
            "same": self.taken.same,
            "refused": len(self.refusals),
            "unknown_columns": self.unknown,
            "remarks": [{"zh": remark.zh, "en": remark.en} for remark in self.remarks],
            "refusals": [refusal.as_dict() for refusal in self.refusals],
            "rejects": str(self.rejects) if self.rejects else None,
            "dry_run": self.dry_run,
        }


@contextmanager
def trial(*, dry_run: bool) -> Iterator[None]:
    """Everything done inside is done, or for a dry run undone at the end."""
    with transaction.atomic():
        yield
        if dry_run:
            transaction.set_rollback(True)
    if dry_run:
        places.forget()


def open_table(file: Path, columns: Columns, options: Options, *, ignore: Sequence[str] = ()) -> tables.Table:
    """Opens a table with its headers renamed to what they mean. Raises BadInput, TooLarge."""
    with tables.read(file) as table:
        headers = table.headers
    rename = columns.rename(headers, options.columns)
    dates = [name for name in columns.dates if name not in ignore]
    return tables.read(file, rename=rename, required=columns.required, dates=dates)


def load_table(
    file: Path,
    columns: Columns,
    options: Options,
    build: Callable[[Mapping[str, str]], T | None],
    take: Callable[[Actor, Sequence[T]], Taken],
) -> Loaded:
    """Reads a table, hands its rows to an action, and writes those refused to a file of their own.

    `build` makes an action's row of a table's row, or None of one that is not filled in yet; it raises BadInput for
    what cannot be read.
    """
    loaded = Loaded(str(file), rejects=options.rejects, dry_run=options.dry_run)
    with open_table(file, columns, options) as table:
        known = dict(zip(table.headers, table.names, strict=True))
        loaded.unknown = columns.unknown(
            table.headers, {h: n for h, n in known.items() if n in columns.names}
        )
        _tell_sheets(table, loaded)
        rows, built, unread, blank = _built(table, columns, build)
        loaded.rows = len(rows) + len(unread) + blank
        if blank:
            loaded.remarks.append(
                Remark(
                    f"{blank} 行尚未填写，已略过", f"{blank} row(s) are not filled in yet, and passed over"
                )
            )
        with trial(dry_run=options.dry_run):
            loaded.taken = take(options.actor, built)
        refused = [(row, errors) for row, errors in unread]
        refused += [(rows[index], errors) for index, errors in loaded.taken.refused.items()]
        refused.sort(key=lambda pair: pair[0].number)
        loaded.refusals = [Refusal(row.number, _called(row), tuple(errors)) for row, errors in refused]
        loaded.remarks += loaded.taken.remarks
        _write_rejects(table, refused, loaded)
    return loaded


def _tell_sheets(table: tables.Table, loaded: Loaded) -> None:
    if table.other_sheets:
        names = "、".join(table.other_sheets)
        loaded.remarks.append(
            Remark(f"只读第一个工作表，未读：{names}", f"only the first sheet is read; not: {names}")
        )


def _built(
    table: tables.Table, columns: Columns, build: Callable[[Mapping[str, str]], T | None]
) -> tuple[list[Row], list[T], list[tuple[Row, list[FieldError]]], int]:
    """(rows that can be read, what they are, rows that cannot with why, how many are not filled in)"""
    rows: list[Row] = []
    built: list[T] = []
    unread: list[tuple[Row, list[FieldError]]] = []
    names, blank = set(columns.names), 0
    for row in table.rows():
        if len(rows) >= MOST_ROWS:
            raise BadInput.of(
                "file",
                f"超过 {MOST_ROWS:,} 行，请分成几个文件",
                f"more than {MOST_ROWS:,} rows; split the file",
            )
        try:
            made = build({name: value for name, value in row.values.items() if name in names})
        except BadInput as problem:
            unread.append((row, [*row.problems, *problem.errors]))
            continue
        if row.problems:
            unread.append((row, list(row.problems)))
        elif made is None:
            blank += 1
        else:
            rows.append(row)
            built.append(made)
    return rows, built, unread, blank


def _called(row: Row) -> str:
    return " ".join(filter(None, (row.values.get("code", ""), row.values.get("name", ""))))[:60]


def _write_rejects(
    table: tables.Table, refused: Sequence[tuple[Row, Sequence[FieldError]]], loaded: Loaded
) -> None:
    if loaded.rejects is None:
        return
    with Rejects(loaded.rejects, table.headers) as rejects:
        for row, errors in refused:
            rejects.add(row, errors)


def text(values: Mapping[str, str], name: str) -> str:
    """A value, or nothing."""
    return values.get(name, "")


def day(values: Mapping[str, str], name: str) -> date | None:
    """A value that the table has read as a date already; None where there is none or it could not be read."""
    try:
        return date.fromisoformat(values.get(name, "")[:10])
    except ValueError:
        return None


def whole(values: Mapping[str, str], name: str, most: int = 10_000_000) -> int | None:
    """A whole number, or None where nothing is written. Raises BadInput."""
    written = values.get(name, "").replace(",", "").replace("，", "").removesuffix("户")
    if not written:
        return None
    if not written.isdecimal() or int(written) > most:
        raise BadInput.of(
            name, f"「{written}」应为 0 至 {most} 的整数", f"{written!r} must be a whole number up to {most}"
        )
    return int(written)


def all_errors(*parts: Sequence[FieldError]) -> list[FieldError]:
    """Several lists of errors as one."""
    return list(chain.from_iterable(parts))
