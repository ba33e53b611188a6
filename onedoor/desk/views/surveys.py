"""Surveys on the desk: rounds, how far each is, its figures, and the page on which an interviewer asks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict
from onedoor.kernel.tables import write_csv
from onedoor.surveys import actions, answering, export, policies, queries, shown
from onedoor.surveys.models import CLOSED, COUNTER, OPEN, PHONE, PUBLISHED, Round
from onedoor.surveys.rules.sampling import COMPLETE, OUTCOMES

STATES = {
    OPEN: (gettext_lazy("under way"), "teal"),
    CLOSED: (gettext_lazy("closed"), "plain"),
    PUBLISHED: (gettext_lazy("published"), "good"),
}
ENDINGS = {
    "complete": gettext_lazy("Answered"),
    "partial": gettext_lazy("Broken off"),
    "refused": gettext_lazy("Refused"),
    "not_reached": gettext_lazy("Nobody reached"),
    "other": gettext_lazy("Could not be asked"),
    "unknown": gettext_lazy("No reply, unknown why"),
    "ineligible": gettext_lazy("Not a household here"),
}
CODE_COLUMNS = ("乡镇代码 Code", "乡镇 Township", "答题码 Answer code")
HELD = "survey_cases"  # the session's word for the cases that an interviewer has in hand


@access("surveys.read")
def page(request: ActedRequest) -> HttpResponse:
    """The rounds that the reader may see, the newest first."""
    rows = policies.visible(request.actor).order_by("-ends", "-pk")[:100]
    columns = [
        {"title": _("Questionnaire")}, {"title": _("Survey round")}, {"title": _("Place")},
        {"title": _("State"), "kind": "mark"},
        {"title": _("Answers"), "kind": "number"}, {"title": _("Share"), "kind": "number"},
    ]  # fmt: skip
    return render(
        request, "desk/surveys.html", {"rounds": [_line(held) for held in rows], "columns": columns}
    )


def _line(held: Round) -> dict[str, Any]:
    title, tone = STATES[held.state]
    return {
        "held": held,
        "title": queries.asked_in(held).title,
        "state": title,
        "tone": tone,
        "done": sum(one.done for one in queries.progress(held)),
        "headline": queries.headline(held),
    }


@access("surveys.read")
def one(request: ActedRequest, round_id: int) -> HttpResponse:
    """One round: progress by township while it runs, figures once it is closed."""
    held = policies.reach(request.actor, round_id)
    asked = queries.asked_in(held)
    told = queries.response(held)
    steering = policies.may_steer(request.actor, held.division_id, asked)
    written = [key for key, question in asked.questions.items() if question.type == "text"]
    context = {
        "line": _line(held),
        "asked": asked,
        "progress": queries.progress(held),
        "told": told,
        "endings": [(ENDINGS[key], told["outcomes"][key]) for key in OUTCOMES if key in told["outcomes"]],
        "may_steer": steering,
        "may_ask": policies.may_ask(request.actor, held, asked),
        "columns": [
            {"title": _("Township")}, {"title": _("Households"), "kind": "number"},
            {"title": _("Answers"), "kind": "number"},
            {"title": _("Called"), "kind": "number"},
        ],
        "texts": [
            (asked.questions[key].title, lines) for key, lines in queries.texts(held, written).items() if lines
        ] if steering and held.state != OPEN else [],
    }  # fmt: skip
    closed = {} if held.state == OPEN else shown.whole(held, public=False)
    return render(request, "desk/survey.html", {"held": held} | closed | context)


@require_POST
@access("surveys.read")
def close(request: ActedRequest, round_id: int) -> HttpResponse:
    """Ends a round."""
    actions.close(request.actor, round_id)
    messages.success(request, _("The round is closed; its figures stand."))
    return redirect("desk:survey", round_id)


@require_POST
@access("surveys.read")
def publish(request: ActedRequest, round_id: int) -> HttpResponse:
    """Lets everybody read its figures."""
    actions.publish_figures(request.actor, round_id)
    messages.success(request, _("The figures are published."))
    return redirect("desk:survey", round_id)


@require_POST
@access("surveys.read")
def codes(request: ActedRequest, round_id: int) -> HttpResponse:
    """One-time codes as a file to be printed or sent; they are shown this once."""
    total = request.POST.get("total", "")
    issued = actions.issue_codes(request.actor, round_id, int(total) if total.isdecimal() else 0)
    return _file(f"codes-{round_id}.csv", lambda target: write_csv(target, CODE_COLUMNS, issued))


@access("surveys.read")
def workbook(request: ActedRequest, round_id: int) -> HttpResponse:
    """The figures of a closed round as .xlsx."""
    held = policies.reach(request.actor, round_id)
    if held.state == OPEN:
        raise Conflict(zh="调查尚未结束", en="the round still runs")
    return _file(f"survey-{round_id}.xlsx", lambda target: export.write(held, target))


def _file(name: str, write: Any) -> HttpResponse:
    target = BytesIO()
    write(target)
    kind = (
        "text/csv"
        if name.endswith(".csv")
        else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(target.getvalue(), content_type=kind, headers=headers)


@access("surveys.ask")
def ask(request: ActedRequest, round_id: int, problem: BadInput | None = None) -> HttpResponse:
    """The case in hand with its questions; without one, the next may be drawn."""
    held = policies.reach(request.actor, round_id)
    asked = queries.asked_in(held)
    policies.asks(request.actor, held, asked)
    case = request.session.get(HELD, {}).get(str(round_id))
    context = {
        "held": held, "asked": asked, "case": case, "fields": answering.fields(asked), "walk": answering.skips(asked),
        "sent": request.POST if problem else None, "errors": problem.errors if problem else [],
        "strata": held.strata.select_related("division").order_by("division__code"),
        "endings": [(key, ENDINGS[key]) for key in OUTCOMES if key != COMPLETE], "key": request.POST.get("key", ""),
    }  # fmt: skip
    return render(request, "desk/survey_ask.html", context, status=422 if problem else 200)


@require_POST
@access("surveys.ask")
def draw(request: ActedRequest, round_id: int) -> HttpResponse:
    """Takes the next case into hand: one to call, or somebody of a township who stands at the counter."""
    at_counter = request.POST.get("stratum", "")
    if at_counter:
        held = policies.reach(request.actor, round_id)
        found = (
            held.strata.select_related("division")
            .filter(pk=at_counter if at_counter.isdecimal() else 0)
            .first()
        )
        case = {"stratum": found.pk, "name": found.division.name, "channel": COUNTER} if found else None
    else:
        drawn = actions.draw_case(request.actor, round_id)
        case = {"stratum": drawn.stratum_id, "name": drawn.name, "channel": PHONE, "place": drawn.place,
                "size": drawn.size} if drawn else None  # fmt: skip
    if case is None:
        messages.success(request, _("Every quota is filled."))
    _hold(request, round_id, case)
    return redirect("desk:survey_ask", round_id)


@require_POST
@access("surveys.ask")
def record(request: ActedRequest, round_id: int) -> HttpResponse:
    """What came of the case in hand: an answer, or why there is none."""
    case = request.session.get(HELD, {}).get(str(round_id))
    if case is None:
        return redirect("desk:survey_ask", round_id)
    ending = request.POST.get("ending", "")
    if ending:
        actions.record_attempt(request.actor, round_id, case["stratum"], ending, case["channel"])
    else:
        asked = queries.asked_in(policies.reach(request.actor, round_id))
        sent, key = answering.split(request.POST, list(asked.questions)), request.POST.get("key", "")
        try:
            actions.take_answer(request.actor, round_id, case["stratum"], sent, key, case["channel"])
        except BadInput as problem:
            return ask(request, round_id, problem)
    _hold(request, round_id, None)
    messages.success(request, _("Recorded."))
    return redirect("desk:survey_ask", round_id)


def _hold(request: ActedRequest, round_id: int, case: dict[str, Any] | None) -> None:
    held = {key: one for key, one in request.session.get(HELD, {}).items() if key != str(round_id)}
    request.session[HELD] = held | ({str(round_id): case} if case else {})
