"""Matters as lines of a list: two queries for any number of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.desk.shown import clocks, words
from onedoor.kernel import time
from onedoor.matters.models import Clock, Matter

COLUMNS: tuple[dict[str, Any], ...] = (
    {"title": _("Matter")},
    {"title": _("Place")},
    {"title": _("Responsible unit")},
    {"title": _("State")},
    {"title": _("Clock"), "kind": "clock"},
)


def matters(found: Sequence[Matter]) -> list[dict[str, Any]]:
    """Each matter as the `matter_row` component takes it."""
    nearest, joined = _nearest(found), _joined(found)
    return [_row(matter, nearest.get(matter.pk), joined.get(matter.pk, 0)) for matter in found]


def _nearest(found: Sequence[Matter]) -> dict[int, Clock]:
    """The running clock of each matter that is due first."""
    running = Clock.objects.filter(matter_id__in=[m.pk for m in found if m.is_open], state="running")
    wanted = ("matter_id", "task_id", "name", "state", "started_at", "due_at")
    return {clock.matter_id: clock for clock in running.order_by("-due_at", "-pk").only(*wanted)}


def _joined(found: Sequence[Matter]) -> dict[int, int]:
    """How many filings were joined to each."""
    rows = Matter.objects.filter(master_id__in=[matter.pk for matter in found]).order_by()
    return dict(rows.values_list("master_id").annotate(count=Count("pk")))


def _row(matter: Matter, clock: Clock | None, joined: int) -> dict[str, Any]:
    late = matter.is_open and matter.next_due is not None and matter.next_due < time.now()
    return {
        "number": matter.number,
        "url": reverse("desk:matter", args=[matter.number]),
        "title": matter.title,
        "category_title": words.category(matter.category_id),
        "place": words.place(matter.division_id, placed=matter.placed),
        "unit": words.unit(matter.unit_id),
        "state_title": words.state(matter),
        "clock": clocks.brief(matter, clock) if clock else None,
        "level": matter.level,
        "channel": matter.channel,
        "confidential": matter.confidential,
        "opened_at": matter.opened_at,
        "joined": joined,
        "times_reopened": matter.times_reopened,
        "vacant": words.performer(matter.answers) if matter.vacant else None,
        "tone": "late" if late else "",
    }
