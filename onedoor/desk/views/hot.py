"""Hot issues: what many households speak of, and what a coordinator makes of it."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.city.tree import Node
from onedoor.desk import forms
from onedoor.desk.shown import words
from onedoor.intake import together
from onedoor.intake.heat import weeks
from onedoor.intake.hottest import Warm, hottest, warmed
from onedoor.intake.models import HotGroup, HotMember
from onedoor.kernel import time
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, Problem
from onedoor.matters import policies
from onedoor.matters.actions.joining import MAY_JOIN

SHORT, LONG = 5, 50
WEEKS = 9
TRENDS = {
    "rising": (gettext_lazy("rising"), "late"),
    "steady": (gettext_lazy("steady"), "warn"),
    "falling": (gettext_lazy("falling"), "teal"),
    "quiet": (gettext_lazy("quiet"), "plain"),
}


@access("desk.hot")
def page(request: ActedRequest) -> HttpResponse:
    """The groups that the reader may see, the hottest first."""
    return render(request, "desk/hot.html", {"groups": [_line(w) for w in hottest(request.actor, LONG)]})


@access("desk.hot")
def short(request: ActedRequest) -> HttpResponse:
    """The hottest few, for the first page."""
    return render(
        request, "desk/hot_short.html", {"groups": [_line(w) for w in hottest(request.actor, SHORT)]}
    )


def _line(warm: Warm) -> dict[str, Any]:
    trend, tone = TRENDS[warm.heat.trend]
    return {
        "headline": warm.group.headline,
        "url": reverse("desk:hot_group", args=[warm.group.pk]),
        "heat": warm.heat,
        "trend": trend,
        "tone": tone,
        "first": warm.told[0].at if warm.told else warm.group.first_at,
        "last": warm.told[-1].at if warm.told else warm.group.last_at,
        "campaign": bool(warm.group.campaign_id),
    }


@access("desk.hot")
def group(request: ActedRequest, group_id: int, problem: Problem | None = None) -> HttpResponse:
    """One group: what, when, where, the filings with why they are in, and what can be made of it."""
    held = together.group_of(request.actor, group_id)
    rows = [_member(request, member) for member in together.members(request.actor, held)]
    warm, around = warmed(request.actor, held), together.around(row["division"] for row in rows)
    errors = problem.errors if isinstance(problem, BadInput) else []
    shown = {
        "group": held,
        "line": _line(warm),
        "members": rows,
        "around": "" if around.parent_id is None else around.name,
        "places": _places(rows, around),
        "handled": _handled(rows),
        "bars": _bars(warm),
        "masters": [row for row in rows if row["open"]],
        "campaign": _campaign(request, held),
        "may_join": sum(row["may_part"] and row["open"] for row in rows) > 1,
        "may_propose": request.actor.holds("coordinator")
        and (held.campaign is None or not held.campaign.is_open),
        "land": reverse("desk:outline", args=[around.code]),
        "reason": forms.REASON,
        "remark": forms.REMARK,
        "errors": errors,
        "problem": None if errors else problem,
    }
    return render(request, "desk/hot_group.html", shown, status=422 if problem else 200)


def _member(request: ActedRequest, member: HotMember) -> dict[str, Any]:
    matter = policies.reach(request.actor, member.matter.number)
    return {
        "number": matter.number,
        "title": matter.title,
        "url": reverse("desk:matter", args=[matter.number]),
        "opened_at": matter.opened_at,
        "unit": words.unit(matter.unit_id),
        "place": words.place(matter.division_id, placed=matter.placed),
        "state": words.state(matter),
        "open": matter.is_open,
        "share": member.share,
        "why": member.why,
        "may_part": not matter.master_id and policies.performs(matter, MAY_JOIN),
        "division": matter.division_id,
        "master": matter.master_id,
        "id": matter.pk,
    }


def _places(rows: list[dict[str, Any]], around: Node) -> list[str]:
    """The townships (or what is known above) in which the filings lie, each once, as they are called in `around`."""
    whole, nodes = around.parent_id is None, tree().nodes
    paths = [nodes[row["division"]].path for row in rows]
    found = dict.fromkeys(path[min(2, len(path) - 1)] for path in paths)
    return [tree().full_name(one) if whole else nodes[one].name for one in found if one != around.id]


def _handled(rows: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The filing under which most of the others are handled, how many they are, itself counted."""
    under = Counter(row["master"] for row in rows if row["master"])
    found = [(under[row["id"]], row) for row in rows if row["id"] in under]
    if not found:
        return None
    count, master = max(found, key=lambda one: one[0])
    return {"count": count + 1, "number": master["number"], "url": master["url"]}


def _bars(warm: Warm) -> list[dict[str, Any]]:
    """How many filings came in each of the last weeks, the newest below."""
    now = time.now()
    counts = weeks(warm.told, now, WEEKS)
    most = max([*counts, 1])
    begins = [now - timedelta(weeks=WEEKS - place) for place in range(WEEKS)]
    return [
        {
            "label": f"{begin.astimezone(time.CITY_ZONE):%m-%d}",
            "value": count,
            "share": round(100 * count / most),
        }
        for begin, count in zip(begins, counts, strict=True)
    ]


def _campaign(request: ActedRequest, held: HotGroup) -> dict[str, Any] | None:
    """The campaign that springs from the group, where the reader may see it."""
    if held.campaign is None or not policies.visible(request.actor).filter(pk=held.campaign.pk).exists():
        return None
    return {
        "number": held.campaign.number,
        "url": reverse("desk:matter", args=[held.campaign.number]),
        "state": words.state(held.campaign),
    }


@access("desk.hot")
def points(request: ActedRequest, group_id: int) -> HttpResponse:
    """Where the filings of a group lie, as GeoJSON."""
    held = together.group_of(request.actor, group_id)
    rows = [member.matter for member in together.members(request.actor, held)]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [matter.lon, matter.lat]},
            "properties": {
                "title": matter.title,
                "url": reverse("desk:matter", args=[matter.number]),
                "tone": "late" if matter.is_open else "plain",
            },
        }
        for matter in rows
        if matter.lon is not None
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


@require_POST
@access("desk.hot")
def part(request: ActedRequest, group_id: int, number: str) -> HttpResponse:
    """This one is not about the same: it leaves the group."""
    together.part(request.actor, group_id, number, request.POST.get("reason", ""))
    messages.success(request, _("Noted: they are not about the same."))
    left = together.members(request.actor, HotGroup(pk=group_id)).count()
    return redirect("desk:hot_group", group_id) if left >= together.FEWEST else redirect("desk:hot")


@require_POST
@access("desk.hot")
def join(request: ActedRequest, group_id: int) -> HttpResponse:
    """One joint handling under the master chosen."""
    try:
        done = together.join_all(
            request.actor, group_id, request.POST.get("master", ""), request.POST.get("reason", "")
        )
    except (BadInput, Conflict) as problem:
        return group(request, group_id, problem)
    told = _("%(count)s joined to %(number)s; every reporter is told.")
    messages.success(request, told % {"count": len(done.joined), "number": done.master.number})
    for number, why in done.left:
        messages.warning(request, f"{number}: {why.text(get_language() or 'en')}")
    return redirect("desk:matter", done.master.number)


@require_POST
@access("desk.hot")
def propose(request: ActedRequest, group_id: int) -> HttpResponse:
    """A campaign of several units is proposed; a leader approves it."""
    try:
        campaign = together.propose(request.actor, group_id, request.POST.get("reason", ""))
    except (BadInput, Conflict) as problem:
        return group(request, group_id, problem)
    messages.success(request, _("The campaign is proposed; it waits for a leader's approval."))
    return redirect("desk:matter", campaign.number)
