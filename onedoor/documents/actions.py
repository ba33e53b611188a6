"""Changes: making a document outside an action of the procedure, opening one, erasing those of a matter."""

from __future__ import annotations

from django.db import transaction

from onedoor.documents import catalogue, making, policies, queries
from onedoor.documents.events import DocumentRead, Rendered
from onedoor.documents.making import Paper
from onedoor.documents.models import Document
from onedoor.documents.supply import Subject
from onedoor.kernel import log, time
from onedoor.kernel.actor import Actor
from onedoor.kernel.problems import Conflict, NotAllowed, NotFound
from onedoor.matters import policies as matter_policies
from onedoor.matters import procedures


@transaction.atomic
def render(actor: Actor, number: str, key: str) -> Paper:
    """Makes the document `key` of matter `number` from what its history holds.

    Raises NotFound, NotAllowed, NotNow (a field is missing), BadTemplate.
    """
    matter = matter_policies.reach(actor, number, lock=True)
    template = catalogue.template(key)
    if template is None:
        raise NotFound(what=key)
    if not policies.may_make(actor, matter, template):
        raise NotAllowed(what=f"{template.title.zh} / {template.title.en}")
    paper = making.make(Subject(actor, matter, procedures.of(matter), template, time.now()), {})
    event = Rendered(
        document=paper.document.pk if paper.document else 0, template=key, number=paper.number,
        version=paper.version, sha256=paper.sha256,
    )  # fmt: skip
    log.append(matter, event, actor)
    return paper


@transaction.atomic
def read(actor: Actor, document_id: int) -> tuple[Document, bytes]:
    """Opens a document, and logs it. Raises NotFound, NotAllowed, Conflict (the file is not what was written)."""
    document = Document.objects.select_related("matter").filter(pk=document_id, erased_at=None).first()
    if document is None:
        raise NotFound(what=f"#{document_id}")
    matter = matter_policies.reach(actor, document.matter.number, lock=True)
    template = catalogue.template(document.template)
    if template is None or not policies.may_read(actor, matter, template):
        raise NotAllowed(what=document.title)
    content = queries.content(document)
    if content is None:
        raise Conflict(
            zh="文书文件已丢失或被改动，请报告管理员",
            en="its file is gone or was altered; tell the administrator",
        )
    log.append(matter, DocumentRead(document=document.pk, template=document.template), actor)
    return document, content
