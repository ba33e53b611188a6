"""Opening a matter of one's own unit, with no resident: a letter to another unit, say."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from onedoor.city.middleware import ActedRequest
from onedoor.desk import forms
from onedoor.desk.shown import words
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, FieldError
from onedoor.matters import actions
from onedoor.matters.queries import Openable, openable


@access("staff")
def page(request: ActedRequest) -> HttpResponse:
    """What her units may open, and opening it."""
    found = openable(request.actor)
    if request.method != "POST" or not found:
        return _form(request, found, {}, [])
    code, _, unit = request.POST.get("what", "").partition("/")
    sent = {name: request.POST.get(name, "") for name in ("title", "detail")}
    if not code:
        return _form(request, found, request.POST, [FieldError("what", "请选择", "choose one")])
    try:
        matter = actions.begin(
            request.actor, code, **sent, unit_id=int(unit) if unit.isascii() and unit.isdigit() else None,
            key=request.POST.get("key") or None,
        )  # fmt: skip
    except BadInput as problem:
        return _form(request, found, request.POST, problem.errors)
    return redirect("desk:matter", matter.number)


def _form(
    request: ActedRequest, found: list[Openable], values: Any, errors: list[FieldError]
) -> HttpResponse:
    options = {f"{one.category.code}/{one.unit_id}": _label(one, found) for one in found}
    shown = {"form": forms.opening(options), "values": values, "errors": errors, "any": bool(found)}
    return render(request, "desk/opening.html", shown, status=422 if errors else 200)


def _label(one: Openable, found: list[Openable]) -> Any:
    """The category; with the unit where it may be opened for several."""
    if sum(other.category.pk == one.category.pk for other in found) < 2:
        return one.category.title
    unit = words.unit(one.unit_id)
    return {lang: f"{one.category.title[lang]} · {unit[lang]}" for lang in ("zh", "en")}
