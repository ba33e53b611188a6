"""What procedures may name: a document made by the action itself; and what is erased on time."""

from __future__ import annotations

from typing import Any

from onedoor.documents import catalogue, making, queries, storage
from onedoor.documents.supply import Subject
from onedoor.kernel import time
from onedoor.kernel.problems import NotFound
from onedoor.matters.models import Matter
from onedoor.matters.moving import category_of
from onedoor.matters.queries import KIND_TITLES
from onedoor.matters.registry import effect, eraser, takes
from onedoor.matters.steps import Step

KIND_TITLES.update(
    rendered={"zh": "制作文书", "en": "Document made"},
    document_read={"zh": "查阅文书", "en": "Document opened"},
)


@effect
@takes("template")
def render(step: Step, key: Any) -> None:
    """Makes the document `{render: key}` from what the action's form and the matter's history hold.

    Where categories have each their own paper: `{render: {letters.court: court_letter}}`.
    """
    wanted = str(key.get(category_of(step.matter).code, "") if isinstance(key, dict) else key)
    template = catalogue.template(wanted)
    if template is None:
        raise NotFound(what=wanted)
    subject = Subject(step.actor, step.matter, step.procedure, template, step.at, begun=step.clocks)
    paper = making.make(subject, step.values)
    line = {
        "document": paper.document.pk if paper.document else 0, "template": template.document,
        "number": paper.number, "version": paper.version, "sha256": paper.sha256,
    }  # fmt: skip
    step.done["documents"] = [*step.done.get("documents", []), line]


@eraser
def erase_documents(matter: Matter) -> None:
    """Documents name people: their files go. Number, day, unit and hash stay."""
    storage.drop_all(matter.number)
    queries.of_matter(matter).filter(erased_at=None).update(erased_at=time.now())
