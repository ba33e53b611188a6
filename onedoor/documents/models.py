"""Documents as they were made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from onedoor.city.models import Unit
from onedoor.matters.models import Matter


class Document(models.Model):
    """文书: one paper of a matter, made from a template; what was written once is never written again."""

    matter = models.ForeignKey(Matter, on_delete=models.CASCADE, related_name="documents")
    template = models.CharField(max_length=40)
    number = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)  # of the same number
    title = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)  # of the .docx itself
    size = models.PositiveIntegerField()
    path = models.CharField(max_length=200)  # below ONEDOOR_HOME/files, sealed
    made_at = models.DateTimeField()
    made_by_unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["matter", "template", "number", "version"], name="document_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"
