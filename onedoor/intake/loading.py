"""Messages out of a table become matters: a hotline's export, a message board, a petition office's register.

Every row goes through the one door like any other filing. What cannot be placed waits in the clerk's list; what cannot
be read is refused with its reasons, and nothing is dropped: what a text has beyond the longest filing is kept as notes
in the history of its matter. A row is known again by its content, so that a file may be loaded twice, or after a
break-off, and gives every matter once.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction

from onedoor.city.loaders.columns import Column, Columns
from onedoor.city.loaders.reading import Loaded, Options, Refusal, open_table, text, trial
from onedoor.city.queries import directory
from onedoor.intake.actions import Received, receive_many
from onedoor.intake.foresight import foreseen
from onedoor.intake.rules import LONGEST_DETAIL, Report, cleaned
from onedoor.kernel import tables, time
from onedoor.kernel.datum import Datum, check_degrees, to_wgs84
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.kernel.tables import Row
from onedoor.kernel.tables.cells import listed
from onedoor.kernel.texts import tidy
from onedoor.kernel.time import CITY_ZONE
from onedoor.matters.actions.acting import LONGEST_NOTE, note

BATCH = 500
TOLD = 1000  # refusals that are kept in memory to be told; the file of refused rows has all of them

MESSAGES = Columns(
    (
        Column("title", ("标题", "主题", "留言主题", "诉求标题")),
        Column(
            "detail", ("内容", "详情", "留言详情", "诉求内容", "正文", "事项内容", "content", "description")
        ),
        Column("id", ("msg_id", "uid", "编号", "留言编号", "工单号", "工单编号", "service_request_id")),
        Column(
            "time", ("时间", "留言时间", "来电时间", "登记时间", "反映时间", "requested_datetime"), date=True
        ),
        Column("name", ("姓名", "反映人", "来电人", "留言用户", "user_code")),
        Column("contact", ("电话", "手机", "联系电话", "联系方式", "来电号码")),
        Column("address", ("地址", "地点", "事发地址", "事发地点")),
        Column("lon", ("经度", "lng", "longitude")),
        Column("lat", ("纬度", "latitude")),
        Column("division_code", ("区划代码", "所属区划代码")),
        Column("category", ("事项分类代码", "category_code")),
    ),
    left=("tokens", "complete", "dup_group"),
)


@dataclass
class Filed(Loaded):
    """What became of a file of messages."""

    refused: int = 0
    repeated: int = 0  # rows that were matters already
    unplaced: int = 0  # matters that wait in the clerk's list
    unsure: int = 0  # matters for which no telling word was found
    categories: Counter[str] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, object]:
        """For `--json`."""
        return super().as_dict() | {
            "refused": self.refused,
            "repeated": self.repeated,
            "unplaced": self.unplaced,
            "unsure_category": self.unsure,
            "categories": dict(self.categories.most_common()),
            "units": dict(self.units.most_common()),
        }


def load_matters(file: Path, options: Options, advance: Callable[[int], None] = lambda _: None) -> Filed:
    """Takes in every row as a filing. Streams: memory does not grow with the file.

    Raises BadInput for a file that is useless, NoCity and NotNow where there is no city or no unit yet.
    """
    filed = Filed(str(file), rejects=options.rejects, dry_run=options.dry_run)
    with open_table(file, MESSAGES, options) as table:
        known = {
            header: name
            for header, name in zip(table.headers, table.names, strict=True)
            if name in MESSAGES.names
        }
        filed.unknown = MESSAGES.unknown(table.headers, known)
        if not {"title", "detail"} & set(known.values()):
            there = listed(table.headers)
            raise BadInput.of(
                "detail",
                f"没有标题或内容列；现有：{there}",
                f"there is no column of titles or texts; there are {there}",
            )
        datum = Datum.parse(options.datum or "wgs84")
        with ExitStack() as stack:
            keep = _keeper(stack, options.rejects, table)
            if options.dry_run:
                stack.enter_context(trial(dry_run=True))
            readable = _readable(table.rows(), datum, filed, keep)
            for rows in foreseen(_batches(readable), lambda one: (one[1].title, one[1].detail)):
                _take(rows, options, filed, keep)
                advance(len(rows))
    return filed


Read = tuple[Row, Report]
Keep = Callable[[Row, Sequence[FieldError]], None]


def _keeper(stack: ExitStack, path: Path | None, table: tables.Table) -> Keep:
    """What is done with a refused row: written to the file for them, where one is wanted."""
    if path is None:
        return lambda row, errors: None
    return stack.enter_context(tables.Rejects(path, table.headers)).add


def _readable(rows: Iterator[Row], datum: Datum, filed: Filed, keep: Keep) -> Iterator[Read]:
    """The rows that are filings, with what they say; the others are refused."""
    for row in rows:
        filed.rows += 1
        try:
            yield row, _report(row, datum)
        except BadInput as problem:
            _refuse(row, problem.errors, filed, keep)


def _batches(rows: Iterator[Read]) -> Iterator[list[Read]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _take(rows: Sequence[Read], options: Options, filed: Filed, keep: Keep) -> None:
    """Takes in one batch; where one row stands in the way of all, each is taken by itself."""
    try:
        _receive(rows, options, filed)
    except BadInput:
        for one in rows:
            try:
                _receive([one], options, filed)
            except BadInput as problem:
                _refuse(one[0], problem.errors, filed, keep)


@transaction.atomic
def _receive(rows: Sequence[Read], options: Options, filed: Filed) -> None:
    """A batch comes through the door at one moment: clocks that start together are reckoned once."""
    with time.at(time.now()):
        received = receive_many(options.actor, [report for _, report in rows])
    for (row, _), one in zip(rows, received, strict=True):
        rest = tidy(text(row.values, "detail"))[LONGEST_DETAIL:]
        for start in range(0, 0 if one.repeated else len(rest), LONGEST_NOTE):
            note(options.actor, one.matter.number, rest[start : start + LONGEST_NOTE])
    _count(received, filed)


def _refuse(row: Row, errors: Sequence[FieldError], filed: Filed, keep: Keep) -> None:
    filed.refused += 1
    keep(row, errors)
    if len(filed.refusals) < TOLD:
        filed.refusals.append(Refusal(row.number, text(row.values, "title")[:60], tuple(errors)))


def _report(row: Row, datum: Datum) -> Report:
    """A filing out of a row. Raises BadInput with everything that cannot be taken."""
    values, errors = row.values, list(row.problems)
    point = _point(values, datum, errors)
    report = Report(
        detail=tidy(text(values, "detail"))[:LONGEST_DETAIL],
        title=text(values, "title"),
        channel="file",
        address=text(values, "address"),
        lon=point[0],
        lat=point[1],
        division_code=text(values, "division_code"),
        category=text(values, "category"),
        name=text(values, "name"),
        contact=text(values, "contact"),
        key=_key(values),
        at=_moment(text(values, "time")),
    )
    try:
        report = cleaned(report)
    except BadInput as problem:
        errors += problem.errors
    if errors:
        raise BadInput(errors)
    return report


def _key(values: Mapping[str, str]) -> str:
    """The same row gives the same key, whatever the file is called."""
    told = "\x1f".join(f"{column.name}={text(values, column.name)}" for column in MESSAGES.columns)
    return "file:" + hashlib.sha256(told.encode()).hexdigest()[:40]


def _moment(written: str) -> datetime | None:
    """The moment as the table has read it; days begin at midnight of the city."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:  # nothing written, or told among the row's problems already
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=CITY_ZONE)


def _point(
    values: Mapping[str, str], datum: Datum, errors: list[FieldError]
) -> tuple[float | None, float | None]:
    lon, lat = text(values, "lon"), text(values, "lat")
    if not lon and not lat:
        return None, None
    try:
        point = float(lon), float(lat)
        check_degrees(*point, field="lon")
    except ValueError:
        errors.append(
            FieldError("lon", f"「{lon}, {lat}」不是经纬度", f"{lon!r}, {lat!r} are no coordinates")
        )
    except BadInput as problem:
        errors += problem.errors
    else:
        return to_wgs84(*point, datum)
    return None, None


def _count(received: Sequence[Received], filed: Filed) -> None:
    units = directory().units
    for one in received:
        if one.repeated:
            filed.repeated += 1
            filed.taken.same += 1
            continue
        filed.taken.added += 1
        filed.unplaced += not one.matter.placed
        filed.unsure += not (one.suggestions and one.suggestions[0].share)
        filed.categories[one.matter.category.code] += 1
        filed.units[units[one.matter.unit_id].name] += 1
