"""Surveys for residents: answering by a one-time code, and the results of published rounds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from onedoor.kernel import limits
from onedoor.kernel.access import access
from onedoor.kernel.limits import Limit
from onedoor.kernel.problems import BadInput, FieldError, TooMany
from onedoor.surveys import actions, answering, queries, shown
from onedoor.surveys.models import Round

CODES_BY_VISITOR = Limit("survey code by visitor", 20, 15)


@access("public")
def results(request: HttpRequest) -> HttpResponse:
    """The published rounds, the newest first."""
    rows = [
        {"held": held, "title": queries.asked_in(held).title, "headline": queries.headline(held)}
        for held in queries.published()[:100]
    ]
    columns = [
        {"title": _("Questionnaire")}, {"title": _("Survey round")}, {"title": _("Share"), "kind": "number"},
        {"title": _("Interval"), "kind": "number"},
    ]  # fmt: skip
    return render(request, "portal/survey_results.html", {"rounds": rows, "columns": columns})


@access("public")
def result(request: HttpRequest, round_id: int) -> HttpResponse:
    """The figures of one published round."""
    held = get_object_or_404(queries.published(), pk=round_id)
    return render(request, "portal/survey_result.html", shown.whole(held, public=True))


@never_cache
@access("public")
def answer(request: HttpRequest) -> HttpResponse:
    """A code opens the questionnaire; sent, it is gone. The code is never in the address."""
    code = request.POST.get("code", "")[:40]
    if not code:
        return render(request, "portal/survey_code.html", {"errors": []})
    try:
        with limits.guesses((CODES_BY_VISITOR, limits.visitor(request)), wrong=(queries.UnknownCode,)):
            if "key" in request.POST:
                return _sent(request, code)
            found = queries.by_code(code)
    except (queries.UnknownCode, TooMany) as problem:
        errors = [FieldError("code", problem.text("zh"), problem.text("en"))]
        return render(request, "portal/survey_code.html", {"errors": errors}, status=problem.status)
    return _questions(request, found.stratum.round, code)


def _sent(request: HttpRequest, code: str) -> HttpResponse:
    try:
        sent = {key: request.POST.getlist(key) for key in request.POST}
        actions.answer_by_code(code, sent, request.POST["key"])
    except BadInput as problem:
        return _questions(request, queries.by_code(code).stratum.round, code, problem)
    return render(request, "portal/survey_thanks.html")


def _questions(request: HttpRequest, held: Round, code: str, problem: BadInput | None = None) -> HttpResponse:
    asked = queries.asked_in(held)
    context = {
        "asked": asked, "code": code, "fields": answering.fields(asked), "walk": answering.skips(asked),
        "sent": request.POST if problem else None, "errors": problem.errors if problem else [],
        "key": request.POST.get("key", ""),
    }  # fmt: skip
    return render(request, "portal/survey_answer.html", context, status=422 if problem else 200)
