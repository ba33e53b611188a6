"""What a resident does with her matter: the last word, and whatever else its procedure lets her do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from onedoor.kernel.access import access
from onedoor.kernel.fields import typed
from onedoor.kernel.problems import BadInput, FieldError, NotFound
from onedoor.matters import actions
from onedoor.matters.queries import Offer
from onedoor.portal import policies, proofs
from onedoor.portal.queries import matters
from onedoor.portal.queries.matters import Filing
from onedoor.portal.views.following import page

ANSWERS = {"yes": True, "no": False}
UNSAID = FieldError("solved", "请选择“已解决”或“没有解决”", "choose “solved” or “not solved”")


@require_POST
@access("public")
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """Solved or not, in her word. Raises NotProved, Conflict where nothing is asked now."""
    actor = proofs.actor(request, number)
    values = {name: text for name in ("satisfied", "reason") if (text := request.POST.get(name, "").strip())}
    solved = ANSWERS.get(request.POST.get("solved", ""))
    try:
        if solved is None:
            raise BadInput([UNSAID])
        actions.give_verdict(actor, solved, values)
    except BadInput as problem:
        said_above = [FieldError("", error.zh, error.en) for error in problem.errors]
        at_fields = {error.field: error for error in problem.errors}
        context = page(matters.filing(actor), sent=request.POST, errors=said_above, verdict_errors=at_fields)
        return render(request, "portal/matter.html", context, status=422)
    said = (
        _("Thank you. Your word is written down: solved.")
        if solved
        else _("It is opened again. Thank you for telling us.")
    )
    messages.success(request, said)
    return redirect("portal:matter", number)


@never_cache
@access("public")
def do(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """One action of the procedure with its form. Raises NotProved, NotFound, Conflict, NotNow."""
    found = matters.filing(proofs.actor(request, number))
    offer = _offer(found, key)
    if request.method != "POST":
        return _form(request, found, offer, {}, [])
    try:
        actions.act(found.actor, found.asked.number, key, typed(offer.form, request.POST))
    except BadInput as problem:
        return _form(request, found, offer, request.POST, problem.errors, status=422)
    messages.success(request, _("Done, and written into the history."))
    return redirect("portal:matter", number)


def _offer(found: Filing, key: str) -> Offer:
    turn = matters.turn(found)
    offer = next((offer for offer in (*turn.waited_for, *turn.others) if offer.key == key), None)
    if offer is None:
        raise NotFound(what=key)
    return offer


def _form(
    request: HttpRequest, found: Filing, offer: Offer, sent: Any, errors: list[FieldError], status: int = 200
) -> HttpResponse:
    context = {"found": found, "own": found.own, "offer": offer, "sent": sent, "errors": errors,
               "ends": policies.ends_it(found.procedure, offer.action)}  # fmt: skip
    return render(request, "portal/do.html", context, status=status)
