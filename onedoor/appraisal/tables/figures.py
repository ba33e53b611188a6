"""The figures that a table asks for: of whom, over which days, measured in as few readings of the lake as there are
levels and periods; each with the formula that its note tells.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from onedoor.appraisal import periods
from onedoor.appraisal.indicators import computing, wording
from onedoor.appraisal.indicators.catalogue import catalogue
from onedoor.appraisal.indicators.computing import DEPARTMENT, Lake
from onedoor.appraisal.scores.gathering import Request
from onedoor.appraisal.tables.language import Figure, Misread, Repeat, known
from onedoor.city.queries import directory, tree
from onedoor.kernel.problems import Problem
from onedoor.lake.columns import tables

CITY = "city"
NOTHING = "—"  # nothing was due, so there is no share


@dataclass(frozen=True)
class Key:
    """One measured figure: `subject` is empty for the whole city."""

    request: Request
    level: str
    subject: str
    period: str


@dataclass(frozen=True)
class Sum:
    """What was measured; the denominator is None for a count."""

    numerator: int
    denominator: int | None

    def __add__(self, other: Sum) -> Sum:
        below = None if self.denominator is None else self.denominator + (other.denominator or 0)
        return Sum(self.numerator + other.numerator, below)


class Sources:
    """A lake and a period, asked for what cells name."""

    def __init__(self, lake: Lake, period: str):
        self.lake, self.period = lake, period
        self.window = lake.window(period)

    def key(self, figure: Figure, row: str = "") -> Key:
        """Where a figure is to be measured; `row` is the code of the repeated row. Raises Misread."""
        known(figure.indicator, catalogue(), "指标", "indicator")
        try:
            one = computing.indicator(figure.indicator, dict(figure.parameters))
            period = self._period(figure.period)
            self.lake.window(period)
        except Problem as problem:
            raise Misread(problem.text("zh"), problem.text("en")) from problem
        level, subject = self._subject(figure.unit, row)
        known(level, one.subjects, f"“{figure.indicator}”能统计到的层级", f"level of `{figure.indicator}`")
        return Key((figure.indicator, figure.parameters), level, subject, period)

    def _period(self, named: str) -> str:
        return {"period": self.period, "before": periods.before(self.period), "year": self.period[:4]}.get(
            named, named
        )

    def _subject(self, named: str, row: str) -> tuple[str, str]:
        if named == "row" and not row:
            raise Misread(
                "“本行”只能写在有“逐行”的一行里", "`row` may stand only in a row that has {{repeat …}}"
            )
        code = row if named == "row" else named
        node = tree().by_code.get(code)
        if code == CITY or node is tree().root:
            return "county", ""
        if node is not None:
            roles = {level: role for role, level in self.lake.levels.items()}
            return roles.get(node.level, node.level), code
        if any(unit.code == code for unit in directory().units.values()):
            return DEPARTMENT, code
        raise Misread(
            f"没有单位或区划“{code}”；请写 本行、全市 或编码",
            f"no unit or place {code!r}; write row, city or a code",
        )

    def rows(self, repeat: Repeat) -> list[str]:
        """The codes of the rows, as they stood at the period's end. Raises Misread."""
        codes = self.lake.subjects(self.window, repeat.level)
        if not repeat.within:
            return codes
        above = tree().by_code.get(repeat.within)
        if above is None:
            raise Misread(f"没有区划“{repeat.within}”", f"there is no place {repeat.within!r}")
        return [code for code in codes if above.id in self._path(repeat.level, code)]

    def _path(self, level: str, code: str) -> tuple[int, ...]:
        if level == DEPARTMENT:
            unit = next((one for one in directory().units.values() if one.code == code), None)
            node = tree().nodes.get(unit.division_id) if unit else None
        else:
            node = tree().by_code.get(code)
        return tuple(node.path) if node else ()

    def measured(self, keys: Iterable[Key]) -> dict[Key, Sum]:
        """Everything asked for; what has no row in the lake had nothing due."""
        wanted: dict[tuple[str, str], dict[Request, set[str]]] = defaultdict(lambda: defaultdict(set))
        for key in keys:
            wanted[key.period, key.level][key.request].add(key.subject)
        found: dict[Key, Sum] = {}
        for (period, level), asked in wanted.items():
            for row in self.lake.measure(list(asked), period, level):
                request = row.indicator, tuple(sorted(row.parameters.items()))
                for subject in asked[request] & {"", row.subject}:
                    key, own = Key(request, level, subject, period), Sum(row.numerator, row.denominator)
                    found[key] = found[key] + own if key in found else own
        return found


def name_of(code: str) -> str:
    """The Chinese name of a place or unit; its code where it no longer stands."""
    if node := tree().by_code.get(code or tree().root.code):
        return node.name
    return next((unit.name for unit in directory().units.values() if unit.code == code), code)


def value(key: Key, held: Sum | None, part: str, *, percent: bool) -> float | int | str:
    """What is written: a count, or a share, as a fraction for a cell that shows per cents."""
    one = catalogue()[key.request[0]]
    if held is None or held.denominator == 0:
        return 0 if one.denominator is None or part != "value" else NOTHING
    if part == "numerator" or held.denominator is None:
        return held.numerator
    if part == "denominator":
        return held.denominator
    factor = 1 if percent else one.factor
    return round(float(Fraction(held.numerator * factor, held.denominator)), 6)


def note(key: Key, held: Sum | None) -> str:
    """The formula behind a cell, in words and numbers."""
    told: Mapping[str, Any] = wording.explained(key.request[0], catalogue()[key.request[0]], tables())
    given = "，".join(f"{name}={value}" for name, value in key.request[1])
    lines = [
        f"{told['title']['zh']}（{key.request[0]}{f'，{given}' if given else ''}）",
        f"{name_of(key.subject)}，{key.period}；{told['how']['zh']}",
        f"{'分子' if told['denominator'] else '统计'}：{told['numerator']['zh']}，{told['numerator']['when']['zh']}",
    ]
    if told["denominator"]:
        lines.append(f"分母：{told['denominator']['zh']}")
    if held is None:
        lines.append("本期没有应统计的")
    elif held.denominator is None:
        lines.append(f"＝ {held.numerator}")
    else:
        lines.append(f"＝ {held.numerator} ÷ {held.denominator}")
    return "\n".join(lines)
