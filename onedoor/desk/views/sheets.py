"""Records by the table: an empty one, all that one sees, and one that is taken in."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from onedoor.city.loaders import Loaded, Options
from onedoor.city.middleware import ActedRequest
from onedoor.desk.views.registers import head, wanted
from onedoor.kernel import log
from onedoor.kernel.access import access
from onedoor.kernel.problems import BadInput, TooLarge
from onedoor.registers import kinds, sheets

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST = 20 * 1024 * 1024  # bytes of a table that comes by a page; larger ones come by the command
TOLD = 50


@access("staff")
def template(request: ActedRequest, kind: str) -> HttpResponse:
    """An empty table."""
    register, made = kinds.current(kind), io.BytesIO()
    sheets.template(made, register)
    return _handed(made, f"{register.title.zh}-导入模板.xlsx")


@access("staff")
def export(request: ActedRequest, kind: str) -> HttpResponse:
    """All that the reader sees, in the filters of the list; hidden fields and contacts are empty."""
    register, made = kinds.current(kind), io.BytesIO()
    sheets.export(made, request.actor, register, wanted(request, register))
    return _handed(made, f"{register.title.zh}.xlsx")


def _handed(made: io.BytesIO, name: str) -> HttpResponse:
    response = HttpResponse(made.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@access("staff")
def load(request: ActedRequest, kind: str) -> HttpResponse:
    """A table is tried or taken in: rows that cannot be taken are told one by one, and handed back to be mended."""
    register = kinds.current(kind)
    shown: dict[str, Any] = head(request, register, "tables")
    if request.method != "POST":
        return render(request, "desk/registers/load.html", shown)
    try:
        with tempfile.TemporaryDirectory() as folder:
            loaded, refused = _load(request, kind, Path(folder))
    except (BadInput, TooLarge) as problem:
        return render(request, "desk/registers/load.html", shown | {"problem": problem}, status=422)
    if refused and not loaded.dry_run and "rejects" in request.POST:
        return _handed(io.BytesIO(refused), f"{register.title.zh}-退回.xlsx")
    shown |= {"loaded": loaded, "refusals": loaded.refusals[:TOLD]}
    return render(request, "desk/registers/load.html", shown)


def _load(request: ActedRequest, kind: str, folder: Path) -> tuple[Loaded, bytes]:
    sent = request.FILES.get("file")
    if sent is None:
        raise BadInput.of("file", "请选择文件", "choose a file")
    if (sent.size or 0) > MOST:
        raise TooLarge(size=f"{(sent.size or 0) // 1024 // 1024} MB", limit=f"{MOST // 1024 // 1024} MB")
    file, rejects = folder / "sent", folder / "rejects.xlsx"
    file.write_bytes(sent.read())
    loaded = sheets.load(
        file, kind, Options(request.actor, dry_run=request.POST.get("how") == "try", rejects=rejects)
    )
    log.anchor()
    return loaded, rejects.read_bytes() if rejects.exists() else b""
