"""The map for staff: what each may see, by place, down to the list and the matter."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.board import queries
from onedoor.board.queries import Question
from onedoor.board.views import asking
from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import directory, tree
from onedoor.kernel.access import access
from onedoor.matters import policies, titles


def _question(request: HttpRequest) -> Question:
    return Question.read(request.GET, layers=queries.layers(), whats=queries.WHATS)


@access("staff")
def work_map(request: ActedRequest) -> HttpResponse:
    """The page with the map."""
    question = _question(request)
    found = queries.counted(question, policies.visible(request.actor))
    asked = asking.asked(question)
    context = {
        "question": question,
        "controls": asking.controls(question, queries.WHATS),
        "shapes": asking.versioned(question.layer),
        "outline": asking.versioned("outline"),
        "counts": f"{reverse('board:work_counts')}?{asked}",
        "points": f"{reverse('board:work_points')}?{asked}" if request.GET.get("points") else "",
        "legend": asking.legend(question),
        "total": sum(found.of.values()) + found.above,
        "above": found.above,
        "list_url": _listed(question, tree().root.code),
    }
    return render(request, "board/work_map.html", context)


@access("staff")
def work_counts(request: ActedRequest) -> HttpResponse:
    """Counts of what this reader may see, by the code of a place."""
    question = _question(request)
    url = f"{reverse('board:work_place', args=[asking.PLACE])}?{asking.asked(question)}"
    response = asking.as_counts(queries.counted(question, policies.visible(request.actor)).of, url)
    response["Cache-Control"] = "private, no-store"
    return response


@access("staff")
def work_points(request: ActedRequest) -> HttpResponse:
    """The newest matters that this reader may see, as GeoJSON points."""
    found = queries.points(request.actor, _question(request))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [point["lon"], point["lat"]]},
            "properties": {
                "title": point["title"],
                "tone": point["tone"],
                "url": reverse("board:work_matter", args=[point["number"]]),
            },
        }
        for point in found
    ]
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    response["Cache-Control"] = "private, no-store"
    return response


@access("staff")
def work_place(request: ActedRequest, code: str) -> HttpResponse:
    """One place: its figures, what they are about, who answers there, and the lists behind. Raises NotFound."""
    question, node = _question(request), queries.place(code)
    rows = question.rows(queries.within(policies.visible(request.actor), node))
    context = {
        "node": node,
        "where": tree().full_name(node.id),
        "question": question,
        "figures": queries.at_place(request.actor, question, node),
        "received": asking.span(question.days),
        "bars": queries.bars(queries.by_family(rows), public=False),
        "duty": queries.on_duty(node),
        "lists": {what: _listed(Question(what=what, category=question.category, days=question.days), code)
                  for what in queries.WHATS},
    }  # fmt: skip
    return render(request, "board/work_place.html", context)


def _listed(question: Question, code: str) -> str:
    """The list on the desk of what a question counts in a place."""
    narrowed = {"place": code, "category": question.category}
    if question.what == "received":
        narrowed["since"] = question.since.date().isoformat()
    else:
        narrowed["state"] = question.what
    return f"{reverse('desk:search')}?{urlencode({key: value for key, value in narrowed.items() if value})}"


@access("staff")
def work_matter(request: ActedRequest, number: str) -> HttpResponse:
    """One matter on the map, in a few lines. Raises NotFound."""
    matter = policies.reach(request.actor, number)
    context = {
        "matter": matter,
        "state": titles.state(matter),
        "category": directory().category_by_id[matter.category_id].title,
        "unit": directory().units.get(matter.unit_id),
        "where": tree().full_name(matter.division_id) if matter.division_id in tree().nodes else "",
    }
    return render(request, "board/work_matter.html", context)
