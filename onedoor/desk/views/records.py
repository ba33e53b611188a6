"""One record: its page, entering and changing it, visiting it, reading a contact on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.city.queries import tree
from onedoor.desk import forms
from onedoor.desk.shown import records as shown_records
from onedoor.desk.shown import words
from onedoor.desk.views import registers
from onedoor.desk.views.refusing import said
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, KeyReused, NotAllowed, NotFound, NotNow, Problem
from onedoor.kernel.spans import both
from onedoor.kernel.wording import halves
from onedoor.matters import policies as matter_policies
from onedoor.registers import actions, history, kinds, policies
from onedoor.registers.actions.visiting import Seen
from onedoor.registers.language import Register
from onedoor.registers.models import Finding, Record
from onedoor.registers.writing import Draft

REFUSALS = (BadInput, Conflict, NotNow, NotAllowed, KeyReused)
PURPOSES = (
    {"value": "通知续期", "label": gettext_lazy("To remind of the renewal")},
    {"value": "约定检查", "label": gettext_lazy("To arrange a visit")},
    {"value": "核实登记内容", "label": gettext_lazy("To check what is registered")},
)
VERBS = {
    "correct": gettext_lazy("Correct"),
    "renew": gettext_lazy("Renew"),
    "transfer": gettext_lazy("Transfer"),
    "withdraw": gettext_lazy("Withdraw"),
}
NOTE = {"name": "note", "kind": "long_text", "label": gettext_lazy("Note"), "rows": 3, "most": 2000}
HAPPENED = {
    "name": "happened_on",
    "kind": "date",
    "label": gettext_lazy("When it happened"),
    "required": True,
}


@access("staff")
def page(request: ActedRequest, number: str) -> HttpResponse:
    """Everything about a record: what stands on it, where, its visits and findings, its whole history."""
    record = policies.reach(request.actor, number)
    now, written = kinds.current(record.kind), kinds.of(record)
    stands = record.division_id in tree().nodes
    shown = {
        "record": record,
        "register": now,
        "badge": shown_records.badge(record),
        "facts": shown_records.facts(request.actor, record, written),
        "contacts": _contacts(request, record, written),
        "papers": _papers(request, record, now),
        "purposes": PURPOSES,
        "unit": words.unit(record.unit_id),
        "place": tree().full_name(record.division_id) if stands else "",
        "land": reverse("desk:land", args=[tree().county(record.division_id).code])
        if stands and record.lon is not None
        else "",
        "view": f"{record.lon},{record.lat},16" if record.lon is not None else "",
        "verbs": _verbs(request, record, now),
        "may_visit": record.state == "standing" and policies.may_visit(request.actor, record),
        "findings": _findings(request, record, now),
        "terms": _terms(now),
        "entries": history.lines(request.actor, record),
    }
    return render(request, "desk/registers/record.html", shown)


def _contacts(request: ActedRequest, record: Record, register: Register) -> list[dict[str, Any]]:
    seen = policies.fields_seen(request.actor, record)
    held = set(record.contacts.values_list("field", flat=True))
    return [
        {"name": name, "label": register.fields[name].title, "askable": name in seen,
         "url": reverse("desk:record_contact", args=[record.number, name])}
        for name in register.contacts if name in held
    ]  # fmt: skip


def _papers(request: ActedRequest, record: Record, register: Register) -> list[dict[str, Any]]:
    """The files of a record by field, of the fields that the reader sees; those who keep it may add more."""
    held = list(record.files.filter(erased_at=None).order_by("pk")) if register.papers else []
    may = record.state == "standing" and policies.may_keep(request.actor, record)
    return [
        {"title": one.title, "files": [shown_records.file(record, kept) for kept in held if kept.field == name],
         "url": reverse("desk:record_attach", args=[record.number, name]) if may else ""}
        for name, one in register.papers.items() if policies.sees(request.actor, record, name)
    ]  # fmt: skip


def _verbs(request: ActedRequest, record: Record, register: Register) -> list[dict[str, Any]]:
    if record.state != "standing" or not policies.may_keep(request.actor, record):
        return []
    there = {"renew": register.validity, "transfer": register.transfer}
    return [
        {"label": title, "url": reverse("desk:record_do", args=[record.number, verb])}
        for verb, title in VERBS.items()
        if there.get(verb, True)
    ]


def _findings(request: ActedRequest, record: Record, register: Register) -> list[dict[str, Any]]:
    """The findings with their matters, the newest first; a matter that the reader may not see is only named."""
    found = Finding.objects.filter(record=record).select_related("matter").order_by("-pk")[:20]
    numbers = [finding.matter.number for finding in found]
    seen = set(
        matter_policies.visible(request.actor).filter(number__in=numbers).values_list("number", flat=True)
    )
    items = register.visits.checklist if register.visits else {}
    return [
        {"title": items[finding.item].title if finding.item in items else finding.item,
         "number": finding.matter.number, "state": words.state(finding.matter), "open": finding.matter.is_open,
         "url": reverse("desk:matter", args=[finding.matter.number]) if finding.matter.number in seen else ""}
        for finding in found
    ]  # fmt: skip


def _terms(register: Register) -> list[tuple[Any, Any]]:
    """By which rules it lasts and is visited."""
    found: list[tuple[Any, Any]] = []
    if register.validity:
        found.append((_("Valid for"), _rule(register.validity.span, register.validity.source)))
    found += [
        (one.title, _rule(one.lasts.span, one.lasts.source)) for one in register.fields.values() if one.lasts
    ]
    if register.visits:
        found.append((register.visits.title, _rule(register.visits.every, register.visits.source)))
    return found


def _rule(span: str, source: str) -> dict[str, str]:
    return {language: f"{both(span)[language]} · {halves(source)[language]}" for language in ("zh", "en")}


@access("staff")
def point(request: ActedRequest, number: str) -> HttpResponse:
    """Where one record lies, as GeoJSON."""
    record = policies.reach(request.actor, number)
    features = [] if record.lon is None else [registers.feature(record)]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )


@access("staff")
def new(request: ActedRequest, kind: str) -> HttpResponse:
    """Enters a record."""
    register = kinds.current(kind)
    fields = [*shown_records.form(register), *shown_records.where(register, request.actor)]

    def do() -> Record:
        return actions.enter(
            request.actor, kind, _draft(request, register, key=request.POST.get("key") or None)
        )

    title = {"zh": f"登记：{register.title.zh}", "en": f"Enter: {register.title.en}"}
    return _form(request, register, fields, do, title=title)


@access("staff")
def change(request: ActedRequest, number: str, verb: str) -> HttpResponse:
    """Corrects, renews, transfers or withdraws a record, each with its own form."""
    record = policies.reach(request.actor, number)
    if verb not in VERBS:
        raise NotFound(what=verb)
    register = kinds.current(record.kind)
    fields, do = FORMS[verb](request, record, register)
    title = {"zh": f"{_of(verb, 'zh')}：{record.title}", "en": f"{_of(verb, 'en')}: {record.title}"}
    return _form(request, register, fields, do, title=title, record=record)


def _of(verb: str, language: str) -> str:
    known = {"correct": "更正", "renew": "续期", "transfer": "变更持有人", "withdraw": "注销"}
    return known[verb] if language == "zh" else verb.capitalize()


Form = tuple[list[dict[str, Any]], Callable[[], Record]]


def _correct(request: ActedRequest, record: Record, register: Register) -> Form:
    kept = record.contacts.values_list("field", flat=True)
    hidden = [name for name in register.fields if name not in policies.fields_seen(request.actor, record)
              and name in kinds.of(record).fields]  # fmt: skip
    fields = [
        *shown_records.form(register, kept=kept, but=hidden),
        *shown_records.where(register, request.actor),
    ]
    seen = request.POST.get("seen", "")

    def do() -> Record:
        draft = _draft(request, register, number=record.number)
        known = int(seen) if seen.isascii() and seen.isdigit() else None
        return actions.correct(request.actor, draft, request.POST.get("reason", ""), seen=known)

    return [*fields, forms.REMARK], do


def _renew(request: ActedRequest, record: Record, register: Register) -> Form:
    names = register.validity.renews if register.validity else []

    def do() -> Record:
        return actions.renew(request.actor, record.number, _draft(request, register).values)

    return shown_records.form(register, names), do


def _transfer(request: ActedRequest, record: Record, register: Register) -> Form:
    names = register.transfer.asks if register.transfer else []
    where = [one | {"label": _("Where it stands now, if it moved")} for one in
             shown_records.where(register, request.actor) if one["name"] == "address"]  # fmt: skip

    def do() -> Record:
        return actions.transfer(
            request.actor, record.number, _draft(request, register), request.POST.get("happened_on", "")
        )

    return [*shown_records.form(register, names), *where, HAPPENED], do


def _withdraw(request: ActedRequest, record: Record, register: Register) -> Form:
    why = {"name": "why", "kind": "choice", "label": _("Why"), "required": True,
           "options": {key: title.model_dump() for key, title in register.withdrawal.reasons.items()}}  # fmt: skip

    def do() -> Record:
        sent = request.POST
        told = sent.get("why", ""), sent.get("happened_on", ""), sent.get("reason", "")
        return actions.withdraw(request.actor, record.number, *told)

    return [why, HAPPENED, forms.REMARK], do


FORMS = {"correct": _correct, "renew": _renew, "transfer": _transfer, "withdraw": _withdraw}


def _draft(request: ActedRequest, register: Register, *, number: str = "", key: str | None = None) -> Draft:
    """What was filled in. Raises BadInput for coordinates that are no numbers."""
    sent = request.POST
    lon, lat = forms.coordinates(sent)
    values = {name: text for name in register.asked if (text := sent.get(name, "").strip())}
    return Draft(values, sent.get("division", "").strip(), sent.get("address", ""), lon, lat, number, key)


def _form(
    request: ActedRequest, register: Register, fields: list[dict[str, Any]], do: Callable[[], Record], *,
    title: Any, record: Record | None = None,
) -> HttpResponse:  # fmt: skip
    """A form, or what it asks for; a refusal shows the same form again."""
    problem: Problem | None = None
    if request.method == "POST":
        try:
            done = do()
        except REFUSALS as refused:
            problem = refused
        else:
            messages.success(request, _("Done: %(what)s") % {"what": done.number})
            return redirect("desk:record", done.number)
    values = request.POST if request.method == "POST" else shown_records.sent_values(record) if record else {}
    back = (
        reverse("desk:record", args=[record.number])
        if record
        else reverse("desk:register", args=[register.key])
    )
    shown = {
        "register": register, "record": record, "title": title, "form": fields, "values": values, "back": back,
        "errors": said(problem) if problem else [], "once": record is None,
    }  # fmt: skip
    return render(request, "desk/registers/form.html", shown, status=422 if problem else 200)


@access("staff")
def visit(request: ActedRequest, number: str) -> HttpResponse:
    """The checklist of a visit, made for a telephone; what is found opens a matter."""
    record = policies.reach(request.actor, number)
    policies.check(policies.may_visit(request.actor, record), "走访检查", "visit")
    register, problem = kinds.current(record.kind), None
    if request.method == "POST":
        try:
            done = actions.do_visit(request.actor, number, _seen(request, register))
        except REFUSALS as refused:
            problem = refused
        else:
            found = done.findings.count()
            told = (
                _("The visit is recorded; %(count)s finding(s) became matters.")
                if found
                else _("The visit is recorded; nothing was found.")
            )
            messages.success(request, told % {"count": found} if found else told)
            return redirect("desk:record", number)
    shown = {
        "record": record, "register": register, "form": [*shown_records.checklist(register), NOTE],
        "values": request.POST, "errors": _item_errors(problem), "place": words.place(record.division_id),
    }  # fmt: skip
    return render(request, "desk/registers/visit.html", shown, status=422 if problem else 200)


def _seen(request: ActedRequest, register: Register) -> Seen:
    items = register.visits.checklist if register.visits else {}
    answers = {name: request.POST.get(f"{shown_records.ITEM}{name}", "") for name in items}
    return Seen(answers, request.POST.get("note", ""), request.POST.get("key") or None)


def _item_errors(problem: Problem | None) -> list[Any]:
    """The errors by the names that the items have on the page."""
    return [
        type(error)(error.field if error.field in ("", "note") else f"{shown_records.ITEM}{error.field}", error.zh,
                    error.en)
        for error in (said(problem) if problem else [])
    ]  # fmt: skip


@never_cache
@require_POST
@access("staff")
def contact(request: ActedRequest, number: str, field: str) -> HttpResponse:
    """Shows a contact; who asked, when and what for is written down."""
    value = actions.read_contact(request.actor, number, field, request.POST.get("purpose", ""))
    record = policies.reach(request.actor, number)
    shown = {"record": record, "label": kinds.of(record).fields[field].title, "value": value}
    return render(request, "desk/registers/contact.html", shown)
