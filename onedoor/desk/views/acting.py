"""Taking a matter on: the actions of its procedure, and the tasks that units owe."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from onedoor.city.middleware import ActedRequest
from onedoor.desk import forms
from onedoor.desk.queries.whole import fresh
from onedoor.desk.shown import answers, choices, words
from onedoor.kernel import fields
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, FieldError, NotNow, Problem
from onedoor.kernel.wording import pick
from onedoor.matters import actions, policies, procedures
from onedoor.matters import queries as matters
from onedoor.matters.models import Matter, Task
from onedoor.matters.queries import Offer
from onedoor.notices.queries import told_by


@access("staff")
def do(request: ActedRequest, number: str, key: str) -> HttpResponse:
    """An action's form, or the action itself; a rule that stands in the way is told above the form."""
    matter = policies.reach(request.actor, number)
    offer = next((offer for offer in matters.offers(matter) if offer.key == key), None)
    if offer is None:
        return _gone(request, matter, key)
    if request.method != "POST":
        return _form(request, matter, offer)
    values = fields.typed(offer.form, request.POST)
    seen = _number(request.POST.get("seen")) or matter.head_seq
    try:
        actions.act(request.actor, number, key, values, seen=fresh(matter, seen))
    except BadInput as problem:
        return _form(request, matter, offer, values, problem.errors, status=422)
    except (NotNow, Conflict) as problem:
        matter = policies.reach(request.actor, number)
        return _form(request, matter, offer, values, problem=problem, status=problem.status)
    messages.success(
        request, _("Done: %(what)s") % {"what": pick(offer.action.title, get_language() or "en")}
    )
    return onward(request, number)


def _form(
    request: ActedRequest, matter: Matter, offer: Offer, values: dict[str, Any] | None = None,
    errors: list[FieldError] | None = None, *, problem: Problem | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown: dict[str, Any] = {
        "matter": matter,
        "title": offer.action.title,
        "help": offer.action.help,
        "read_by_residents": bool(offer.form) and told_by(offer.action) is not None,
        "form": choices.fields(offer.form, matter),
        "values": values or {},
        "errors": errors or [],
        "problem": problem,
        "state": words.state(matter),
        "action": request.path,
    }
    if field := answers.field_of(matter, offer):
        shown["checked_field"] = field
        shown["check_url"] = reverse("desk:check_answer", args=[matter.number, offer.key])
        shown["checks"] = answers.checks(matter, str((values or {}).get(field) or ""))
    return render(request, "desk/act.html", shown, status=status)


def _gone(request: ActedRequest, matter: Matter, key: str) -> HttpResponse:
    """The action is not open (any more): says how the matter stands now, and leads back to it."""
    action = procedures.of(matter).actions.get(key)
    shown = {"matter": matter, "title": action.title if action else key, "state": words.state(matter)}
    return render(request, "desk/act_gone.html", shown, status=409)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def onward(request: ActedRequest, number: str) -> HttpResponse:
    """To the list one came from, else to the matter, or home where the step took it out of the actor's sight."""
    seen = policies.visible(request.actor).filter(number=number).exists()
    url = reverse("desk:matter", args=[number]) if seen else reverse("desk:home")
    if request.POST.get("back") == "calls":
        url = reverse("desk:calls")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)  # type: ignore[attr-defined]


@access("staff")
def task(request: ActedRequest, task_id: int, verb: str) -> HttpResponse:
    """A unit reports its task as done, or a coordinator takes it back."""
    found = Task.objects.select_related("matter").filter(pk=task_id).first()
    matter = policies.reach(request.actor, found.matter.number if found else f"#{task_id}")
    assert found is not None
    field = forms.RESULT if verb == "finish" else forms.REASON
    errors: list[FieldError] = []
    if request.method == "POST":
        try:
            _end(request, found, verb)
        except BadInput as problem:
            errors = problem.errors
        else:
            return onward(request, matter.number)
    title = _("Report the task as done") if verb == "finish" else _("Take the task back")
    shown = {
        "matter": matter, "title": title, "lead": found.title, "form": [field], "values": request.POST,
        "errors": errors, "action": request.path, "state": words.state(matter),
    }  # fmt: skip
    return render(request, "desk/act.html", shown, status=422 if errors else 200)


def _end(request: ActedRequest, found: Task, verb: str) -> None:
    if verb == "finish":
        actions.finish_task(request.actor, found.pk, request.POST.get("result", ""))
        messages.success(request, _("The task is reported as done."))
    else:
        actions.withdraw_task(request.actor, found.pk, request.POST.get("reason", ""))
        messages.success(request, _("The task was taken back."))
