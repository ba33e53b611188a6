"""Each figure counts what was planted and nothing else; silence is told only where it is one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from onedoor.appraisal.indicators import computing
from onedoor.appraisal.integrity import reporting, silence
from onedoor.appraisal.integrity.figures import FIGURES
from onedoor.appraisal.integrity.reporting import Cell, Report
from onedoor.appraisal.warning.tests.test_alerts import LAST, TOWNS, filed, lake, quiet
from onedoor.city.queries import calendar, directory
from onedoor.kernel import time
from onedoor.kernel.actor import Actor
from onedoor.kernel.calendars import CHINA
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.kernel.spans import Span
from onedoor.kernel.time import CITY_ZONE
from onedoor.lake import exporting
from onedoor.lake.files import Row
from onedoor.matters import actions as matters
from onedoor.matters.models import Clock
from tests.support.cities import MORNING
from tests.support.filings import answered, opened
from tests.support.smallcity import SmallCity

HOUSING = "419801-housing"
SHARED = {
    "county": "41981", "unit": "a-housing", "division": TOWNS[0], "category": "noise", "procedure": "request",
    "channel": "web",
}  # fmt: skip


def moment(day: int, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=CITY_ZONE)


def clock(number: str, **more: object) -> Row:
    return SHARED | {
        "number": number, "clock": 1, "name": "act", "state": "met", "started_at": moment(2), "due_at": moment(10),
        "ended_at": moment(5), "in_time": True, "extensions": 0, "pauses": 0, "rung": 0, "from_meeting": False,
        "of_task": False,
    } | more  # fmt: skip


def entry(number: str, seq: int, kind: str, at: datetime, **more: object) -> Row:
    return SHARED | {
        "number": number, "seq": seq, "at": at, "kind": kind, "action": None, "state": None, "by_kind": "staff",
        "by_unit": None, "confirmation": None,
    } | more  # fmt: skip


def verdict(number: str, one: int, **more: object) -> Row:
    return SHARED | {
        "number": number, "verdict": one, "at": moment(7), "how": "callback", "valid": True, "excluded": None,
        "contacted": True, "heard": True, "solved": True, "rated": False, "satisfied": None, "round": 1,
    } | more  # fmt: skip


def reported(folder: Path, matters: list[Row], **tables: list[Row]) -> dict[str, dict[str, Cell]]:
    with lake(folder, matters, **tables) as held:
        return reporting.report(held, "2026-11", CHINA).cells


def test_answers_in_the_last_hour_and_extensions(tmp_path: Path) -> None:
    clocks = [
        clock("1", ended_at=moment(10, 11, 1)),
        clock("2", ended_at=moment(10, 11, 0)),  # an hour before to the second is not within it
        clock("3", in_time=False, ended_at=moment(11), extensions=1),
        clock("4", name="accept", ended_at=moment(10, 11, 30), extensions=2),
        clock("5", ended_at=datetime(2026, 10, 31, 23, 59, tzinfo=CITY_ZONE), due_at=moment(1, 0, 0)),
    ]
    found = reported(tmp_path, [], clocks=clocks)
    assert found["a-housing"]["last_hour"] == Cell(1, 2)
    assert found["a-housing"]["extended"] == Cell(1, 4)
    assert "merged" not in found["a-housing"]


def test_closed_without_contact_and_left_out(tmp_path: Path) -> None:
    ended = [filed(n, date(2026, 11, 2), TOWNS[0], closed_at=moment(8), state="closed") for n in (1, 2, 3, 4)]
    ended[3] |= {"joined": True}
    verdicts = [
        verdict("000001", 1, contacted=False), verdict("000002", 2, contacted=False), verdict("000002", 3),
        verdict("000004", 4, contacted=False, valid=False, excluded="silence", heard=False, solved=None),
    ]  # fmt: skip
    found = reported(tmp_path, ended, verdicts=verdicts)
    assert found["a-housing"]["no_contact"] == Cell(
        1, 2
    )  # nobody was to judge the third, the fourth is joined
    assert found["a-housing"]["excluded"] == Cell(1, 4)
    with lake(tmp_path, ended, verdicts=verdicts) as held:
        assert reporting.behind(held, "2026-11", "no_contact", "a-housing") == ["000001"]
        assert reporting.behind(held, "2026-11", "excluded", "b-housing") == []
        with pytest.raises(NotFound):
            reporting.behind(held, "2026-11", "persons", "a-housing")
        with pytest.raises(BadInput):
            reporting.report(held, "2027", CHINA)


def test_reclassified_and_merged(tmp_path: Path) -> None:
    at = moment(4)
    clocks = [
        clock("1", state="dropped", ended_at=at, in_time=False), clock("1", clock=2, due_at=moment(20)),
        clock("2", state="dropped", ended_at=at, in_time=False), clock("2", clock=2, due_at=moment(9)),
        clock("3", state="dropped", ended_at=moment(5), in_time=False), clock("3", clock=2, due_at=moment(20)),
    ]  # fmt: skip
    entries = [
        entry("1", 2, "changed", at), entry("2", 2, "changed", at), entry("3", 2, "changed", at),
        entry("4", 2, "joined", at), entry("4", 3, "separated", moment(6)), entry("5", 2, "took_in", at),
        entry("6", 2, "joined", at, unit="b-housing"),
    ]  # fmt: skip
    found = reported(tmp_path, [], clocks=clocks, entries=entries)
    assert found["a-housing"]["moved_clock"] == Cell(
        1, None
    )  # the second came due sooner, the third was no change
    assert found["a-housing"]["merged"] == Cell(2, None)
    assert found["b-housing"]["merged"] == Cell(1, None)


def test_a_channel_that_falls_silent_while_another_rises_is_told(tmp_path: Path) -> None:
    rows = [row | {"number": f"w{row['number']}"} for row in quiet(100)]
    cut = datetime(2026, 11, 9, tzinfo=CITY_ZONE)
    busy = [row | {"number": f"b{row['number']}", "division": TOWNS[0]} for row in quiet(100)]
    moved = [row | ({"channel": "hotline"} if row["opened_at"] >= cut else {}) for row in busy]
    hushed = [row for row in moved if row["opened_at"] < cut or row["channel"] == "hotline"]
    own = [row for row in rows if row["division"] != TOWNS[0] or row["opened_at"] < cut]
    with lake(tmp_path / "silent", own + hushed) as held:
        [drop] = silence.drops(held, date(2026, 11, 9), date(2026, 11, 23), CHINA)
        assert (drop.place, drop.channel, drop.beside, drop.seen) == (TOWNS[0], "web", "channels", 0)
        assert drop.expected > drop.low > 0
        assert drop.beside_seen > drop.beside_expected
    with lake(tmp_path / "quiet", rows + busy) as held:
        assert silence.drops(held, date(2026, 11, 9), date(2026, 11, 23), CHINA) == []


def test_where_everything_falls_nothing_is_hidden_elsewhere(tmp_path: Path) -> None:
    """A city in which less is filed everywhere has no silence in one place."""
    rows = [row for row in quiet(100) if row["opened_at"] < datetime(2026, 11, 9, tzinfo=CITY_ZONE)]
    with lake(tmp_path, rows) as held:
        assert silence.drops(held, date(2026, 11, 9), date(2026, 11, 23), CHINA) == []


def test_without_a_past_there_is_nothing_to_compare(tmp_path: Path) -> None:
    with lake(tmp_path, quiet(20)) as held:
        assert silence.drops(held, LAST - timedelta(days=13), LAST + timedelta(days=1), CHINA) == []


def test_no_figure_speaks_of_a_person() -> None:
    for one in FIGURES:
        assert "unit AS subject" in one.rows
        assert {"zh", "en"} == one.title.keys() == one.about.keys()


def asked(city: SmallCity, at: datetime) -> Report:
    with time.at(at):
        exporting.export()
        with computing.opened() as held:
            return reporting.report(held, "2026-Q4", calendar())


def test_a_city_that_reclassifies_and_answers_late_is_seen(city: SmallCity) -> None:
    """What the actions of the city write is what the figures read."""
    known, clerk = directory().categories, Actor.system("test")
    later = known["property.deposit"]
    alike = (one for one in known.values() if one.procedure == later.procedure and "act" in one.limits)
    sooner = min(alike, key=lambda one: (Span.parse(one.limits["act"]["span"]).amount, one.code))
    first, second, third = opened(city), opened(city, category=sooner.code), opened(city)
    matters.join(clerk, third.number, first.number, "同一件事")
    limit = Clock.objects.get(matter=first, name="act", state="running").due_at
    assert Clock.objects.get(matter=second, name="act", state="running").due_at < limit
    matters.correct(clerk, second.number, later, city.units[HOUSING].pk, reason="分错了类")
    with time.at(limit - timedelta(minutes=20)):
        answered(city, first)
    found = asked(city, MORNING + timedelta(days=40))
    cells = found.cells[HOUSING]
    assert cells["merged"] == Cell(1, None)
    assert cells["moved_clock"] == Cell(1, None)
    assert cells["last_hour"] == Cell(1, 1)
