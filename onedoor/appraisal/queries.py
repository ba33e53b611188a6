"""The weekly sheet in a handful of grouped reads, and the matters behind any of its figures.

How each column is counted is said in `rules.COLUMNS`. A verdict, and the reopening that follows from one, is counted
at the unit that had answered: the one that the last handling limit met before it had bound, whoever has the matter now.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Substr

from onedoor.appraisal.rules import BY_KEY, SATISFIED_FROM, Cell, Level, Row, Sheet, Week, empty_cells, summed
from onedoor.city.models import Division, Unit
from onedoor.city.queries import directory
from onedoor.city.tree import Node, tree
from onedoor.kernel import time
from onedoor.kernel.models import Entry
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.matters.models import Clock, Matter, Verdict

LIMITS = {"accept": "accepted_in_time", "act": "answered_in_time"}  # clock → the column that counts it
CLOCK_OF = {column: clock for clock, column in LIMITS.items()}
STREAM = "matter/"

Part = Literal["all", "yes", "no"]
Cells = Mapping[int, dict[str, Cell]]


def weekly_sheet(week: str | Week, level: Level = "unit", division: str | None = None) -> Sheet:
    """The sheet of a week, a row per county or per unit below `division` (a code; the whole city without it).

    Raises BadInput for a week or level that is none, NotFound for a division that does not stand.
    """
    week = week if isinstance(week, Week) else Week.parse(week)
    now = time.now()
    scope = _scope(level, division)
    cells: dict[int, dict[str, Cell]] = defaultdict(empty_cells)
    for column, key, cell in _figures(week, level, now):
        cells[key][column] = cell
    behind = _overdue_pairs(level, now)
    for key, count in Counter(key for key, _ in behind).items():
        cells[key]["overdue"] = Cell(count)
    rows = _rows(level, cells, scope)
    shown = {row.id for row in rows}
    total = summed(rows) | {"overdue": Cell(len({matter for key, matter in behind if key in shown}))}
    return Sheet(
        week, level, scope.code, scope.name, now,
        rows=[row for row in rows if not row.nothing_due],
        apart=[row for row in rows if row.nothing_due],
        total=Row(0, "", "合计", "All together", cells=total),
    )  # fmt: skip


def matters_behind(
    week: str | Week,
    level: Level,
    code: str | None,
    column: str,
    part: Part = "all",
    division: str | None = None,
) -> QuerySet[Matter]:
    """The matters that a figure counts; all of them, whoever may see them (the caller's policy narrows).

    code: of the row's unit or county; None for all rows together, of the city or of `division`. part, of a share:
    `yes` what counts for it, `no` what counts against it, `all` both. A matter that a figure counts twice (two
    verdicts) is there once. Raises BadInput for a week, level, column or part that is none, NotFound for a code.
    """
    week = week if isinstance(week, Week) else Week.parse(week)
    if column not in BY_KEY:
        raise BadInput.of("column", f"没有此列:{column[:30]}", f"columns are {', '.join(BY_KEY)}")
    if part not in ("all", "yes", "no"):
        raise BadInput.of("part", "应为 all、yes 或 no", "part is all, yes or no")
    scope = _scope(level, division)
    keys = (
        {_row_id(level, code)} if code else {row.id for row in _rows(level, {}, scope)} if division else None
    )
    return Matter.objects.filter(_behind(week, level, keys, column, part))


def _behind(week: Week, level: Level, keys: set[int] | None, column: str, part: Part) -> Q:
    now = time.now()
    if column == "received":
        return _opened(week) & (Q() if keys is None else Q(**{f"{_own_key(level)}__in": keys}))
    if column == "reopened":
        numbers = [number for number, key in _reopenings(week, level) if keys is None or key in keys]
        return Q(number__in=numbers)
    if column in CLOCK_OF:
        rows: QuerySet[Any] = _due(week, now).filter(name=CLOCK_OF[column])
        rows, met = rows.annotate(row=F(_clock_key(level))), IN_TIME
    elif column == "overdue":
        rows, met = _overdue(now).annotate(row=F(_clock_key(level))), Q()
    else:
        asked, met = VERDICTS[column]
        rows = _given(week, level).filter(asked)
    if keys is not None:
        rows = rows.filter(row__in=keys)
    if BY_KEY[column].is_share and part != "all":
        rows = rows.filter(met) if part == "yes" else rows.exclude(met)
    return Q(pk__in=rows.values("matter_id"))


def _figures(week: Week, level: Level, now: datetime) -> Iterable[tuple[str, int, Cell]]:
    """(column, row, figure) of all that can be counted in the database."""
    received = Matter.objects.filter(_opened(week)).values(row=F(_own_key(level))).annotate(n=Count("pk"))
    for found in received.order_by():
        yield "received", found["row"], Cell(found["n"])
    due = _due(week, now).values("name", row=F(_clock_key(level)))
    for found in due.annotate(of=Count("pk"), n=Count("pk", filter=IN_TIME)).order_by():
        if found["row"] is not None:
            yield LIMITS[found["name"]], found["row"], Cell(found["n"], found["of"])
    for found in _verdict_counts(week, level):
        yield "solved", found["row"], Cell(found["n_solved"], found["n_heard"])
        yield "satisfied", found["row"], Cell(found["n_content"], found["n_rated"])
        yield "unheard", found["row"], Cell(found["n_unheard"])
    for key, count in Counter(key for _, key in _reopenings(week, level)).items():
        yield "reopened", key, Cell(count)


IN_TIME = Q(state="met", ended_at__lte=F("due_at"))
# column → (the verdicts it is out of, those that count for it)
VERDICTS: Mapping[str, tuple[Q, Q]] = {
    "solved": (Q(solved__isnull=False), Q(solved=True)),
    "satisfied": (Q(satisfied__isnull=False), Q(satisfied__gte=SATISFIED_FROM)),
    "unheard": (Q(solved__isnull=True), Q()),
}


def _opened(week: Week) -> Q:
    return Q(opened_at__gte=week.begins, opened_at__lt=week.ends)


def _due(week: Week, now: datetime) -> QuerySet[Clock]:
    """The limits that fell due in the week, and by now."""
    until = min(week.ends, now)
    rows = Clock.objects.filter(name__in=LIMITS, state__in=("met", "running"))
    return rows.filter(due_at__gte=week.begins, due_at__lt=until)


def _overdue(now: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(state="running", due_at__lt=now, unit__isnull=False, matter__is_open=True)


def _overdue_pairs(level: Level, now: datetime) -> set[tuple[int, int]]:
    """(row, matter) for every overdue matter, once for every unit that one of its limits binds."""
    return set(_overdue(now).values_list(_clock_key(level), "matter_id").distinct())


def _given(week: Week, level: Level) -> QuerySet[Any]:
    """The verdicts of the week with `row`, the one that each belongs to."""
    row: Combinable = F("matter__county_id") if level == "county" else answered_by()
    return Verdict.objects.filter(at__gte=week.begins, at__lt=week.ends).annotate(row=row)


def answered_by() -> Combinable:
    """For a verdict: the unit whose answer it judges."""
    met = Clock.objects.filter(
        matter_id=OuterRef("matter_id"), name="act", state="met", ended_at__lte=OuterRef("at")
    )
    last = Subquery(met.order_by("-ended_at", "-pk").values("unit_id")[:1])
    return Coalesce(last, F("matter__unit_id"), output_field=BigIntegerField())


def _verdict_counts(week: Week, level: Level) -> QuerySet[Any]:
    (heard, solved), (rated, content), (unheard, _) = VERDICTS.values()
    counts = {
        "n_heard": heard,
        "n_solved": solved,
        "n_rated": rated,
        "n_content": content,
        "n_unheard": unheard,
    }
    grouped = _given(week, level).values("row")
    return grouped.annotate(**{name: Count("pk", filter=rows) for name, rows in counts.items()}).order_by()


def _reopenings(week: Week, level: Level) -> list[tuple[str, int]]:
    """(number, row) for every time in the week that a resident's word began the work again."""
    acted = Entry.objects.filter(
        kind="acted", at__gte=week.begins, at__lt=week.ends, stream__startswith=STREAM
    )
    again = acted.filter(body__changes__has_key="times_reopened")
    number_of = Substr("stream", len(STREAM) + 1)
    found = list(again.annotate(number=number_of).values_list("number", "at"))
    wanted = {number for number, _ in found}
    if level == "county":
        county = dict(Matter.objects.filter(number__in=wanted).values_list("number", "county_id"))
        return [(number, county[number]) for number, _ in found if number in county]
    return [(number, unit) for number, unit in _answerers(found, wanted) if unit]


def _answerers(found: list[tuple[str, datetime]], wanted: set[str]) -> Iterable[tuple[str, int | None]]:
    """For every (number, moment) the unit that had answered by then."""
    met = Clock.objects.filter(matter__number__in=wanted, name="act", state="met").order_by("ended_at", "pk")
    answers: dict[str, list[tuple[datetime, int | None]]] = defaultdict(list)
    for number, ended_at, unit in met.values_list("matter__number", "ended_at", "unit_id"):
        if ended_at:
            answers[number].append((ended_at, unit))
    now_at = dict(Matter.objects.filter(number__in=wanted).values_list("number", "unit_id"))
    for number, at in found:
        before = [unit for ended_at, unit in answers[number] if ended_at <= at]
        yield number, (before[-1] if before else None) or now_at.get(number)


def _own_key(level: Level) -> str:
    """The column of a matter that names its row."""
    return "county_id" if level == "county" else "unit_id"


def _clock_key(level: Level) -> str:
    """The column of a clock that names its row: where the matter lies, or whom the limit binds."""
    return "matter__county_id" if level == "county" else "unit_id"


def _scope(level: Level, division: str | None) -> Node:
    if level not in ("county", "unit"):
        raise BadInput.of("level", "应为 county（区县）或 unit（单位）", "level is county or unit")
    places = tree()
    if division is None:
        return places.root
    node = places.by_code.get(division)
    if node is None:
        raise NotFound(what=division)
    return node


def _row_id(level: Level, code: str) -> int:
    """The id of a row by its code. Raises NotFound."""
    model = Division if level == "county" else Unit
    found = model.objects.filter(code=code).order_by("-valid_from").values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(what=code)
    return int(found)


def _rows(level: Level, cells: Cells, scope: Node) -> list[Row]:
    """A row for everybody below `scope` who stands today, and for whoever else has figures; by code."""
    rows = _counties(cells, scope) if level == "county" else _units(cells, scope)
    return sorted(rows, key=lambda row: row.code)


def _counties(cells: Cells, scope: Node) -> Iterable[Row]:
    places = tree()
    here = {node.id: node for node in places.below(scope.id)}
    level = places.profile.level("county")
    wanted = {node.id for node in here.values() if level and node.level == level.key}
    wanted |= here.keys() & cells.keys()  # where no county is known yet, the city stands for it
    for pk in wanted:
        yield Row(pk, here[pk].code, here[pk].name, cells=cells.get(pk) or empty_cells())
    if scope.id == places.root.id:
        gone = Division.objects.filter(pk__in=[pk for pk in cells if pk not in places.nodes])
        for pk, code, name in gone.values_list("pk", "code", "name"):
            yield Row(pk, code, name, cells=cells[pk])


def _units(cells: Cells, scope: Node) -> Iterable[Row]:
    places, known = tree(), dict(directory().units)
    if missing := [pk for pk in cells if pk not in known]:
        known |= {unit.pk: unit for unit in Unit.objects.filter(pk__in=missing)}
    for unit in known.values():
        node = places.nodes.get(unit.division_id)
        if (node and scope.id in node.path) or (node is None and scope.id == places.root.id):
            place = places.county(node.id).name if node else ""
            yield Row(unit.pk, unit.code, unit.name, unit.name_en, place, cells.get(unit.pk) or empty_cells())
