"""What is shown of a matter is the fold of its entries: the tracked fields, and how entries change them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from onedoor.kernel.log import moment_text
from onedoor.kernel.models import Entry
from onedoor.matters.models import Matter

TRACKED = (
    "procedure_id", "category_id", "channel", "state", "answers", "is_open", "level", "unit_id", "county_id",
    "division_id", "placed", "confidential", "master_id", "times_reopened", "facts", "closed_at",
)  # fmt: skip


def snapshot(matter: Matter) -> dict[str, Any]:
    """The tracked fields, JSON-ready."""
    return {name: _plain(getattr(matter, name)) for name in TRACKED}


def difference(before: dict[str, Any], matter: Matter) -> dict[str, Any]:
    """The tracked fields whose value is no longer what `before` says."""
    return {name: value for name, value in snapshot(matter).items() if value != before[name]}


def fold(entries: Iterable[Entry]) -> dict[str, Any]:
    """The tracked fields as the entries, in their order, make them."""
    shown: dict[str, Any] = {}
    for entry in entries:
        shown.update(entry.body.get("changes", {}))
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return dict(value) if isinstance(value, dict) else value
