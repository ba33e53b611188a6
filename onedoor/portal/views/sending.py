"""What goes back and forth beside the procedure: messages, files, documents."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from onedoor.documents import actions as documents
from onedoor.kernel import files
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, NotFound
from onedoor.matters import actions
from onedoor.portal import forms, proofs
from onedoor.portal.queries import matters
from onedoor.portal.views.following import page

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_POST
@access("public")
def message(request: HttpRequest, number: str) -> HttpResponse:
    """A message to whoever works on it. Raises NotProved."""
    actor = proofs.actor(request, number)
    try:
        actions.note(actor, number, request.POST.get("text", ""))
    except BadInput as problem:
        context = page(matters.filing(actor), message=request.POST.get("text", ""), errors=problem.errors)
        return render(request, "portal/matter.html", context, status=422)
    messages.success(request, _("Your message stands in the history; whoever works on it reads it there."))
    return redirect("portal:matter", number)


@require_POST
@access("public")
def add_files(request: HttpRequest, number: str) -> HttpResponse:
    """More photos or papers. Raises NotProved."""
    actor = proofs.actor(request, number)
    try:
        taken = forms.uploads(request.FILES.getlist("photos"))
        if not taken:
            raise BadInput.of("photos", "请先选择文件", "choose a file first")
        for name, content in taken:
            actions.attach(actor, number, name, content)
    except BadInput as problem:
        errors = [error.__class__("photos", error.zh, error.en) for error in problem.errors]
        return render(request, "portal/matter.html", page(matters.filing(actor), errors=errors), status=422)
    messages.success(request, _("Added."))
    return redirect("portal:matter", number)


@require_GET
@access("public")
def file(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """One of the files that she sent, as it is kept. Raises NotProved, NotFound."""
    found = matters.filing(proofs.actor(request, number))
    held = matters.own_file(found, pk)
    if held is None or not files.located(held.path).is_file():
        raise NotFound(what=f"#{pk}")
    picture = held.media_type.startswith("image/")
    content = files.located(held.path).open("rb")
    return _private(
        FileResponse(content, as_attachment=not picture, filename=held.name, content_type=held.media_type)
    )


@require_GET
@access("public")
def paper(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """A document of hers. Raises NotProved, NotFound, NotAllowed, Conflict."""
    document, content = documents.read(proofs.actor(request, number), pk)
    return _word(content, f"{document.title} {document.number}.docx")


@require_POST
@access("public")
def make_paper(request: HttpRequest, number: str, key: str) -> FileResponse:
    """A document made of what the history holds: her receipt, the written answer. Raises as `documents.render`."""
    made = documents.render(proofs.actor(request, number), number, key)
    return _word(made.content, made.name)


def _word(content: bytes, name: str) -> FileResponse:
    return _private(FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=WORD))


def _private(response: FileResponse) -> FileResponse:
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
