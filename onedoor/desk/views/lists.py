"""Lists of matters narrowed by words and filters: the search, what supervisors watch, whom callers call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import directory, tree
from onedoor.desk.queries import lists
from onedoor.desk.queries.counting import counts
from onedoor.desk.queries.lists import Filters
from onedoor.desk.queries.places import places as find_places
from onedoor.desk.shown import choices, rows, words
from onedoor.kernel import paging
from onedoor.kernel.access import access
from onedoor.matters import policies

STATES: Mapping[str, Any] = {
    "open": _("Open"),
    "overdue": _("Overdue now"),
    "soon": _("Due within a day"),
    "reopened": _("Opened again"),
    "unplaced": _("No place yet"),
    "unsure": _("Category to confirm"),
    "closed": _("Closed"),
}
LEVELS: Mapping[str, Any] = {"1": _("One unit"), "2": _("Several units"), "3": _("Leader in charge")}
WATCHED = ("overdue", "soon", "reopened", "third")


@access("staff")
def search(request: ActedRequest) -> HttpResponse:
    """Matters by number, words, address and filters; an exact number opens its matter."""
    wanted = Filters.read(request.GET)
    if wanted.q and (number := _exact(request, wanted.q)):
        return redirect("desk:matter", number)
    found = paging.page(
        lists.narrowed(request.actor, wanted), wanted.order, cursor=request.GET.get("cursor", "")
    )
    shown = {
        "rows": rows.matters(found.rows),
        "columns": rows.COLUMNS,
        "more_url": _with(request, cursor=found.next) if found.next else "",
        "wanted": wanted,
        "selects": _selects(wanted),
        "chips": _chips(request, wanted),
        "place": tree().by_code[wanted.place].name if wanted.place else "",
    }
    return render(request, "desk/search.html", shown)


def _exact(request: ActedRequest, text: str) -> str | None:
    """The number itself, when exactly it was typed and may be seen."""
    if not text.isascii() or len(text) < 8:
        return None
    return policies.visible(request.actor).filter(number=text).values_list("number", flat=True).first()


def _selects(wanted: Filters) -> list[dict[str, Any]]:
    return [
        _select("state", _("State"), STATES.items(), wanted.state),
        _select("level", _("Level"), LEVELS.items(), str(wanted.level or "")),
        _select(
            "category", _("Category"), [(o["value"], o["label"]) for o in choices.families()], wanted.category
        ),
        _select(
            "unit", _("Unit"), [(pk, words.unit(pk)) for pk in choices.offices(wanted.unit)], wanted.unit
        ),
    ]


def _select(name: str, label: Any, options: Any, chosen: Any) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": text, "chosen": str(value) == str(chosen)} for value, text in options
        ],
    }


def _chips(request: ActedRequest, wanted: Filters) -> list[dict[str, Any]]:
    """What narrows the list now, each with the address of the list without it."""
    said = {
        "q": f"“{wanted.q}”" if wanted.q else "",
        "state": STATES.get(wanted.state, ""),
        "level": LEVELS.get(str(wanted.level), ""),
        "category": directory().categories[wanted.category].title if wanted.category else "",
        "unit": words.unit(wanted.unit),
        "place": tree().full_name(tree().by_code[wanted.place].id) if wanted.place else "",
        "since": f"≥ {wanted.since}" if wanted.since else "",
        "until": f"≤ {wanted.until}" if wanted.until else "",
    }
    return [
        {"label": text, "url": _with(request, **{name: "", "cursor": ""})}
        for name, text in said.items()
        if text
    ]


def _with(request: ActedRequest, **changed: str) -> str:
    """This page's address with some of its values changed; empty ones are left out."""
    held = {name: value for name, value in request.GET.items() if value} | changed
    return f"{request.path}?{urlencode({name: value for name, value in held.items() if value})}"


@access("desk.watch")
def watch(request: ActedRequest) -> HttpResponse:
    """What supervisors follow up: overdue, due soon, opened again, taken charge of by a leader."""
    current = request.GET.get("tab", WATCHED[0])
    current = current if current in WATCHED else WATCHED[0]
    sets = {name: lists.narrowed(request.actor, _watched(name)) for name in WATCHED}
    found = paging.page(sets[current], "next_due", cursor=request.GET.get("cursor", ""))
    counted = counts(sets, lists.MOST)
    titles = {
        "overdue": _("Overdue now"),
        "soon": _("Due within a day"),
        "reopened": _("Opened again"),
        "third": _("Leader in charge"),
    }
    shown = {
        "rows": rows.matters(found.rows),
        "columns": rows.COLUMNS,
        "more_url": f"{request.path}?{urlencode({'tab': current, 'cursor': found.next})}"
        if found.next
        else "",
        "tabs": [
            {
                "title": titles[name],
                "url": f"{reverse('desk:watch')}?tab={name}",
                "count": min(counted[name], lists.MOST),
                "more": counted[name] > lists.MOST,
                "current": name == current,
                "tone": "late" if name in ("overdue", "reopened") and counted[name] else "plain",
            }
            for name in WATCHED
        ],
    }
    return render(request, "desk/watch.html", shown)


def _watched(name: str) -> Filters:
    return Filters(state="open", level=3) if name == "third" else Filters(state=name)


@access("desk.call")
def calls(request: ActedRequest) -> HttpResponse:
    """Answered matters whose residents are to be asked, by clock."""
    found = paging.page(lists.to_call(request.actor), "next_due", cursor=request.GET.get("cursor", ""))
    listed = rows.matters(found.rows)
    for row in listed:
        row["url"] = reverse("desk:call", args=[row["number"]])
    more = f"?cursor={found.next}" if found.next else ""
    return render(request, "desk/calls.html", {"rows": listed, "columns": rows.COLUMNS, "more_url": more})


@access("staff")
def places(request: ActedRequest) -> HttpResponse:
    """Divisions by the words typed, to choose from: as options of a list, or as radio buttons."""
    asked = next((str(text) for name, text in request.GET.items() if name not in ("as", "by") and text), "")[
        :40
    ]
    shown = {
        "places": [choices.place(node) for node in find_places(asked)],
        "asked": asked,
        "as_options": request.GET.get("as") == "options",
        "as_codes": request.GET.get("as") == "codes",
        "by_id": request.GET.get("by") == "id",
    }
    return render(request, "desk/places.html", shown)
