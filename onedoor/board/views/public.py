"""The map for everybody: counts of places, none so small that it points at somebody, and no single matter.

The counts are about calendar periods that are over and are told in steps (`rules.told`), so that neither two questions
nor two days of asking the same one can be subtracted to single somebody out.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from onedoor.board import queries, rules
from onedoor.board.queries import Question
from onedoor.board.views import asking
from onedoor.city.queries import tree
from onedoor.city.rules import Role
from onedoor.kernel.access import access

WHATS = ("received", "open")


def _layers() -> tuple[Role, ...]:
    """Grids are too small for public counts; a city whose villages are its grids shows those."""
    found = queries.layers()
    wide = tuple(role for role in found if role in ("township", "village", "county"))
    return tuple(sorted(wide, key=("township", "village", "county").index)) or found


def _question(request: HttpRequest) -> Question:
    return Question.read(request.GET, layers=_layers(), whats=WHATS, periods=rules.PERIODS)


@access("public")
def public_map(request: HttpRequest) -> HttpResponse:
    """The page with the map, and the same counts as a list."""
    question = _question(request)
    counts = queries.counted_for_all(question)
    listed = sorted((queries.place(code) for code in counts), key=lambda node: node.code)
    context = {
        "question": question,
        "controls": [c for c in asking.controls(question, WHATS) if _useful(c)],
        "shapes": asking.versioned(question.layer),
        "outline": asking.versioned("outline"),
        "counts": f"{reverse('board:counts')}?{asking.asked(question)}",
        "legend": asking.legend(question),
        "least": rules.LEAST,
        "places": [(node.name, queries.above(node), counts[node.code]) for node in listed],
    }
    return render(request, "board/public_map.html", context)


def _useful(control: dict[str, object]) -> bool:
    options = control["options"]
    if control["name"] == "layer" and isinstance(options, list):
        control["options"] = options = [option for option in options if option["value"] in _layers()]
    return isinstance(options, list) and len(options) > 1


@access("public")
def public_counts(request: HttpRequest) -> HttpResponse:
    """The counts that anybody may read, by the code of a place."""
    question = _question(request)
    url = f"{reverse('board:place', args=[asking.PLACE])}?{asking.asked(question)}"
    response = asking.as_counts(queries.counted_for_all(question), url)
    response["Cache-Control"] = "public, max-age=300"
    return response


@access("public")
def public_place(request: HttpRequest, code: str) -> HttpResponse:
    """What anybody may read of one place: its count, and what most of it is about. Raises NotFound."""
    question, node = _question(request), queries.place(code)
    count = queries.counted_for_all(question).get(code) if _is_shown(question, code) else None
    context: dict[str, Any] = {"node": node, "count": count, "question": question, "legend": asking.legend(question),
               "least": rules.LEAST}  # fmt: skip
    if count is not None:
        rows = question.rows(queries.within(queries.open_to_all(), node))
        context["bars"] = queries.bars(queries.by_family(rows), public=True)
    return render(request, "board/public_place.html", context)


def _is_shown(question: Question, code: str) -> bool:
    """Whether a place is of the layer asked for, and that layer one that the public sees."""
    level = tree().profile.level(question.layer)
    return level is not None and queries.place(code).level == level.key
