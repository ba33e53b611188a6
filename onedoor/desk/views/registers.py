"""Registers: which there are, their lists, maps and coverage. Every page is made from the register's declarations."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.desk.queries.places import code_of
from onedoor.desk.shown import records as shown_records
from onedoor.desk.shown import words
from onedoor.kernel import paging
from onedoor.kernel.access import access
from onedoor.kernel.spans import both
from onedoor.kernel.wording import halves
from onedoor.registers import coverage, kinds, lists
from onedoor.registers.coverage import Covered
from onedoor.registers.language import Register
from onedoor.registers.lists import Filters
from onedoor.registers.models import Record
from onedoor.registers.writing import today

MOST_POINTS = 5000
QUARTER = timedelta(days=90)


@access("staff")
def all_kinds(request: ActedRequest) -> HttpResponse:
    """Every register that the reader sees records of or may enter some into."""
    registers = kinds.published()
    counts = lists.counts(request.actor, registers)
    lines = [
        {"register": register, "count": counts[register.key][0], "due": counts[register.key][1]}
        for register in registers
        if any(counts[register.key]) or _enters(request, register)
    ]
    return render(request, "desk/registers/all.html", {"lines": lines})


def _enters(request: ActedRequest, register: Register) -> bool:
    return request.actor.holds(*register.kept_by)


@access("staff")
def listing(request: ActedRequest, kind: str) -> HttpResponse:
    """The records of a register, narrowed by words, state, place and its own choices."""
    register = kinds.current(kind)
    narrowed = wanted(request, register)
    found = paging.page(
        lists.narrowed(request.actor, register, narrowed), "-entered_at", cursor=request.GET.get("cursor", "")
    )
    shown = head(request, register, "list") | {
        "rows": shown_records.rows(found.rows, register),
        "columns": shown_records.columns(register),
        "more_url": f"{request.path}?{_query(request, cursor=found.next)}" if found.next else "",
        "wanted": narrowed,
        "selects": _selects(register, narrowed),
        "place": tree().by_code[narrowed.place].name if narrowed.place else "",
        "query": _query(request),
    }
    return render(request, "desk/registers/list.html", shown)


def wanted(request: ActedRequest, register: Register) -> Filters:
    """How the reader narrowed the list."""
    sent = request.GET.dict()
    return Filters.read(sent | {"place": code_of(sent.get("place", ""))}, register)


def _query(request: ActedRequest, **changed: str) -> str:
    held = {n: v for n, v in request.GET.items() if v and n != "cursor"} | changed
    return urlencode(held)


def head(request: ActedRequest, register: Register, current: str) -> dict[str, Any]:
    """What stands above every page of a register."""
    key = [register.key]
    tabs = [
        ("list", _("List"), reverse("desk:register", args=key)),
        ("map", _("Map"), reverse("desk:register_map", args=key)),
    ]
    if register.visits:
        tabs.append(("visits", _("Visits to make"), reverse("desk:register_visits", args=key)))
        tabs.append(("coverage", _("Coverage"), reverse("desk:register_coverage", args=key)))
    if _enters(request, register):
        tabs.append(("tables", _("Excel"), reverse("desk:register_load", args=key)))
    return {
        "register": register,
        "enters": _enters(request, register),
        "tabs": [{"title": title, "url": url, "current": name == current} for name, title, url in tabs],
    }


def _selects(register: Register, narrowed: Filters) -> list[dict[str, Any]]:
    states = {
        name: title for name, title in shown_records.STATES.items()
        if (register.visits or name not in ("visit_due", "visit_late", "findings"))
        and (_lapses(register) or name not in ("expiring", "expired"))
    }  # fmt: skip
    chosen = {
        name: (
            register.fields[name].title,
            {k: c.model_dump() for k, c in register.fields[name].choices.items()},
        )
        for name in shown_records.listed(register)
        if register.fields[name].choices
    }
    listed = {"state": (_("State"), states), **chosen}
    now = {"state": narrowed.state, **narrowed.chosen}
    return [
        {"name": name, "label": label, "options": [
            {"value": value, "label": text, "chosen": now.get(name) == value} for value, text in options.items()
        ]}
        for name, (label, options) in listed.items()
    ]  # fmt: skip


def _lapses(register: Register) -> bool:
    return bool(register.validity) or any(one.lasts for one in register.fields.values())


@access("staff")
def map_page(request: ActedRequest, kind: str) -> HttpResponse:
    """The same records on the map, in the same filters."""
    register = kinds.current(kind)
    shown = head(request, register, "map") | {
        "query": _query(request),
        "selects": _selects(register, wanted(request, register)),
        "land": reverse("desk:outline", args=[tree().root.code]),
    }
    return render(request, "desk/registers/map.html", shown)


@access("staff")
def points(request: ActedRequest, kind: str) -> HttpResponse:
    """Where the records lie, as GeoJSON; those that are late or expired stand out."""
    register = kinds.current(kind)
    rows = lists.narrowed(request.actor, register, wanted(request, register))
    rows = rows.filter(lon__isnull=False).exclude(state="withdrawn").order_by("pk")[:MOST_POINTS]
    features = [feature(record) for record in rows]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


def feature(record: Record) -> dict[str, Any]:
    """A record as a point of GeoJSON."""
    late = lists.standing(record) == "expired" or (record.next_visit_on or date.max) < today()
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [record.lon, record.lat]},
        "properties": {
            "title": record.title,
            "url": reverse("desk:record", args=[record.number]),
            "tone": "late" if late else "good",
        },
    }


@access("staff")
def to_visit(request: ActedRequest, kind: str) -> HttpResponse:
    """What the reader's posts are to visit, the most urgent first: read on a telephone."""
    register = kinds.current(kind)
    rows = lists.to_visit(request.actor, register)
    found = paging.page(rows, "next_visit_on", cursor=request.GET.get("cursor", ""))
    shown = head(request, register, "visits") | {
        "lines": [{"record": r, "place": words.place(r.division_id), "late": (r.next_visit_on or today()) < today()}
                  for r in found.rows],
        "more_url": f"{request.path}?{_query(request, cursor=found.next)}" if found.next else "",
    }  # fmt: skip
    return render(request, "desk/registers/to_visit.html", shown)


@access("staff")
def covered(request: ActedRequest, kind: str) -> HttpResponse:
    """Visits due, made in time and overdue, by place and by unit, over a period. Never by person."""
    register = kinds.current(kind)
    if register.visits is None:
        raise Http404
    until = _day(request.GET.get("until"), today())
    since = _day(request.GET.get("since"), until - QUARTER)
    code = code_of(request.GET.get("place", ""))
    top = tree().by_code[code].id if code else _own_place(request)
    places = coverage.by_place(request.actor, register, top, since, until)
    units = coverage.by_unit(request.actor, register, since, until)
    shown = head(request, register, "coverage") | {
        "since": since,
        "until": until,
        "place": tree().nodes[top].name if code else "",
        "places": [_covered(line, tree().nodes[line.id].name) for line in places],
        "units": [_covered(line, words.unit(line.id)) for line in units],
        "place_columns": [{"title": _("Place")}, *COVERED],
        "unit_columns": [{"title": _("Unit")}, *COVERED],
        "cycle": both(register.visits.every),
        "source": halves(register.visits.source),
    }
    return render(request, "desk/registers/coverage.html", shown)


def _own_place(request: ActedRequest) -> int:
    """The place that all posts and grants of the reader share; the city where they share none."""
    paths = [tree().nodes[r.division_id].path for r in request.actor.reaches if r.division_id in tree().nodes]
    shared = [steps[0] for steps in zip(*paths, strict=False) if len(set(steps)) == 1]
    return shared[-1] if shared else tree().root.id


COVERED = [
    {"title": _("Records"), "kind": "number"},
    {"title": _("Visits due"), "kind": "number"},
    {"title": _("Made in time"), "kind": "number"},
    {"title": _("Made late"), "kind": "number"},
    {"title": _("Overdue"), "kind": "number"},
    {"title": _("Never visited"), "kind": "number"},
]


def _covered(line: Covered, name: Any) -> dict[str, Any]:
    return {"name": name, "line": line, "share": line.share}


def _day(text: str | None, otherwise: date) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return otherwise
    return found if 2000 <= found.year <= 2199 else otherwise
