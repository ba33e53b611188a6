"""Files in the fields of records: added, and opened."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from onedoor.city.middleware import ActedRequest
from onedoor.desk.views.papers import stored
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, Conflict, NotAllowed, NotFound, TooLarge
from onedoor.registers import actions, policies


@require_POST
@access("staff")
def attach(request: ActedRequest, number: str, field: str) -> HttpResponse:
    """Adds files; each that cannot be taken is named, and the others are kept."""
    kept = 0
    for sent in request.FILES.getlist("files"):
        try:
            actions.attach(request.actor, number, field, sent.name or "", sent.read())
        except (BadInput, TooLarge, Conflict, NotAllowed) as problem:
            messages.error(request, f"{sent.name}: {problem.text(get_language() or 'en')}")
        else:
            kept += 1
    if kept:
        messages.success(request, _("%(count)s file(s) added.") % {"count": kept})
    return redirect("desk:record", number)


@access("staff")
def one(request: ActedRequest, number: str, file_id: int) -> HttpResponse:
    """A file in a field that the reader sees; pictures in the page, everything else to be saved."""
    record = policies.reach(request.actor, number)
    held = get_object_or_404(record.files, pk=file_id, erased_at=None)
    if not policies.sees(request.actor, record, held.field):
        raise NotFound(what=f"#{file_id}")
    return stored(held.path, held.name, held.media_type)
