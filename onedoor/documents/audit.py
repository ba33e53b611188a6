"""Whether documents still are what was written, and the log agrees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onedoor.documents.models import Document
from onedoor.documents.queries import content
from onedoor.kernel.audit import Finding, verifier
from onedoor.kernel.models import Entry

CHUNK = 200


@verifier
def documents_agree() -> Iterator[Finding]:
    """Every document's file has its hash, and its hash stands in the log."""
    rows = Document.objects.select_related("matter").order_by("matter_id", "pk").iterator(chunk_size=CHUNK)
    logged: dict[int, str] = {}
    stream = ""
    for document in rows:
        if document.matter.stream != stream:
            stream = document.matter.stream
            logged = _logged(stream)
        if logged.get(document.pk) != document.sha256:
            yield _finding(document, "文书与履历不符", "the document is not the one in the log")
        elif document.erased_at is None and content(document) is None:
            yield _finding(document, "文书文件丢失或被改动", "the document's file is gone or was altered")


def _finding(document: Document, zh: str, en: str) -> Finding:
    return Finding(
        "document", document.matter.stream, None, f"{zh}：{document.number}", f"{en}: {document.number}"
    )


def _logged(stream: str) -> dict[int, str]:
    """The hash of every document that a history tells of, by the document's id."""
    found: dict[int, str] = {}
    rows = Entry.objects.filter(stream=stream, kind__in=("acted", "rendered")).values_list("body", flat=True)
    for body in rows:
        lines: list[dict[str, Any]] = body.get("done", {}).get("documents", [])
        for line in lines or [body]:
            if line.get("document"):
                found[line["document"]] = line["sha256"]
    return found
