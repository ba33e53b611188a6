"""What is out of the ordinary up to a day: volumes beyond what was expected, and clusters in space and time.

Many places and subjects are looked at, so chance alone would give news every day: of the volumes told at most 5 in 100
are chance (Benjamini and Hochberg), and the chance that any cluster is told on a day without one is at most 5 in 100
(Holm over the subjects). Each has its matters behind it, and what might be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from onedoor.appraisal.indicators.computing import ABOVE, Lake
from onedoor.appraisal.periods import midnight
from onedoor.appraisal.warning import forecast, scan, series
from onedoor.appraisal.warning.forecast import WEEK, YEAR
from onedoor.appraisal.warning.series import Series
from onedoor.kernel.calendars import Calendar
from onedoor.kernel.problems import BadInput
from onedoor.kernel.time import CITY_ZONE

HISTORY = 2 * YEAR + 5 * WEEK  # days that the forecast learns from
STUDIED = 90  # days among which a cluster is looked for
LEVEL = 0.05
FEWEST = 3  # filings of a week that can be news
MOST = 500  # matters listed behind one warning
TESTED = 8  # weeks over which the forecast is held against the naive one
SEVERAL = 1 / 3  # share of the matters beyond the first unit's from which several units are concerned

Kind = Literal["volume", "cluster"]
Points = Mapping[str, tuple[float, float]]  # code of a place → its centre, in metres on any plane


@dataclass(frozen=True)
class Alert:
    """One warning about a subject in one place or some."""

    kind: Kind
    category: str
    places: tuple[str, ...]
    first: date
    last: date
    seen: int
    expected: float
    low: int | None  # interval of a volume; none for a cluster
    high: int | None
    chance: float
    suggestion: str  # consultation, visit or repair
    matters: tuple[str, ...]

    @property
    def key(self) -> str:
        """What tells it apart from the others of its day."""
        return f"{self.kind}.{self.category}.{self.places[0]}"


@dataclass(frozen=True)
class Quality:
    """How the forecast did over the last weeks, beside the seasonal naive one; errors per place and subject."""

    weeks: int
    error: float  # mean absolute, filings a week
    naive: float
    covered: float  # share of weeks that lay in the interval of 95 in 100


@dataclass(frozen=True)
class Report:
    """Of one day."""

    last: date
    level: str
    alerts: tuple[Alert, ...]
    coming: tuple[dict[str, Any], ...]  # what is to be expected of the seven days after it
    quality: Quality | None

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it."""
        told = asdict(self) | {"last": self.last.isoformat()}
        for alert in told["alerts"]:
            alert |= {"first": alert["first"].isoformat(), "last": alert["last"].isoformat()}
        return told


def report(lake: Lake, day: date, level: str, points: Points, calendar: Calendar) -> Report:
    """What was out of the ordinary up to the end of a day, or of the last day that the lake knows wholly.

    Raises BadInput for a day before anything was filed.
    """
    last = min(day, lake.as_of.astimezone(CITY_ZONE).date() - timedelta(days=1))
    after = last + timedelta(days=1)
    held = series.begun(series.read(lake, level, after - timedelta(days=HISTORY), after))
    if held.days < 2 * WEEK:
        raise BadInput.of(
            "as-of", f"{last} 之前的数据不足两周，无从比较", f"there are less than two weeks before {last}"
        )
    weekdays = series.weekdays(held.first, held.days + WEEK, calendar)
    found = [*_volumes(held, weekdays, last), *_clusters(held, points, last)]
    alerts = tuple(_told(lake, level, one) for one in found)
    return Report(last, level, alerts, tuple(_coming(held, weekdays)), _quality(held, weekdays))


def _volumes(held: Series, weekdays: NDArray[np.int64], last: date) -> Iterator[Alert]:
    """The last seven days of every place and subject, against what the days before them let expect."""
    told = []
    for category, counts in held.counts.items():
        before, week = counts[:, :-WEEK], counts[:, -WEEK:].sum(axis=1)
        exposure = forecast.exposures(before.sum(axis=0), weekdays[: counts.shape[1]], WEEK)
        expected = forecast.expect(before, exposure)
        chances = expected.above(week)
        for row, place in enumerate(held.places):
            first = last - timedelta(days=WEEK - 1)
            told.append(
                Alert("volume", category, (place,), first, last, int(week[row]), float(expected.mean[row]),
                      int(expected.low[row]), int(expected.high[row]), float(chances[row]), "", ())
            )  # fmt: skip
    news = forecast.discoveries(np.array([one.chance for one in told]), LEVEL)
    found = [one for one, new in zip(told, news, strict=True) if new and one.seen >= FEWEST]
    yield from sorted(found, key=lambda one: (one.chance, one.key))


def _clusters(held: Series, points: Points, last: date) -> Iterator[Alert]:
    """Subjects by the chance of their likeliest cluster, as long as Holm's bound lets them."""
    known = [row for row, place in enumerate(held.places) if place in points]
    scanned = {}
    for category, counts in held.counts.items():
        recent = counts[known, -STUDIED:]
        rows = np.flatnonzero(recent.sum(axis=1))
        if recent.sum() >= 2 * scan.FEWEST and len(rows) > 1:
            scanned[category] = (recent[rows], [held.places[known[row]] for row in rows])
    draws = max(scan.DRAWS, round(len(scanned) / LEVEL) - 1)  # so that the least chance there is can be news
    found = {
        category: (scan.scan(recent, np.array([points[code] for code in codes]), draws=draws), codes)
        for category, (recent, codes) in scanned.items()
    }
    ranked = sorted((own[0].chance, category) for category, (own, _) in found.items() if own)
    for done, (chance, category) in enumerate(ranked):
        bound = LEVEL / (len(scanned) - done)
        if chance > bound + 1e-12:
            return
        clusters, codes = found[category]
        for one in clusters:
            if one.chance <= bound + 1e-12:
                first = last - timedelta(days=one.days - 1)
                yield Alert("cluster", category, tuple(codes[at] for at in one.places), first, last, one.seen,
                            one.expected, None, None, one.chance, "", ())  # fmt: skip


def _told(lake: Lake, level: str, alert: Alert) -> Alert:
    """With the matters behind it, and what they suggest."""
    rows = _behind(lake, level, alert)
    advice = suggestion([unit for _, unit in rows], seen_to=_is_looked_at(lake, alert.category))
    return Alert(**vars(alert) | {"suggestion": advice, "matters": tuple(number for number, _ in rows)})


def suggestion(units: Sequence[str | None], *, seen_to: bool) -> str:
    """What might be done: `consultation` where a third or more lies with others than the unit that has most; else
    `repair` where what was done is looked at on the spot, and `visit` where it is not.
    """
    most = max((units.count(unit) for unit in set(units)), default=0)
    if units and len(units) - most >= SEVERAL * len(units):
        return "consultation"
    return "repair" if seen_to else "visit"


def _behind(lake: Lake, level: str, alert: Alert) -> list[tuple[str, str | None]]:
    after = alert.last + timedelta(days=1)
    lies = series.above(lake, level, alert.first, after)
    inside = [place for place, subject in lies.items() if subject in alert.places]
    lake.lake.register("above", pa.table({"place": inside, "subject": inside}, ABOVE))
    text = (
        "SELECT r.number, r.unit FROM read_parquet($files, hive_partitioning = false) AS r "
        "JOIN above AS a ON r.division = a.place WHERE r.category = $category AND NOT r.confidential "
        "AND epoch(r.opened_at) >= $begin AND epoch(r.opened_at) < $end ORDER BY r.number LIMIT $most"
    )
    asked = {
        "files": series.month_paths(lake, "matters", alert.first, after), "category": alert.category, "most": MOST,
        "begin": midnight(alert.first).timestamp(), "end": midnight(after).timestamp(),
    }  # fmt: skip
    return lake.lake.execute(text, asked).fetchall()


CHECK = "check"  # the limit for looking at what was done on the spot


def _is_looked_at(lake: Lake, category: str) -> bool:
    """Whether matters of a subject have a limit for looking at what was done on the spot."""
    files = [str(lake.root / path) for path in lake.manifest.paths("clocks")]
    text = (
        "SELECT 1 FROM read_parquet($files, hive_partitioning = false) "
        "WHERE name = $name AND category = $category LIMIT 1"
    )
    asked = {"files": files, "name": CHECK, "category": category}
    return bool(files and lake.lake.execute(text, asked).fetchall())


def _coming(held: Series, weekdays: NDArray[np.int64]) -> Iterator[dict[str, Any]]:
    """The week to come, and each of its days, of every place and subject that has any history."""
    for category, counts in held.counts.items():
        exposure = forecast.exposures(counts.sum(axis=0), weekdays, WEEK)
        week = forecast.expect(counts, exposure)
        days = [week.over(float(exposure[held.days + ahead])) for ahead in range(WEEK)]
        for row in (int(at) for at in np.flatnonzero(counts.sum(axis=1))):
            yield {
                "place": held.places[row], "category": category, "mean": round(float(week.mean[row]), 3),
                "low": int(week.low[row]), "high": int(week.high[row]),
                "days": [[round(float(d.mean[row]), 3), int(d.low[row]), int(d.high[row])] for d in days],
            }  # fmt: skip


def _quality(held: Series, weekdays: NDArray[np.int64]) -> Quality | None:
    """Every one of the last weeks foretold from the days before it alone; None while there are too few."""
    errors, naive, covered = [], [], []
    weeks = 0
    for back in range(TESTED * WEEK, 0, -WEEK):
        known = held.days - back
        if known < forecast.WARMING + WEEK:
            continue
        weeks += 1
        for counts in held.counts.values():
            before, truth = counts[:, :known], counts[:, known : known + WEEK].sum(axis=1)
            exposure = forecast.exposures(before.sum(axis=0), weekdays[: known + WEEK], WEEK)
            told = forecast.expect(before, exposure)
            errors.append(np.abs(told.mean - truth))
            naive.append(np.abs(forecast.naive(before) - truth))
            covered.append((truth >= told.low) & (truth <= told.high))
    if not weeks:
        return None
    return Quality(
        weeks, *(round(float(np.concatenate(part).mean()), 4) for part in (errors, naive, covered))
    )
