"""Documents and files of a matter: made, opened, added; and what reporters were told another way."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.documents import actions as documents
from onedoor.documents.rendering import MEDIA_TYPE
from onedoor.kernel import files
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, NotFound, NotNow, TooLarge
from onedoor.matters import actions, policies
from onedoor.matters.models import Attachment
from onedoor.notices import actions as notices
from onedoor.notices.models import Notice


@require_POST
@access("staff")
def make(request: ActedRequest, number: str, template: str) -> HttpResponse:
    """Makes a document; one that is not kept is handed out at once."""
    try:
        paper = documents.render(request.actor, number, template)
    except NotNow as problem:
        messages.error(request, problem.text(get_language() or "en"))
        return _to_papers(number)
    if paper.document is None:
        return _handed(paper.content, paper.name)
    messages.success(request, _("%(name)s has been made.") % {"name": paper.name})
    return _to_papers(number)


def _to_papers(number: str) -> HttpResponse:
    return redirect(reverse("desk:matter", args=[number]) + "#papers")


@access("staff")
def paper(request: ActedRequest, document_id: int) -> HttpResponse:
    """Opens a document; the opening is written down."""
    document, content = documents.read(request.actor, document_id)
    return _handed(content, f"{document.title}-{document.matter.number}.docx")


def _handed(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    return _harmless(response, name)


def _harmless(response: HttpResponse, name: str, *, inline: bool = False) -> HttpResponse:
    """What a browser may do with a file that somebody sent: save it or show it, and nothing else; nobody keeps it."""
    response["Content-Disposition"] = content_disposition_header(not inline, name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@access("staff")
def attachment(request: ActedRequest, attachment_id: int) -> HttpResponse:
    """A file of a matter that the reader may see; pictures in the page, everything else to be saved."""
    held = get_object_or_404(Attachment.objects.select_related("matter"), pk=attachment_id, erased_at=None)
    policies.reach(request.actor, held.matter.number)
    return stored(held.path, held.name, held.media_type)


def stored(path: str, name: str, media_type: str) -> HttpResponse:
    """A file that somebody sent, as it was kept. Raises NotFound where it is gone."""
    place = files.located(path)
    if not place.is_file():
        raise NotFound(what=name)
    response = HttpResponse(place.read_bytes(), content_type=media_type)
    return _harmless(response, name, inline=media_type.startswith("image/"))


@require_POST
@access("staff")
def attach(request: ActedRequest, number: str) -> HttpResponse:
    """Adds files; each that cannot be taken is named, and the others are kept."""
    kept = take_files(request, number)
    if kept:
        messages.success(request, _("%(count)s file(s) added.") % {"count": kept})
    return redirect(reverse("desk:matter", args=[number]) + "#said")


def take_files(request: ActedRequest, number: str) -> int:
    """Attaches what was sent as `files` to a matter; returns how many were kept. Says of the others why not."""
    kept = 0
    for sent in request.FILES.getlist("files"):
        try:
            actions.attach(request.actor, number, sent.name or "", sent.read())
        except (BadInput, TooLarge, Conflict) as problem:
            messages.error(request, f"{sent.name}: {problem.text(get_language() or 'en')}")
        else:
            kept += 1
    return kept


@require_POST
@access("staff")
def told(request: ActedRequest, notice_id: int) -> HttpResponse:
    """Records that a reporter was told by telephone, letter or in person."""
    sent = request.POST
    notice: Notice = notices.tell_otherwise(
        request.actor, notice_id, sent.get("channel", ""), sent.get("remark", "")
    )
    messages.success(request, _("It is recorded that the reporter was told."))
    return redirect(reverse("desk:matter", args=[notice.matter.number]) + "#notices")
