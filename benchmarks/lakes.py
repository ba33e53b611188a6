"""A lake of any size, streamed and the same every time: N matters and 4N entries over two years, with clocks and
verdicts, in five counties with townships, villages and 2,309 grids, and departments. No database: rows are drawn by
columns, a file at a time, each from a seed of its own, so that memory does not grow with the lake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa

from onedoor.appraisal.periods import days, midnight
from onedoor.lake import files
from onedoor.lake.columns import tables
from onedoor.lake.files import Manifest, Place

COUNTIES, TOWNSHIPS, VILLAGES, GRIDS = 5, 8, 6, 2309
SINCE = date(2020, 1, 1)
LEVELS = {level: level for level in ("county", "township", "village", "grid")}
MONTHS = [f"{year}-{month:02d}" for year in (2025, 2026) for month in range(1, 13)]
AS_OF = datetime(2027, 1, 1, tzinfo=UTC)
KINDS = ("housing", "human_resources", "market_regulation", "education", "health", "urban_management", "water",
         "civil_affairs", "police", "justice", "transport", "petition_office")  # fmt: skip
CATEGORIES = [f"subject.{number:02d}" for number in range(60)]
PROCEDURES = ("request", "dispute", "grid_event", "petition")
CHANNELS = ("hotline", "web", "grid", "counter", "wechat")
ACTIONS = ("accept", "dispatch", "answer", "confirm")
MICROSECONDS = 1_000_000


def counties() -> list[str]:
    """Their codes."""
    return [f"4198{number:02d}" for number in range(1, COUNTIES + 1)]


def divisions() -> list[tuple[str, str, str | None]]:
    """(code, level, the one above): the city, its counties, townships, villages and grids."""
    found: list[tuple[str, str, str | None]] = [("4198", "city", None)]
    villages = []
    for county in counties():
        found.append((county, "county", "4198"))
        for town in range(TOWNSHIPS):
            township = f"{county}{town:03d}"
            found.append((township, "township", county))
            for village in range(VILLAGES):
                villages.append(f"{township}{village:03d}")
                found.append((villages[-1], "village", township))
    found += [(f"{villages[at % len(villages)]}{at // len(villages):02d}", "grid", villages[at % len(villages)])
              for at in range(GRIDS)]  # fmt: skip
    return found


def write(root: Path, matters: int, seed: int = 1, months: Sequence[str] = MONTHS) -> Manifest:
    """Writes the lake; the same arguments give the same bytes."""
    manifest = Manifest(as_of=AS_OF.isoformat(), catalogue=files.catalogue_digest())
    held = _standing()
    for table, content in held.items():
        _put(root, manifest, Place(table), content)
    grids: dict[str, list[str]] = {county: [] for county in counties()}
    for code, level, _ in divisions():
        if level == "grid":
            grids[code[:6]].append(code)
    each = matters // (len(months) * COUNTIES)
    number = 0
    for month in months:
        for at, county in enumerate(counties()):
            chance = np.random.default_rng([seed, MONTHS.index(month), at])
            for place, content in _month(chance, month, county, grids[county], number, each):
                _put(root, manifest, place, content)
            number += each
    files.write_manifest(root, manifest)
    return manifest


def _put(root: Path, manifest: Manifest, place: Place, content: pa.Table) -> None:
    kept = files.write(root, place, content)
    if kept is not None:
        manifest.files[place.path] = kept


def _standing() -> dict[str, pa.Table]:
    places = [
        {"division": code, "name": code, "level": level, "kind": None, "parent": parent, "successor": None,
         "households": None, "valid_from": SINCE, "valid_to": None}
        for code, level, parent in divisions()
    ]  # fmt: skip
    units = [
        {"unit": f"{county}-{kind}", "name": kind, "kind": kind, "division": county, "parent": None,
         "valid_from": SINCE, "valid_to": None}
        for county in counties() for kind in KINDS
    ]  # fmt: skip
    return {"divisions": files.arrow("divisions", places), "units": files.arrow("units", units)}


def _month(
    chance: np.random.Generator, month: str, county: str, grids: Sequence[str], first: int, count: int
) -> Iterator[tuple[Place, pa.Table]]:
    """The files of what began in one month in one county."""
    begins, after = (midnight(day) for day in days(month))
    opened = (
        chance.integers(0, int((after - begins - timedelta(days=1)).total_seconds()), count) * MICROSECONDS
    )
    opened = np.sort(opened) + int(begins.timestamp()) * MICROSECONDS
    weight = 1 / np.arange(1, len(grids) + 1) ** 0.5
    shared = {
        "county": np.full(count, county),
        "number": np.char.add("B", np.char.zfill((first + np.arange(count)).astype(str), 9)),
        "unit": np.char.add(f"{county}-", chance.choice(KINDS, count)),
        "division": chance.choice(grids, count, p=weight / weight.sum()),
        "category": chance.choice(CATEGORIES, count),
        "procedure": chance.choice(PROCEDURES, count),
        "channel": chance.choice(CHANNELS, count),
    }
    lasted = (chance.gamma(2.0, 3 * 86_400, count) * MICROSECONDS).astype(np.int64)
    yield _table("matters", month, county, shared | _matters(chance, opened, lasted))
    yield _table("entries", month, county, _entries(chance, shared, opened, lasted))
    yield _table("clocks", month, county, _clocks(chance, shared, opened, lasted))
    yield _table("verdicts", month, county, _verdicts(chance, shared, opened + lasted))


def _matters(chance: np.random.Generator, opened: np.ndarray, lasted: np.ndarray) -> dict[str, np.ndarray]:
    count = len(opened)
    return {
        "opened_at": opened, "closed_at": opened + lasted, "state": np.full(count, "closed"),
        "outcome": chance.choice(("solved", "unresolved", "withdrawn"), count, p=(0.85, 0.1, 0.05)),
        "level": np.ones(count, int), "placed": np.ones(count, bool), "confidential": chance.random(count) < 0.01,
        "category_sure": np.ones(count, bool), "redirected": (chance.random(count) < 0.08).astype(int),
        "joined": chance.random(count) < 0.05, "reopened": (chance.random(count) < 0.06).astype(int),
        "extended": (chance.random(count) < 0.07).astype(int), "objected": chance.random(count) < 0.03,
        "dispatched": np.ones(count, bool), "consulted": chance.random(count) < 0.04,
    }  # fmt: skip


def _entries(
    chance: np.random.Generator, shared: dict[str, np.ndarray], opened: np.ndarray, lasted: np.ndarray
) -> dict[str, np.ndarray]:
    count, steps = len(opened), len(ACTIONS)
    again = {name: np.repeat(held, steps) for name, held in shared.items()}
    seq = np.tile(np.arange(1, steps + 1), count)
    return again | {
        "seq": seq, "at": np.repeat(opened, steps) + np.repeat(lasted, steps) * (seq - 1) // steps,
        "kind": np.where(seq == 1, "opened", "acted"), "action": np.tile(ACTIONS, count),
        "state": np.tile(("seen", "dispatched", "answered", "closed"), count),
        "by_kind": np.where(seq == 1, "resident", "staff"), "by_unit": again["unit"],
        "confirmation": np.where(chance.random(count * steps) < 0.01, "valid", ""),
    }  # fmt: skip


def _clocks(
    chance: np.random.Generator, shared: dict[str, np.ndarray], opened: np.ndarray, lasted: np.ndarray
) -> dict[str, np.ndarray]:
    count = len(opened)
    again = {name: np.repeat(held, 2) for name, held in shared.items()}
    started, first = np.repeat(opened, 2), np.tile((True, False), count)
    took = np.where(first, np.repeat(lasted, 2) // 8, np.repeat(lasted, 2))
    limit = np.where(first, 86_400, 10 * 86_400) * MICROSECONDS
    zero = np.zeros(2 * count, int)
    return again | {
        "clock": np.tile((1, 2), count), "name": np.where(first, "accept", "act"), "state": np.full(2 * count, "met"),
        "started_at": started, "due_at": started + limit, "ended_at": started + took, "in_time": took <= limit,
        "extensions": (chance.random(2 * count) < 0.04).astype(int), "pauses": zero, "rung": zero,
        "from_meeting": zero.astype(bool), "of_task": zero.astype(bool),
    }  # fmt: skip


def _verdicts(
    chance: np.random.Generator, shared: dict[str, np.ndarray], at: np.ndarray
) -> dict[str, np.ndarray]:
    count = len(at)
    heard = chance.random(count) < 0.75
    return shared | {
        "verdict": np.ones(count, int), "at": at, "how": np.where(heard, "callback", "silence"), "valid": heard,
        "excluded": np.where(heard, "", "silence"), "contacted": chance.random(count) < 0.9, "heard": heard,
        "solved": chance.random(count) < 0.9, "rated": heard, "satisfied": chance.integers(1, 6, count),
        "round": np.ones(count, int),
    }  # fmt: skip


def _table(table: str, month: str, county: str, columns: dict[str, np.ndarray]) -> tuple[Place, pa.Table]:
    """Columns by the catalogue; an empty text is none where the catalogue lets it be."""
    described = tables()[table]
    made = []
    for name, column in described.columns.items():
        held = columns[name]
        empty = (held == "") if column.empty and held.dtype.kind == "U" else None
        made.append(pa.array(held, files.KINDS[column.kind], mask=empty))
    content = pa.Table.from_arrays(made, schema=files.schema(described))
    return Place(table, month, county), content
