"""A unit objects to its score; the office without an interest decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onedoor.appraisal import actions, objections, policies
from onedoor.appraisal.actions import Corrected
from onedoor.board import objecting, scores, sheets
from onedoor.city.middleware import ActedRequest
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, FieldError, NotNow

Field = dict[str, Any]
REASON: Field = {
    "name": "reason", "kind": "long_text", "label": gettext_lazy("Why the figure is wrong, and what proves it"),
    "required": True, "most": 2000, "rows": 5,
    "help": gettext_lazy("Name matters by their numbers; write no names of residents."),
}  # fmt: skip
VERDICT: Field = {
    "name": "upheld", "kind": "choice", "label": gettext_lazy("Decision"), "required": True,
    "options": {"yes": gettext_lazy("Upheld: the figure is corrected"), "no": gettext_lazy("Turned down")},
}  # fmt: skip
NUMERATOR: Field = {
    "name": "numerator",
    "kind": "number",
    "label": gettext_lazy("Numerator as it ought to be"),
}
DENOMINATOR: Field = {
    "name": "denominator",
    "kind": "number",
    "label": gettext_lazy("Denominator as it ought to be"),
}
VALUE: Field = {"name": "value", "kind": "text", "label": gettext_lazy("Finding as it ought to be")}
GROUNDS: Field = REASON | {"name": "grounds", "label": gettext_lazy("Grounds"), "help": ""}


@access("staff")
def object_to(request: ActedRequest, pk: int, unit: str, code: str) -> HttpResponse:
    """The form, and the objection itself. Raises NotFound, NotAllowed for a score that is not her unit's."""
    shown = scores.found(request.actor, pk)
    scores.score_of(shown, unit)
    policies.objecting_unit(request.actor, shown.group, unit)
    cells = (cell for item in scores.items(shown, unit) for cell in item["cells"])
    cell = next((one for one in cells if one["code"] == code), None)
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            actions.object_to(request.actor, pk, code, unit, request.POST.get("reason", ""))
        except (BadInput, NotNow, Conflict) as problem:
            errors = _said(problem)
        else:
            messages.success(request, _("The objection is with the office that decides."))
            return redirect(shown.unit_url(unit))
    context = {
        "shown": shown, "snapshot": shown.snapshot, "group": shown.group, "name": shown.name(unit),
        "back": shown.unit_url(unit), "cell": cell, "form": [REASON], "values": request.POST, "errors": errors,
        "closes": objections.closes_at(shown.snapshot),
    }  # fmt: skip
    return render(request, "board/score_object.html", context, status=422 if errors else 200)


def _said(problem: BadInput | NotNow | Conflict) -> list[FieldError]:
    if isinstance(problem, BadInput):
        return problem.errors
    return [FieldError("", problem.text("zh"), problem.text("en"))]


@access("staff")
def listing(request: ActedRequest) -> HttpResponse:
    """What waits for the reader's unit to decide."""
    return render(request, "board/objections.html", {"objections": objecting.waiting(request.actor)})


@access("staff")
def decide(request: ActedRequest, pk: int) -> HttpResponse:
    """One objection with the figure that it is about, and the decision. Raises NotFound where she may not decide."""
    shown, held = objecting.to_decide(request.actor, pk)
    errors = _decided(request, pk) if request.method == "POST" else []
    if request.method == "POST" and not errors:
        messages.success(request, _("Decided; the unit reads it beside its score."))
        return redirect("board:objections")
    told = objecting.objected(request.actor, shown, held)
    figure = [VALUE] if told["evidence"] else [NUMERATOR] if told["counted"] else [NUMERATOR, DENOMINATOR]
    context = {
        "told": told, "decided": held.decided_at is not None, "form": [VERDICT, *figure, GROUNDS],
        "values": request.POST, "errors": errors, "columns": sheets.MATTER_COLUMNS,
    }  # fmt: skip
    return render(request, "board/objection.html", context, status=422 if errors else 200)


def _decided(request: ActedRequest, pk: int) -> list[FieldError]:
    """Takes the decision; what stands in its way."""
    sent = request.POST
    corrected = Corrected(sent.get("numerator", ""), sent.get("denominator", ""), sent.get("value", ""))
    if sent.get("upheld") not in ("yes", "no"):
        return [FieldError("upheld", "请选择", "choose one")]
    try:
        upheld = sent.get("upheld") == "yes"
        actions.decide(request.actor, pk, upheld=upheld, grounds=sent.get("grounds", ""), corrected=corrected)
    except (BadInput, NotNow, Conflict) as problem:
        return _said(problem)
    return []
