"""The standard processes of the city, open to everybody: how a matter goes, who answers, and by when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from onedoor.board import diagram, plain
from onedoor.board.views.files import attachment
from onedoor.kernel import shell
from onedoor.kernel.access import access
from onedoor.matters import drawing


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """In the frame of whoever reads: the desk for staff, the portal for everybody else."""
    frames = shell.context(request)
    is_staff = getattr(frames["actor"], "kind", "") == "staff"
    return render(request, template, context | {"frame": frames["desk_base" if is_staff else "portal_base"]})


@access("public")
def listing(request: HttpRequest) -> HttpResponse:
    """All published procedures."""
    return _page(request, "board/procedures.html", {"procedures": plain.listing()})


@access("public")
def procedure(request: HttpRequest, key: str) -> HttpResponse:
    """One procedure in plain words, drawn; `?version=` shows an earlier one. Raises NotFound."""
    found = plain.found(key, request.GET.get("version", ""))
    context = {
        "version": found.version,
        "versions": plain.versions(key),
        "pack": plain.pack_title(key),
        "told": plain.told(found.procedure),
        "drawn": diagram.drawn(found.procedure, get_language() or "en"),
    }
    return _page(request, "board/procedure.html", context)


@access("public")
def mermaid(request: HttpRequest, key: str) -> HttpResponse:
    """The procedure as a Mermaid state diagram. Raises NotFound."""
    found = plain.found(key, request.GET.get("version", ""))
    return attachment(drawing.mermaid(found.procedure), "text/plain; charset=utf-8", f"{key}.mmd")


@access("public")
def bpmn(request: HttpRequest, key: str) -> HttpResponse:
    """The procedure as BPMN 2.0. Raises NotFound."""
    found = plain.found(key, request.GET.get("version", ""))
    return attachment(
        drawing.bpmn(found.procedure, plain.lanes()), "application/xml; charset=utf-8", f"{key}.bpmn"
    )
