"""Early warnings as the pages show them: what was found on a day, with the matters that a reader may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.appraisal.warning import kept
from onedoor.board import sheets
from onedoor.city.queries import directory, tree
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import NotFound
from onedoor.matters import policies
from onedoor.matters.queries import listed

OFFERED = 30  # days to choose from
MOST_COMING = 40  # lines of what is to come: those with the most
KINDS = {"volume": _("More than expected"), "cluster": _("Cluster in space and time")}
ADVICE = {
    "consultation": _("Call the units together"),
    "visit": _("Visit the place"),
    "repair": _("Look for what must be repaired"),
}


@dataclass(frozen=True)
class Found:
    """What was found on a day."""

    day: str
    told: Mapping[str, Any]

    @property
    def level(self) -> str:
        """The level of its places."""
        return str(self.told["level"])

    @property
    def last(self) -> date:
        """The last day that counts."""
        return date.fromisoformat(self.told["last"])


def newest() -> Found | None:
    """The newest that is kept."""
    return next((found(day) for day in kept.days()), None)


def found(day: str) -> Found:
    """That of a day. Raises NotFound."""
    told = kept.read(day)
    if told is None:
        raise NotFound(what=day)
    return Found(day, told)


def key(alert: Mapping[str, Any]) -> str:
    """What tells a warning apart from the others of its day."""
    return f"{alert['kind']}.{alert['category']}.{alert['places'][0]}"


def cards(held: Found, place: str = "") -> list[dict[str, Any]]:
    """Every warning of a day, or those of one place."""
    return [card(held, one) for one in held.told["alerts"] if not place or place in one["places"]]


def card(held: Found, alert: Mapping[str, Any]) -> dict[str, Any]:
    """One warning, told."""
    return {
        "kind": alert["kind"],
        "title": subject(alert["category"]),
        "kind_title": KINDS[alert["kind"]],
        "places": [name(code) for code in alert["places"]],
        "first": date.fromisoformat(alert["first"]),
        "last": date.fromisoformat(alert["last"]),
        "seen": alert["seen"],
        "expected": f"{alert['expected']:.1f}",
        "low": alert["low"],
        "high": alert["high"],
        "chance": f"{alert['chance']:.4f}" if alert["chance"] >= 0.0001 else "< 0.0001",
        "advice": ADVICE[alert["suggestion"]],
        "suggestion": alert["suggestion"],
        "url": reverse("board:warning", args=[held.day, key(alert)]),
    }


def one(held: Found, wanted: str) -> Mapping[str, Any]:
    """A warning by its key. Raises NotFound."""
    alert: Mapping[str, Any] | None = next((a for a in held.told["alerts"] if key(a) == wanted), None)
    if alert is None:
        raise NotFound(what=wanted)
    return alert


def subject(category: str) -> Any:
    """What a category is called; its code where it is gone."""
    held = directory().categories.get(category)
    return held.title if held else {"zh": category, "en": category}


def name(code: str) -> str:
    """What a place is called; its code where it is gone."""
    node = tree().by_code.get(code)
    return node.name if node else code


def matters(actor: Actor, alert: Mapping[str, Any]) -> tuple[list[dict[str, Any]], int]:
    """(the matters behind a warning that the reader may see, how many there are besides). Two queries."""
    rows = list(listed(policies.visible(actor).filter(number__in=alert["matters"])))
    return list(sheets.shown(rows)), len(alert["matters"]) - len(rows)


def counts(held: Found | None) -> dict[str, int]:
    """Place → how many warnings speak of it."""
    return dict(Counter(code for alert in held.told["alerts"] for code in alert["places"])) if held else {}


def coming(held: Found) -> Sequence[dict[str, Any]]:
    """What the week after it is likely to bring, the most first."""
    rows = sorted(held.told["coming"], key=lambda row: -row["mean"])[:MOST_COMING]
    return [
        {"place": name(row["place"]), "title": subject(row["category"]), "mean": f"{row['mean']:.1f}",
         "low": row["low"], "high": row["high"]}
        for row in rows
    ]  # fmt: skip


def choices(held: Found) -> list[dict[str, Any]]:
    """The days that are kept, for the filter bar."""
    days = kept.days()[:OFFERED]
    options = [{"value": day, "label": day, "chosen": day == held.day} for day in days]
    return [{"name": "day", "label": "", "options": options}]
