"""Reads of documents."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet

from onedoor.documents import catalogue, policies, storage
from onedoor.documents.catalogue import Template
from onedoor.documents.models import Document
from onedoor.kernel.actor import Actor
from onedoor.matters import procedures
from onedoor.matters.models import Matter


def of_matter(matter: Matter) -> QuerySet[Document]:
    """The documents of a matter, the newest first."""
    return Document.objects.filter(matter=matter).order_by("-made_at", "-pk")


def readable(actor: Actor, matter: Matter) -> list[Document]:
    """Those that the actor, for whom `matter` was reached, may open."""
    found = []
    for document in of_matter(matter).filter(erased_at=None):
        template = catalogue.template(document.template)
        if template is not None and policies.may_read(actor, matter, template):
            found.append(document)
    return found


def offers(actor: Actor, matter: Matter) -> list[Template]:
    """The templates of which the actor, for whom `matter` was reached, may make a document."""
    found, procedure = (catalogue.template(key) for key in catalogue.known()), procedures.of(matter).procedure
    return [
        template for template in found
        if template and template.belongs_to(procedure) and policies.may_make(actor, matter, template)
    ]  # fmt: skip


def content(document: Document) -> bytes | None:
    """The bytes of a document; None where its file is gone, erased or no longer what was written."""
    found = storage.fetch(document.path)
    return found if found is not None and hashlib.sha256(found).hexdigest() == document.sha256 else None
