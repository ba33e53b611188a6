"""What is shown of a matter is the fold of its entries: the tracked fields, and how entries change them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from onedoor.kernel.log import moment_text
from onedoor.kernel.models import Entry
from onedoor.matters import clocks as clockwork
from onedoor.matters.models import Matter

TRACKED = (
    "procedure_id", "category_id", "channel", "state", "answers", "is_open", "level", "unit_id", "county_id",
    "division_id", "placed", "confidential", "master_id", "times_reopened", "facts", "opened_at", "closed_at",
    "category_sure", "redirected",
)  # fmt: skip
LATER = {"category_sure": True, "redirected": 0}  # of which entries from before they were tracked say nothing


def snapshot(matter: Matter) -> dict[str, Any]:
    """The tracked fields, JSON-ready."""
    return {name: _plain(getattr(matter, name)) for name in TRACKED}


def held(matter: Matter) -> dict[str, Any]:
    """The tracked fields as they are, to be compared with later (`difference`)."""
    values = matter.__dict__
    return {name: values[name] for name in TRACKED} | {"facts": dict(matter.facts)}


def difference(before: dict[str, Any], matter: Matter) -> dict[str, Any]:
    """The tracked fields, JSON-ready, whose value is no longer what it was when `before` was `held`."""
    values = matter.__dict__
    return {name: _plain(values[name]) for name in TRACKED if values[name] != before[name]}


def fold(entries: Iterable[Entry]) -> dict[str, Any]:
    """The tracked fields as the entries, in their order, make them."""
    shown: dict[str, Any] = dict(LATER)
    for entry in entries:
        shown.update(entry.body.get("changes", {}))
    return shown


def told_clocks(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """How every clock stands by its last line, in the order in which they were started."""
    made: list[dict[str, Any]] = []
    for line in (line for entry in entries for line in entry.body.get("clocks", [])):
        same = (line["clock"], line.get("task"))
        held = next((old for old in reversed(made) if (old["clock"], old.get("task")) == same), None)
        if line["did"] == "start" or held is None:
            made.append(dict(line))
        else:
            held.update(line)
    return [{name: value for name, value in line.items() if name != "did"} for line in made]


def shown_clocks(matter: Matter) -> list[dict[str, Any]]:
    """The clocks of a matter as their rows are, in the same words."""
    rows = sorted(matter.clocks.all(), key=lambda clock: clock.pk)
    return [{name: value for name, value in clockwork.line(row, "").items() if name != "did"} for row in rows]


Said = tuple[str, str, bool | None, int | None, int]  # which filing, how, solved, satisfied, of which answer


def told_verdicts(entries: Iterable[Entry]) -> Counter[Said]:
    """What residents said, by the entries."""
    said: Counter[Said] = Counter()
    answer = 0
    for entry in entries:
        verdict = entry.body.get("done", {}).get("verdict", {})
        satisfied = entry.body.get("facts", {}).get("satisfied")
        for number in verdict.get("numbers", []):
            said[number, verdict["channel"], verdict["solved"], satisfied, answer] += 1
        answer = entry.body.get("changes", {}).get("times_reopened", answer)
    return said


def shown_verdicts(matter: Matter) -> Counter[Said]:
    """What residents said, by the rows."""
    return Counter((v.number, v.channel, v.solved, v.satisfied, v.round) for v in matter.verdicts.all())


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return moment_text(value)
    return dict(value) if isinstance(value, dict) else value
