"""What the public map and that of staff share: their controls, and counts as the map takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onedoor.board import queries, rules
from onedoor.board.queries import Question
from onedoor.city.queries import tree
from onedoor.kernel import time

PLACE = "CODE"  # stands in an address for the code of the place that was chosen


def controls(question: Question, whats: tuple[str, ...]) -> list[dict[str, Any]]:
    """The drop-down lists of the filter bar, without its own first line: each has a choice that stands for all."""
    levels = [(role, level.title) for role in queries.layers() if (level := tree().profile.level(role))]
    now = _("Open at its end") if question.period else _("Open now")
    titles = {"open": now, "overdue": _("Overdue now"), "received": _("Received")}
    return [
        _select("what", _("Counted"), [(what, titles[what]) for what in whats], question.what),
        _select("layer", _("Level of places"), levels, question.layer),
        _select("category", _("All matters"), list(queries.families()), question.category),
        _periods(question),
    ]  # fmt: skip


def _periods(question: Question) -> dict[str, Any]:
    if question.period:
        return _select("period", _("Period"), list(_titles().items()), question.period)
    told = [(str(days), span(days)) for days in queries.DAYS]
    return _select("days", _("Period"), told, str(question.days))


def whole(period: str) -> str:
    """A calendar period that is over, in words with its days."""
    first, after = rules.last_whole(period, time.now().date())
    return f"{_titles()[period]} {first} – {after - timedelta(days=1)}"


def _titles() -> dict[str, str]:
    return {
        "week": _("last week"), "month": _("last month"), "quarter": _("last quarter"), "year": _("last year"),
    }  # fmt: skip


def span(days: int) -> str:
    """A period in words."""
    return ngettext("the last %(n)d day", "the last %(n)d days", days) % {"n": days}


def _select(name: str, label: str, options: Sequence[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    found = [{"value": value, "label": title, "chosen": value == chosen} for value, title in options]
    return {"name": name, "label": label, "options": found}


def asked(question: Question) -> str:
    """The question as an address carries it."""
    return urlencode(vars(question))


def versioned(name: str) -> str:
    """The address of a layer of outlines in today's revision of the city."""
    return f"{reverse('board:shapes', args=[name])}?r={tree().revision}"


def as_counts(of: Mapping[str, int], url: str) -> JsonResponse:
    """Counts for the map; `url` is where a place leads, with `PLACE` for its code."""
    return JsonResponse({"of": of, "url": url})


def legend(question: Question) -> str:
    """What the colour counts."""
    if question.what == "received":
        said = whole(question.period) if question.period else span(question.days)
        return _("Received, %(span)s") % {"span": said}
    if question.period:
        return _("Open at the end of %(span)s") % {"span": whole(question.period)}
    return _("Overdue now") if question.what == "overdue" else _("Open now")
