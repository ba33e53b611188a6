"""What was found on a day, kept as a file, so that a page needs not look for it anew: ONEDOOR_HOME/warning/DAY.json."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from onedoor.appraisal.warning.alerts import Report
from onedoor.kernel import time
from onedoor.kernel.time import CITY_ZONE
from onedoor.lake import files

MOST_KEPT = 60  # days


def folder() -> Path:
    """Where they lie."""
    return Path(settings.ONEDOOR_HOME) / "warning"


def keep(report: Report) -> Path:
    """Writes it in one stroke, and lets the oldest go."""
    folder().mkdir(parents=True, exist_ok=True)
    target = folder() / f"{report.last.isoformat()}.json"
    part = target.with_suffix(".part")
    part.write_text(json.dumps(report.as_dict(), ensure_ascii=False), "utf-8")
    part.replace(target)
    for old in days()[MOST_KEPT:]:
        (folder() / f"{old}.json").unlink(missing_ok=True)
    return target


def days() -> list[str]:
    """The days that are kept, the newest first."""
    return sorted((path.stem for path in folder().glob("*.json")), reverse=True)


def read(day: str) -> dict[str, Any] | None:
    """What was found on a day; None where nothing is kept of it."""
    if day not in days():
        return None
    found: dict[str, Any] = json.loads((folder() / f"{day}.json").read_text("utf-8"))
    return found


def is_due() -> bool:
    """Whether yesterday has not been looked at, and there is a lake that knows it wholly."""
    yesterday = time.now().astimezone(CITY_ZONE).date() - timedelta(days=1)
    manifest = files.read_manifest(files.folder())
    if manifest is None or f"{yesterday}" in days():
        return False
    known = time.now().fromisoformat(manifest.as_of).astimezone(CITY_ZONE).date()
    return (
        known > yesterday
        and bool(manifest.paths("matters"))
        and _long_enough(manifest.paths("matters"), yesterday)
    )


def _long_enough(paths: list[str], yesterday: date) -> bool:
    """Whether filings reach back into an earlier month: with less there is nothing to compare."""
    return any(path.split("month=")[-1][:7] < f"{yesterday:%Y-%m}" for path in paths)
